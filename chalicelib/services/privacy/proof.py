"""Proving a phone number with a code of six digits, for one's own data (G24; PIPL art. 50).

Whoever asks is answered alike whether a case has the number or not, and the same is written; only where one
has, a message with the code is put on the newest case, and the relay sends it later, as any other.
"""

import hmac
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.notices.kinds import CODE_LIVES, RESIDENT_ID, Notice, NoticeChannel, NoticeKind
from chalicelib.services.access.rate_limits import RateLimits, count_code, count_proof
from chalicelib.services.desk import Desk
from chalicelib.services.ports import NoticeStore

TRIES = 5
"""How often one code may be tried (ours)."""
PROOF_LIVES = timedelta(minutes=30)
"""How long a number that was proved stays proved (ours)."""


def send_code(
    desk: Desk,
    notices: NoticeStore,
    community: Community,
    phone: str,
    address: str | None,
    limits: RateLimits,
) -> None:
    """Send a code to a number that a case of the community has; RateLimitError for too many.

    `address` is the asker's network address, None for the desk at the counter.
    """
    count_code(desk, address, phone, limits)
    now, nonce, key = desk.now(), uuid4().hex[:16], desk.resident_key(community.id, phone)
    numbers = desk.cases.of_resident(community.id, key)
    code = desk.proof_code(community.id, numbers[0] if numbers else "", nonce)
    desk.links.keep_code(key, _hash(desk, key, code), now + CODE_LIVES)
    if numbers:
        name = f"{now:%Y%m%dT%H%M%S}#{NoticeKind.CODE}#{NoticeChannel.SMS}#{nonce}"
        notice = Notice(name, NoticeKind.CODE, NoticeChannel.SMS, RESIDENT_ID, 0, now, nonce)
        notices.put(community.id, numbers[0], notice)


def prove(
    desk: Desk, community: Community, phone: str, code: str, address: str | None, limits: RateLimits
) -> str:
    """The proof that somebody has the number, for the code that it was sent.

    NotAllowedError for any other, in the same words whatever is wrong; RateLimitError for too many tries.
    """
    count_proof(desk, address, phone, limits)
    key = desk.resident_key(community.id, phone)
    kept, expires_at, tries = desk.links.try_code(key)
    right = kept is not None and hmac.compare_digest(kept, _hash(desk, key, code))
    if not right or desk.now() >= expires_at or tries > TRIES:
        raise NotAllowedError(
            f"This code is not right, or not good any more: it is for {CODE_LIVES.seconds // 60} minutes, "
            f"once, and for {TRIES} tries. Ask for a new one.",
            "wrong_proof_code",
        )
    desk.links.use_code(key)
    until = int((desk.now() + PROOF_LIVES).timestamp())
    return f"{until}.{_signature(desk, key, until)}"


def check_proof(desk: Desk, community: Community, phone: str, proof: str) -> None:
    """NotAllowedError unless the proof is of this number, and good now."""
    until, _, signature = proof.partition(".")
    key = desk.resident_key(community.id, phone)
    in_time = until.isascii() and until.isdecimal() and len(until) < 12
    if not (
        in_time
        and hmac.compare_digest(signature.encode(), _signature(desk, key, int(until)).encode())
        and desk.now() < datetime.fromtimestamp(int(until), UTC)
    ):
        raise NotAllowedError("The number has to be proved anew; ask for a code.", "no_proof")


def _hash(desk: Desk, key: str, code: str) -> str:
    return desk.codes.keyed("proof-hash", f"{key}\0{code}")


def _signature(desk: Desk, key: str, until: int) -> str:
    return desk.codes.keyed("proved", f"{key}\0{until}")[:40]
