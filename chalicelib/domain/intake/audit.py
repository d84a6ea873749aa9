"""The audit of classifications: a sample of a month's cases, which somebody else judges (A8).

Which cases are in it follows from their number and a secret of the deployment, and from nothing that anybody
does: whoever sorts cannot know, and cannot change it (services/desk.py: `is_audited`).
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, check
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.intake.triage.proposal import COMPARED
from chalicelib.domain.regulation.rules import UNSORTED

SHARE = 0.2
"""How many of the cases are in the sample, in the long run."""

DRAWN_FROM = 0x1_0000_0000
"""The lots of a case are whole numbers below this."""


class JudgeForm(Struct, frozen=True):
    """The form of the audit (A8): whether the classification is right, else what would be.

    Only what differs is given; at least one of them where it is not right.
    """

    right: bool
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self)


def is_drawn(digest: str) -> bool:
    """Whether a case is in the sample, by the keyed digest (hex) of its number."""
    return int(digest[:8], 16) < SHARE * DRAWN_FROM


def why_not_judged(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Only a sorted case of the sample is judged, once.

    And not by whoever has sorted it last.
    """
    if not context.is_audited:
        return CommandRefusedError(
            f"Case {case.number} is not in the sample of its month; the audit lists those that are.",
            "not_in_the_sample",
        )
    if not case.classification.is_sorted:
        return CommandRefusedError(
            f"Nobody has said yet what case {case.number} is about, so there is nothing to judge.",
            "nothing_to_judge",
        )
    if case.sorting.judgement is not None:
        return CommandRefusedError(
            f"The classification of case {case.number} was judged already.", "judged_already"
        )
    if actor.id == case.sorting.by:
        return NotAllowedError("You have sorted this case yourself; somebody else judges it.", "own_sorting")
    return None


def judge(case: Case, command: Command[JudgeForm], context: Context) -> Payloads:
    """The event of a judgement: the classification as it stands is right, or what would be right.

    Nothing is corrected by it: whoever finds a case wrongly sorted corrects it as well (`classify`).
    """
    form = command.form
    given = {name: value for name in COMPARED if (value := getattr(form, name)) is not None}
    if "matter" in given:
        given["matter"] = context.regulation.matter(given["matter"]).id
    if UNSORTED in given.values():
        raise InvalidInputError("What would be right has a matter and a kind.", "still_unsorted")
    stands = case.classification
    other = {name: value for name, value in given.items() if value != getattr(stands, name)}
    if form.right and other:
        raise InvalidInputError(
            f"It cannot be right and differ in {', '.join(other)}: say that it is not, or leave them out.",
            "right_and_not",
        )
    if not form.right and not other:
        raise InvalidInputError(
            "Say what would be right: another kind, matter, urgency or severity.", "what_would_be_right"
        )
    return (ev.ClassificationJudged(form.right, stands, note=form.note, **other),)
