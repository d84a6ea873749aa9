"""The reports of an incident: which join it by themselves, which are asked about, and what becomes of them.

A joined case is merged into the one that leads (A16): it has its number, receipt and page, nobody is
dispatched for it, and the work on the other solves it. It can leave again, with the clocks of its own report.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.about import NOBODY
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm, ShortText, check
from chalicelib.domain.case.incident import Incident
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.community.places import Scope, places_of
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.follow_up.obligations import revisits_wanted
from chalicelib.domain.intake.danger import word_of_danger
from chalicelib.domain.intake.identification import why_not_joined
from chalicelib.domain.intake.leading import NO_INCIDENT
from chalicelib.domain.intake.merging import ENDED, to_share, what_became_of
from chalicelib.domain.regulation.limits import Begins, Clock

OUTAGES = frozenset({"power_outage", "water_outage", "elevator"})
"""The matters of which two reports from one place at one time are surely about one thing (ours).

A leak or smoke may be two; such reports are offered, and a person says that they are one.
"""

MAY_BE_ONE = OUTAGES | {"flooding", "drain_blocked", "leak_pipe", "seepage", "lighting_lock", "public_hazard",
                        "public_other", "fire", "odour", "equipment_noise", "intruder_gate"}  # fmt: skip
"""The matters that several units can report of one cause: a report of one may be of an incident."""

BEFORE = timedelta(hours=6)
"""How long before the report that leads an incident another may have been of the same (ours)."""

SURVEYED_ONE_IN = 10
"""Of so many reports of an incident one is asked how the work was (ours): they are about one visit."""


class JoinIncidentForm(Struct, frozen=True):
    """The form by which a report joins an incident.

    `into` is the number of the case that leads it; left out, the one that was offered with the report.
    """

    into: ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class SolvedForm(Struct, frozen=True):
    """The form of a joined case that the work on another has solved; only the desk itself fills it in.

    The fields are those of `Completed`; `into` is the case that leads.
    """

    into: str
    result: str
    surveyed: bool
    twice: bool


def why_surely_not(
    reported: ev.Registered | Case, at: datetime, incident: Incident, begun_at: datetime, context: Context
) -> str | None:
    """The reason, as a code word, why a report joins no incident by itself.

    None: surely it is the same outage. It is not sure where somebody may be in danger or needs care, where
    the report says more than that, or where it is of another time. `begun_at` is when the case that leads
    was reported.
    """
    about, report = reported.classification, reported.report
    proposal = reported.proposal
    contacted_at = report.contacted_at or at
    is_danger = word_of_danger(report.text or "", context.regulation.danger_words) is not None
    if about.matter != incident.matter or about.matter not in OUTAGES or about.kind in NO_INCIDENT:
        return "matter"
    if about.urgency == "emergency" or about.severity == "serious" or about.care or is_danger:
        return "danger"
    if report.about or report.about_person or report.against:
        return "person"
    if proposal is not None and (proposal.danger or proposal.second not in {None, about.matter}):
        return "says_more"
    if not begun_at - BEFORE <= contacted_at <= incident.until:
        return "time"
    return None


def is_of_the_place(unit: str | None, incident: Incident, context: Context) -> bool:
    """Whether a unit lies where the incident is."""
    return places_of(unit, context.community).get(Scope(incident.scope)) == incident.place


def why_not_joined_to(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """What others were joined to does not join, nor a complaint about a person (G13).

    A resident says that the report is of the incident that was offered with it, and of no other.
    """
    if case.leads or case.joined:
        return CommandRefusedError(
            f"Other reports were joined to case {case.number}, so it joins none itself.",
            "others_joined",
            number=case.number,
        )
    if case.report.against or case.report.about_person:
        return CommandRefusedError(
            f"Case {case.number} complains of somebody, and stands alone.",
            "about_a_person",
            number=case.number,
        )
    if actor.role is Role.RESIDENT and (case.offered is None or case.ending.left == case.offered):
        return CommandRefusedError(
            f"No incident is known that case {case.number} may be a report of.", "none_offered"
        )
    return why_not_joined(case)


def into(case: Case, form: JoinIncidentForm, actor: Actor) -> str:
    """The number of the case that this one is to be joined to; InvalidInputError for what is no number."""
    number = case.offered if actor.role is Role.RESIDENT else form.into or case.offered
    if number is None or not NUMBER.fullmatch(number):
        raise InvalidInputError(
            f"'into' is the number of the case that leads the incident; write it like {case.number}.",
            "no_case_number",
            example=case.number,
        )
    if number == case.number:
        raise InvalidInputError(
            "A case cannot be joined to itself; name another number.", "merged_into_itself"
        )
    return number


def join_incident(case: Case, command: Command[JoinIncidentForm], _: Context) -> Payloads:
    """The event of a report that joins an incident. That there is one, the desk looks (services/desk.py)."""
    return (ev.Merged(into(case, command.form, command.actor), "", incident=True),)


def check_taken(leader: Case) -> None:
    """CommandRefusedError if nothing can be joined to a case: it leads no incident, or that is over."""
    if not leader.leads:
        raise CommandRefusedError(
            f"Case {leader.number} leads no incident that is going on.", "leads_none", number=leader.number
        )
    if refused := why_not_joined(leader):
        raise refused


def why_not_left(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Only what was joined to an incident leaves one; a merge is undone by none (A16)."""
    if case.is_joined:
        return None
    return CommandRefusedError(
        f"Case {case.number} was not joined to an incident.", "joined_to_none", number=case.number
    )


