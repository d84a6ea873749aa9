"""What somebody gets at once for a report: the number, what happens next, by when, and a link (A11)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import Case
from chalicelib.domain.clocks import Setting
from chalicelib.domain.history import apply
from chalicelib.domain.reasons import explain
from chalicelib.domain.regulation import Clock
from chalicelib.services.desk import Desk
from chalicelib.services.intake import Receipt

WEEKDAYS = {"zh-CN": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class Promise(Struct, frozen=True):
    """By when the case is to be solved: local time with its offset, the zone's name, and the reasons."""

    due_at: datetime
    zone: str
    provisional: bool
    reasons: tuple[str, ...]


class ReceiptView(Struct, frozen=True):
    """`next` is a sentence for the person who reported; `tracking_url` shows how the case goes."""

    community: str
    number: str
    state: str
    registered_at: datetime
    next: str
    deadline: Promise
    tracking_url: str


def receipt_view(desk: Desk, receipt: Receipt, base_url: str, language: str) -> ReceiptView:
    """The receipt as the caller reads it: for a repeated report the same that the first one got."""
    case = _as_registered(desk, receipt.case) if receipt.repeated else receipt.case
    setting = desk.setting_of(case)
    solve = case.deadlines[Clock.SOLVE]
    due_at = solve.due_at.astimezone(setting.zone)
    reasons = explain(solve, setting.calendar, language, sourced=False)
    return ReceiptView(
        community=case.community,
        number=case.number,
        state=case.state,
        registered_at=case.registered_at.astimezone(setting.zone),
        next=_next(case, due_at, setting, language),
        deadline=Promise(due_at, case.zone, solve.provisional, reasons),
        tracking_url=f"{base_url}/l/{receipt.track_code}",
    )


def _as_registered(desk: Desk, case: Case) -> Case:
    """The case as its registration left it, folded from its first events."""
    then: Case | None = None
    for event in desk.cases.events(case.community, case.number):
        if event.command == "register":
            then = apply(then, event, case.community, case.number)
    return then or case


def _next(case: Case, due_at: datetime, setting: Setting, language: str) -> str:
    department = setting.community.departments.get(case.classification.department, "")
    when, zone = _moment(due_at, language), case.zone
    if language == "en":
        if case.on_the_spot:
            return "This was solved on the spot and is on the register; you will be asked to rate it."
        return (
            f"Registered. The responsible department takes it up; it is to be solved by {when} ({zone}) "
            f"at the latest. The link shows how it goes."
        )
    if case.on_the_spot:
        return "已当场解决并登记在案；稍后会请您评价。"
    return f"已登记。将由{department or '责任部门'}安排专人处理，最迟{when}前办结；可随时打开链接查看进展。"


def _moment(at: datetime, language: str) -> str:
    weekday = WEEKDAYS[language][at.weekday()]
    if language == "en":
        return f"{weekday} {at.day} {at:%b %Y, %H:%M}"
    return f"{at.year}年{at.month}月{at.day}日（周{weekday}）{at:%H:%M}"
