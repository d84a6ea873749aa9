"""What a case waits for, and from whom (A6, A7, A9, A12, B1, B2, B5, B7, D2, D4, G14).

The one table of what people are asked for: everybody's first page and the line of a case are made of it. A
row names the commands that answer; whether somebody can give one, the transition table alone decides.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.reply import Stand
from chalicelib.domain.case.who_sees import may_see
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Duty, Role
from chalicelib.domain.dispatch.first_asked import follower
from chalicelib.domain.possible import possible
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.when import (
    climbed_over,
    is_at_work,
    is_followed,
    is_handed_on,
    is_suggestion,
    is_unanswered,
    is_unbilled,
    price_is_owed,
    visit_wanted,
)
from chalicelib.domain.whom import (
    DESK,
    LEADERS,
    MANAGER,
    Whom,
    accepters,
    confirmers,
    cosigners,
    cost_writers,
    heard_points,
    measure_owners,
    people,
    ranks,
    revisitor,
    signature_takers,
    spelled_role,
    with_duty,
)
from chalicelib.domain.work.acceptance import is_unaccepted
from chalicelib.domain.work.claims import claim_to_take_back
from chalicelib.domain.work.confirmers import waiting_plan
from chalicelib.domain.work.costs import cost_is_due
from chalicelib.domain.work.replies import approvers
from chalicelib.domain.work.signers import signers, waiting_result
from chalicelib.domain.work.verification import is_found_untrue, is_to_verify

R, S = Role, State


class Ask(Struct, frozen=True):
    """One thing that somebody is asked for: what it is, and the commands by which they can do it now."""

    what: str
    commands: tuple[str, ...]


class Wait(Struct, frozen=True):
    """One thing that a case can wait for. `waits` says whether it does, and `whom` is asked.

    `commands` answer it, the likeliest first.
    """

    commands: tuple[str, ...]
    waits: Callable[[Case, Context], bool]
    whom: Whom


def _handler_or_desk(case: Case, context: Context) -> tuple[str, ...]:
    return people(case.assignment.handler) or DESK(case, context)


def _first_asked(case: Case, context: Context) -> tuple[str, ...]:
    member = follower(case, context.community)
    return people(member.username if member else None)


def _approvers(case: Case, context: Context) -> tuple[str, ...]:
    return people(*(member.username for member in approvers(case, context)))


def _drafter(case: Case, context: Context) -> tuple[str, ...]:
    """Whoever drafted it; the supervisor where they have left."""
    drafter = case.reply_duty.reply.drafted_by if case.reply_duty.reply else ""
    return (drafter,) if context.community.member(drafter) else ranks(R.SUPERVISOR)(case, context)


# fmt: off
WAITS: Mapping[str, Wait] = {
    "alarm": Wait(("confirm_alarm",), lambda case, _: case.alarm is not None and case.alarm.waits,
                  lambda case, _: case.alarm.told if case.alarm else ()),
    "extension": Wait(("grant_extension", "refuse_extension"),
                      lambda case, _: case.clocks.extension_request is not None, MANAGER),
    "objection": Wait(("uphold", "reopen"), lambda case, _: case.state is S.OBJECTED, MANAGER),
    "malicious": Wait(("confirm_malicious", "dismiss_malicious"),
                      lambda case, _: case.track is not None and case.track.waits_for is R.MANAGER, MANAGER),
    "appeal": Wait(("decide_appeal",), lambda case, _: case.track is not None,
                   lambda _, __: (spelled_role(R.COMPANY_HEAD),)),
    "suggestion": Wait(("decide_suggestion",), is_suggestion, MANAGER),
    "letter": Wait(("draft_reply", "waive_reply"), is_unanswered, ranks(R.SUPERVISOR)),
    "reply": Wait(("approve_reply", "return_reply"),
                  lambda case, _: case.reply_duty.stands(Stand.DRAFTED) is not None, _approvers),
    "reply_returned": Wait(("draft_reply",),
                           lambda case, _: case.reply_duty.stands(Stand.RETURNED) is not None, _drafter),
    "reply_to_post": Wait(("post_reply",),
                          lambda case, _: case.reply_duty.stands(Stand.TO_POST) is not None, DESK),
    "untrue": Wait(("reject", "verify"), lambda case, _: is_found_untrue(case), ranks(R.SUPERVISOR)),
    "time_kept": Wait(("classify",), lambda case, _: bool(case.clocks.kept), MANAGER),
    "call_back": Wait(("call_back",), lambda case, _: case.call_back.owed, DESK),
    "unsorted": Wait(("classify",), lambda case, _: not case.classification.is_sorted, DESK),
    "identify": Wait(("identify",), lambda case, _: case.about.unknown and case.state in OPEN,
                     ranks(R.SUPERVISOR)),
    "to_call": Wait(("answer",), lambda case, _: bool(case.telling.to_call),
                    lambda case, context: case.telling.asked or DESK(case, context)),
    "hand_on": Wait(("assign",), is_handed_on, LEADERS),
    "sign": Wait(("sign", "decline"), lambda case, _: case.state is S.ASSIGNED,
                 lambda case, _: people(case.assignment.handler)),
    "unsigned": Wait(("assign",), lambda case, _: case.state is S.ASSIGNED and Clock.SIGN in case.overdue,
                     LEADERS),
    "sign_off": Wait(("sign_off_result", "return_result"), lambda case, _: waiting_result(case) is not None,
                     signers),
    "result_returned": Wait(("complete", "start"), lambda case, _: case.work.sign_off.returned is not None,
                            lambda case, _: people(case.assignment.handler)),
    "plan": Wait(("confirm_plan", "return_plan"), lambda case, _: waiting_plan(case) is not None, confirmers),
    "plan_returned": Wait(("propose",), lambda case, _: case.work.plan_check.returned is not None,
                          lambda case, _: people(case.assignment.handler)),
    "price": Wait(("propose",), price_is_owed, ranks(R.DEPARTMENT_HEAD)),
    "refusal": Wait(("sign_refusal",), lambda case, _: case.order.unsigned_refusal is not None, cosigners),
    "bill": Wait(("bill",), lambda case, _: is_unbilled(case),
                 lambda case, _: people(case.assignment.completed_by)),
    "payment": Wait(("record_payment",), lambda case, _: case.order.owed is not None,
                    with_duty(Duty.CASHIER)),
    "give_back": Wait(("give_back",), lambda case, _: case.order.to_give_back is not None,
                      with_duty(Duty.CASHIER)),
    "account": Wait(("sign_account",), lambda case, _: case.order.unsigned_bill is not None,
                    with_duty(Duty.STATISTICIAN)),
    "cost": Wait(("record_cost",), lambda case, _: cost_is_due(case), cost_writers),
    "cost_price": Wait(("price_cost",), lambda case, _: any(line.waits for line in case.order.costs.lines),
                       ranks(R.DEPARTMENT_HEAD)),
    "claim_back": Wait(("withdraw_claim",), lambda case, _: claim_to_take_back(case) is not None,
                       with_duty(Duty.STATISTICIAN)),
    "acceptance": Wait(("accept_work",),
                       lambda case, _: is_unaccepted(case) and not case.work.acceptance.common,
                       signature_takers),
    "acceptance_common": Wait(("accept_common_work",),
                              lambda case, _: is_unaccepted(case) and case.work.acceptance.common,
                              accepters),
    "rain_day": Wait(("set_acceptance_day",),
                     lambda case, _: is_unaccepted(case) and case.work.acceptance.day_missing, DESK),
    "measure": Wait(("finish_measure",), lambda case, _: bool(case.open_measures), measure_owners),
    "key": Wait(("return_key",), lambda case, _: case.order.key is not None and case.state not in IN_DISPATCH,
                DESK),
    "verify": Wait(("verify",), lambda case, _: is_to_verify(case), _handler_or_desk),
    "visit": Wait(("accept_appointment", "decline_appointment"), visit_wanted, _handler_or_desk),
    "work": Wait(("start", "complete", "propose"), is_at_work,
                 lambda case, _: people(case.assignment.handler)),
    "revisit": Wait(("record_revisit",), lambda case, _: case.follow_up.revisit_due_at is not None,
                    revisitor),
    "ask_again": Wait(("ask_again",), lambda case, _: case.follow_up.ask_again_after is not None,
                      lambda case, _: people(case.follow_up.revisitor)),
    "point": Wait(("answer_point",), lambda case, _: bool(case.open_points), heard_points),
    "fault": Wait(("notify_worker",),
                  lambda case, _: case.follow_up.fault_untold and Clock.CORRECT in case.overdue,
                  ranks(R.SUPERVISOR)),
    "report": Wait(("file_report",), lambda case, _: case.report_duty.owed, ranks(R.DEPARTMENT_HEAD)),
    "escalated": Wait(("assign", "record_revisit", "uphold", "answer"),
                      lambda case, _: bool(climbed_over(case)),
                      lambda case, _: people(*(climb.person for climb in climbed_over(case)))),
    "followed": Wait(("answer", "escalate"), is_followed, _first_asked),
}
# fmt: on
"""What → how it waits; in the order in which several of one case are shown."""

TOLD = frozenset({"escalated"})
"""What stands there also for whoever can only read the case: it climbed to the company head (B6)."""

LAST = ("followed", "escalated")
"""What says only that a case is followed (A9), or has climbed to its reader (B6).

