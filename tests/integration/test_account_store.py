"""The accounts on DynamoDB are what the cases say, at every step of a bill (B9)."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.accounts import DynamoAccounts
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.work.accounts import MonthSigned
from chalicelib.domain.work.forms import CompleteForm, ProposeForm
from chalicelib.domain.work.order_forms import BillForm, ItemForm, PaymentForm, RefusedForm, SignedForm
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
