"""Who pays for a repair is found when it comes in, costs the resident nothing, and losses (B13, B16, G12)."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import CloseReason
from chalicelib.domain.case.figure_rows import Row
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.money import costs_nothing
from chalicelib.domain.community.households import Household
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.figures.counters import amounts_of
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.intake.call_forms import FillInForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.possible import possible
from chalicelib.domain.waiting import waits_of
from chalicelib.domain.work.acceptance_forms import AcceptForm
from chalicelib.domain.work.forms import ChargeForm, ProposeForm
from chalicelib.domain.work.order_forms import ItemForm, PaymentForm
from chalicelib.domain.work.payer import FoundForm, LossForm, PayerForm, may_change
from chalicelib.domain.work.warranty import repair_warranty_ends
from chalicelib.services.views.filters import Filters
from chalicelib.services.warranty.finding import put_payer_down
from chalicelib.web.payer_lines import payer_line, payer_of_repair
from chalicelib.web.words import words
from tests.browser import Browser, Form, completed, html, link, signed, text
from tests.builders import MANAGER, MONDAY, Office, community, office, regulations
from tests.paid_repair import CASHIER, billed_repair
from tests.stories import AGENT, HANDLER, SUPERVISOR, Story, in_state

ON = MONDAY.date()
DRAIN = {"matter": "drain_blocked", "kind": "repair"}
FREE = ev.PayerFound("seepage", "developer", "construction", None, "waterproofing", date(2029, 6, 1))


@pytest.fixture
def desk() -> Office:
    return office()


def settled(desk: Office, case: Case) -> Case:
    """The case once the relay has followed it, twice."""
    for _ in range(2):
        put_payer_down(desk.desk, desk.case(case))
    return desk.case(case)


def handed_over(desk: Office, on: date, unit: str = "3-1201") -> None:
    key = desk.desk.unit_key(unit, community())
    desk.desk.households.put("riverside", {}, {key: Household(unit, on)}, {})


@pytest.mark.req("B13", "G12")
def test_a_return_within_three_months_is_the_company_s_and_linked_to_the_first(desk: Office) -> None:
    first = completed(desk, **DRAIN)
    early = settled(desk, desk.register(**DRAIN).case).payer
    assert early is not None
    assert (early.payer, early.because, early.of) == ("property_company", "not_accepted", first.number)
    assert early.worker == "engineering-1", "against whom it counts"
    revisit = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone", "好了", work_inspected="通畅")
    accepted = desk.do(first, "record_revisit", MANAGER, revisit)
    assert accepted.ending.close_reason is CloseReason.SATISFIED
    desk.do(first, "accept_work", RESIDENT, AcceptForm("王芳", proved=True))
    desk.clock.advance(timedelta(days=60))
    again = settled(desk, desk.register(**DRAIN, unit="3栋1201").case)
    assert again.payer is not None
    assert (again.payer.because, again.payer.of) == ("repair", first.number)
    assert again.payer.until == repair_warranty_ends(regulations().get("default").warranty, ON)
    for other in ({"unit": "3-1202"}, {"matter": "elevator"}, {"kind": "complaint"}):
        found = settled(desk, desk.register(**{**DRAIN, **other}).case).payer
        assert found is None or found.of is None
    desk.clock.advance(timedelta(days=60))
    late = settled(desk, desk.register(**DRAIN).case).payer
    assert late is None or late.of != first.number


@pytest.mark.req("G12", "E9")
def test_the_developer_pays_while_the_construction_s_warranty_lasts(desk: Office) -> None:
    handed_over(desk, date(2024, 6, 1))
    case = settled(desk, desk.register(matter="seepage", kind="repair").case)
    assert case.payer == FREE
    assert case.version == 2, "put down once, however often the relay comes by"
    assert settled(desk, desk.register(matter="seepage", kind="repair", unit="3-1202").case).payer is None


@pytest.mark.req("B13", "G12")
def test_a_matter_of_many_things_is_free_only_once_a_person_has_looked(desk: Office) -> None:
    first = completed(desk, matter="home_other", kind="repair")
    case = settled(desk, desk.register(matter="home_other", kind="repair", text="门关不上").case)
    assert case.payer is not None
    assert (case.payer.payer, case.payer.because, case.payer.of) == ("unclear", "maybe_repair", first.number)
    assert not costs_nothing(case.payer)
    assert amounts_of(case)["warranty_returns"] == 0
    looked = desk.do(case, "state_payer", SUPERVISOR, PayerForm("property_company", "还是那个水龙头"))
    assert costs_nothing(looked.payer)
    assert amounts_of(looked)["warranty_returns"] == 1
    handed_over(desk, date(2026, 6, 1), "5-101")
    young = settled(desk, desk.register(matter="home_other", kind="repair", unit="5-101").case)
    assert young.payer is not None
    assert (young.payer.payer, young.payer.because) == ("unclear", "maybe_construction")


@pytest.mark.req("G12")
def test_owner_and_fund_are_named_too_with_the_rule(desk: Office) -> None:
    handed_over(desk, date(2015, 6, 1))
    over = settled(desk, desk.register(matter="seepage", kind="repair").case)
    assert over.payer == ev.PayerFound(
        "seepage", "owner", "over", component="waterproofing", until=date(2020, 6, 1)
    )
    fund = settled(desk, desk.register(matter="elevator", kind="repair").case).payer
    assert fund is not None
    assert (fund.payer, fund.because) == ("maintenance_fund", "uncovered")
    said_in, place = words("zh-CN"), desk.desk.context_of(over)
    assert payer_line(over.payer, place, said_in) == "业主：工程保修（防水，自交付起5年）已于2020年6月1日到期"
    unknown = desk.register(matter="seepage", kind="repair", unit="3-1202").case
    assert "没有登记交付日期" in payer_of_repair(unknown, place, said_in)
    assert payer_of_repair(desk.register(kind="complaint").case, place, said_in) == ""


@pytest.mark.req("G12")
def test_heating_is_found_once_somebody_says_on_the_spot_that_it_is(desk: Office) -> None:
    handed_over(desk, date(2026, 6, 1))
    case = signed(desk, matter="home_other", kind="repair", text="暖气不热")
    assert settled(desk, case).payer == ev.PayerFound(
        "home_other", "unclear", "maybe_construction", component="fitting_out", until=date(2028, 6, 1)
    )
    with pytest.raises(InvalidInputError) as caught:
        desk.do(case, "compare_item", HANDLER, ItemForm("暖气", differs=False, component="roof"))
    assert caught.value.reason == "no_such_component"
    warm = desk.do(case, "compare_item", HANDLER, ItemForm("暖气片", differs=False, component="heating"))
    assert may_change(warm, {"item_compared"})
    found = settled(desk, warm).payer
    assert found is not None
    assert (found.payer, found.component, found.until) == ("developer", "heating", date(2028, 3, 15))


@pytest.mark.req("B13", "B10")
def test_what_is_under_a_warranty_is_not_charged_until_somebody_says_who_pays_and_why() -> None:
    story = in_state(State.SIGNED).do("find_payer", TIMER, FoundForm(FREE))
    for command, form in (
        ("propose", ProposeForm("老化", "更换", price_item="tap")),
        ("declare_charge", ChargeForm(True, "有偿服务")),
    ):
        with pytest.raises(InvalidInputError, match="costs the resident nothing") as caught:
            story.do(command, HANDLER, form)
        assert caught.value.reason == "in_warranty"
    story.do("state_payer", HANDLER, PayerForm("owner", "人为损坏"))
    assert story.case.payer is not None
    assert (story.case.payer.because, story.case.payer.reason) == ("stated", "人为损坏")
    with pytest.raises(CommandRefusedError):
        story.do("find_payer", TIMER, FoundForm(FREE))
    assert (
        story.do("propose", HANDLER, ProposeForm("老化", "更换", price_item="tap")).case.state
        is State.PROPOSED
    )


BACK = ev.PayerFound("seepage", "property_company", "repair", "202610-0001", worker="engineering-2")
TAP = ProposeForm("老化", "更换", price_item="tap")


def told(story: Story) -> set[tuple[str, str]]:
    return {(notice.kind, notice.recipient) for notice in due(story.outcomes[-1], story.context)}


@pytest.mark.req("B13", "G11", "G12")
def test_a_price_is_given_up_when_it_is_found_to_be_free_and_nobody_can_agree_to_it() -> None:
    story = in_state(State.SIGNED).do("propose", HANDLER, TAP).do("find_payer", TIMER, FoundForm(FREE))
    assert story.events[-1].payload == ev.ChargeGivenUp("developer", 8000)
    assert ("freed", "resident") in told(story)
    plan = story.case.work.plan
    assert plan is not None
    assert (plan.price_fen, plan.listed, story.case.work.chargeable) == (None, None, False)
    assert story.do("agree", RESIDENT).do("complete", HANDLER).case.state is State.COMPLETED
    with pytest.raises(CommandRefusedError) as caught:
        story.do("bill", HANDLER)
    assert caught.value.reason == "in_warranty"


@pytest.mark.req("B13", "G11", "G12")
@pytest.mark.parametrize(
    ("command", "actor"), [("agree", RESIDENT), ("sign_agreement", HANDLER), ("record_agreement", AGENT)]
)
def test_a_price_of_before_is_agreed_to_by_no_way_once_it_is_free(command: str, actor: Actor) -> None:
    """Also where the release that found it free did not give the price up."""
    story = in_state(State.PROPOSED)
    case = replace(story.case, payer=FREE)
    story.outcomes.append(replace(story.outcomes[-1], after=case))
    with pytest.raises(CommandRefusedError) as caught:
        story.do(command, actor)
    assert caught.value.reason == "in_warranty"


@pytest.mark.req("B9", "B13", "G12")
def test_a_bill_that_turns_out_free_is_owed_no_more_and_a_paid_one_is_given_back() -> None:
    def billed() -> Story:
        story = in_state(State.SIGNED).do("propose", HANDLER, TAP).do("agree", RESIDENT)
        return story.do("compare_item", HANDLER).do("complete", HANDLER).do("bill", HANDLER)

    unpaid = billed().do("state_payer", HANDLER, PayerForm("developer", "工程保修"))
    assert unpaid.events[-2].payload == ev.ChargeGivenUp("developer", 8000, 8000)
    assert unpaid.case.order.owed is None
    assert not unpaid.case.order.is_open
    assert [refused(unpaid, command) for command in ("record_payment", "give_back")] == [
        "no_bill",
        "nothing_to_give_back",
    ]
    paid = billed().do("record_payment", CASHIER).do("state_payer", HANDLER, PayerForm("developer", "保修"))
    assert paid.events[-2].payload == ev.ChargeGivenUp("developer", 8000, None, 8000)
    assert "agent-2" in waits_of(paid.case, paid.context), "the cashier is asked to give it back"
    with pytest.raises(InvalidInputError) as caught:
        paid.do("give_back", CASHIER, PaymentForm(7999, "T-3"))
    assert caught.value.reason == "not_what_was_paid"
    with pytest.raises(NotAllowedError):
        paid.do("give_back", HANDLER)
    paid.do("give_back", CASHIER)
    assert refused(paid, "give_back") == "nothing_to_give_back"
    assert fold(paid.events, paid.case.community, paid.case.number) == paid.case


def refused(story: Story, command: str) -> str | None:
    """The reason for which the cashier cannot do that."""
    with pytest.raises(CommandRefusedError) as caught:
        story.do(command, CASHIER)
    return caught.value.reason


@pytest.mark.req("B13", "G12")
def test_who_turns_out_to_pay_after_all_is_charged_anew() -> None:
    story = in_state(State.SIGNED).do("propose", HANDLER, TAP).do("agree", RESIDENT)
    story.do("state_payer", HANDLER, PayerForm("developer", "保修"))
    story.do("state_payer", HANDLER, PayerForm("owner", "人为损坏"))
    story.do("propose", HANDLER, TAP).do("agree", RESIDENT).do("compare_item", HANDLER)
    story.do("complete", HANDLER).do("bill", HANDLER)
    assert [bill.is_owed for bill in story.case.order.bills] == [True]


@pytest.mark.req("B13", "G12")
def test_the_resident_sees_that_a_bill_is_not_to_be_paid(browser: Browser, desk: Office) -> None:
    case = billed_repair(desk)
    desk.do(case, "state_payer", SUPERVISOR, PayerForm("developer", "工程保修"))
    page = text(browser.get(link(desk, desk.case(case), Purpose.TRACK)))
    assert "由他方承担，无需缴付" in page
    assert "您无需付费" in page
    assert "请到客服中心缴付" not in page


@pytest.mark.req("G12")
def test_what_was_found_of_one_matter_says_nothing_of_another() -> None:
    story = in_state(State.REGISTERED).do("find_payer", TIMER, FoundForm(FREE))
    moved = story.do("classify", SUPERVISOR, ClassifyForm("看过", matter="leak_pipe"))
    assert moved.case.payer is None
    with pytest.raises(InvalidInputError):
        moved.do("find_payer", TIMER, FoundForm(FREE))  # looked up before the correction, written after it


@pytest.mark.req("B13", "E2")
def test_a_return_counts_against_what_was_fixed_the_first_time() -> None:
    back = ev.PayerFound("seepage", "property_company", "repair", "202610-0001")
    story = in_state(State.WORKING).do("find_payer", TIMER, FoundForm(back)).do("complete", HANDLER)
    assert amounts_of(story.case)["warranty_returns"] == 1
    assert rates({"solved": 4, "warranty_returns": 1, "reopened": 1}).fixed_first_time == 0.5


@pytest.mark.req("B13", "E4")
def test_a_return_counts_against_whoever_did_the_first_repair() -> None:
    story = in_state(State.WORKING).do("find_payer", TIMER, FoundForm(BACK)).do("complete", HANDLER)
    rows = contribution(story.case)
    returns = {row.value: amount for (row, name), amount in rows.items() if name == "warranty_returns"}
    assert returns["engineering-2"] == 1
    assert HANDLER.id not in returns, "whoever mends it is not to blame for it"


@pytest.mark.req("B13", "E2")
def test_a_return_stays_one_when_a_person_says_that_the_company_pays() -> None:
    story = in_state(State.WORKING).do("find_payer", TIMER, FoundForm(BACK))
    story.do("state_payer", SUPERVISOR, PayerForm("property_company", "确认返修")).do("complete", HANDLER)
    assert amounts_of(story.case)["warranty_returns"] == 1
    assert contribution(story.case)[Row("handler", "engineering-2"), "warranty_returns"] == 1
    story.do("state_payer", SUPERVISOR, PayerForm("owner", "这次是人为损坏"))
    assert amounts_of(story.case)["warranty_returns"] == 0


@pytest.mark.req("B16")
def test_a_loss_has_an_amount_a_party_and_whether_both_sides_agree() -> None:
    story = in_state(State.WORKING).do("record_loss", AGENT, LossForm(35050, "地砖打碎两块", "维修工"))
    assert story.case.loss == ev.LossRecorded(35050, "地砖打碎两块", "维修工")
    agreed = LossForm(30000, "地砖打碎两块", "物业公司", True, "王芳", story.at, "in_person")
    story.do("record_loss", AGENT, agreed)
    assert story.case.loss is not None
    assert (story.case.loss.amount_fen, story.case.loss.agreed) == (30000, True)
    assert (story.case.loss.spoken_to, story.case.loss.manner) == ("王芳", "in_person")
    for early_or_late in (-timedelta(days=400), timedelta(hours=1)):
        form = replace(agreed, spoken_at=story.at + early_or_late)
        with pytest.raises(InvalidInputError) as wrong:
            story.do("record_loss", AGENT, form)
        assert str(wrong.value.reason).startswith("spoken_")
    for amount in (0, -5, 10**9):
        with pytest.raises(InvalidInputError) as caught:
            LossForm(amount, "地砖", "维修工")
        assert caught.value.reason == "loss_amount"


@pytest.mark.req("B13", "B16", "G12")
def test_desk_handler_and_form_see_who_pays_and_the_manager_has_a_list(
    browser: Browser, desk: Office
) -> None:
    first = completed(desk, **DRAIN)
    case = settled(desk, desk.register(**DRAIN).case)
    browser.sign_in("manager-1")
    where = f"/desk/riverside/cases/{case.number}"
    page = browser.get(where)
    assert f"{first.number} 修过但尚未验收" in text(page)
    _, __, by_hand = text(browser.get(f"{where}/paper?sheet=order")).partition("现场填写")
    assert [box for box in ("材料费", "人工费", "收据编号") if box in by_hand] == [], "nothing is to be paid"
    assert "住户验收意见" in by_hand
    assert f'cases/{first.number}">首次维修' in html(page)
    drawn = Form(html(browser.get(f"{where}?act=record_loss"))).forms
    typed = drawn[f"../../../desk/riverside/cases/{case.number}/record_loss"]
    wrong = browser.post(
        f"{where}/record_loss", {**typed, "amount_fen": "3.505", "what": "地砖", "party": "工"}
    )
    assert "35.50" in text(wrong), "three decimals are a sentence, and what was typed stays"
    typed |= {"amount_fen": "350.50", "what": "地砖打碎两块", "party": "维修工"}
    ticked = browser.post(f"{where}/record_loss", {**typed, "agreed": "yes"})
    assert (ticked.status_code, "对方由谁、何时、以何种方式确认" in text(ticked)) == (400, True)
    unsaid = browser.post(f"{where}/record_loss", {**typed, "spoken_to": "王芳"})
    assert unsaid.status_code == 400, "a name without the agreement says nothing"
    assert browser.post(f"{where}/record_loss", typed).status_code == 303
    assert "350.50 元 · 地砖打碎两块 · 责任方：维修工 · 尚未确认" in text(browser.get(where))
    word = {"agreed": "yes", "spoken_to": "王芳", "spoken_at": "2026-11-23T09:00", "manner": "in_person"}
    drawn = Form(html(browser.get(f"{where}?act=record_loss"))).forms
    fresh = drawn[f"../../../desk/riverside/cases/{case.number}/record_loss"]
    own = {"amount_fen": "350.50", "what": "地砖打碎两块", "party": "维修工"}
    assert browser.post(f"{where}/record_loss", {**fresh, **own, **word}).status_code == 303
    said = text(browser.get(where)).replace("\u2068", "").replace("\u2069", "")
    assert "双方已确认：王**，当面，11月23日 周一 09:00" in said, (
        "whoever reads no contact reads no whole name here"
    )
    csrf = Form(html(browser.get("/desk/riverside/new"))).forms["../../desk/riverside/new"]["csrf"]
    beside = browser.post(
        "/desk/riverside/new/known", {"unit": "3-1201", "matter": "drain_blocked", "csrf": csrf}
    )
    assert f"{first.number} 修过但尚未验收" in text(beside)
    handed_over(desk, date(2024, 6, 1), "5-101")
    owed = settled(desk, desk.register(matter="seepage", kind="repair", unit="5-101").case)
    listed = text(browser.get("/desk/riverside?list=register&payer=developer"))
    assert owed.number in listed
    assert case.number not in listed
    assert Filters(payer="developer").said == {"payer": "developer"}
    desk.do(owed, "assign", SUPERVISOR, AssignForm("engineering-1", "值班"))
    exported = html(browser.get("/desk/riverside/export?list=register&payer=developer"))
    head, line, summed = exported.splitlines()
    assert head.endswith("谁承担,依据,用料,成本登记,人工费（元）,材料费（元）,合计（元）")
    assert summed.startswith("共 0 单"), "nothing is owed for work that is not done"
    assert line.startswith(owed.number)
    assert "开发商" in line
    assert "防水，自交付起5年" in line, "the warranty and its rule"
    assert "2029年6月1日" in line
    work = text(browser.get(link(desk, desk.case(owed), Purpose.WORK)))
    for said in (work, text(browser.get(f"/desk/riverside/cases/{owed.number}"))):
        assert "工程保修期内（防水，自交付起5年），至2029年6月1日：由开发商承担，住户不付费" in said


COMMON = ("elevator", "public_hazard", "seepage", "drain_blocked", "power_outage")


@pytest.mark.req("B13", "G12")
@pytest.mark.parametrize("matter", COMMON)
def test_what_no_household_owns_is_the_fund_s_and_no_resident_pays(
    browser: Browser, desk: Office, matter: str
) -> None:
    """Also where no unit is named; and nobody reads that the owner pays, before or after it is looked up."""
    case = signed(desk, matter=matter, kind="repair", unit="")
    browser.sign_in("manager-1")
    for known in (case, settled(desk, case)):
        for page in ("", "/paper?sheet=order"):
            said = browser.get(f"/desk/riverside/cases/{known.number}{page}")
            assert said.status_code == 200
            assert "目前按业主承担" not in text(said)
    found = desk.case(case).payer
    assert found is not None
    assert found.payer == "maintenance_fund"
    assert "维修资金：" in text(browser.get(f"/desk/riverside/cases/{case.number}"))
    with pytest.raises(InvalidInputError, match="maintenance fund") as caught:
        desk.do(case, "propose", HANDLER, TAP)
    assert caught.value.reason == "in_warranty"


@pytest.mark.req("G12")
def test_a_repair_whose_unit_is_named_later_is_its_owner_s(desk: Office) -> None:
    case = settled(desk, signed(desk, matter="leak_fixture", kind="repair", unit=""))
    assert costs_nothing(case.payer)
    named = settled(desk, desk.do(case, "fill_in", SUPERVISOR, FillInForm(unit="3-1201")))
    assert named.payer is not None
    assert named.payer.payer == "owner"
    assert desk.do(named, "propose", HANDLER, TAP).state is State.PROPOSED


@pytest.mark.req("G12")
def test_a_bill_is_given_up_when_the_fund_turns_out_to_pay(desk: Office) -> None:
    case = desk.do(billed_repair(desk), "state_payer", SUPERVISOR, PayerForm("maintenance_fund", "公共管道"))
    assert case.order.owed is None
    assert case.work.price_agreed is False


@pytest.mark.req("B9", "B13", "G11")
@pytest.mark.parametrize("how", ["accepted", "refused", "unpaid", "owner was stated"])
def test_what_comes_back_on_the_same_case_is_not_charged_again(
    browser: Browser, desk: Office, how: str
) -> None:
    case = billed_repair(desk)
    if how != "unpaid":
        case = desk.do(case, "record_payment", CASHIER, PaymentForm(8000, "SJ-1"))
    if how == "owner was stated":
        case = desk.do(case, "state_payer", SUPERVISOR, PayerForm("owner", "人为损坏"))
    if how == "refused":
        case = desk.do(case, "refuse_work", RESIDENT, ReasonForm("还在滴水"))
    else:
        case = desk.do(case, "accept_work", RESIDENT, AcceptForm("王芳"))
        desk.clock.advance(timedelta(days=2))
        case = desk.do(case, "reopen", RESIDENT, ReasonForm("又滴水了"))
    case = settled(desk, case)
    assert case.payer is not None
    assert (case.payer.payer, case.payer.of) == ("property_company", case.number)
    assert case.payer.because == ("not_accepted" if how == "refused" else "repair")
    assert amounts_of(case)["warranty_returns"] == 0, "it counts as reopened"
    browser.sign_in("supervisor-1")
    page = html(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert case.number in page
    assert ">首次维修：" not in page, "no way leads from a page to itself"
    browser.cookie = ""
    case = desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "返修"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    with pytest.raises(InvalidInputError) as caught:
        desk.do(case, "propose", HANDLER, TAP)
    assert caught.value.reason == "in_warranty"
    browser.sign_in("manager-1")
    assert "目前按业主承担" not in text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert [bill.is_owed for bill in case.order.bills] == [how == "unpaid"], "billed once"
    other = desk.do(case, "state_payer", SUPERVISOR, PayerForm("owner", "是另一个龙头"))
    assert desk.do(settled(desk, other), "propose", HANDLER, TAP).state is State.PROPOSED


@pytest.mark.req("B13", "G12")
def test_what_the_developer_pays_stays_theirs_when_it_comes_back(desk: Office) -> None:
    """What comes back is the company's in the costs; the claim for the first work is not touched."""
    handed_over(desk, date(2024, 6, 1))
    case = completed(desk, matter="seepage", kind="repair")
    case = desk.do(case, "state_payer", SUPERVISOR, PayerForm("developer", "工程保修"))
    back = settled(desk, desk.do(case, "reopen", RESIDENT, ReasonForm("又渗水了")))
    assert back.payer is not None
    assert back.payer.payer == "developer"


