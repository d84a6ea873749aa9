"""Whether whoever reported a case is on the malicious track, as the desk sees it (A15, G14)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.kept_away import kept_away_from
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotFoundError
from chalicelib.services.desk import Desk

FLAG_READERS = CASE_READERS - {Role.HANDLER}
"""Who is shown that a resident is on the track."""


class MaliciousView(Struct, frozen=True):
    """The malicious track that stands for the resident of a case.

    It was decided on the case `number`, and ends by itself at `until`; the number is None for whoever is kept
    away from that case (G13).
    """

    number: str | None
    until: datetime


def malicious_view(desk: Desk, member: Member, case: Case) -> MaliciousView | None:
    """The track that stands for whoever reported the case; None if none does, or it is not for this reader.

    That of another case is found by the same phone number or mail address: one read, two where there is one.
    What a case says is the truth; a mark only says which case to ask.
    """
    now = desk.now()
    if member.role not in FLAG_READERS:
        return None
    if case.track is not None and case.track.stands(now):
        return MaliciousView(case.number, case.track.until)
    key = desk.key_of_resident(case)
    number = desk.links.marked(key, now) if key else None
    if number is None or number == case.number:
        return None
    try:
        marked = desk.cases.get(case.community, number)
    except NotFoundError:
        return None
    if marked.track is None or not marked.track.stands(now):
        return None
    is_hidden = member.username in kept_away_from(marked, member.community)
    return MaliciousView(None if is_hidden else number, marked.track.until)


class Marked(Struct, frozen=True):
    """That the report was found to be malicious, why, and when that ends by itself (G14)."""

    until: datetime
    reason: str | None


def marked_until(case: Case, now: datetime) -> Marked | None:
    """What its resident reads of the track that stands on a case; None if none does."""
    track = case.track
    return Marked(track.until, track.because) if track is not None and track.stands(now) else None
