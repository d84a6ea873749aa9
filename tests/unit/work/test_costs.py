"""What a repair costs whoever pays in the resident's place: written, priced, claimed, no bill (B9, G12)."""

from datetime import date

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.fold import fold
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Duty, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import DomainError
from chalicelib.domain.follow_up.retention import ended_at
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.waiting import waits_of
from chalicelib.domain.work.borne import Borne, borne_by
from chalicelib.domain.work.cost_forms import (
    ClaimForm,
    CostForm,
    PriceCostForm,
    StrikeCostForm,
    WithdrawClaimForm,
)
from chalicelib.domain.work.forms import ProposeForm
from chalicelib.domain.work.order_forms import PaymentForm
from chalicelib.domain.work.payer import FoundForm, PayerForm
from tests.paid_repair import CASHIER
from tests.stories import AGENT, HANDLER, HEAD, SUPERVISOR, Story, in_state

FREE = ev.PayerFound("seepage", "developer", "construction", None, "waterproofing", date(2029, 6, 1))
BACK = ev.PayerFound("seepage", "property_company", "repair", "202610-0001", worker="engineering-2")
STATISTICIAN = SUPERVISOR
TAP = ProposeForm("老化", "更换", price_item="tap")
OWNER, DEVELOPER = PayerForm("owner", "人为损坏"), PayerForm("developer", "工程保修")


def free_repair(found: ev.PayerFound = FREE, state: State = State.WORKING) -> Story:
    """A repair for which somebody else pays, being worked on."""
    return in_state(state).do("find_payer", TIMER, FoundForm(found))


def borne(story: Story) -> dict[str, Borne]:
    """Party → what it bears of the case."""
    return {one.party: one for one in borne_by(story.case)}


def refused(story: Story, command: str, actor: Actor, form: object = None) -> str | None:
    """The reason for which somebody cannot do that now."""
    with pytest.raises(DomainError) as caught:
        story.do(command, actor, form)
    return caught.value.reason


@pytest.mark.req("B9", "G12")
def test_a_line_has_the_price_of_the_list_with_version_and_day_and_costs_the_resident_nothing() -> None:
    story = free_repair().do("record_cost", HANDLER, CostForm("tap", 2, material_fen=1550, note="厨房"))
    (line,) = story.case.order.costs.lines
    assert line.listed is not None
    assert (line.listed.id, line.listed.quantity, line.labour_fen, line.material_fen) == (
        "tap",
        2,
        16000,
        1550,
    )
    story.do("record_cost", AGENT, CostForm("tap", of_material=True))
    story.do("complete", HANDLER)
    developer = borne(story)["developer"]
    assert (developer.labour_fen, developer.material_fen, developer.is_priced) == (16000, 9550, True)
    work = story.case.work
    assert (work.chargeable, work.plan, story.case.order.bills) == (False, None, ())
    assert not any(
        notice.recipient == RESIDENT.id
        for outcome in story.outcomes[-3:-1]
        for notice in due(outcome, story.context)
    )
    assert fold(story.events, story.case.community, story.case.number) == story.case


@pytest.mark.req("B9", "C16")
def test_what_is_on_no_list_waits_for_the_head_who_is_asked_and_prices_it() -> None:
    story = free_repair()
    assert refused(story, "record_cost", HANDLER, CostForm(what="开墙换管", labour_fen=30000)) == "heads_cost"
    story.do("record_cost", HANDLER, CostForm(what="开墙换管")).do("record_cost", HANDLER, CostForm("tap"))
    assert "@department_head" in waits_of(story.case, story.context)
    assert not borne(story)["developer"].is_priced
    assert refused(story, "price_cost", HANDLER, PriceCostForm(1, 1)) == "heads_word"
    assert refused(story, "price_cost", HEAD, PriceCostForm(1, 1, line=2)) == "line_of_list"
    assert refused(story, "price_cost", HEAD, PriceCostForm(1, 1, line=3)) == "no_such_line"
    story.do("price_cost", HEAD, PriceCostForm(30000, 4000))
    assert story.case.order.costs.lines[0].priced_by == HEAD.id
    assert borne(story)["developer"].total_fen == 42000
    own = free_repair().do("record_cost", HEAD, CostForm(what="开墙换管", labour_fen=30000))
    assert borne(own)["developer"].is_priced, "the head names the price at once"


