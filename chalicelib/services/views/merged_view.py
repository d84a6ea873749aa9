"""The view of a case for those whose own was merged into it (A16)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.intake.masking import masked
from chalicelib.domain.intake.merging import ENDED, REFERRED, what_became_of
from chalicelib.domain.notices.changed_times import PROMISED_TO_RESIDENT
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.views.deadline_view import DeadlineView, deadline_views
from chalicelib.services.views.incident_view import IncidentView, incident_view


class MergedView(Struct, frozen=True):
    """How the case stands that the resident's own was merged into (A16).

    Of what others reported or said there is nothing in it: the state, what is promised, and what became of
    it. `result`, `findings`, `referred_to` and `explanation` are without who reported it (`masked`).
    `over`: nobody works on it, and it was not solved, so the desk is whom to ask. `incident` is the one that
    it leads, for those who were joined to that.
    """

    number: str
    state: State
    round: int
    deadlines: tuple[DeadlineView, ...]
    overdue: bool
    paused: bool
    result: str | None
    findings: str | None
    referred_to: str | None
    explanation: str | None
    over: bool
    incident: IncidentView | None


def merged_view(
    last: Case, context: Context, now: datetime, words: Catalogue, *, joined: bool = False
) -> MergedView:
    """The view of the case that goes on, for a resident merged into it.

    Or `joined` to the incident that it leads.
    """
    return MergedView(
        number=last.number,
        state=last.state,
        round=last.round,
        deadlines=deadline_views(last, context, now, words, PROMISED_TO_RESIDENT, sourced=False),
        overdue=Clock.SOLVE in last.clocks.overdue,
        paused=last.clocks.pause is not None,
        result=_read_by_others(last.work.result, last) if last.state not in IN_DISPATCH else None,
        findings=_read_by_others(last.ending.findings, last),
        referred_to=_read_by_others(last.ending.referred_to, last),
        explanation=_read_by_others(last.ending.explanation, last),
        over=what_became_of(last) in {REFERRED, ENDED},
        incident=incident_view(last, context, words) if joined else None,
    )


def _read_by_others(text: str | None, case: Case) -> str | None:
    return masked(text, case.report) if text else None
