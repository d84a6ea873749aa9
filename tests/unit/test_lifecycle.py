"""The transition table: every state × command × role, and what the refusals say (B1–B3, D7, design 3)."""

from datetime import timedelta
from functools import cache

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.alarm import Alarm
from chalicelib.domain.case.call_back import CallBack
from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.costs import Claim, CostLine, Costs
from chalicelib.domain.case.events import PayerFound, Proposed, RevisitOutcome
from chalicelib.domain.case.form_fields import NoteForm, RequiredNoteForm
from chalicelib.domain.case.measures import Measure
from chalicelib.domain.case.order import Bill, Handover, Key, Order, Refusal
from chalicelib.domain.case.payment import Payment
from chalicelib.domain.case.plan_check import PlanCheck
from chalicelib.domain.case.points import Point
from chalicelib.domain.case.reply import Reply, ReplyDuty, Stand
from chalicelib.domain.case.round_record import RoundRecord
from chalicelib.domain.case.sign_off import HandedIn, SignOff, WaitingPlan
from chalicelib.domain.community.roles import MANAGERS, STAFF_ROLES, WORKERS, Actor, Duty, Role, spelled
from chalicelib.domain.decide import decide
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.follow_up.praise import PRAISE
from chalicelib.domain.intake.calls import CALLS_IN_VAIN
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.possible import possible
from infra.lifecycle_page import PAGE, page
from tests.cases import with_fields
from tests.stories import (
    ACTORS,
    AGENT,
    HANDLER,
    MANAGER,
    OTHER_HANDLER,
    Story,
    in_state,
    sample_form,
    without_managers,
)
from tests.words import WORDS

FOR_WHO_ANSWERS = {
    "sign",
    "decline",
    "arrive",
    "start",
    "propose",
    "report_cause",
    "request_extension",
    "complete",
    "sign_agreement",
    "refuse_on_site",
    "compare_item",
}
"""Commands that only the person responsible may give, whatever the role."""


