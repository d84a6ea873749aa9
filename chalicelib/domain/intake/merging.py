"""One incident, several reports: what becomes of it reaches everybody who reported it (A16).

Cases are merged into one another, so an incident is a tree; the case that goes on is its root. Each case
knows those merged into itself (`Case.joined`), and each merged one what its resident was told last. A root
that ends without work sets those free that were merged into it.
"""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.intake.forms import JoinForm, ShareForm
from chalicelib.domain.regulation.limits import Begins

LONGEST_CHAIN = 20
"""How many merges are followed from a case to the one that goes on (ours); also what ends a loop."""

MOST_JOINED = 100
"""How many cases are merged into one (ours): each of their residents gets a message when it is solved."""

COMPLETED, REOPENED, OBJECTED = "completed", "reopened", "objected"
REFERRED, ENDED = "referred", "ended"


def join(case: Case, command: Command[JoinForm], _: Context) -> Payloads:
    """The event of another case that was merged into this one; none if that is known."""
    joining = command.form.joining
    return () if joining in case.joined or joining == case.number else (ev.Joined(joining),)


def part(case: Case, command: Command[JoinForm], _: Context) -> Payloads:
    """The event of another case that is merged into this one no more; none if it never was."""
    parting = command.form.joining
    return (ev.Parted(parting),) if parting in case.joined else ()


def set_free(case: Case, command: Command[JoinForm], context: Context) -> Payloads:
    """The event of a merged case that goes on by itself again, with new clocks; none if that is over."""
    return going_on(case, command.at, context) if case.ending.merged_into == command.form.joining else ()


def going_on(case: Case, at: datetime, context: Context) -> tuple[ev.Reopened, ...]:
    """The event with which a merged case goes on by itself; none if it is merged into nothing."""
    if case.state is not State.MERGED:
        return ()
    deadlines = starting_deadlines(Begins.REGISTERED, case.classification, at, context, case.returns + 1)
    return (ev.Reopened(ev.SET_FREE, "", (), deadlines),)


def sets_free(target: Case) -> bool:
    """Whether a case has ended without work: those merged into it go on by themselves (A16).

    It was withdrawn, or found untrue: its findings were about that report, and nobody but its own resident
    can object to them. What is for somebody else to solve is so for all, and they are told who (B1).
    """
    return what_became_of(target) == ENDED


def why_not_merged_into(target: Case) -> DomainError | None:
    """What is merged must not get lost: the target has to go on, and not be merged itself (A16)."""
    number = target.number
    if len(target.joined) >= MOST_JOINED:
        return CommandRefusedError(
            f"{len(target.joined)} cases were merged into {number} already; merge into another one.",
            "incident_full",
            number=number,
        )
    if target.ending.merged_into is not None:
        return CommandRefusedError(
            f"Case {number} was merged itself; merge into {target.ending.merged_into}, if that goes on.",
            "goes_on_as",
            number=number,
            last=target.ending.merged_into,
        )
    if target.state not in GOES_ON:
        return CommandRefusedError(
            f"Case {number} is {target.state}; merge into one that is still open.", "merged_into_ended"
        )
    return None


def share(case: Case, command: Command[ShareForm], _: Context) -> Payloads:
    """The event of what became of the case that goes on; none if this resident knows."""
    form = command.form
    shared = ev.ResultShared(form.into, form.in_round, form.outcome, form.news, form.twice)
    knows = case.ending.news >= form.news if form.news else case.ending.shared == shared
    return () if knows else (shared,)


def to_share(merged: Case, last: Case) -> ShareForm | None:
    """What the resident of a merged case has still to hear; None if nothing.

    It is solved, referred, or has ended without work; or it is looked into or taken up again, for those who
    were told that it is over. That it is closed after that changes nothing for them, and only the one who
    reported it is asked to rate (G8).
    """
    outcome, known = what_became_of(last), merged.ending.shared
    if outcome is None or (outcome in {REOPENED, OBJECTED} and known is None):
        return None
    if outcome == REOPENED and known is not None and known.outcome == REOPENED:
        return None
    owed = (last.number, last.round, outcome)
    if known is not None and (known.into, known.in_round, known.outcome) == owed:
        return None
    return ShareForm(*owed)


def what_became_of(last: Case) -> str | None:
    """What has become of the case that goes on; None while its first round is under way.

    What was found untrue and upheld is closed, and was never solved.
    """
    match last.state:
        case State.REJECTED | State.WITHDRAWN:
            return ENDED
        case State.OBJECTED:
            return OBJECTED
        case State.REFERRED:
            return REFERRED
        case State.COMPLETED | State.CLOSED | State.ARCHIVED:
            return ENDED if last.work.completed_at is None else COMPLETED
        case _:
            return REOPENED if last.state in IN_DISPATCH and last.round > 1 else None