def leave_incident(case: Case, command: Command[NoteForm], context: Context) -> Payloads:
    """The event of a case that goes its own way again.

    Its clocks are those of its own report; what was done before it joined is not asked for again. A result
    that nobody had signed off was not done.
    """
    started_at, nth = case.clocks.started_at, case.returns + 1
    own = starting_deadlines(Begins.REGISTERED, case.classification, started_at, context, nth)
    done = case.clocks.met.keys() - {Clock.SOLVE}
    open_now = tuple(deadline for deadline in own if deadline.clock not in done)
    return (ev.Reopened(ev.LEFT, command.form.note or "", (), open_now),)


def solve_joined(case: Case, command: Command[SolvedForm], context: Context) -> Payloads:
    """The event of the work that solved a joined case; none if it waits for another."""
    form = command.form
    if not case.ending.by_incident or case.ending.merged_into != form.into:
        return ()
    wanted, stands = revisits_wanted(case.classification, context) if form.surveyed else (0, False)
    completed = ev.Completed(
        form.result,
        revisits=wanted,
        survey_stands=stands,
        incident=form.into,
        surveyed=form.surveyed,
        twice=form.twice,
    )
    return (completed,)


SOLVE, LEAVE = "solve", "leave"


def owed_to(joined: Case, leader: Case) -> str | ev.ResultShared | None:
    """What a joined case has still to get of the one that leads: its end, its freedom, or news; else None.

    News of before it joined stand on its page, and are not sent after it.
    """
    incident, became = leader.incident, what_became_of(leader)
    if not joined.is_joined or joined.ending.merged_into != leader.number or incident is None:
        return None
    if incident.dissolved or became == ENDED or leader.state is State.MERGED or leader.about != NOBODY:
        return LEAVE
    if leader.work.completed_at is not None:
        return SOLVE
    if (shared := to_share(joined, leader)) is not None:
        return ev.ResultShared(shared.into, shared.in_round, shared.outcome)
    joined_at = joined.ending.closed_at
    is_news = incident.told > 1 and joined_at is not None and incident.told_at > joined_at
    if leader.leads and is_news and joined.ending.news < incident.told:
        return ev.ResultShared(leader.number, leader.round, "news", incident.told)
    return None