@cache
def prepared(state: State, command: str, role: Role) -> Story:
    """A case in that state, with what the command needs besides: a pause to end, a request to decide."""
    own = role in WORKERS and command in FOR_WHO_ANSWERS | {
        "progress",
        "pause",
        "resume",
        "propose_appointment",
        "accept_appointment",
        "decline_appointment",
        "declare_charge",
        "draft_reply",
        "state_payer",
        "find_payer",
        "file_report",
        "verify",
        "use_material",
        "bill",
        "refuse_payment",
        "accept_work",
        "record_refused_work",
        "nobody_home",
        "plan_measure",
    }
    handler = ACTORS[role] if own else HANDLER
    about = {
        "file_report": {"severity": "serious"},
        "close": {"kind": "praise"},
        "reject": {"kind": "complaint"} if state in IN_DISPATCH else {},
        "verify": {"kind": "complaint"} if state in TABLE["verify"].sources else {},
        "decide_suggestion": {"kind": "suggestion"} if state in TABLE["decide_suggestion"].sources else {},
    }
    story = in_state(state, handler, **about.get(command, {}))
    if command in {"approve_reply", "return_reply", "post_reply", "waive_reply"}:
        stand = Stand.TO_POST if command == "post_reply" else Stand.DRAFTED
        reply = Reply("来信收悉", stand, "agent-1", story.case.version, story.at)
        drafted = with_fields(story.case, reply_duty=ReplyDuty(reply=reply))
        story.outcomes[-1] = replace(story.outcomes[-1], after=drafted)
    if command in {"accept_work", "accept_common_work", "refuse_common_work"}:
        common = command != "accept_work"
        held = replace(story.case.work.acceptance, by="next_rain", day=story.at.date(), common=common)
        work = replace(story.case.work, acceptance=held)
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_fields(story.case, work=work))
    if command == "finish_measure":
        mine = ACTORS[role].id if role in WORKERS else "supervisor-1"
        open_one = Measure(1, "prevention", "清理", mine, story.at.date(), story.at, "supervisor-1")
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_fields(story.case, measures=(open_one,)))
    if command in OF_THE_ORDER:
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_an_order(story, command))
    if command in {"sign_off_result", "return_result"} and state is State.WORKING:
        waiting = HandedIn("engineering-2", story.at, story.case.version, "已修", None, ("supervisor-1",))
        work = replace(story.case.work, sign_off=SignOff(waiting))
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_fields(story.case, work=work))
    if command in {"confirm_plan", "return_plan"} and state in {State.SIGNED, State.WORKING}:
        plan = Proposed("灯坏了", "换灯", unheard=True)
        waiting_plan = WaitingPlan("engineering-2", story.at, story.case.version, plan, ("supervisor-1",))
        work = replace(story.case.work, plan_check=PlanCheck(waiting_plan))
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_fields(story.case, work=work))
    if command == "answer_point":
        point = Point(1, "楼道堆物", story.at, story.at)
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_fields(story.case, points=(point,)))
    if command == "call_back":
        owed = with_fields(story.case, call_back=CallBack(owed=True))
        story.outcomes[-1] = replace(story.outcomes[-1], after=owed)
    if command == "give_up_call_back":
        report = replace(story.case.report, text=None)
        vain = with_fields(story.case, call_back=CallBack(owed=True, tried=CALLS_IN_VAIN), report=report)
        story.outcomes[-1] = replace(story.outcomes[-1], after=vain)
        story.wait(days=2)
    if command in {"confirm_alarm", "record_outside_call"}:
        alarm = Alarm(("supervisor-1",), story.at, story.at)
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_fields(story.case, alarm=alarm))
    if command == "part":
        joined = with_fields(story.case, joined=("202611-0098",))
        story.outcomes[-1] = replace(story.outcomes[-1], after=joined)
    if command in {"leave_incident", "solve_joined"} and state is State.MERGED:
        joined = with_fields(story.case, ending=replace(story.case.ending, by_incident=True))
        story.outcomes[-1] = replace(story.outcomes[-1], after=joined)
    if command == "withdraw_care":
        noted = replace(story.case.classification, care=True)
        story.outcomes[-1] = replace(story.outcomes[-1], after=with_fields(story.case, classification=noted))
    if command == "join_incident":
        offered = with_fields(story.case, offered="202611-0097")
        story.outcomes[-1] = replace(story.outcomes[-1], after=offered)
    if command in {"tell_incident", "dissolve_incident"} and state in IN_DISPATCH:
        story.do("open_incident", AGENT)
        story.wait(minutes=11)
    working = state in {State.SIGNED, State.PROPOSED, State.WORKING}
    if command == "resume" and working:
        story.do("pause", handler)
    if command in {"grant_extension", "refuse_extension"} and working:
        story.do("request_extension", handler)
    if command in {"accept_appointment", "decline_appointment"} and state in IN_DISPATCH:
        story.do("propose_appointment", AGENT if role is Role.RESIDENT else ACTORS[Role.RESIDENT])
    before = BEFORE_THE_TRACK.get(command, ())
    for name in before:
        story.do(name, next(ACTORS[who] for who in TABLE[name].roles))
    if command == "close" and state is State.COMPLETED:
        story.do("record_revisit", AGENT, RevisitForm(RevisitOutcome.NOT_REACHED, "phone"))
    return story


OF_THE_COST = {
    *("record_cost", "price_cost", "strike_cost"),
    *("claim_cost", "record_claim_payment", "withdraw_claim"),
}

OF_THE_ORDER = {
    "return_key",
    "bill",
    "record_payment",
    "give_back",
    "sign_account",
    "refuse_payment",
    "sign_refusal",
    *OF_THE_COST,
}


