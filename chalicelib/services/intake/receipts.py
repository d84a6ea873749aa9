"""What somebody gets at once for a report: the number, what happens next, by when, and a link (A11)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.fold import apply
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.explanation import explain
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.desk import Desk
from chalicelib.services.intake.register import Receipt

WEEKDAYS = {"zh-CN": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class Promise(Struct, frozen=True):
    """By when something is to be done: local time with its offset, the zone's name, and the reasons."""

    due_at: datetime
    zone: str
    provisional: bool
    reasons: tuple[str, ...]


class ReceiptView(Struct, frozen=True):
    """`next` is a sentence for the person who reported; `tracking_url` shows how the case goes.

    `deadline` is when the case is solved, `arrival` when somebody is there, if that is promised (C5, C8).
    """

    community: str
    number: str
    state: str
    registered_at: datetime
    next: str
    deadline: Promise
    arrival: Promise | None
    tracking_url: str


def receipt_view(desk: Desk, receipt: Receipt, base_url: str, language: str) -> ReceiptView:
    """The receipt as the caller reads it: for a repeated report the same that the first one got."""
    case = _as_registered(desk, receipt.case) if receipt.repeated else receipt.case
    setting = desk.setting_of(case)
    solve = _promise(case.clocks.deadlines[Clock.SOLVE], setting, language)
    arrival = (
        _promise(case.clocks.deadlines[Clock.ON_SITE], setting, language)
        if case.clocks.arrival_due_at
        else None
    )
    return ReceiptView(
        community=case.community,
        number=case.number,
        state=case.state,
        registered_at=case.registered_at.astimezone(setting.zone),
        next=_next(case, solve, arrival, setting, language),
        deadline=solve,
        arrival=arrival,
        tracking_url=f"{base_url}/l/{receipt.track_code}",
    )


def _promise(deadline: Deadline, setting: Setting, language: str) -> Promise:
    reasons = explain(deadline, setting.calendar, language, sourced=False)
    return Promise(deadline.due_at.astimezone(setting.zone), deadline.zone, deadline.provisional, reasons)


def _as_registered(desk: Desk, case: Case) -> Case:
    """The case as its registration left it, folded from its first events."""
    then: Case | None = None
    for event in desk.cases.events(case.community, case.number):
        if event.command == "register":
            then = apply(then, event, case.community, case.number)
    return then or case


def _next(case: Case, solve: Promise, arrival: Promise | None, setting: Setting, language: str) -> str:
    department = setting.community.departments.get(case.classification.department, "")
    there, when = arrival and _moment(arrival.due_at, language), _moment(solve.due_at, language)
    if language == "en":
        if case.work.on_the_spot:
            return "This was solved on the spot and is on the register; you will be asked to rate it."
        coming = f"somebody will be there by {there}, and " if there else ""
        return (
            f"Registered. The responsible department takes it up; {coming}it is to be solved by {when} "
            f"({solve.zone}) at the latest. The link shows how it goes."
        )
    if case.work.on_the_spot:
        return "已当场解决并登记在案；稍后会请您评价。"
    coming = f"{there}前到场，" if there else ""
    who = department or "责任部门"
    return f"已登记。将由{who}安排专人处理，{coming}最迟{when}前办结；可随时打开链接查看进展。"


def _moment(at: datetime, language: str) -> str:
    weekday = WEEKDAYS[language][at.weekday()]
    if language == "en":
        return f"{weekday} {at.day} {at:%b %Y, %H:%M}"
    return f"{at.year}年{at.month}月{at.day}日（周{weekday}）{at:%H:%M}"
