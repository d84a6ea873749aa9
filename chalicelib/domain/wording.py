"""Dates, amounts and the few sentences of a deadline's reasons, in the languages that managers read."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.limits import CountFrom, Limit, Unit

FESTIVALS: Mapping[str, str] = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "农历除夕": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
"""The statutory festivals of China; any other name is shown as it is."""

PAUSES: Mapping[str, str] = {
    "waiting_for_resident": "等待业主",
    "waiting_for_parts": "等待配件",
    "waiting_for_weather": "等待天气",
    "waiting_for_third_party": "等待第三方",
}


SEEDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "S0": "S0 reception rules",
        "S1": "S1 service measures",
        "S2": "S2 concierge",
        "S3": "S3 contact sheet",
        "S4": "S4 reception centre",
        "ours": "our own rule",
    },
    "zh-CN": {
        "S0": "S0《接待制度》",
        "S1": "S1《投诉处理措施》",
        "S2": "S2《礼宾助理》",
        "S3": "S3《工作联系单》",
        "S4": "S4《接待中心》",
        "ours": "本公司自定",
    },
}
"""The source regulations by their short titles."""


class Wording(Protocol):
    """What a language must be able to say; days and times are local."""

    joint: str

    def amount(self, limit: Limit, working_day: timedelta) -> str: ...
    def promise(self, amount: str, start: datetime, due: datetime, *, closing: bool) -> str: ...
    def days(self, first: date, last: date, names: tuple[str, ...]) -> str: ...
    def skipped(self, days: list[str]) -> str: ...
    def worked(self, day: date) -> str: ...
    def other_hours(self, day: date, name: str) -> str: ...
    def shortened(self, share: float) -> str: ...
    def paused(self, start: datetime, end: datetime, reason: str) -> str: ...
    def appointed(self, at: datetime) -> str: ...
    def extended(self, to: datetime) -> str: ...
    def now_due(self, at: datetime) -> str: ...
    def provisional(self, last_published: date) -> str: ...
    def origin(self, source: str, requirement: str) -> str: ...


class English:
    """Reasons in English."""

    joint = ", "

    def amount(self, limit: Limit, working_day: timedelta) -> str:
        unit = limit.unit.replace("_", " ")
        if limit.unit is Unit.WORKING_DAYS and limit.count is CountFrom.MOMENT:
            hours = working_day * limit.amount / timedelta(hours=1)
            number = "half a working day" if limit.amount == 0.5 else f"{limit.amount:g} {unit}"
            return f"{number} ({hours:g} working hours)"
        if not limit.around_the_clock and limit.unit is not Unit.WORKING_DAYS:
            unit = f"working {unit}"
        return f"{limit.amount:g} {unit if limit.amount != 1 else unit.removesuffix('s')}"

    def promise(self, amount: str, start: datetime, due: datetime, *, closing: bool) -> str:
        by = "by the end of " if closing else "by "
        return f"{amount} from {_en_moment(start)}, so {by}{_en(due, start, time=not closing)}"

    def days(self, first: date, last: date, names: tuple[str, ...]) -> str:
        festivals = " and ".join(dict.fromkeys(FESTIVALS.get(name, name) for name in names))
        if first == last:
            return f"{festivals} {first.day} {first:%b}" if festivals else _en_day(first)
        if not festivals:
            return f"{_en_day(first)}–{_en_day(last)}"
        begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b} "
        return f"{festivals} {begin}–{last.day} {last:%b}".replace(" –", "–")

    def skipped(self, days: list[str]) -> str:
        return f"skipped: {self.joint.join(days)}"

    def worked(self, day: date) -> str:
        return f"{_en_day(day)} is a working day"

    def other_hours(self, day: date, name: str) -> str:
        return f"{_en_day(day)} has other hours: {name}"

    def shortened(self, share: float) -> str:
        return f"this round has {share:.0%} of the limit, because the case came back"

    def paused(self, start: datetime, end: datetime, reason: str) -> str:
        why = f" ({reason.replace('_', ' ')})" if reason else ""
        return f"paused from {_en_moment(start)} to {_en_moment(end)}{why}"

    def appointed(self, at: datetime) -> str:
        return f"appointment agreed for {_en_moment(at)}"

    def extended(self, to: datetime) -> str:
        return f"extended by the manager to {_en_moment(to)}"

    def now_due(self, at: datetime) -> str:
        return f"so now due {_en_moment(at)}"

    def provisional(self, last_published: date) -> str:
        day = f"{last_published.day} {last_published:%b %Y}"
        return f"provisional: the holidays after {day} are not published yet"

    def origin(self, source: str, requirement: str) -> str:
        return f"{SEEDS['en'].get(source, source)}, {requirement}"


def _en_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _en(moment: datetime, beside: datetime, *, time: bool) -> str:
    year = "" if moment.year == beside.year else f" {moment.year}"
    clock = f" {_clock(moment)}" if time else ""
    return f"{_en_day(moment)}{year}{clock}"


def _en_moment(moment: datetime) -> str:
    return f"{_en_day(moment)} {moment.year} {_clock(moment)}"


class Chinese:
    """Reasons in Simplified Chinese."""

    joint = "、"
    units: Mapping[Unit, str] = {
        Unit.SECONDS: "秒",
        Unit.MINUTES: "分钟",
        Unit.HOURS: "小时",
        Unit.DAYS: "天",
        Unit.WORKING_DAYS: "个工作日",
    }

    def amount(self, limit: Limit, working_day: timedelta) -> str:
        unit = self.units[limit.unit]
        if limit.unit is Unit.WORKING_DAYS and limit.count is CountFrom.MOMENT:
            hours = working_day * limit.amount / timedelta(hours=1)
            number = "半个工作日" if limit.amount == 0.5 else f"{limit.amount:g}{unit}"
            return f"{number}（{hours:g}个工作小时）"
        if not limit.around_the_clock and limit.unit is Unit.HOURS:
            unit = "个工作小时"
        return f"{limit.amount:g}{unit}"

    def promise(self, amount: str, start: datetime, due: datetime, *, closing: bool) -> str:
        day = _zh_day(due) if due.year == start.year else f"{due.year}年{_zh_day(due)}"
        return f"自{_zh_moment(start)}起{amount}，即{day}{'下班前' if closing else f'{_clock(due)}前'}"

    def days(self, first: date, last: date, names: tuple[str, ...]) -> str:
        festivals = "、".join(dict.fromkeys("春节" if name == "农历除夕" else name for name in names))
        if first == last:
            return f"{festivals}{first.month}月{first.day}日" if festivals else _zh_day(first)
        if not festivals:
            return f"{_zh_day(first)}至{_zh_day(last)}"
        end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
        return f"{festivals}{first.month}月{first.day}日至{end}"

    def skipped(self, days: list[str]) -> str:
        return f"跳过：{self.joint.join(days)}"

    def worked(self, day: date) -> str:
        return f"{_zh_day(day)}为调休工作日"

    def other_hours(self, day: date, name: str) -> str:
        return f"{_zh_day(day)}工作时间另定：{name}"

    def shortened(self, share: float) -> str:
        return f"因返工，本轮时限为原时限的{share:.0%}"

    def paused(self, start: datetime, end: datetime, reason: str) -> str:
        why = f"（{PAUSES.get(reason, reason)}）" if reason else ""
        return f"{_zh_moment(start)}至{_zh_moment(end)}暂停计时{why}"

    def appointed(self, at: datetime) -> str:
        return f"已与业主约定{_zh_moment(at)}"

    def extended(self, to: datetime) -> str:
        return f"经理批准延期至{_zh_moment(to)}"

    def now_due(self, at: datetime) -> str:
        return f"现期限为{_zh_moment(at)}"

    def provisional(self, last_published: date) -> str:
        day = f"{last_published.year}年{last_published.month}月{last_published.day}日"
        return f"暂定：{day}以后的放假安排尚未公布"

    def origin(self, source: str, requirement: str) -> str:
        return f"依据：{SEEDS['zh-CN'].get(source, source)}，{requirement}"


WEEKDAYS = "一二三四五六日"


def _zh_day(day: date) -> str:
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def _zh_moment(moment: datetime) -> str:
    return f"{moment.year}年{_zh_day(moment)}{_clock(moment)}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


WORDINGS: Mapping[str, Wording] = {"en": English(), "zh-CN": Chinese()}


def wording_of(locale: str) -> Wording:
    """The wording of a locale; `InvalidInputError` names those there are."""
    try:
        return WORDINGS[locale]
    except KeyError:
        raise InvalidInputError(
            f"Reasons cannot be told in {locale!r}; there are {', '.join(WORDINGS)}."
        ) from None