def with_an_order(story: Story, command: str) -> Case:
    """The case with a price that was agreed to, a key at the desk, and what the command is about."""
    at = story.at
    if command in OF_THE_COST:
        return with_a_cost(story, command)
    key, refusal = Key("S-17", Handover("王芳", at, "agent-2")), Refusal("price", "太贵", "agent-2", at)
    paid = Payment(8000, "P-3", "agent-2", at) if command in {"give_back", "sign_account"} else None
    bill = Bill(1, 6000, 2000, "engineering-2", at, paid, free=command == "give_back")
    bills = () if command == "bill" else (bill,)
    refusals = (refusal,) if command == "sign_refusal" else ()
    plan = Proposed("老化", "更换", 8000)
    work = replace(story.case.work, plan=plan, plan_agreed=True, chargeable=True)
    return replace(story.case, work=work, order=Order((key,), bills=bills, refusals=refusals))


def with_a_cost(story: Story, command: str) -> Case:
    """The case whose developer pays, with a line of its cost, and a claim where the command is about one."""
    at, amounts = story.at, (None, None) if command == "price_cost" else (6000, 2000)
    line = CostLine("更换", *amounts, None, 1, "engineering-2", at)
    claims = (Claim("developer", 8000, "QK-0", "agent-2", at),) if "claim" in command else ()
    costs = Costs((line,), () if command == "claim_cost" else claims)
    done = RoundRecord("engineering-2", completed=True, late=False, took=timedelta(), paused=timedelta())
    payer = PayerFound("seepage", "developer", "construction")
    rounds = (*story.case.rounds, done) if command == "claim_cost" else story.case.rounds
    return replace(story.case, order=Order(costs=costs), payer=payer, rounds=rounds)


def surroundings(story: Story, role: Role) -> Context:
    """The context of the story, in which everybody has every duty.

    The company head acts where no manager can, so there is none (G13).
    """
    place = story.context.community
    staff = tuple(replace(member, duties=tuple(Duty)) for member in place.staff)
    dutiful = replace(story.context, community=replace(place, staff=staff))
    return without_managers(dutiful) if role is Role.COMPANY_HEAD else dutiful


def outcome_states(state: State, command: str, role: Role) -> set[State]:
    """The state after the command; a refusal is raised."""
    story = prepared(state, command, role)
    given = Command(command, ACTORS[role], story.at, f"{command} once", sample_form(command, story))
    outcome = decide(story.case, given, surroundings(story, role))
    quiet = {"fire_timers", "replan"} | ({"record_delivery"} if state is not State.PROPOSED else set())
    assert bool(outcome.events) == (command not in quiet), "nothing is due, no day amended, nothing awaited"
    assert outcome.before is story.case
    return {outcome.after.state}


BEFORE_THE_TRACK = {
    "confirm_malicious": ("propose_malicious",),
    "dismiss_malicious": ("propose_malicious",),
    "appeal": ("propose_malicious", "confirm_malicious"),
    "record_appeal": ("propose_malicious", "confirm_malicious"),
    "decide_appeal": ("propose_malicious", "confirm_malicious", "appeal"),
}
"""What has to have been said about the malicious track before."""

