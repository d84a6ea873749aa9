"""What the forms of the roster page say, and what becomes of them (B14)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.roster import EXTRA, LEAVE, SWAP, DutyChange, Shift
from chalicelib.domain.errors import DomainError, InvalidInputError, NotFoundError
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.duty import roster
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import TYPED
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to
from chalicelib.web.roster_file import looked_at, plan_shown, taken_over
from chalicelib.web.roster_page import roster_page

CHECK, LOAD = "check", "load"
OF_A_FILE = frozenset({CHECK, LOAD})
Act = Callable[[Member, Typed], Community]


def act_on(reader: Reader, visit: Visit, act: str) -> Response:
    """Do what a form asks, and go back to the week; or show it again with what is wrong, as typed."""
    typed, community = form_fields(visit.request), visit.member.community
    if act in OF_A_FILE and visit.member.role in roster.PLANNERS:
        return _act_on_file(reader, visit, act, typed)
    if act not in ACTS:
        raise NotFoundError("The roster has no such form.")
    try:
        ACTS[act](visit.member, typed)
    except DomainError as error:
        why = refusal(error, community.zone, reader.words, community.phone)
        week, department = typed.get("week", ""), typed.get("shown", "")
        return roster_page(reader, visit, week, department, (act, typed), why, status_of(error))
    query = "&".join(
        f"{name}={value}"
        for name, value in (("week", typed.get("week", "")), ("department", typed.get("shown", "")))
        if value.replace("-", "").replace("_", "").isalnum() and value.isascii()
    )
    return go_to(reader, f"desk/{community.id}/roster" + (f"?{query}" if query else ""))


def _act_on_file(reader: Reader, visit: Visit, act: str, typed: Typed) -> Response:
    """Look at a file, or take it over that was looked at; what is wrong with it is said line by line."""
    community = visit.member.community
    try:
        if act == CHECK:
            data, plan = looked_at(visit)
        else:
            left = taken_over(visit.member, typed)
            if left is None:
                return go_to(reader, f"desk/{community.id}/roster")
            data, plan = b"", left
    except DomainError as error:
        why = refusal(error, community.zone, reader.words, community.phone)
        return roster_page(reader, visit, "", "", (CHECK, {}), why, status_of(error))
    file = plan_shown(data, plan, community, reader.words)
    return roster_page(reader, visit, status=400 if plan.wrong else 200, file=file)


def _add_turn(member: Member, typed: Typed) -> Community:
    days = tuple(day for day in range(7) if typed.get(f"day{day}") == "yes")
    shift = Shift(
        typed.get("department", ""),
        typed.get("username", ""),
        days,
        _clock(typed.get("starts", "")),
        _clock(typed.get("ends", "")),
    )
    return roster.add_turn(wiring.desk(), member, shift)


def _drop_turn(member: Member, typed: Typed) -> Community:
    return roster.drop_turn(wiring.desk(), member, typed.get("key", ""))


def _change(kind: str) -> Act:
    def add(member: Member, typed: Typed) -> Community:
        has_back = kind == SWAP and bool(typed.get("back_starts") or typed.get("back_ends"))
        change = DutyChange(
            id="",
            kind=kind,
            username=typed.get("username", "") or (member.username if kind == SWAP else ""),
            starts=_moment(typed.get("starts", "")),
            ends=_moment(typed.get("ends", "")),
            department=typed.get("department") or None if kind != LEAVE else None,
            other=typed.get("other") or None if kind == SWAP else None,
            back_starts=_moment(typed.get("back_starts", "")) if has_back else None,
            back_ends=_moment(typed.get("back_ends", "")) if has_back else None,
        )
        return roster.add_change(wiring.desk(), member, change)

    return add


def _agree(member: Member, typed: Typed) -> Community:
    return roster.agree(wiring.desk(), member, typed.get("change", ""))


def _take_back(member: Member, typed: Typed) -> Community:
    return roster.take_back(wiring.desk(), member, typed.get("change", ""))


ACTS: Mapping[str, Act] = {
    "turn": _add_turn,
    "drop-turn": _drop_turn,
    "leave": _change(LEAVE),
    "extra": _change(EXTRA),
    "swap": _change(SWAP),
    "agree": _agree,
    "take-back": _take_back,
}
"""Each form of the page → what it does."""


def _clock(text: str) -> time:
    """A time of day as typed: 08:00, 8:00; 24:00 is midnight."""
    given = text.strip().replace("：", ":")
    try:
        return (
            time()
            if given == "24:00"
            else _parsed(given.removesuffix(":00") if given.count(":") > 1 else given, "%H:%M").time()
        )
    except ValueError:
        raise InvalidInputError(
            f"'{text[:20]}' is no time of day; write it like 08:30.", "no_clock_time"
        ) from None


def _moment(text: str) -> datetime:
    """A local moment, as a browser's picker sends it or as people type it."""
    for pattern in TYPED:
        try:
            return _parsed(text.strip(), pattern).replace(second=0)
        except ValueError:
            continue
    raise InvalidInputError(
        f"'{text[:20]}' is no day and time; write it like 2026-12-01 08:30.", "no_local_moment"
    )


def _parsed(text: str, pattern: str) -> datetime:
    """What a clock on the wall shows, whatever its offset."""
    return datetime.strptime(text, pattern).replace(tzinfo=UTC).replace(tzinfo=None)
