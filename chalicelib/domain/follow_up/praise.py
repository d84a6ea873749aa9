"""A resident's praise of whoever did the work, beside the managers' merits (B15).

It is a record among the findings and no event of the case, which others read. Once a round, by link alone.
"""

import hashlib
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.about import NOBODY
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.form_fields import LongText, check
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.personal import DataKind
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.follow_up.findings import Finding

PRAISE = "praise"
"""What the links call it, among their commands; the transition table has none of it."""
PRAISED = "praised"
"""What merit of a resident's praise is called."""
PRAISERS = frozenset({Purpose.TRACK, Purpose.RATE})
"""The links of the one who reported."""
AFTER_THE_WORK = frozenset({State.COMPLETED, State.CLOSED, State.ARCHIVED})


class PraiseForm(Struct, frozen=True):
    """The form of praise: in words, if the resident wants."""

    words: LongText | None = None

    def __post_init__(self) -> None:
        check(self)


def why_no_praise(case: Case) -> DomainError | None:
    """Why the work of this round cannot be praised; None if it can.

    Nor in a complaint about a person (G13): what stands in a list of praise could betray it, or praise the
    very person. A report that is praise names whom it means, and managers record that.
    """
    if case.is_newer or case.state not in AFTER_THE_WORK or case.worker is None:
        return CommandRefusedError(
            f"The work on case {case.number} is not done; praise whoever did it when it is.", "nothing_done"
        )
    if case.about != NOBODY or case.classification.kind == "praise" or DataKind.WORDS in case.erased:
        return CommandRefusedError(f"Case {case.number} takes no praise of its handler.", "no_praise_here")
    return None


def praise_id(case: Case, round_number: int) -> str:
    """The id of the praise in a round; a number that is given again after a restore has another."""
    name = "\0".join((PRAISE, case.number, case.registered_at.isoformat(), str(round_number)))
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def given(case: Case, worker: str, words: str, at: datetime) -> Finding:
    """The praise of this round's worker."""
    return Finding(praise_id(case, case.round), case.number, worker, True, PRAISED, words, RESIDENT.id, at)


def is_praise(finding: Finding) -> bool:
    """Whether a record is a resident's own praise."""
    return finding.by == RESIDENT.id


def without_words(praise: Finding) -> Finding:
    """The praise once its words were erased: that there was one stays true (G24)."""
    return replace(praise, words="", version=praise.version + 1)


def places(case: Case) -> tuple[tuple[str, str], ...]:
    """Where the praise of all rounds of a case can lie: (about whom, id)."""
    workers = dict.fromkeys(ended.handler for ended in case.rounds if ended.handler)
    return tuple(
        (worker, praise_id(case, number)) for number in range(1, case.round + 1) for worker in workers
    )