@pytest.mark.req("B9", "B10", "G11")
@pytest.mark.parametrize("kind", ["complaint", "inquiry", "suggestion", "praise"])
def test_nothing_for_which_nobody_comes_is_quoted_or_billed(kind: str) -> None:
    """By whatever way: a plan with a price, a declaration, a question; nor what is sorted so only later."""
    story = in_state(State.SIGNED, kind=kind)
    for command, actor, form in (
        ("propose", HANDLER, TAP),
        ("declare_charge", HANDLER, ChargeForm(True, "有偿服务")),
        ("ask_price", RESIDENT, None),
        ("find_infeasible", SUPERVISOR, None),
    ):
        with pytest.raises(DomainError) as caught:
            story.do(command, actor, form)
        assert caught.value.reason == "no_price", command
    assert story.do("propose", HANDLER, ProposeForm("老化", "整改")).case.state is State.PROPOSED
    was = in_state(State.SIGNED).do("propose", HANDLER, TAP)
    work = was.do("classify", SUPERVISOR, ClassifyForm("看过", kind=kind)).case.work
    assert (work.plan and work.plan.price_fen, work.chargeable) == (None, False)


@pytest.mark.req("C16", "G12")
@pytest.mark.parametrize("command", ["ask_price", "record_price_request"])
def test_nobody_asks_the_price_of_what_costs_them_nothing(command: str) -> None:
    story = in_state(State.SIGNED).do("state_payer", SUPERVISOR, PayerForm("developer", "工程保修"))
    actor = RESIDENT if command == "ask_price" else SUPERVISOR
    assert command not in {row.command for row in possible(story.case, actor, story.context, story.at)}
    with pytest.raises(CommandRefusedError) as caught:
        story.do(command, actor)
    assert caught.value.reason == "nothing_to_price"


