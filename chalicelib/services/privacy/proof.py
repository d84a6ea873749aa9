"""Proving a number or mail address with a code, for one's own data (G24; PIPL art. 50).

Whoever asks is answered alike whether a case has the number or not, and the same is written; only where one
has, a message with the code is put on the newest case, and the relay sends it later, as any other: by SMS,
or by mail to whoever gave no number. To a landline the desk reads it out.
"""

import hmac
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.notices.kinds import (
    RESIDENT_ID,
    Notice,
    NoticeChannel,
    NoticeKind,
    Source,
)
from chalicelib.services.access.stranger_limits import RateLimits, count_code, count_proof
from chalicelib.services.desk import Desk
from chalicelib.services.ports import NoticeStore
from chalicelib.services.proof_codes import CODE_LIVES, hash_of, keep_code, row_of

TRIES = 5
"""How often one code may be tried (ours)."""
TRIES_OF_THE_DESKS = 50
"""The same of a code that the desk asked for: it is tried from anywhere, so strangers can use tries up."""
PROOF_LIVES = timedelta(minutes=30)
"""How long a number that was proved stays proved (ours)."""


def send_code(
    desk: Desk,
    notices: NoticeStore,
    community: Community,
    reached_by: str,
    address: str | None,
    limits: RateLimits,
) -> str | None:
    """Send a code to a number or mail address that a case has; RateLimitError for too many.

    `address` is the asker's network address, None for the desk at the counter. Returns the name of a
    stranger's request, with which alone its code is good: so nobody else makes it worthless.
    """
    count_code(desk, address, reached_by, limits)
    nonce = uuid4().hex[:16]
    request = None if address is None else nonce
    numbers, _ = _new_code(desk, community, reached_by, nonce, request)
    if numbers:
        channel = NoticeChannel.MAIL if is_mail(reached_by) else NoticeChannel.SMS
        now = desk.now()
        name = f"{now:%Y%m%dT%H%M%S}#{NoticeKind.CODE}#{channel}#{nonce}"
        source = Source.STRANGER if request else Source.STAFF
        notice = Notice(name, NoticeKind.CODE, channel, RESIDENT_ID, 0, now, nonce, source)
        notices.put(community.id, numbers[0], notice)
    else:
        desk.links.take(f"nobody#{nonce}", "nobody", desk.now() + CODE_LIVES)  # as long as the message takes
    return request


def code_to_read_out(desk: Desk, member: Member, phone: str, limits: RateLimits) -> str:
    """The code for a number without SMS, for the desk to read out there.

    It is on record as a look before anybody has it, whether a case has the number or not.
    """
    count_code(desk, None, phone, limits)
    numbers, code = _new_code(desk, member.community, phone, uuid4().hex[:16], None)
    number = numbers[0] if numbers else None
    look = Look(desk.now(), member.username, member.role, LookAt.EXPORT, number, count=len(numbers))
    desk.looks.record(member.community.id, member.community.zone, look)
    return code


def _new_code(
    desk: Desk, community: Community, reached_by: str, nonce: str, request: str | None
) -> tuple[tuple[str, ...], str]:
    """The cases of a number or address, newest first; and the digits of a new code."""
    key = desk.resident_key(community.id, reached_by)
    numbers = desk.cases.of_resident(community.id, key)
    code = desk.proof_code(community.id, numbers[0] if numbers else "", nonce)
    keep_code(desk, key, request, code)
    return numbers, code


def is_mail(reached_by: str) -> bool:
    """Whether it is a mail address by which somebody is reached, and no number."""
    return "@" in reached_by


def prove(
    desk: Desk,
    community: Community,
    reached_by: str,
    code: str,
    request: str | None,
    address: str | None,
    limits: RateLimits,
) -> str:
    """The proof that somebody has the number or address, for its code.

    `request` is what `send_code` returned; None for a code that the desk has asked for. NotAllowedError for
    any other, in the same words whatever is wrong; RateLimitError for too many tries.
    """
    count_proof(desk, address, reached_by, limits)
    key = desk.resident_key(community.id, reached_by)
    row, most = row_of(desk, key, request), TRIES if request else TRIES_OF_THE_DESKS
    kept, expires_at, tries = desk.links.try_code(row)
    right = kept is not None and hmac.compare_digest(kept, hash_of(desk, key, code))
    if not right or desk.now() >= expires_at or tries > most:
        raise NotAllowedError(
            f"This code is not right, or not good any more: it is for {CODE_LIVES.seconds // 60} minutes, "
            f"once, for {TRIES} tries, and for the request that it was asked for by. Ask for a new one.",
            "wrong_proof_code",
        )
    desk.links.use_code(row)
    until = int((desk.now() + PROOF_LIVES).timestamp())
    return f"{until}.{_signature(desk, key, until)}"


def check_proof(desk: Desk, community: Community, reached_by: str, proof: str) -> None:
    """NotAllowedError unless the proof is of this number or address, and good now."""
    until, _, signature = proof.partition(".")
    key = desk.resident_key(community.id, reached_by)
    in_time = until.isascii() and until.isdecimal() and len(until) < 12
    if not (
        in_time
        and hmac.compare_digest(signature.encode(), _signature(desk, key, int(until)).encode())
        and desk.now() < datetime.fromtimestamp(int(until), UTC)
    ):
        raise NotAllowedError("The number or mail address has to be proved anew; ask for a code.", "no_proof")


def _signature(desk: Desk, key: str, until: int) -> str:
    return desk.codes.keyed("proved", f"{key}\0{until}")[:40]