NEEDS_MORE_THAN_THE_STATE = {
    ("reopen", State.REJECTED): set(),
    ("reopen", State.WITHDRAWN): set(),  # the resident did it; what staff did: test_in_their_name
    **{("erase", state): set() for state in OPEN},  # what goes on needs its contact: integration/test_erasing
    **{("record_return", state): set() for state in (State.REJECTED, State.OBJECTED)},
    ("add_files", State.CLOSED): set(Role) - {Role.RESIDENT},
    ("arrive", State.WORKING): set(),  # whoever has begun is there; without that: test_agreed_is_not_begun
    ("reopen", State.OBJECTED): {Role.MANAGER, Role.COMPANY_HEAD},
    **{
        (command, state): {Role.DEPARTMENT_HEAD, Role.MANAGER, Role.COMPANY_HEAD}
        for command in ("find_infeasible", "price_cost")
        for state in TABLE[command].sources
    },
    **{("notify_worker", state): set() for state in TABLE["notify_worker"].sources},
    **{("ask_again", state): set() for state in TABLE["ask_again"].sources},
    **{("judge_classification", state): set() for state in State},  # only of the sample: intake/test_audit
    **{
        (command, State.REGISTERED): set(Role) - {Role.HANDLER}
        for command in (
            "propose_appointment",
            "accept_appointment",
            "decline_appointment",
            "declare_charge",
            *("state_payer", "strike_cost"),
            "answer",
            "draft_reply",
        )
    },
    **{("answer", state): set() for state in set(State) - OPEN},  # nobody was asked to call
    ("answer", State.COMPLETED): set(),
    **{("escalate", state): set(Role) - {Role.COMPANY_HEAD} for state in TABLE["escalate"].sources},
    ("answer", State.OBJECTED): set(Role) - {Role.HANDLER},
    **{
        ("draft_reply", state): set(Role) - {Role.HANDLER}
        for state in (State.OBJECTED, State.REJECTED, State.REFERRED, State.MERGED)
    },
    ("file_report", State.REGISTERED): set(Role) - {Role.HANDLER},
    ("verify", State.REGISTERED): set(Role) - {Role.HANDLER},
    ("file_report", State.REFERRED): set(),
    ("file_report", State.WITHDRAWN): set(),
    ("file_report", State.MERGED): set(),
    ("resume", State.REGISTERED): set(),
    ("resume", State.ASSIGNED): set(),
    ("grant_extension", State.REGISTERED): set(),
    ("grant_extension", State.ASSIGNED): set(),
    ("refuse_extension", State.REGISTERED): set(),
    ("refuse_extension", State.ASSIGNED): set(),
}
"""Where a guard refuses what the table allows, and who gets through: nobody if there is nothing to decide."""


@pytest.mark.req("B2", "D7", "G9")
@pytest.mark.parametrize("command", TABLE)
def test_every_state_and_role_gets_what_the_table_says(command: str) -> None:
    row = TABLE[command]
    for state in State:
        for role in Role:
            if role not in row.roles:
                with pytest.raises(NotAllowedError) as refused:
                    outcome_states(state, command, role)
                for other in row.roles:
                    assert spelled(other) in refused.value.message
            elif state not in row.sources:
                with pytest.raises(CommandRefusedError) as late:
                    outcome_states(state, command, role)
                story = prepared(state, command, role)
                rows = possible(story.case, ACTORS[role], surroundings(story, role), story.at)
                others = ", ".join(row.command for row in rows) or "nothing"
                assert late.value.message.endswith(f"Possible for you: {others}.")
                assert state in late.value.message
            elif role not in NEEDS_MORE_THAN_THE_STATE.get((command, state), set(Role)):
                with pytest.raises((CommandRefusedError, NotAllowedError)):
                    outcome_states(state, command, role)
            else:
                assert outcome_states(state, command, role) <= row.targets_from(state)


@pytest.mark.req("B2")
@pytest.mark.parametrize("command", sorted(FOR_WHO_ANSWERS | {"progress", "pause"}))
def test_work_is_done_by_whoever_answers_for_it(command: str) -> None:
    """A colleague of the same role is refused by name; the head of the department may act for the handler."""
    for state in TABLE[command].sources:
        if NEEDS_MORE_THAN_THE_STATE.get((command, state)) == set():
            continue
        story = in_state(state)
        with pytest.raises(NotAllowedError, match="工程部甲"):
            story.do(command, OTHER_HANDLER)
        story.do(command, ACTORS[Role.DEPARTMENT_HEAD])


def test_a_head_of_another_department_is_refused() -> None:
    story = in_state(State.ASSIGNED)
    with pytest.raises(NotAllowedError):
        story.do("sign", Actor(Role.DEPARTMENT_HEAD, "security-head"))


def test_an_unknown_command_is_named_with_those_that_exist() -> None:
    story = in_state(State.ASSIGNED)
    with pytest.raises(InvalidInputError, match="'vanish' is not a command; the commands are: classify, "):
        story.do("vanish", AGENT, NoteForm())