@pytest.mark.req("B9", "B10", "B13", "G11")
def test_help_for_which_somebody_comes_costs_as_a_repair_does() -> None:
    story = in_state(State.SIGNED, kind="help").do("propose", HANDLER, TAP).do("agree", RESIDENT)
    with pytest.raises(CommandRefusedError) as caught:
        story.do("complete", HANDLER)
    assert caught.value.reason == "not_compared"
    story.do("compare_item", HANDLER).do("complete", HANDLER).do("bill", HANDLER)
    assert story.do("state_payer", SUPERVISOR, PayerForm("developer", "保修")).case.order.owed is None


@pytest.mark.req("B13")
@pytest.mark.parametrize(("before", "now"), [("repair", "help"), ("help", "repair"), ("help", "help")])
def test_the_same_drain_is_under_warranty_whatever_it_was_sorted_as(
    desk: Office, before: str, now: str
) -> None:
    first = completed(desk, **{**DRAIN, "kind": before})
    payer = settled(desk, desk.register(**{**DRAIN, "kind": now}).case).payer
    assert payer is not None
    assert (payer.payer, payer.of) == ("property_company", first.number)


@pytest.mark.req("B13")
def test_help_that_mends_no_part_of_the_building_comes_under_no_warranty(desk: Office) -> None:
    completed(desk, matter="move_card", kind="help")
    assert settled(desk, desk.register(matter="move_card", kind="help").case).payer is None


@pytest.mark.req("B13")
def test_the_handler_s_page_says_who_pays(browser: Browser, desk: Office) -> None:
    completed(desk, **DRAIN)
    case = desk.register(**DRAIN).case
    desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "值班"))
    settled(desk, case)
    assert "由物业公司承担，住户不付费" in text(browser.get(link(desk, desk.case(case), Purpose.WORK)))
