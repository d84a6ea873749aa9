"""The figures of a month, as far as the asker may see them (E1, G17).

They take two queries, however many cases the month has.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.figures.about_rows import for_reader
from chalicelib.domain.figures.counters import COUNTERS
from chalicelib.domain.figures.rates import Rates, rates
from chalicelib.domain.figures.small_groups import is_small, published, published_rates, shown_of
from chalicelib.domain.regulation.policies import Targets
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.services.desk import Desk
from chalicelib.services.figures.quotas import QuotaView, quota_views
from chalicelib.services.figures.targets import TargetView, published_targets, target_views

FIGURE_READERS = frozenset(
    {
        Role.AGENT,
        Role.SUPERVISOR,
        Role.DEPARTMENT_HEAD,
        Role.MANAGER,
        Role.COMPANY_HEAD,
        Role.COMMITTEE,
    }
)

OUTSIDE = frozenset({Role.COMMITTEE})
"""Who reads figures and is none of the company's: what they get is what may be published (G16)."""

ALL = (TOTAL.dimension, "")
Whole = tuple[str, str, str]
"""What a division divides: the division, and the row of the whole, by its dimension and value."""

SEES_EVERY_HANDLER = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD})


class FigureRow(Struct, frozen=True):
    """One row of the month: `dimension` is total, kind, category, matter, department, channel or handler."""

    dimension: str
    value: str | None
    counters: Mapping[str, int]
    rates: Rates


class MonthFigures(Struct, frozen=True):
    """The figures of the cases registered in a month (`YYYY-MM`), the total first.

    `targets` and `quotas` are those of the regulation that the community runs under now. `goals` puts the
    month beside each target. What may be `published`, and whoever is outside the company, has counts in
    fives, rounded down (0 is fewer than five, zero or not, so that parts need not add up; `not_to_solve` is
    a counter more), rates in steps, no group of fewer than five cases, and no quotas (G16).
    """

    community: str
    month: str
    zone: str
    targets: Targets
    goals: tuple[TargetView, ...]
    rows: tuple[FigureRow, ...]
    quotas: tuple[QuotaView, ...]
    published: bool = False


def figures_of(desk: Desk, member: Member, month: str) -> MonthFigures:
    """The figures of a month (`YYYYMM`) that the member may see.

    There is a total even if there was no case.

    How single handlers do is for leaders: a head sees the own department's, agents none. Whoever is outside
    the company gets what may be published.
    """
    return published_of(desk, member, month) if member.role in OUTSIDE else _exact(desk, member, month)


def published_of(desk: Desk, member: Member, month: str) -> MonthFigures:
    """A month as it may be shown outside the company: nothing in it tells of a few cases (G16).

    Matters are parts of their category, and shown where it is; where the regulation has them no more, not.
    """
    figures = _exact(desk, member, month)
    total = figures.rows[0]
    few = is_small(total.counters)
    shown = [] if few else _rows_shown(figures.rows, desk.regulations.get(member.community.regulation))
    return replace(
        figures,
        goals=published_targets(figures.goals, few=few),
        rows=tuple(
            replace(row, counters=published(row.counters), rates=published_rates(row.counters, row.rates))
            for row in (total, *shown)
        ),
        quotas=(),
        published=True,
    )


def _rows_shown(rows: Sequence[FigureRow], regulation: Regulation) -> list[FigureRow]:
    """The rows of groups that may be shown, each beside what it divides."""
    counters = {(row.dimension, row.value or ""): row.counters for row in rows}
    parts: defaultdict[Whole, dict[str, Mapping[str, int]]] = defaultdict(dict)
    for row in rows:
        if row.dimension not in {TOTAL.dimension, "handler"}:
            parts[_whole_of(row, regulation)][row.value or ""] = row.counters
    shown = {whole: shown_of(counters.get(whole[1:], {}), parts[whole]) for whole in parts}
    categories = shown.get(("category", *ALL), frozenset())
    return [
        row
        for row in rows
        if (row.value or "") in shown.get(_whole_of(row, regulation), ())
        and (row.dimension != "matter" or _whole_of(row, regulation)[2] in categories)
    ]


def _whole_of(row: FigureRow, regulation: Regulation) -> Whole:
    """What the row is a part of, and in which division: a matter of its category, others of the total."""
    if row.dimension != "matter":
        return row.dimension, *ALL
    known = regulation.known_matter(row.value or "")
    return row.dimension, "category", known.category if known else (row.value or "")


def _exact(desk: Desk, member: Member, month: str) -> MonthFigures:
    stored = {TOTAL: {}, **for_reader(desk.figures.month(member.community.id, month), member)}
    rows = tuple(
        _shown(row, counters)
        for row, counters in sorted(stored.items(), key=lambda stood: (stood[0] != TOTAL, stood[0]))
        if _may_see(member, row)
    )
    community = member.community
    regulation = desk.regulations.get(community.regulation)
    return MonthFigures(
        community=community.id,
        month=f"{month[:4]}-{month[4:]}",
        zone=community.zone,
        targets=regulation.targets,
        goals=target_views(
            regulation.targets,
            stored[TOTAL],
            _year_before(desk, member, month),
            households_in(desk, community),
        ),
        rows=rows,
        quotas=quota_views(regulation.sampling, stored),
    )


def households_in(desk: Desk, community: Community) -> int:
    """How many households a community has: as its register counts, else as its directory says (E9)."""
    units = desk.households.count(community.id)
    return community.households if units is None else units


def _year_before(desk: Desk, member: Member, month: str) -> Mapping[str, int]:
    """The counters of the same month a year before: each case stands in one row of its kind."""
    before = desk.figures.month(member.community.id, f"{int(month[:4]) - 1:04d}{month[4:]}", "kind")
    rows = for_reader(before, member)
    return sum((Counter(row) for row in rows.values()), Counter())


def _shown(row: Row, counters: Mapping[str, int]) -> FigureRow:
    every = {name: counters.get(name, 0) for name in COUNTERS}
    return FigureRow(row.dimension, row.value, every, rates(every))


def _may_see(member: Member, row: Row) -> bool:
    if row.dimension != "handler" or member.role in SEES_EVERY_HANDLER:
        return True
    if member.role is not Role.DEPARTMENT_HEAD:
        return False
    handler = member.community.person(row.value) if row.value else None
    return handler is not None and bool(set(handler.departments) & set(member.departments))
