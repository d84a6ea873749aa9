"""The work order: key, item, materials, quote, bill, payment (B9, B10, C16, G11)."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import State
from chalicelib.domain.case.files import SIGNATURE
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.personal import DataKind, emptied
from chalicelib.domain.case.spoken import ReasonedWordForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.prices import PriceItem
from chalicelib.domain.community.roles import TIMER, Actor, Duty, Role
from chalicelib.domain.community.roster import LEAVE, DutyChange
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.details import AGREED_SIGNED
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.possible import possible
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.policies import ChargePolicy
from chalicelib.domain.waiting import asks_of, waits_of
from chalicelib.domain.work.forms import ChargeForm, ProposeForm
from chalicelib.domain.work.order_forms import (
    BillForm,
    ItemForm,
    KeyForm,
    MaterialForm,
    PaymentForm,
    SignedForm,
)
from chalicelib.domain.work.payer import PayerForm
from chalicelib.web.order_lines import order_lines
from chalicelib.web.words import words
from tests.stories import (
    ACTORS,
    AGENT,
    DRAWN,
    HANDLER,
    HEAD,
    MANAGER,
    RESIDENT,
    SUPERVISOR,
    Story,
    context,
    in_state,
)

CASHIER = Actor(Role.AGENT, "agent-2")
TAP = ProposeForm("老化", "换龙头", price_item="tap")


def refused(story: Story, command: str, actor: Actor, form: object = None) -> str | None:
    """The reason for which somebody cannot do that now."""
    with pytest.raises(DomainError) as caught:
        story.do(command, actor, form)
    return caught.value.reason


def agreed(story: Story | None = None) -> Story:
    """A tap that is replaced for the price of the list, which the resident has agreed to."""
    told = (story or in_state(State.SIGNED)).do("propose", HANDLER, TAP).do("agree", RESIDENT)
    return told.do("compare_item", HANDLER)


def told(story: Story) -> set[tuple[NoticeKind, str]]:
    """(kind, recipient) of what the last command has people told."""
    return {(notice.kind, notice.recipient) for notice in due(story.outcomes[-1], story.context)}


@pytest.mark.req("B9", "B10", "G11")
def test_a_repair_goes_from_the_quote_to_the_account() -> None:
    story = agreed()
    plan = story.case.work.plan
    assert plan is not None
    assert plan.listed is not None
    assert (plan.price_fen, plan.listed.name, plan.listed.quantity) == (8000, "更换水龙头", 1)
    story.do("complete", HANDLER)
    assert "engineering-1" in waits_of(story.case, story.context), "the bill is owed"
    story.do("bill", HANDLER, BillForm(6000, 2000))
    assert (NoticeKind.BILLED, RESIDENT_ID) in told(story)
    assert "agent-2" in waits_of(story.case, story.context)
    assert refused(story, "record_payment", AGENT) == "not_cashier"
    assert refused(story, "record_payment", CASHIER, PaymentForm(7999, "P-3")) == "not_the_bill"
    story.do("record_payment", CASHIER, PaymentForm(8000, "P-3"))
    assert refused(story, "record_payment", CASHIER) == "no_bill", "a bill is paid once"
    assert refused(story, "bill", HANDLER) == "settled"
    assert refused(story, "sign_account", MANAGER) == "not_statistician"
    story.do("sign_account", SUPERVISOR)
    bill = story.case.order.bill
    assert bill is not None
    assert bill.paid is not None
    assert (bill.paid.by, bill.paid.receipt, bill.signed_by) == ("agent-2", "P-3", "supervisor-1")
    assert not story.case.order.is_open
    assert fold(story.events, story.case.community, story.case.number) == story.case


@pytest.mark.req("G11")
def test_a_bill_without_a_price_that_was_agreed_to_is_refused() -> None:
    assert refused(in_state(State.COMPLETED), "bill", HANDLER) == "no_quote"
    free = in_state(State.SIGNED).do("propose", HANDLER, ProposeForm("松了", "拧紧")).do("agree", RESIDENT)
    assert refused(free.do("complete", HANDLER), "bill", HANDLER) == "no_quote"


@pytest.mark.req("G11")
@pytest.mark.parametrize(("share", "most"), [(0.0, 8000), (0.1, 8800), (0.15, 9200)])
def test_a_bill_is_above_the_price_by_no_more_than_the_pack_allows(share: float, most: int) -> None:
    story = in_state(State.SIGNED)
    allowing = replace(story.context.regulation, charges=ChargePolicy(share))
    story.context = replace(story.context, regulation=allowing)
    agreed(story).do("complete", HANDLER)
    assert refused(story, "bill", HANDLER, BillForm(most, 1)) == "above_quote"
    assert story.do("bill", HANDLER, BillForm(most - 1, 1)).case.order.owed is not None


@pytest.mark.req("G11", "B10")
def test_more_than_was_agreed_to_is_quoted_and_agreed_to_anew_before_the_work_is_done() -> None:
    assert refused(agreed().do("complete", HANDLER), "bill", HANDLER, BillForm(9000, 0)) == "above_quote"
    story = agreed()
    two = ProposeForm("两个都坏了", "换两个", price_item="tap", quantity=2, material_fen=500)
    story.do("propose", HANDLER, two)
    assert story.case.state is State.PROPOSED
    story.do("agree", RESIDENT).do("complete", HANDLER).do("bill", HANDLER, BillForm(16000, 500))
    assert story.case.order.bills[-1].total_fen == 16500


@pytest.mark.req("B10")
def test_what_is_something_else_on_the_spot_has_its_price_agreed_to_anew() -> None:
    story = agreed().do("compare_item", HANDLER, ItemForm("角阀漏水", True))
    assert refused(story, "complete", HANDLER) == "price_not_agreed"
    same = agreed().do("compare_item", HANDLER, ItemForm("水龙头", False))
    assert same.do("complete", HANDLER).case.state is State.COMPLETED


COMPLAINT = ClassifyForm("看过", kind="complaint", matter="neighbour")
ENDED = (
    (
        ("compare_item", HANDLER, ItemForm("角阀漏水", True)),
        ("propose", HANDLER, TAP),
        ("disagree", RESIDENT),
    ),
    (("propose", HANDLER, TAP), ("refuse_on_site", HANDLER)),
    (("propose", HANDLER, TAP), ("record_refusal", AGENT)),
    (("declare_charge", HANDLER), ("complete", HANDLER)),
    (("state_payer", HANDLER, PayerForm("developer", "工程保修")), ("complete", HANDLER)),
    (("state_payer", HANDLER, PayerForm("property_company", "返修")), ("complete", HANDLER)),
    (("find_infeasible", HEAD),),
    (("withdraw", RESIDENT),),
    (("record_withdrawal", AGENT),),
    (("refer", SUPERVISOR),),
    (("classify", SUPERVISOR, COMPLAINT), ("complete", HANDLER)),
    (("merge", SUPERVISOR),),
    (("join_incident", AGENT), ("solve_joined", TIMER)),
)
"""What makes an end of an agreement, each with what may follow it."""


@pytest.mark.req("B10", "G11")
@pytest.mark.parametrize("steps", ENDED, ids=lambda steps: steps[0][0] + "…" + steps[-1][0])
def test_an_agreement_that_ends_leaves_nothing_to_bill_or_to_pay(steps: tuple[Any, ...]) -> None:
    """Whatever ends it: a bill is written for work that was done as it was agreed to, so none outlives it."""
    story = agreed()
    assert refused(story, "bill", HANDLER) is None, "the state itself allows none"
    for step in steps:
        story.do(*step)
        assert refused(story, "bill", HANDLER) in {None, "no_quote", "not_done", "in_warranty"}
        assert story.case.order.bills == ()
        assert refused(story, "record_payment", CASHIER) == "no_bill"


@pytest.mark.req("B10", "G11")
def test_every_way_on_from_an_agreement_is_billed_only_once_the_work_was_done() -> None:
    """Also by a command that is new, and named in no list."""
    tried = 0
    for name, way in TABLE.items():
        for role in way.roles if State.WORKING in way.sources else ():
            story = agreed()
            with suppress(DomainError):
                story.do(name, ACTORS[role])
                tried += 1
            held = story.case.work.completed_at is not None and story.case.work.price_agreed
            rows = possible(story.case, MANAGER, story.context, story.at)
            assert ("bill" in {row.command for row in rows}) <= held, name
    assert tried > 30


@pytest.mark.req("C16", "B10")
def test_what_is_on_no_list_is_priced_by_the_head_who_is_asked_at_once() -> None:
    story = in_state(State.SIGNED)
    own = ProposeForm("墙内管裂", "开墙换管", 45000)
    assert refused(story, "propose", HANDLER, own) == "heads_price"
    story.do("declare_charge", HANDLER, ChargeForm(True, "过保"))
    assert (NoticeKind.PRICE_OWED, "engineering-head") in told(story)
    assert "@department_head" in waits_of(story.case, story.context)
    assert story.do("propose", HEAD, own).do("agree", RESIDENT).case.work.price_agreed


@pytest.mark.req("C16", "B10")
def test_the_head_is_asked_at_once_whoever_asked_first_and_however_early_it_was_said() -> None:
    asked = in_state(State.SIGNED).do("ask_price", RESIDENT)
    asked.do("declare_charge", HANDLER, ChargeForm(True, "过保"))
    assert (NoticeKind.PRICE_OWED, "engineering-head") in told(asked)
    asked.wait(minutes=2).do("declare_charge", HANDLER, ChargeForm(True, "确实过保"))
    assert told(asked) == set(), "the head is asked once"
    early = in_state(State.REGISTERED).do("declare_charge", AGENT, ChargeForm(True, "过保"))
    assert told(early) == set(), "nobody has the order yet"
    early.do("assign", SUPERVISOR)
    assert (NoticeKind.PRICE_OWED, "engineering-head") in told(early)
    listed = in_state(State.REGISTERED).do("declare_charge", AGENT, ChargeForm(True, "过保", on_list=True))
    assert NoticeKind.PRICE_OWED not in {kind for kind, _ in told(listed.do("assign", SUPERVISOR))}


@pytest.mark.req("C16", "B10")
def test_nobody_but_the_head_or_who_replaces_them_prices_what_is_on_no_list() -> None:
    own = ProposeForm("墙内管裂", "开墙换管", 12345)
    for colleague in (AGENT, SUPERVISOR, Actor(Role.DEPARTMENT_HEAD, "security-head")):
        story = in_state(State.SIGNED, handler=colleague)
        assert refused(story, "propose", colleague, own) == "heads_price"
    assert in_state(State.SIGNED, handler=MANAGER).do("propose", MANAGER, own).case.state is State.PROPOSED
    story = in_state(State.SIGNED).do("declare_charge", HANDLER, ChargeForm(True, "过保"))
    assert refused(story, "propose", SUPERVISOR, own) == "not_yours"
    now = story.at.replace(tzinfo=None)
    away = DutyChange("c1", LEAVE, "engineering-head", now - timedelta(days=1), now + timedelta(days=1))
    place = replace(story.context.community, duty_changes=(away,))
    story.context = replace(story.context, community=place)
    assert story.do("propose", SUPERVISOR, own).case.state is State.PROPOSED, "in the head's place"


@pytest.mark.req("C16", "B10")
def test_the_head_answers_that_a_repair_cannot_be_done_and_the_resident_hears_why() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    story.do("declare_charge", HANDLER, ChargeForm(True, "过保"))
    assert refused(story, "find_infeasible", HANDLER, ReasonForm("承重墙")) == "heads_word"
    story.do("find_infeasible", HEAD, ReasonForm("管在承重墙内，不能开凿"))
    assert (NoticeKind.INFEASIBLE, RESIDENT_ID) in told(story)
    work = story.case.work
    assert (work.price_asked, work.unlisted, work.chargeable) == (False, False, False)
    assert story.case.order.infeasible == "管在承重墙内，不能开凿"
    assert Clock.QUOTE not in story.case.met, "its message is still to leave (B8)"
    story.wait(minutes=1).told()
    assert Clock.QUOTE in story.case.met
    assert refused(story, "find_infeasible", HEAD, ReasonForm("不能")) == "infeasible_already"
    story.do("propose", HANDLER, TAP)
    assert story.case.order.infeasible is None, "somebody found a way after all"


@pytest.mark.req("B10")
def test_a_material_of_the_list_has_its_price_and_a_bill_that_says_otherwise_is_told() -> None:
    def said(story: Story) -> str:
        return "\n".join(f"{a}:{b}" for a, b in work_lines(story))

    story = agreed().do("use_material", HANDLER, MaterialForm(price_item="tap", quantity=2))
    (used,) = story.case.order.materials
    assert (used.what, used.amount, used.price_fen) == ("更换水龙头", "2 个", 16000)
    story.do("complete", HANDLER).do("bill", HANDLER, BillForm(0, 8000))
    assert "用料按收费标准合计 160 元，账单材料费 80 元，两者不符" in said(story)
    assert "没有登记公司用料" in said(agreed().do("complete", HANDLER).do("bill", HANDLER, BillForm(0, 8000)))
    one = agreed().do("use_material", HANDLER, MaterialForm(price_item="tap"))
    one.do("complete", HANDLER).do("bill", HANDLER, BillForm(0, 8000))
    assert "用料按收费标准合计 80 元，与账单一致" in said(one)
    assert refused(one, "use_material", HANDLER, MaterialForm(price_item="roof")) == "unknown_price"
    for form, reason in (
        ({"what": "垫片"}, "which_material"),
        ({"what": "垫片", "amount": "1 个", "quantity": 2}, "quantity_of_item"),
        ({"price_item": "tap", "quantity": 0}, "quantity"),
        ({"price_item": "tap", "residents": True, "quality": "fit"}, "residents_own"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            MaterialForm(**form)  # type: ignore[arg-type]
        assert caught.value.reason == reason


def work_lines(story: Story) -> tuple[tuple[str, str], ...]:
    lines = order_lines(story.case.order, story.context, words("zh-CN"), to_resident=False)
    assert not any("{" in what for what, _ in lines), "each line is named in words"
    return lines


def without(story: Story, *roles: Role) -> Story:
    """The story in a community in which nobody has these roles."""
    place = story.context.community
    staff = tuple(member for member in place.staff if member.role not in roles)
    story.context = replace(story.context, community=replace(place, staff=staff))
    return story


@pytest.mark.req("C16")
def test_where_there_is_no_list_or_nobody_above_the_worker_names_the_price() -> None:
    own = ProposeForm("墙内管裂", "开墙换管", 45000)
    story = in_state(State.SIGNED)
    story.context = replace(story.context, community=replace(story.context.community, prices=()))
    assert story.do("propose", HANDLER, own).case.state is State.PROPOSED
    above = (Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD)
    assert without(in_state(State.SIGNED), *above).do("propose", HANDLER, own).case.state is State.PROPOSED


@pytest.mark.req("C16", "B9")
def test_where_a_department_has_no_head_the_supervisor_is_it_for_a_price_as_for_a_result() -> None:
    own = ProposeForm("墙内管裂", "开墙换管", 45000)
    story = without(in_state(State.SIGNED), Role.DEPARTMENT_HEAD)
    assert refused(story, "propose", HANDLER, own) == "heads_price"
    story.do("declare_charge", HANDLER, ChargeForm(True, "过保"))
    assert story.do("propose", SUPERVISOR, own).case.state is State.PROPOSED


@pytest.mark.req("B10")
def test_a_case_keeps_the_price_of_its_day() -> None:
    story = in_state(State.SIGNED)
    new = PriceItem("tap", "更换水龙头", 9900, "个", "2000-01-01", "2026 版")
    place = replace(story.context.community, prices=(*story.context.community.prices, new))
    agreed(story).do("complete", HANDLER)
    story.context = replace(story.context, community=place)
    assert refused(story, "bill", HANDLER, BillForm(9900, 0)) == "above_quote"
    later = in_state(State.SIGNED)
    later.context = replace(later.context, community=place)
    plan = later.do("propose", HANDLER, TAP).case.work.plan
    assert plan is not None
    assert plan.listed is not None
    assert (plan.price_fen, plan.listed.valid_from, plan.listed.version) == (9900, "2000-01-01", "2026 版")


@pytest.mark.req("B10")
@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"price_fen": 0}, "fen_amount"),
        ({"price_fen": -5}, "fen_amount"),
        ({"price_fen": 10**9}, "fen_amount"),
        ({"price_item": "tap", "price_fen": 1}, "list_or_own"),
        ({"quantity": 2}, "item_missing"),
        ({"price_item": "tap", "quantity": 0}, "quantity"),
    ],
)
def test_a_price_that_cannot_be_is_refused_with_a_sentence(form: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ProposeForm("老化", "更换", **form)  # type: ignore[arg-type]
    assert caught.value.reason == reason


@pytest.mark.req("B10")
def test_an_item_that_is_not_on_the_list_is_named() -> None:
    form = ProposeForm("老化", "更换", price_item="roof")
    assert refused(in_state(State.SIGNED), "propose", HANDLER, form) == "unknown_price"


@pytest.mark.req("B10")
def test_a_price_refused_to_whoever_stood_there_is_signed_by_a_leader_as_well() -> None:
    story = in_state(State.SIGNED).do("propose", HANDLER, TAP).do("refuse_on_site", HANDLER)
    assert story.case.state is State.SIGNED
    assert (NoticeKind.REFUSED, "supervisor-1") in told(story)
    assert "@supervisor" in waits_of(story.case, story.context)
    assert "@department_head" not in waits_of(story.case, story.context)
    with pytest.raises(NotAllowedError):
        story.do("sign_refusal", HEAD)  # it is their department's price
    refusal = story.do("sign_refusal", SUPERVISOR).case.order.refusals[0]
    assert (refusal.of, refusal.by, refusal.signed_by) == ("price", "engineering-1", "supervisor-1")
    assert refused(story, "sign_refusal", MANAGER) == "no_refusal"


@pytest.mark.req("B10")
def test_nobody_signs_their_own_record_of_a_refusal_and_the_residents_own_needs_none() -> None:
    story = in_state(State.SIGNED).do("propose", HANDLER, TAP)
    story.do("record_refusal", SUPERVISOR, ReasonedWordForm(story.at, "王芳", "phone", "太贵"))
    assert refused(story, "sign_refusal", SUPERVISOR) == "own_refusal"
    assert "@manager" in waits_of(story.case, story.context), "the only supervisor has written it"
    assert story.do("sign_refusal", MANAGER).case.order.unsigned_refusal is None
    own = in_state(State.SIGNED).do("propose", HANDLER, TAP).do("disagree", RESIDENT, ReasonForm("太贵"))
    assert own.case.order.refusals == ()


@pytest.mark.req("B10")
def test_a_bill_that_is_not_paid_is_given_up_once_a_leader_has_signed() -> None:
    story = agreed().do("complete", HANDLER).do("bill", HANDLER).do("refuse_payment", HANDLER)
    assert story.case.order.owed is not None
    assert refused(story, "refuse_payment", HANDLER) == "refusal_waits"
    story.do("sign_refusal", SUPERVISOR)
    assert story.case.order.owed is None
    assert refused(story, "record_payment", CASHIER) == "no_bill"


@pytest.mark.req("B9", "B10")
def test_signing_a_refusal_gives_up_just_the_bill_that_was_refused() -> None:
    """Not one that is written in its place, nor that of a later round once the first was paid after all."""
    lower = agreed().do("complete", HANDLER).do("bill", HANDLER).do("refuse_payment", HANDLER)
    lower.wait(minutes=5).do("bill", HANDLER, BillForm(5000, 0)).do("sign_refusal", SUPERVISOR)
    assert lower.case.order.owed is not None
    assert lower.do("refuse_payment", HANDLER).do("sign_refusal", SUPERVISOR).case.order.owed is None

    story = agreed().do("complete", HANDLER).do("bill", HANDLER).do("refuse_payment", HANDLER)
    story.do("record_payment", CASHIER, PaymentForm(8000, "P-3")).do("reopen", RESIDENT)
    again = story.do("assign", SUPERVISOR).wait(minutes=5)
    handler = Actor(Role.HANDLER, str(again.case.assignment.handler))
    again.do("sign", handler).do("propose", handler, TAP).do("agree", RESIDENT)
    again.do("compare_item", handler).do("complete", handler).do("bill", handler)
    again.do("sign_refusal", SUPERVISOR)
    assert again.case.order.owed is not None
    assert refused(again, "record_payment", CASHIER, PaymentForm(8000, "P-3")) == "receipt_used"
    assert again.do("record_payment", CASHIER, PaymentForm(8000, "P-4")).case.order.owed is None
    assert fold(again.events, again.case.community, again.case.number) == again.case


@pytest.mark.req("B10", "G11")
def test_whoever_did_the_work_takes_no_money_for_it_and_gives_none_back() -> None:
    around = context()
    staff = tuple(
        replace(member, duties=(Duty.CASHIER,)) if member.username == "agent-1" else member
        for member in around.community.staff
    )
    around = replace(around, community=replace(around.community, staff=staff))
    story = in_state(State.SIGNED, handler=AGENT)
    story.context = around
    story.do("propose", AGENT, TAP).do("agree", RESIDENT).do("compare_item", AGENT).do("complete", AGENT).do(
        "bill", AGENT
    )
    assert refused(story, "record_payment", AGENT) == "own_money"
    story.do("record_payment", CASHIER).do("state_payer", SUPERVISOR, PayerForm("developer", "保修"))
    assert refused(story, "give_back", AGENT) == "own_money"
    assert story.do("give_back", CASHIER).case.order.to_give_back is None


@pytest.mark.req("B10", "G11")
def test_a_resident_agrees_by_signature_on_the_workers_telephone_and_is_told() -> None:
    story = in_state(State.SIGNED).do("propose", HANDLER, TAP)
    assert refused(story, "sign_agreement", HANDLER, SignedForm("王芳")) == "signature_missing"
    story.do("sign_agreement", HANDLER, SignedForm("王芳", DRAWN, "Android · WeChat"))
    assert story.case.work.price_agreed
    assert [(file.name, file.stage, file.by) for file in story.case.files] == [
        (DRAWN, SIGNATURE, Role.HANDLER)
    ]
    [own] = [
        notice for notice in due(story.outcomes[-1], story.context) if notice.kind is NoticeKind.IN_YOUR_NAME
    ]
    assert (own.recipient, own.detail) == (RESIDENT_ID, AGREED_SIGNED)
    with pytest.raises(NotAllowedError):
        in_state(State.PROPOSED).do("sign_agreement", Actor(Role.HANDLER, "engineering-2"))


@pytest.mark.req("B9")
def test_a_key_is_taken_in_against_a_receipt_and_given_back() -> None:
    story = in_state(State.ASSIGNED).do("take_key", AGENT, KeyForm("王芳", "S-17"))
    assert refused(story, "take_key", AGENT) == "key_here"
    case = story.do("return_key", SUPERVISOR).case
    key = case.order.keys[0]
    assert key.returned is not None
    assert (key.receipt, key.taken.by, key.returned.by) == ("S-17", "agent-1", "supervisor-1")
    assert refused(story, "return_key", AGENT) == "no_key_here"


@pytest.mark.req("B9")
def test_a_key_that_is_still_here_when_the_work_has_ended_is_asked_for() -> None:
    story = in_state(State.SIGNED).do("take_key", AGENT).do("start", HANDLER).do("complete", HANDLER)
    member = next(member for member in story.context.community.staff if member.username == "agent-1")
    place = Member(member.username, member.name, member.role, member.departments, story.context.community)
    asks = {ask.what for ask in asks_of(story.case, place, story.context, story.at)}
    assert "key" in asks
    assert story.case.order.is_open


@pytest.mark.req("B10")
@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"residents": True}, "quality_of_own"),
        ({"residents": False, "quality": "fit"}, "quality_of_own"),
        ({"residents": True, "quality": "unfit"}, "warning_missing"),
        ({"residents": True, "quality": "poor", "warning": "会漏"}, "warning_missing"),
    ],
)
def test_a_material_of_the_resident_is_checked_and_the_warning_says_who_heard_it(
    form: dict[str, object], reason: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        MaterialForm("龙头", "1 个", **form)  # type: ignore[arg-type]
    assert caught.value.reason == reason


@pytest.mark.req("B10", "G24")
def test_who_heard_a_warning_is_erased_with_the_contact_and_the_warning_stays() -> None:
    form = MaterialForm("龙头", "1 个", True, "poor", "用不久", "王芳")
    case = in_state(State.WORKING).do("use_material", HANDLER, form).case
    (material,) = emptied(case, (DataKind.CONTACT,)).order.materials
    assert (material.warning, material.spoken_to) == ("用不久", "")


@pytest.mark.req("B9")
def test_a_complaint_has_no_work_order() -> None:
    story = in_state(State.WORKING, kind="complaint")
    assert refused(story, "take_key", AGENT) == "no_order"
    with pytest.raises(CommandRefusedError):
        story.do("use_material", HANDLER)


@pytest.mark.req("B9")
def test_a_bill_stays_owed_when_the_case_comes_back() -> None:
    story = agreed().do("complete", HANDLER).do("bill", HANDLER).do("reopen", RESIDENT)
    assert story.case.order.owed is not None
    assert story.do("record_payment", CASHIER).case.order.owed is None
