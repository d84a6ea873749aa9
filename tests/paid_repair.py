"""A repair with everything that a work order can have: quote, key, materials, bill, payment (B9, B10)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.work.forms import CompleteForm, ProposeForm
from chalicelib.domain.work.order_forms import (
    BillForm,
    ItemForm,
    KeyForm,
    MaterialForm,
    PaymentForm,
    SignedForm,
)
from tests.browser import HANDLER, signed
from tests.builders import AGENT, Office
from tests.content import drawn

CASHIER = Actor(Role.AGENT, "agent-2")
WARNING = "接口偏小，可能漏水，仍要求安装"


def billed_repair(desk: Office, **changes: str) -> Case:
    """A tap replaced for the price of the list; its bill of 80 yuan is to be paid."""
    case = signed(desk, matter="home_other", **changes)
    steps = (
        ("take_key", AGENT, KeyForm("王芳", "KEY-7")),
        ("compare_item", HANDLER, ItemForm("厨房冷水龙头", differs=False)),
        ("use_material", HANDLER, MaterialForm("角阀", "1 只", True, "poor", WARNING, "王芳")),
        ("propose", HANDLER, ProposeForm("阀芯老化", "更换水龙头", price_item="tap")),
        ("sign_agreement", HANDLER, SignedForm("王芳", drawn())),
        ("complete", HANDLER, CompleteForm("已更换，试水十分钟不漏。")),
        ("bill", HANDLER, BillForm(6000, 2000)),
    )
    for command, actor, form in steps:
        case = desk.do(case, command, actor, form)
    return case


def paid_repair(desk: Office, **changes: str) -> Case:
    """The same with its payment; the receipt is `SJ-0042`."""
    case = billed_repair(desk, **changes)
    return desk.do(case, "record_payment", CASHIER, PaymentForm(8000, "SJ-0042"))