@pytest.mark.req("B9")
def test_a_wrong_line_is_struck_out_and_stays_to_be_read() -> None:
    story = free_repair().do("record_cost", HANDLER, CostForm("tap", 9))
    story.do("strike_cost", HANDLER, StrikeCostForm(1, "只换了一个")).do(
        "record_cost", HANDLER, CostForm("tap")
    )
    first, second = story.case.order.costs.lines
    assert first.struck is not None
    assert (first.struck.reason, first.struck.by, second.total_fen) == ("只换了一个", HANDLER.id, 8000)
    assert borne(story)["developer"].total_fen == 8000
    assert refused(story, "strike_cost", HANDLER, StrikeCostForm(1, "再来")) == "no_such_line"
    stranger = Actor(Role.HANDLER, "engineering-2")
    assert refused(story, "strike_cost", stranger, StrikeCostForm(2, "不是我的")) == "not_yours"


@pytest.mark.req("G12")
def test_what_nobody_has_priced_is_counted_and_asked_for_from_worker_and_head_also_after_the_end() -> None:
    for state in (State.COMPLETED, State.CLOSED, State.ARCHIVED):
        story = in_state(state)
        story.outcomes[-1] = replace(story.outcomes[-1], after=replace(story.case, payer=FREE))
        developer = borne(story)["developer"]
        assert (developer.done, developer.lines, developer.is_priced) == (True, 0, False)
        assert story.case.is_listed, "it stands in the lists until it is written"
        assert state is State.COMPLETED or ended_at(story.case), "which keeps no personal data longer (G24)"
        assert {HANDLER.id, "@department_head"} <= set(waits_of(story.case, story.context))
        story.do("record_cost", HANDLER, CostForm("tap"))
        assert borne(story)["developer"].is_priced
        assert "@department_head" not in waits_of(story.case, story.context)
    assert borne(free_repair()) == {}, "nothing is owed for work that is not done"


@pytest.mark.req("B13", "G12")
def test_a_return_within_the_own_warranty_costs_the_company_and_not_the_developer() -> None:
    back = free_repair(BACK).do("record_cost", HANDLER, CostForm("tap")).do("complete", HANDLER)
    assert {party: one.total_fen for party, one in borne(back).items()} == {"property_company": 8000}
    story = free_repair().do("record_cost", HANDLER, CostForm("tap")).do("complete", HANDLER)
    story.wait(minutes=1).do("reopen", SUPERVISOR)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "返工")).do("sign", HANDLER).do(
        "record_cost", HANDLER, CostForm("tap", 3)
    )
    assert {party: one.total_fen for party, one in borne(story).items()} == {
        "developer": 8000,
        "property_company": 24000,
    }


@pytest.mark.req("B9", "G11", "G12")
def test_the_amount_follows_who_pays_and_nobody_is_asked_twice() -> None:
    story = in_state(State.SIGNED).do("propose", HANDLER, TAP).do("agree", RESIDENT)
    assert refused(story, "record_cost", HANDLER, CostForm("tap")) == "payer_unsaid"
    story.do("state_payer", SUPERVISOR, OWNER)
    assert refused(story, "record_cost", HANDLER, CostForm("tap")) == "resident_pays"
    story.do("compare_item", HANDLER).do("complete", HANDLER).do("bill", HANDLER)
    assert borne(story) == {}
    story.do("state_payer", SUPERVISOR, DEVELOPER)
    assert borne(story)["developer"].total_fen == 8000, "what was billed is what the developer owes now"
    assert story.case.order.owed is None
    story.do("state_payer", SUPERVISOR, OWNER)
    assert "developer" not in borne(story)
    assert story.case.order.owed is None, "what the developer did not pay is no bill of the resident's"

    anew = free_repair(state=State.SIGNED).do("record_cost", HANDLER, CostForm("tap"))
    anew.do("state_payer", SUPERVISOR, OWNER).do("propose", HANDLER, TAP).do("agree", RESIDENT)
    anew.do("compare_item", HANDLER).do("complete", HANDLER).do("bill", HANDLER)
    assert borne(anew) == {}, "the resident pays by the bill, and nobody bears it a second time"


