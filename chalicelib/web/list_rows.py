"""Cases as rows of a page: what, where and who, how it stands, what burns first and for how long still."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.case import IN_DISPATCH
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Member
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.records import CaseLine
from chalicelib.services.views.rows import Row
from chalicelib.web.case_lines import beginning_of, state_name
from chalicelib.web.case_panels import counts_seconds, due_name, late_clocks
from chalicelib.web.classified import standing_out
from chalicelib.web.formats import phone_dialled, phone_shown, short
from chalicelib.web.words import Words, begun

UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60))


class Countdown(Struct, frozen=True):
    """How long something is away, or over; static/desk.js keeps it true while the page stands."""

    at: str
    said: str
    over: bool


def duration(amount: timedelta, words: Words) -> str:
    """The two largest units of an amount of time: 3天4小时, or 3天; nobody counts seconds."""
    left, parts = int(abs(amount.total_seconds())), list[str]()
    for name, seconds in UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(words(f"time.{name}", n=str(count)))
        if len(parts) == 2 or (parts and not count):
            break
    return words("time.between").join(parts) or words("time.under_a_minute")


def countdown(due: datetime, now: datetime, words: Words) -> Countdown:
    """What a clock that ends then has left, or by how much it is over."""
    over = now >= due
    said = words("desk.over" if over else "desk.left", time=duration(due - now, words))
    return Countdown(due.isoformat(), said, over)


def rows_shown(rows: Iterable[Row], member: Member, words: Words) -> list[dict[str, Any]]:
    """The rows as the template draws them."""
    context, now = wiring.desk().context(member.community), wiring.desk().now()
    seconds = counts_seconds(context)
    return [_shown(row, member, context, now, words, seconds=seconds) for row in rows]


def _shown(
    row: Row, member: Member, context: Context, now: datetime, words: Words, *, seconds: bool
) -> dict[str, Any]:
    line, zone = row.line, member.community.zone
    runs = line.due_for is not None and not line.held
    marked = line.due_for in line.overdue_clocks
    matter = context.regulation.names_of_matter(line.matter)
    due = short(line.due_at, zone, words, seconds=seconds)
    late = marked or (runs and now >= line.due_at)
    return {
        "number": line.number,
        "summary": beginning_of(line, words),
        "matter": begun(words.of(matter)) if matter else line.matter,
        "urgent": line.urgency == "emergency",
        "flags": _flags(line, words),
        "proposed": _proposed(line, context, words),
        "state": state_name(line.state, line.matter, words),
        "handler": name_of(line.handler, context) if line.handler else words("page.unknown_person"),
        "answerable": _answerable(line, member, words),
        "due": _due(line, due, words),
        "late": late,
        "countdown": countdown(line.due_at, now, words) if runs else None,
        "age": words("desk.age", time=duration(now - line.registered_at, words)),
        "since": line.registered_at.isoformat(),
        "registered": short(line.registered_at, zone, words),
        "unit": row.unit,
        "name": row.name,
        "phone": phone_shown(row.phone, member.community.country, words) if row.phone else "",
        "dials": phone_dialled(row.phone) if row.phone and not row.masked else "",
    }


def _due(line: CaseLine, at: str, words: Words) -> str:
    """What is due and when; in a pause, when it is after that."""
    if line.due_for is None:
        return ""
    what = due_name(line.due_for, words)
    return words("desk.due_after_pause", what=what, at=at) if line.held else f"{what} {at}"


def _flags(line: CaseLine, words: Words) -> list[str]:
    """What stands out: urgency, severity, and what somebody waits for."""
    others = [clock for clock in line.overdue_clocks if clock != line.due_for]
    return [
        flag
        for flag in (
            *pressing(line, words),
            words("desk.extension_asked") if line.extension_asked else "",
            words("desk.points_open", count=line.points_open) if line.points_open else "",
            words("desk.call_back") if line.call_back else "",
            words("desk.to_call") if line.to_call else "",
            words("desk.plan_waits") if line.unconfirmed_plan else "",
            words("desk.sign_off_waits") if line.unsigned_result else "",
            words("desk.unaccepted") if line.unaccepted else "",
            words("desk.paused") if line.paused else "",
            late_clocks(others, words),
        )
        if flag
    ]


def pressing(line: CaseLine, words: Words) -> tuple[str, ...]:
    """What makes a case press, in words: how urgent and how serious it is, and danger (A6)."""
    danger = (words("desk.danger"),) if line.danger else ()
    return (*standing_out(line.urgency, line.severity, words), *danger)


def _proposed(line: CaseLine, context: Context, words: Words) -> str:
    """The matter that the triage proposes for a case that nobody has sorted yet."""
    known = context.regulation.names_of_matter(line.proposed) if line.proposed else None
    return words("triage.may_be", matter=words.of(known)) if known and line.matter == UNSORTED else ""


def _answerable(line: CaseLine, member: Member, words: Words) -> str:
    """Whoever took the case in and answers for it alone, until somebody has signed (A9)."""
    alone = line.state in IN_DISPATCH and line.answerable in {line.followed_by} - {None, line.handler}
    who = member.community.member(line.answerable or "") if alone else None
    return words("desk.answerable", name=who.name) if who else ""
