"""Reasons of deadlines in Simplified Chinese."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from chalicelib.domain.deadlines.opening_hours import clock_time, ended
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import RevisitRule, Rule

SEEDS_IN_CHINESE: Mapping[str, str] = {
    "S0": "S0《接待制度》",
    "S1": "S1《投诉处理措施》",
    "S2": "S2《礼宾助理》",
    "S3": "S3《工作联系单》",
    "S4": "S4《接待中心》",
    "ours": "本公司自定",
}

PAUSES: Mapping[str, str] = {
    "waiting_for_resident": "等待住户",
    "waiting_for_parts": "等待配件",
    "waiting_for_weather": "等待天气",
    "waiting_for_third_party": "等待第三方",
}

UNITS: Mapping[Unit, str] = {
    Unit.SECONDS: "秒",
    Unit.MINUTES: "分钟",
    Unit.HOURS: "小时",
    Unit.DAYS: "天",
    Unit.WORKING_DAYS: "个工作日",
}

WAITING: Mapping[Clock, str] = {Clock.ON_SITE: "到场", Clock.ANSWER: "答复", Clock.SOLVE: "办结"}
WEEKDAYS = "一二三四五六日"
COUNTED: Mapping[bool | None, str] = {True: "（当日计入）", False: "（当日不计）", None: ""}


class Chinese:
    """Reasons in Simplified Chinese."""

    def amount(self, limit: Limit, working_day: timedelta) -> str:
        unit = UNITS[limit.unit]
        if limit.unit is Unit.WORKING_DAYS and limit.count is CountFrom.MOMENT:
            hours = working_day * limit.amount / timedelta(hours=1)
            number = "半个工作日" if limit.amount == 0.5 else f"{limit.amount:g}{unit}"
            return f"{number}（{hours:g}个工作小时）"
        if not limit.around_the_clock and limit.unit is not Unit.WORKING_DAYS:
            unit = "个工作小时" if limit.unit is Unit.HOURS else f"{unit}（工作时间）"
        return f"{limit.amount:g}{unit}"

    def shortened(self, whole: str, share: float, care: float, left: str) -> str:
        causes = ((share, "因重办"), (care, "因住户需要关照"))
        parts = [f"{cause}{_part(part)}" for part, cause in causes if part != 1]
        return f"规定时限{whole}，{'，又'.join(parts)}，为{left}"

    def ahead(self, whole: str, clock: Clock, due: datetime, left: str) -> str:
        return f"规定时限{whole}，但{_until(due)}前须{WAITING[clock]}，签收须在一半时间以内，为{left}"

    def nobody_before(self, clock: Clock) -> str:
        return f"有人签收才有人{WAITING[clock]}"

    def promise(
        self, amount: str, start: datetime, due: datetime, *, closing: bool, counts_today: bool | None
    ) -> str:
        last, time = ended(due)
        day = _day(last) if last.year == start.year else f"{last.year}年{_day(last)}"
        by = "下班前" if closing else f"{time}前"
        return f"自{_moment(start)}起{amount}{COUNTED[counts_today]}，即{day}{by}"

    def first_promised(self, at: datetime) -> str:
        return f"最初承诺{_until(at)}前"

    def days(self, first: date, last: date, names: tuple[str, ...]) -> str:
        festivals = "、".join(dict.fromkeys("春节" if name == "农历除夕" else name for name in names))
        if not festivals:
            return _days(first, last)
        if first == last:
            return f"{festivals}{first.month}月{first.day}日"
        end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
        return f"{festivals}{first.month}月{first.day}日至{end}"

    def skipped(self, days: list[str]) -> str:
        return f"跳过：{'、'.join(days)}"

    def worked(self, day: date, hours: list[tuple[str, str]]) -> str:
        return f"{_day(day)}为调休工作日{f'，工作时间{_hours(hours)}' if hours else ''}"

    def own_day_off(self, first: date, last: date, reason: str) -> str:
        return f"本小区自定休息：{_days(first, last)}{_because(reason)}"

    def own_hours(self, day: date, hours: list[tuple[str, str]], reason: str) -> str:
        return f"本小区自定工作时间：{_day(day)}{_hours(hours)}{_because(reason)}"

    def paused(self, start: datetime, end: datetime, reason: str) -> str:
        return f"{_moment(start)}至{_moment(end)}暂停计时{_because(PAUSES.get(reason, reason))}"

    def appointed(self, at: datetime, *, limit_stays: bool) -> str:
        return f"已与住户约定{_moment(at)}{'，晚于时限，时限不变' if limit_stays else ''}"

    def extended(self, to: datetime) -> str:
        return f"经理批准延期至{_until(to)}"

    def now_due(self, at: datetime) -> str:
        return f"现期限为{_until(at)}"

    def provisional(self, known_from: date, known_until: date) -> str:
        first, last = (f"{day.year}年{day.month}月{day.day}日" for day in (known_from, known_until))
        known = f"{last}以前" if known_from == date.min else f"{first}至{last}"
        return f"暂定：日历目前只有{known}的放假安排"

    def origin(self, source: str, requirement: str, why: str) -> str:
        reason = f"。理由：{why}" if why else ""
        return f"依据：{SEEDS_IN_CHINESE.get(source, source)}，{requirement}{reason}"

    def why(self, rule: Rule | RevisitRule) -> str:
        return rule.why_zh


def _part(share: float) -> str:
    return "减半" if share == 0.5 else f"减至{share:.0%}"


def _hours(hours: list[tuple[str, str]]) -> str:
    return "、".join(f"{opens}至{closes}" for opens, closes in hours)


def _because(reason: str) -> str:
    return f"（{reason}）" if reason else ""


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def _days(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)}至{_day(last)}"


def _moment(moment: datetime) -> str:
    return f"{moment.year}年{_day(moment)}{clock_time(moment)}"


def _until(moment: datetime) -> str:
    day, time = ended(moment)
    return f"{day.year}年{_day(day)}{time}"
