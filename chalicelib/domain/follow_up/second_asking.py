"""The second asking: somebody else asks a satisfied resident after the closing (G6)."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.follow_up.forms import AskAgainForm
from chalicelib.domain.follow_up.quotas import lot
from chalicelib.domain.follow_up.revisitor import choose_revisitor
from chalicelib.domain.follow_up.sampling import seed_of
from chalicelib.domain.follow_up.schedule import due_within

KEY = TimerKey("revisit", "again")
"""The timer of the second asking; one a round, so without a number."""


def closed_as_satisfied(
    case: Case, answer: ev.RevisitRecorded, command: Command[object], context: Context
) -> Payloads:
    """The events of the answer that closes a case, and the lot for asking again.

    No lot is drawn where nobody else is left to ask, where the regulation wants none, or where an earlier
    release drew the round's lot before the case had closed.
    """
    closed, share = ev.Closed(ev.CloseReason.SATISFIED), context.regulation.sampling.asked_again
    never = case.assignment.everybody | {command.actor.id}
    member = choose_revisitor(context.community, command.at, never, case.number)
    if member is None or not share or case.follow_up.ask_again_after is not None:
        return answer, closed
    seed = seed_of(case.community, case.number)
    if not is_asked_again(seed, case.number, case.round, share):
        return replace(answer, asked_again=False), closed
    due_at = due_within(case, command.at, context)
    asked = ev.RevisitDrawn(KEY, member.username, due_at, member.role, "again", seed)
    return replace(answer, asked_again=True), closed, asked


def is_asked_again(seed: str, case_number: str, round_number: int, share: float) -> bool:
    """Whether the lot has a second person ask after this round (G6).

    One lot a round. No figures are read, so it is `share` of the rounds in the long run, not at any time:
    0.05 → 1 in 20.
    """
    return lot(seed, "again", case_number, str(round_number)) < share


def why_not_asked_again(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """Only a drawn case is asked about again, by somebody new to it (G6)."""
    first = case.follow_up.ask_again_after
    if first is None:
        return CommandRefusedError(
            f"Case {case.number} waits for no second asking; few are drawn, and each is asked about once.",
            "not_drawn_again",
        )
    if actor.id == first:
        return NotAllowedError(
            "A second person has to ask the resident again; whoever wrote the first answer cannot.",
            "second_person_asks",
        )
    if actor.id in case.assignment.everybody:
        return NotAllowedError(
            "Whoever did the work cannot ask how it is; a colleague has to.", "revisits_own_work"
        )
    return None


def ask_again(_: Case, command: Command[AskAgainForm], __: Context) -> Payloads:
    """The event of what the resident said to the second person (G6).

    It is counted, and the case stays as it ended. Whoever finds that it should be taken up again reopens it,
    as any closed case (D7).
    """
    form = command.form
    return (ev.AskedAgain(form.outcome, form.manner, form.note),)