@pytest.mark.req("B9", "G12")
def test_a_claim_is_of_just_what_it_cost_and_is_paid_in_parts_against_receipts() -> None:
    story = free_repair()
    assert refused(story, "claim_cost", CASHIER, ClaimForm(8000, "QK-1")) == "nothing_to_claim"
    story.do("complete", HANDLER)
    assert refused(story, "claim_cost", CASHIER, ClaimForm(8000, "QK-1")) == "nothing_to_claim"
    story.do("record_cost", HANDLER, CostForm("tap"))
    assert refused(story, "claim_cost", AGENT, ClaimForm(8000, "QK-1")) in {"not_cashier", "not_statistician"}
    assert refused(story, "claim_cost", STATISTICIAN, ClaimForm(9000, "QK-1")) == "not_the_cost"
    story.do("claim_cost", STATISTICIAN, ClaimForm(8000, "QK-1"))
    assert refused(story, "claim_cost", CASHIER, ClaimForm(8000, "QK-2")) == "claimed_already"
    assert refused(story, "record_cost", HANDLER, CostForm("tap")) == "claimed"
    assert refused(story, "strike_cost", HANDLER, StrikeCostForm(1, "错")) == "claimed"
    story.do("record_claim_payment", CASHIER, PaymentForm(5000, "DZ-1"))
    assert refused(story, "record_claim_payment", CASHIER, PaymentForm(3001, "DZ-2")) == "more_than_claimed"
    assert refused(story, "record_claim_payment", CASHIER, PaymentForm(3000, "DZ-1")) == "receipt_used"
    story.do("record_claim_payment", CASHIER, PaymentForm(3000, "DZ-2"))
    assert refused(story, "record_claim_payment", CASHIER, PaymentForm(1, "DZ-3")) == "no_claim"
    developer = borne(story)["developer"]
    assert (developer.claimed_fen, developer.paid_fen, developer.receipts) == (8000, 8000, ("DZ-1", "DZ-2"))


@pytest.mark.req("G12")
def test_a_claim_on_whom_does_not_pay_after_all_is_asked_back() -> None:
    story = free_repair().do("record_cost", HANDLER, CostForm("tap")).do("complete", HANDLER)
    story.do("claim_cost", CASHIER, ClaimForm(8000, "QK-1"))
    story.do("record_claim_payment", CASHIER, PaymentForm(2000, "DZ-1"))
    story.do("state_payer", SUPERVISOR, OWNER)
    asked = waits_of(story.case, story.context)
    assert {member.username for member in story.context.community.with_duty(Duty.STATISTICIAN)} <= set(asked)
    assert borne(story)["developer"].claimed_fen == 8000, "it stays to be seen until it is taken back"
    assert refused(story, "withdraw_claim", CASHIER, WithdrawClaimForm("业主承担")) == "paid_goes_back"
    story.do("withdraw_claim", CASHIER, WithdrawClaimForm("业主承担", "TK-1"))
    assert "developer" not in borne(story)
    assert story.case.order.costs.claims[0].back == "TK-1"


@pytest.mark.req("B9")
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "which_cost"),
        ({"what": "垫片", "quantity": 2}, "quantity_of_item"),
        ({"price_item": "tap", "labour_fen": 100}, "labour_of_list"),
        ({"price_item": "tap", "quantity": 0}, "quantity"),
        ({"what": "开墙", "labour_fen": -1}, "fen_amount"),
        ({"price_item": "tap", "material_fen": 10**10}, "fen_amount"),
    ],
)
def test_what_cannot_be_a_cost_is_refused_with_what_would_be(given: dict[str, object], reason: str) -> None:
    with pytest.raises(DomainError) as caught:
        CostForm(**given)  # type: ignore[arg-type]
    assert caught.value.reason == reason
