"""What the desk keeps as it came, recordings of calls and mails: their names, and which a case has."""

import re

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.personal import DataKind

NAME = re.compile(
    r"[A-Za-z0-9_-]{1,64}/(?:CA[0-9a-f]{32}/(?P<recording>RE[0-9a-f]{32})\.wav|mail/[0-9a-f]{32}\.eml)"
)
MAIL = ".eml"
"""How the name of a mail ends."""

ERASED_WITH = frozenset({DataKind.CONTACT, DataKind.WORDS})
"""A voice says who somebody is, and it says what they said: it goes with whichever goes first (G24)."""


def recording_name(community: str, call: str, recording: str) -> str:
    """The name of a recording of a call, which says nothing of anybody."""
    return f"{community}/{call}/{recording}.wav"


def letter_name(community: str, letter: str) -> str:
    """The name of a mail, which says nothing of anybody."""
    return f"{community}/mail/{letter}{MAIL}"


def recordings_of(case: Case) -> tuple[str, ...]:
    """The names of the recordings of a case that the desk keeps; none once its personal data are gone."""
    if ERASED_WITH & set(case.erased):
        return ()
    return tuple(name for name in case.report.recordings if NAME.fullmatch(name))
