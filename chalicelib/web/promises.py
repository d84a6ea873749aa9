"""What a report is promised, in words: before it is sent, and on its receipt (A11)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.case.clocks import Clocks
from chalicelib.domain.regulation.limits import Clock
from chalicelib.web.formats import short
from chalicelib.web.words import Words


class Promised(Struct, frozen=True):
    """The times that a resident is promised: `sort` and `respond` while nobody has sorted the report."""

    arrival: datetime | None = None
    solve: datetime | None = None
    sort: datetime | None = None
    respond: datetime | None = None


def promised_by(clocks: Clocks, *, is_sorted: bool) -> Promised:
    """The times that these clocks promise."""
    if is_sorted:
        return Promised(arrival=clocks.arrival_due_at, solve=clocks.solve_due_at)
    sort, respond = (
        clocks.deadlines[clock].due_at if clock in clocks.deadlines else None
        for clock in (Clock.SORT, Clock.RESPOND)
    )
    return Promised(clocks.arrival_due_at, clocks.solve_due_at, sort, respond)


def promise_line(promised: Promised, now: datetime, zone: str, words: Words, *, seconds: bool) -> str:
    """The promises in a sentence or two, as people say times: 今天 10:40; empty if nothing is promised."""
    sentences = (
        words(f"promise.{name}", at=soon(at, now, zone, words, seconds=seconds))
        for name in Promised.__struct_fields__
        if (at := getattr(promised, name)) is not None
    )
    return words("page.between_sentences").join(sentences)


def soon(at: datetime, now: datetime, zone: str, words: Words, *, seconds: bool = False) -> str:
    """今天 10:40, 明天 09:00, and 11月25日 周三 09:00 for whatever is later or was before."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = {0: "today", 1: "tomorrow"}.get((local.date() - today).days)
    if day is None:
        return short(at, zone, words, seconds=seconds)
    return words(f"time.{day}", time=f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}")
