"""A month under another regulation as a page: what would have been late, and how much to do (G23)."""

from collections.abc import Iterable
from functools import partial

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.community.community import Member
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.desk import Desk
from chalicelib.services.figures.what_if import (
    compared,
    has_cases,
    month_to_run,
    months_with_cases,
    run_month,
)
from chalicelib.services.figures.what_if_view import MOST_CASES, Compared, Side, WhatIfView
from chalicelib.services.views.lists import is_open_to
from chalicelib.services.views.regulation_view import regulation_list
from chalicelib.web.desk_pages import framed
from chalicelib.web.figures_page import row_name
from chalicelib.web.formats import day_name, month_name
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

WHAT_IF = "what-if"
COLUMNS = ("overdue", "overdue_rate", "deadlines", "busiest", "revisits")
GROUPS = (TOTAL.dimension, "department", "matter")


def what_if_page(
    reader: Reader, visit: Visit, pack: str | None, given: str | None, cursor: str | None
) -> Response:
    """The what-if: what is asked, and the month under both regulations once one is chosen.

    Nothing is run before that. One page runs `MOST_CASES`; where the month has more it says so, and the next
    page runs those that follow.
    """
    desk, words, member = wiring.desk(), reader.words, visit.member
    own = member.community.regulation
    others = {line.id: words.of(line.names) for line in regulation_list(desk).items if line.id != own}
    if pack is not None and pack not in others:
        raise NotFoundError(f"There is no other regulation {pack[:60]!r}.")
    month, problem, months = _month(desk, member, given, words)
    found = None
    if pack is not None and not problem:
        if cursor or has_cases(desk, member.community, month):
            found = _found(desk, member, words, month, pack, cursor)
        else:
            months = months_with_cases(desk, member.community)
            problem = words(f"what_if.{'no_cases' if months else 'none'}", month=month_name(month, words))
    home = f"desk/{member.community.id}/{WHAT_IF}"
    return page(
        reader,
        "what_if.html",
        400 if problem and given else 200,
        **framed(reader, visit, WHAT_IF),
        title=words("what_if.title"),
        own=words.of(desk.regulations.get(own).names),
        packs=list(others.items()),
        pack=pack or "",
        other=others.get(pack or "", ""),
        month=_typed(month),
        month_name=month_name(month, words),
        problem=problem,
        months=[(_typed(past), month_name(past, words)) for past in months],
        found=found,
        most=str(MOST_CASES),
        columns=[words(f"what_if.{column}") for column in COLUMNS],
        list_path=home,
        here=f"{reader.root}{home}",
    )


def _month(desk: Desk, member: Member, given: str | None, words: Words) -> tuple[str, str, tuple[str, ...]]:
    """The month that is meant, by default the last one with cases; or why it is none."""
    if not given:
        return month_to_run(desk, member.community), "", ()
    try:
        return month_asked(given), "", ()
    except InvalidInputError:
        shown = month_to_run(desk, member.community)
        said = words("figures.no_such_month", asked=given[:20], shown=month_name(shown, words))
        return shown, said, ()


def _typed(month: str) -> str:
    return f"{month[:4]}-{month[4:]}"


def _found(
    desk: Desk, member: Member, words: Words, month: str, pack: str, sealed: str | None
) -> dict[str, object]:
    """The month under both, as the tables show it."""
    listing = "\0".join(("what-if", member.community.id, member.username, pack, month))
    begin = unseal(desk.codes, listing, sealed)
    known = partial(is_open_to, member)
    run = run_month(desk, member.community, month, pack, MOST_CASES, begin, may_know=known)
    more = seal(desk.codes, listing, run.cursor)
    view = compared(desk, member.community, month, pack, run, words.shared, more)
    counted = words.shared.counted
    return {
        "cases": counted("what_if.cases", view.cases),
        "unknown": counted("what_if.unknown", view.unknown) if view.unknown else "",
        "more": more,
        "goes_on": bool(sealed),
        "groups": _groups(view, member, words),
        "clocks": _clocks(view.rows[0], words),
        "busiest": _busiest(view.rows[0], words),
        "assumptions": view.assumptions,
    }


def _groups(view: WhatIfView, member: Member, words: Words) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """The rows by dimension; a pair of cells for each column, own and other."""
    groups = []
    for part in GROUPS:
        heading = "" if part == TOTAL.dimension else words(f"figures.by_{part}")
        rows = [
            (
                words("figures.total") if row.value is None else row_name(row, member, words),
                [str(row.cases), *_pairs(row)],
            )
            for row in view.rows
            if row.dimension == part
        ]
        groups += [(heading, rows)] if rows else []
    return groups


def _pairs(row: Compared) -> Iterable[str]:
    for own, other in zip(_cells(row.own), _cells(row.other), strict=True):
        yield own
        yield other


def _cells(side: Side) -> tuple[str, ...]:
    """The cells of one side, in the order of `COLUMNS`."""
    rate = "–" if side.overdue_rate is None else f"{side.overdue_rate:.0%}"
    counts = (side.deadlines, side.due_on_busiest_day, side.revisits)
    return (str(side.overdue), rate, *(str(count) for count in counts))


def _busiest(total: Compared, words: Words) -> str:
    """On which day most falls due, under each."""
    own, other = total.own.busiest_day, total.other.busiest_day
    if own is None or other is None:
        return ""
    return words("what_if.busiest_days", own=day_name(own, words), other=day_name(other, words))


def _clocks(total: Compared, words: Words) -> list[tuple[str, list[str]]]:
    """Each clock that either has: deadlines and missed, own and other."""
    own, other = ({side.clock: side for side in of.clocks} for of in (total.own, total.other))
    lines = []
    for clock in dict.fromkeys((*own, *other)):
        sides = (own.get(clock), other.get(clock))
        counts = [str(side.deadlines) if side else "–" for side in sides]
        missed = [str(side.overdue) if side else "–" for side in sides]
        lines.append((words.name("clocks", clock), [*counts, *missed]))
    return lines