@pytest.mark.req("B2")
def test_whoever_comes_second_is_told_who_signed() -> None:
    """The head signed for the handler: the handler learns it, and the signature is the head's (G7)."""
    story = in_state(State.ASSIGNED).do("sign", ACTORS[Role.DEPARTMENT_HEAD])
    assert story.case.assignment.signed_by == "engineering-head"
    assert story.case.assignment.handler == "engineering-1"
    with pytest.raises(CommandRefusedError, match="is signed \\(signed for by 工程部负责人\\)"):
        story.do("sign", HANDLER)


def test_the_same_command_id_is_carried_out_once() -> None:
    story = in_state(State.WORKING)
    story.do("progress", HANDLER, RequiredNoteForm("拆开看了"), "key 1")
    again = story.do("progress", HANDLER, RequiredNoteForm("拆开看了"), "key 1")
    assert again.outcomes[-1].events == ()
    assert again.case.version == story.outcomes[-2].after.version


def test_timers_do_not_push_out_what_people_sent() -> None:
    """A case remembers the ids of people; however many timers fire, a late repeat is still recognised."""
    story = in_state(State.WORKING).do("progress", HANDLER, command_id="key 1")
    for _ in range(40):
        story.wait(hours=12).fire()
    assert story.do("progress", HANDLER, command_id="key 1").outcomes[-1].events == ()


@pytest.mark.req("D7")
def test_the_table_is_closed() -> None:
    """Every state can be reached. A merged case goes on only where what it was merged into did not.

    Or with the incident that it was joined to: it is solved by its work, or leaves it (A16).
    """
    reached = {
        state for row in TABLE.values() for source in row.sources for state in row.targets_from(source)
    }
    assert reached == set(State)
    # one closes what waits alone, three are of merged cases, and two take a case from hands that have it
    by_itself = {"fire_timers", "set_free", "hear", "identify", "leave_incident", "solve_joined"}
    # and what settles the reply to a letter lets a closing go on that waited for it
    by_itself |= {"post_reply", "waive_reply", "record_delivery"}
    by_itself |= {"answer"}  # which may be said of any case, and completes an inquiry alone
    by_people = [row for row in TABLE.values() if row.command not in by_itself]
    from_each = {state: [row for row in by_people if state in row.sources] for state in State}
    ends = {
        state for state, rows in from_each.items() if all(row.targets_from(state) == {state} for row in rows)
    }
    assert ends == {State.MERGED}
    assert State.ARCHIVED not in OPEN


def test_every_command_has_a_name_in_every_language() -> None:
    for language in WORDS.languages():
        assert WORDS.get(language).groups["commands"].keys() == TABLE.keys() | {
            PRAISE
        }  # no row: it is no event


def test_every_row_is_complete() -> None:
    for name, row in TABLE.items():
        assert row.command == name
        assert row.sources
        assert row.targets
        assert row.roles <= STAFF_ROLES | {Role.RESIDENT, Role.SYSTEM}
        assert Role.COMMITTEE not in row.roles, "the owners' committee reads figures only"
        assert Role.MACHINE not in row.roles, "machines register, nothing else"


@pytest.mark.req("B7", "G5")
def test_only_the_manager_decides_on_more_time() -> None:
    for command in ("grant_extension", "refuse_extension"):
        assert TABLE[command].roles == MANAGERS, "the company head where no manager can"
    story = in_state(State.WORKING).do("request_extension", HANDLER)
    assert story.do("grant_extension", MANAGER).case.clocks.extensions == 1


@pytest.mark.req("G7", "G8")
def test_nobody_but_the_resident_rates() -> None:
    assert TABLE["rate"].roles == {Role.RESIDENT}


def test_the_page_about_the_lifecycle_is_current() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(), "the table has changed: run python -m infra.lifecycle_page --write"
    assert all(f"`{command}`" in written for command in TABLE)
