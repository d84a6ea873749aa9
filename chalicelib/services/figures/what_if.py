"""A month's real cases under another regulation, side by side with the community's own (G23)."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.figures.what_if import Judged, WhatIf, added_up, judged, past_case
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.services.desk import Desk
from chalicelib.services.figures.what_if_view import ClockSide, Compared, Side, WhatIfView
from chalicelib.services.records import CaseLine

PAGE = 100
MONTHS_BACK = 12


class Pair(Struct, frozen=True):
    """One case under both regulations."""

    department: str
    matter: str
    own: Judged
    other: Judged


class Run(Struct, frozen=True):
    """What was run, and where the register goes on."""

    pairs: tuple[Pair, ...]
    unknown: int
    cursor: Mapping[str, str] | None


def run_month(
    desk: Desk,
    community: Community,
    month: str,
    pack: str,
    most: int | None = None,
    cursor: Mapping[str, str] | None = None,
    tell: Callable[[int], None] = lambda _: None,
    may_know: Callable[[CaseLine], bool] = lambda _: True,
) -> Run:
    """Run the cases of a month (`YYYYMM`) under two regulations.

    At most so many cases, from the cursor on, of those that the asker may know of (G13).

    InvalidInputError names the regulations there are for one that is not.
    """
    own, other = desk.regulations.get(community.regulation), desk.regulations.get(pack)
    calendar, now = desk.calendars.of(community), desk.now()
    pairs: list[Pair] = []
    unknown = 0
    while True:
        left = PAGE if most is None else min(PAGE, most - len(pairs) - unknown)
        page = desk.cases.register(community.id, month, left, cursor)
        for line in filter(may_know, page.items):
            case = past_case(desk.cases.events(community.id, line.number))
            if all(regulation.known_matter(case.facts.matter) for regulation in (own, other)):
                both = (judged(regulation, calendar, case, now) for regulation in (own, other))
                pairs.append(Pair(case.department, own.matter(case.facts.matter).id, *both))
            else:
                unknown += 1
            tell(len(pairs) + unknown)
        cursor = page.cursor
        if cursor is None or (most is not None and len(pairs) + unknown >= most):
            return Run(tuple(pairs), unknown, cursor)


def compared(
    desk: Desk,
    community: Community,
    month: str,
    pack: str,
    run: Run,
    words: Catalogue,
    cursor: str | None = None,
) -> WhatIfView:
    """The comparison of a run in rows: all of it, by department, by matter."""
    own, other = desk.regulations.get(community.regulation), desk.regulations.get(pack)
    by_department, by_matter = _grouped(run.pairs, "department"), _grouped(run.pairs, "matter")
    groups = [(TOTAL, list(run.pairs)), *by_department, *by_matter]
    return WhatIfView(
        community=community.id,
        month=f"{month[:4]}-{month[4:]}",
        zone=community.zone,
        own=own.id,
        other=other.id,
        cases=len(run.pairs),
        unknown=run.unknown,
        rows=tuple(
            Compared(
                row.dimension,
                row.value,
                len(pairs),
                _side(own, (pair.own for pair in pairs), len(pairs)),
                _side(other, (pair.other for pair in pairs), len(pairs)),
            )
            for row, pairs in groups
        ),
        assumptions=tuple(words.groups["assumptions"].values()),
        cursor=cursor,
    )


def _grouped(pairs: Iterable[Pair], dimension: str) -> list[tuple[Row, list[Pair]]]:
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(getattr(pair, dimension), []).append(pair)
    return [(Row(dimension, value), some) for value, some in sorted(groups.items())]


def _side(regulation: Regulation, cases: Iterable[Judged], number: int) -> Side:
    found: WhatIf = added_up(regulation, cases)
    solve = next((figures for figures in found.clocks if figures.clock is Clock.SOLVE), None)
    overdue = solve.overdue if solve else 0
    return Side(
        overdue=overdue,
        overdue_rate=round(overdue / number, 4) if number else None,
        deadlines=sum(figures.deadlines for figures in found.clocks),
        busiest_day=found.busiest_day,
        due_on_busiest_day=found.due_on_busiest_day,
        revisits=found.revisits,
        clocks=tuple(
            ClockSide(figures.clock, figures.deadlines, figures.overdue, round(figures.overdue_rate, 4))
            for figures in found.clocks
        ),
    )


def last_month(desk: Desk, community: Community) -> str:
    """The month before the present one, as `YYYYMM`, in the community's zone."""
    today = desk.calendars.of(community).local_date(desk.now())
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year}{month:02d}"


def month_to_run(desk: Desk, community: Community) -> str:
    """The month before the present one, or the newest with cases where that has none."""
    last = last_month(desk, community)
    return last if has_cases(desk, community, last) else next(_with_cases(desk, community), last)


def months_with_cases(desk: Desk, community: Community) -> tuple[str, ...]:
    """The months (`YYYYMM`) of the last year with cases, the present one first."""
    return tuple(_with_cases(desk, community))


def _with_cases(desk: Desk, community: Community) -> Iterator[str]:
    today = desk.calendars.of(community).local_date(desk.now())
    ends = [today.year * 12 + today.month - 1 - back for back in range(MONTHS_BACK)]
    months = (f"{end // 12}{end % 12 + 1:02d}" for end in ends)
    return (past for past in months if has_cases(desk, community, past))


def has_cases(desk: Desk, community: Community, month: str) -> bool:
    """Whether any case was registered in a month (`YYYYMM`)."""
    return bool(desk.cases.register(community.id, month, 1, None).items)


def check_month(desk: Desk, community: Community, month: str) -> None:
    """InvalidInputError for a month (`YYYYMM`) without cases, naming those of the last year with some."""
    if has_cases(desk, community, month):
        return
    known = ", ".join(f"{past[:4]}-{past[4:]}" for past in months_with_cases(desk, community))
    raise InvalidInputError(
        f"No cases were registered in {month[:4]}-{month[4:]}; of the last {MONTHS_BACK} months "
        f"{f'these have some: {known}' if known else 'none has any'}."
    )


def check_other(community: Community, pack: str) -> None:
    """InvalidInputError for the community's own regulation: there would be nothing to compare."""
    if pack == community.regulation:
        raise InvalidInputError(f"The community runs under {pack} already; ask about another regulation.")
