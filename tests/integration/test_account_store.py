"""The accounts on DynamoDB are what the cases say, at every step of a bill (B9)."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.accounts import DynamoAccounts
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.work.accounts import MonthSigned
from chalicelib.domain.work.borne import borne_by
from chalicelib.domain.work.cost_forms import ClaimForm, CostForm, WithdrawClaimForm
from chalicelib.domain.work.forms import CompleteForm, ProposeForm
from chalicelib.domain.work.order_forms import BillForm, ItemForm, PaymentForm, RefusedForm, SignedForm
from chalicelib.domain.work.payer import PayerForm
from tests.browser import HANDLER, SUPERVISOR, signed
from tests.builders import MONDAY, Office
from tests.content import drawn
from tests.paid_repair import CASHIER


@pytest.mark.req("B9", "B10")
def test_a_bill_is_owed_then_paid_then_signed_and_one_given_up_is_owed_no_more(dynamo_place: Office) -> None:
    store, desk = DynamoAccounts(), dynamo_place
    case = signed(desk, matter="home_other")
    case = desk.do(case, "propose", HANDLER, ProposeForm("老化", "换", price_item="tap"))
    case = desk.do(case, "sign_agreement", HANDLER, SignedForm("王芳", drawn()))
    case = desk.do(case, "compare_item", HANDLER, ItemForm("龙头", differs=False))
    case = desk.do(case, "complete", HANDLER, CompleteForm("已换。"))
    assert store.owed("riverside") == ()
    case = desk.do(case, "bill", HANDLER, BillForm(6000, 1000))
    desk.clock.advance(timedelta(hours=1))
    case = desk.do(case, "bill", HANDLER, BillForm(6000, 2000))
    (owed,) = store.owed("riverside")
    assert (owed.number, owed.total_fen) == (case.number, 8000), "a bill that was changed is one bill"
    case = desk.do(case, "record_payment", CASHIER, PaymentForm(8000, "SJ-1"))
    assert store.owed("riverside") == ()
    ((paid,), signature) = store.month("riverside", "202611")
    assert (paid.receipt, paid.paid_by, paid.signed_by, signature) == ("SJ-1", "agent-2", None, None)
    case = desk.do(case, "sign_account", SUPERVISOR, NoteForm())
    ((paid,), _) = store.month("riverside", "202611")
    assert paid.signed_by == "supervisor-1"
    month = MonthSigned("202611", "supervisor-1", MONDAY, 1, 8000)
    assert store.sign("riverside", month)
    assert not store.sign("riverside", month), "once"
    assert store.month("riverside", "202611") == ((paid,), month)
    assert store.month("hilltop", "202611") == ((), None)

    other = signed(desk, matter="home_other", text="马桶漏水")
    other = desk.do(other, "propose", HANDLER, ProposeForm("老化", "换", price_item="tap"))
    other = desk.do(other, "sign_agreement", HANDLER, SignedForm("王芳", drawn()))
    other = desk.do(other, "compare_item", HANDLER, ItemForm("龙头", differs=False))
    other = desk.do(other, "complete", HANDLER, CompleteForm("已换。"))
    other = desk.do(other, "bill", HANDLER, BillForm(8000, 0))
    other = desk.do(other, "refuse_payment", HANDLER, RefusedForm("王芳", "太贵"))
    assert len(store.owed("riverside")) == 1
    desk.do(other, "sign_refusal", SUPERVISOR, NoteForm())
    assert store.owed("riverside") == ()


@pytest.mark.req("B9", "G12")
def test_what_the_developer_bears_is_there_unpriced_then_priced_and_gone_when_another_pays(
    dynamo_place: Office,
) -> None:
    store, desk = DynamoAccounts(), dynamo_place
    case = signed(desk, matter="seepage")
    case = desk.do(case, "state_payer", SUPERVISOR, PayerForm("developer", "工程保修"))
    assert store.borne("riverside", "developer") == ()
    case = desk.do(case, "complete", HANDLER, CompleteForm("已打胶。"))
    (owed,) = store.borne("riverside", "developer")
    assert (owed.number, owed.done, owed.is_priced) == (case.number, True, False)
    case = desk.do(case, "record_cost", HANDLER, CostForm("tap", 2))
    (owed,) = store.borne("riverside", "developer")
    assert (owed.total_fen, owed.is_priced) == (16000, True)
    case = desk.do(case, "claim_cost", CASHIER, ClaimForm(16000, "QK-1"))
    case = desk.do(case, "record_claim_payment", CASHIER, PaymentForm(16000, "DZ-1"))
    assert store.borne("riverside", "developer") == borne_by(case)
    case = desk.do(case, "withdraw_claim", CASHIER, WithdrawClaimForm("人为损坏", "TK-1"))
    case = desk.do(case, "state_payer", SUPERVISOR, PayerForm("owner", "人为损坏"))
    assert store.borne("riverside", "developer") == ()
    assert store.borne("riverside", "owner") == borne_by(case)
    desk.do(case, "state_payer", SUPERVISOR, PayerForm("developer", "还是保修"))
    assert [one.total_fen for one in store.borne("riverside", "developer")] == [16000], "it counts again"
