"""The codes that prove a number or mail address, as they are kept (G24): hashed, one for each request."""

from datetime import timedelta

from chalicelib.domain.case.case import Case
from chalicelib.domain.notices.kinds import Notice, Source
from chalicelib.services.desk import Desk

CODE_LIVES = timedelta(minutes=10)
"""How long a code that proves a phone number is good (G24, ours)."""

SOON = timedelta(minutes=1)
"""A message that leaves so soon after it was asked for leaves its code as it is."""


def keep_code(desk: Desk, key: str, request: str | None, code: str) -> None:
    """Keep the code of a request for the resident of that key, from now on."""
    desk.links.keep_code(row_of(desk, key, request), hash_of(desk, key, code), desk.now() + CODE_LIVES)


def renew_code(desk: Desk, case: Case, notice: Notice) -> None:
    """Let the code of a message live anew: its time begins when it leaves, however long it had to wait."""
    key = desk.key_of_resident(case)
    if key is None or notice.detail is None or desk.now() - notice.created_at < SOON:
        return
    request = notice.detail if notice.source is Source.STRANGER else None
    keep_code(desk, key, request, desk.proof_code(case.community, case.number, notice.detail))


def row_of(desk: Desk, key: str, request: str | None) -> str:
    """Where a code is kept: one place for each request of a stranger, one for what the desk asks for."""
    return key if request is None else desk.codes.keyed("code-request", f"{key}\0{request}")[:32]


def hash_of(desk: Desk, key: str, code: str) -> str:
    """What is stored of a code, keyed and with its resident's key."""
    return desk.codes.keyed("proof-hash", f"{key}\0{code}")
