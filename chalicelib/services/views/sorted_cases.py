"""What was proposed and what was decided, case by case: the corrections of a month, and its audit (A8).

Whoever is kept away from a case does not see it here either (G13), and nobody who reported it. What is shown
is on record as a look (E8).
"""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.community.community import Member
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine, Page
from chalicelib.services.views.lists import Cursor, Wanted, listed, put_on_record
from chalicelib.services.views.shown import masked_case


class Sorted(Struct, frozen=True):
    """A classification, as far as it is compared; what is None in a judgement was right as it was."""

    kind: str | None
    matter: str | None
    urgency: str | None
    severity: str | None


class Judged(Struct, frozen=True):
    """The judgement of the audit, and what would have been right."""

    right: bool
    by: str
    at: datetime
    would_be: Sorted


class SortedCase(Struct, frozen=True):
    """A case with its words, what was proposed, and what was decided.

    `words` are those that led to the proposal. `proposed` is None where nothing read it; its `matter` is
    `unsorted` where the triage was not sure.
    """

    number: str
    text: str | None
    proposed: Sorted | None
    words: tuple[str, ...]
    decided: Sorted | None
    decided_by: str | None
    decided_at: datetime | None
    judged: Judged | None


def corrections(
    desk: Desk, member: Member, month: str, limit: int, cursor: Cursor, what: LookAt = LookAt.LIST
) -> tuple[Page[SortedCase], int]:
    """The cases that people sorted otherwise than was proposed.

    And how many were looked at for them; `limit` is how many lines of the register one page looks through, in
    order of number.
    """
    return _picked(desk, member, month, limit, cursor, what, lambda line: bool(line.corrected))


def sample(
    desk: Desk, member: Member, month: str, limit: int, cursor: Cursor
) -> tuple[Page[SortedCase], int]:
    """The cases of the audit's sample, judged or not.

    And how many were looked at for them.
    """
    return _picked(
        desk,
        member,
        month,
        limit,
        cursor,
        LookAt.LIST,
        lambda line: desk.is_audited(line.community, line.number),
    )


def _picked(
    desk: Desk,
    member: Member,
    month: str,
    limit: int,
    cursor: Cursor,
    what: LookAt,
    wanted: Callable[[CaseLine], bool],
) -> tuple[Page[SortedCase], int]:
    asked = Wanted(month=month)
    found = listed(desk, member, asked, limit, cursor)
    lines = tuple(line for line in found.items if wanted(line))
    put_on_record(desk, member, asked, lines, what)
    cases = (masked_case(desk.cases.get(line.community, line.number)) for line in lines)
    return Page(tuple(map(sorted_case, cases)), found.cursor), len(found.items)


def sorted_case(case: Case) -> SortedCase:
    """The view of one case."""
    proposal, decided, judgement = case.proposal, case.classification, case.sorting.judgement
    return SortedCase(
        number=case.number,
        text=case.report.text,
        proposed=_sorted(proposal) if proposal else None,
        words=tuple(word for word in proposal.words if word) if proposal else (),
        decided=_sorted(decided) if decided.is_sorted else None,
        decided_by=case.sorting.by,
        decided_at=case.sorting.at,
        judged=Judged(judgement.right, judgement.by, judgement.at, _sorted(judgement)) if judgement else None,
    )


def is_unsure(proposed: Sorted) -> bool:
    """Whether the triage was not sure of the matter."""
    return proposed.matter == UNSORTED


def _sorted(given: object) -> Sorted:
    return Sorted(*(getattr(given, name) for name in Sorted.__struct_fields__))