Each is left out where its reader is asked for something else: doing that answers it.
"""


def waits_of(case: Case, context: Context) -> tuple[str, ...]:
    """Who may be asked for something on a case: usernames, and roles as `@role`.

    Whoever is not among them is asked for nothing, as long as nothing happens to the case.
    """
    asked = (wait.whom(case, context) for wait in WAITS.values() if wait.waits(case, context))
    return tuple(dict.fromkeys(token for tokens in asked for token in tokens))


def asks_of(case: Case, member: Member, context: Context, at: datetime) -> tuple[Ask, ...]:
    """What a member is asked for on a case, and can do now; `context` is without who is kept away."""
    if not may_see(member, case):
        return ()
    can = {row.command for row in possible(case, member.actor(), context, at)}
    return asks_among(case, member, context, can)


def asks_among(case: Case, member: Member, context: Context, can: Collection[str]) -> tuple[Ask, ...]:
    """The same of a case that the member may see; `can` are the commands they can give."""
    asks = []
    for what, wait in WAITS.items():
        commands = tuple(command for command in wait.commands if command in can)
        if not commands and what not in TOLD:
            continue
        if wait.waits(case, context) and _is_asked(member, case, wait.whom(case, context)):
            asks.append(Ask(what, commands))
    for what in LAST:
        asks = [ask for ask in asks if ask.what != what] or asks
    return tuple(asks)


def _is_asked(member: Member, case: Case, whom: tuple[str, ...]) -> bool:
    if member.username in whom:
        return True
    is_theirs = member.role is not R.DEPARTMENT_HEAD or case.classification.department in member.departments
    return is_theirs and spelled_role(member.role) in whom
