"""The reply to a letter: drafted by whoever has the matter, sent once the supervisor approves (A12, S0)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.clock_changes import next_news
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, ReasonForm, ShortText, check
from chalicelib.domain.case.held_closing import let_close
from chalicelib.domain.case.reply import REPLY, UNDER_WAY, Reply, Stand
from chalicelib.domain.case.spoken import A_MINUTE, DELIVERED
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.malicious import why_not_the_supervisor
from chalicelib.domain.work.progress import answered
from chalicelib.domain.work.resident_forms import DeliveryForm

APPROVERS = (Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD)
"""Who approves a reply, the nearest first: the supervisor, and above where that is who drafted it."""

THE_ANSWER = {"inquiry": (Clock.ANSWER,), "help": (Clock.ANSWER,)}
"""The kinds of which an answer is the answer that is due (C12, C15).

A complaint's is the department's, with cause and plan (B4).
"""


class DraftReplyForm(Struct, frozen=True):
    """The form of a drafted reply: the letter as it is to be read."""

    text: LongText

    def __post_init__(self) -> None:
        check(self)


class ApproveReplyForm(Struct, frozen=True):
    """The form of `approve_reply`; it has no fields: what was drafted leaves as it is."""


class PostReplyForm(Struct, frozen=True):
    """The form of a reply that the desk has posted or handed over; without `given_at`, now."""

    manner: ShortText
    given_at: datetime | None = None

    def __post_init__(self) -> None:
        check(self)
        if self.manner not in DELIVERED:
            raise InvalidInputError(f"'manner' is one of: {', '.join(DELIVERED)}.")


def why_not_drafted(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Whoever has the matter, or the desk, drafts; nobody once it is on its way (A12)."""
    refused = why_neither_own_nor_desk(case, actor, context, at) or why_not_the_supervisor(case, actor, at)
    if refused:
        return refused
    if case.erased:
        return CommandRefusedError(
            f"The personal data of case {case.number} are gone, and nobody is left to write to.",
            "reply_erased",
        )
    if not case.reply_duty.stands(*UNDER_WAY):
        return None
    return CommandRefusedError(
        f"The reply of case {case.number} is approved and on its way; another one can be drafted after it "
        "has left.",
        "reply_on_its_way",
    )


def draft(_: Case, command: Command[DraftReplyForm], __: Context) -> Payloads:
    """The event of a draft; it takes the place of one that waits or was returned (A12)."""
    return (ev.ReplyDrafted(command.form.text),)


def approvers(case: Case, context: Context) -> tuple[Staff, ...]:
    """Who may approve the draft: of the nearest rank that has somebody else than its drafter.

    The drafter alone where the community has nobody else of any of these ranks.
    """
    drafted_by = case.reply_duty.reply.drafted_by if case.reply_duty.reply else None
    ranks = [context.community.with_role(rank) for rank in APPROVERS]
    others = (tuple(member for member in rank if member.username != drafted_by) for rank in ranks)
    return next(filter(None, others), next(filter(None, ranks), ()))


def why_no_draft(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """Somebody else than its drafter decides on a draft, if there is anybody (A12)."""
    waiting = case.reply_duty.stands(Stand.DRAFTED)
    if waiting is None:
        return CommandRefusedError(
            f"No draft of a reply waits on case {case.number}; draft one by 'draft_reply'.", "no_draft"
        )
    able = approvers(case, context)
    if actor.id != waiting.drafted_by or any(member.username == actor.id for member in able):
        return None
    names = ", ".join(member.name for member in able)
    return NotAllowedError(
        f"Whoever drafted the reply does not approve it; {names} can.", "own_draft", people=names
    )


def approve(case: Case, _: Command[ApproveReplyForm], __: Context) -> Payloads:
    """The event of an approved reply, with the text that was approved; it leaves now (A12)."""
    waiting = _reply(case)
    return (ev.ReplyApproved(waiting.text, waiting.drafted_by),)


def send_back(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of a draft that goes back to its drafter, with the reason (A12)."""
    return (ev.ReplyReturned(command.form.reason),)


def why_not_posted(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Only an approved reply is posted that no message can bring (A12)."""
    if case.reply_duty.stands(Stand.TO_POST):
        return None
    return CommandRefusedError(
        f"No reply of case {case.number} waits to be posted: one is posted once it is approved, where no "
        "message can bring it.",
        "nothing_to_post",
    )


def post(case: Case, command: Command[PostReplyForm], context: Context) -> Payloads:
    """The events of a reply that was posted or handed over; now it is sent, and a held closing goes on."""
    form, reply = command.form, _reply(case)
    given_at = form.given_at or command.at
    if not reply.since - A_MINUTE <= given_at < command.at + A_MINUTE:
        raise InvalidInputError(
            "'given_at' lies before the desk was asked to post it, or in the future; give the time at which "
            "it was posted.",
            "posted_when",
            earliest=reply.since,
        )
    news = next_news(case, given_at, context) if case.state in OPEN else ()
    posted = ev.ReplyPosted(form.manner, given_at, also_met(case), news)
    return (posted, *answered(case, command, context, reply.text, reply.drafted_by), *let_close(case))


def also_met(case: Case) -> tuple[Clock, ...]:
    """The clocks that a reply meets besides those of every answer, once it has left."""
    return THE_ANSWER.get(case.classification.kind, ())


def why_not_waived(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """There is something to waive: a letter that waits for its reply, or a draft that nobody needs (A12)."""
    on_its_way = case.reply_duty.stands(Stand.APPROVED)
    if (case.owes_reply or case.reply_pending) and not on_its_way:
        return None
    if on_its_way:
        return CommandRefusedError(
            f"The reply of case {case.number} is approved and on its way.", "reply_on_its_way"
        )
    return CommandRefusedError(f"Nobody waits for a reply in writing on case {case.number}.", "no_reply_owed")


def waive(case: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The events of a letter that gets no reply, with the reason; a held closing goes on (A12)."""
    return (ev.ReplyWaived(command.form.reason), *let_close(case))


def _reply(case: Case) -> Reply:
    if case.reply_duty.reply is None:
        raise ValueError(f"Case {case.number} has no reply.")
    return case.reply_duty.reply


def delivered_reply(case: Case, command: Command[DeliveryForm], context: Context) -> Payloads | None:
    """The events of what became of the message with the reply; None if that is no message of the reply.

    `ResidentNotTold` has nobody to post it yet: the caller knows whom to ask. A reply that has left completes
    an inquiry, as its drafter's work.
    """
    told, heard_at = command.form.told, command.form.heard_at
    reply = case.reply_duty.stands(Stand.APPROVED, Stand.TO_POST, Stand.SENT)
    if reply is None or reply.version != told:
        return None
    if heard_at is None:
        gone = reply.stand is Stand.TO_POST or reply.by in DELIVERED
        return () if gone else (ev.ResidentNotTold(told, REPLY, command.form.why or "failed"),)
    if reply.stand is Stand.SENT:
        return ()
    news = next_news(case, heard_at, context) if case.state in OPEN else ()
    left = ev.ResidentTold(told, REPLY, command.form.channel, heard_at, news, also_met(case))
    return (left, *answered(case, command, context, reply.text, reply.drafted_by), *let_close(case))
