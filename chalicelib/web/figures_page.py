"""The figures of a month as a plain table (E1, G17)."""

from collections.abc import Callable, Sequence

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Member
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.figures.counters import NOT_TO_SOLVE
from chalicelib.domain.figures.small_groups import SMALLEST, shown_count
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.figures.month import FigureRow, MonthFigures, figures_of
from chalicelib.services.figures.quotas import QuotaView
from chalicelib.services.figures.targets import TargetView
from chalicelib.services.figures.what_if_view import Compared
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_choices import department_name
from chalicelib.web.formats import month_name
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

PARTS = ("kind", "category", "matter", "department", "channel")
"""The dimensions of the table of cases, in order, below the total."""

QUOTA_COLUMNS = ("goal", "share", "done", "awaited", "wanted", "missing")
GOAL_COLUMNS = ("target", "actual", "reached")

COUNTS = ("registered", "open", "solved", "not_to_solve", "open_overdue")
"""Every case that is registered is either open, solved, or one of those that need not be solved."""

SHARES = ("on_time", "overdue", "first_late", "fixed_first_time", "registered_in_time")
CASES = (*COUNTS, *SHARES, "handling_hours", "ratings", "average_rating", "satisfied", "reopened")

ROUNDS = (*COUNTS, *SHARES, "handling_hours", "paused_share", *CASES[-4:])
"""What stands for cases, and what for the rounds of work of a handler, with their pauses (G4)."""

Counted = Callable[[int], str]
"""How a count is written."""

OF_ROUNDS = {"registered": "rounds", "solved": "rounds_completed"}
"""What these columns are called where rounds are counted."""


def figures_page(reader: Reader, visit: Visit, asked: str | None) -> Response:
    """The figures of a month as a table.

    Without a month it is the present one; so it is for a text that is no month, and a sentence says so.
    """
    desk, words, member = wiring.desk(), reader.words, visit.member
    month, unknown = month_of(desk.now(), member.community.zone), ""
    try:
        month = month_asked(asked) if asked else month
    except InvalidInputError:
        unknown = words("figures.no_such_month", asked=(asked or "")[:20], shown=month_name(month, words))
    figures = figures_of(desk, member, month)
    rows, counted = figures.rows, counting(words, published=figures.published)
    groups = [("", [(words("figures.total"), cells_of(rows[0], CASES, counted))])]
    for part in PARTS:
        of_part = [row for row in rows if row.dimension == part]
        some = [(row_name(row, member, words), cells_of(row, CASES, counted)) for row in of_part]
        if some:
            groups.append((words(f"figures.by_{part}"), some))
    handlers = [row for row in rows if row.dimension == "handler"]
    home = f"desk/{member.community.id}/figures"
    return page(
        reader,
        "figures.html",
        400 if unknown else 200,
        unknown=unknown,
        **framed(reader, visit, "figures"),
        title=words("figures.title", month=month_name(month, words)),
        month=f"{month[:4]}-{month[4:]}",
        figures_path=home,
        quota_columns=[words(f"figures.quota_{column}") for column in QUOTA_COLUMNS],
        columns=[words(f"figures.{column}") for column in CASES],
        groups=groups,
        round_columns=[words(f"figures.{OF_ROUNDS.get(column, column)}") for column in ROUNDS],
        handlers=[(row_name(row, member, words), cells_of(row, ROUNDS, counted)) for row in handlers],
        goal_columns=[words(f"figures.goal_{column}") for column in GOAL_COLUMNS],
        goals_lead=_goals_lead(figures, words),
        goals=[_target(target, words, counted) for target in figures.goals],
        details_sum="" if figures.published else words("figures.details_sum"),
        contact_unknown=_contact_unknown(rows[0], words, counted),
        asked_again=_asked_again(rows[0], words, counted),
        unrevisited=_unrevisited(rows[0], words, counted),
        reports=_reports(rows[0], words, counted),
        acceptance=_acceptance(rows[0], words, counted),
        quotas=[_quota(quota, words) for quota in figures.quotas],
        lead=words("months.left_out", least=str(SMALLEST)) if figures.published else words("figures.lead"),
        empty=_why_empty(figures, words),
    )


def counting(words: Words, *, published: bool) -> Counted:
    """How a count is written: as it stands or, where it is published, "fewer than k" for every small one."""

    def written(count: int) -> str:
        shown = shown_count(count) if published else count
        return words("figures.fewer", least=str(SMALLEST)) if shown is None else str(shown)

    return written


def _goals_lead(figures: MonthFigures, words: Words) -> str:
    if figures.published:
        return words("figures.goals_lead_published")
    return words("figures.goals_lead")


def _why_empty(figures: MonthFigures, words: Words) -> str:
    """Why there is nothing to show; empty where there is."""
    if figures.rows[0].counters["registered"]:
        return ""
    return words("months.too_few", least=str(SMALLEST)) if figures.published else words("figures.empty")


def _reports(total: FigureRow, words: Words, counted: Counted) -> str:
    """How many written reports on serious cases were filed, and how many are owed (B6)."""
    filed, owed = total.counters["reports_filed"], total.counters["reports_owed"]
    return words("figures.reports_lead", filed=counted(filed), owed=counted(owed))


def _contact_unknown(total: FigureRow, words: Words, counted: Counted) -> str:
    """How many cases have no time of contact (A2)."""
    count = total.counters["contact_unknown"]
    return words("figures.contact_unknown", count=counted(count)) if count else ""


def _acceptance(total: FigureRow, words: Words, counted: Counted) -> str:
    """How many repairs were accepted, and how many are done and wait for that (B9)."""
    counts = total.counters
    accepted, unaccepted, given_up = (
        counts[name] for name in ("accepted", "unaccepted", "acceptance_given_up")
    )
    if not (accepted or unaccepted or given_up):
        return ""
    return words(
        "figures.acceptance",
        accepted=counted(accepted),
        unaccepted=counted(unaccepted),
        given_up=counted(given_up),
        missed=counted(counts["nobody_home"]),
    )


def _unrevisited(total: FigureRow, words: Words, counted: Counted) -> str:
    """How many cases the manager closed though a revisit was owed; empty if none (D2, D6)."""
    count = total.counters["closed_unrevisited"]
    return words("figures.unrevisited", count=counted(count)) if count else ""


def _asked_again(total: FigureRow, words: Words, counted: Counted) -> str:
    """What came of asking a second time (G6)."""
    asked, differs, due = (
        counted(total.counters[f"asked_again{ending}"]) for ending in ("", "_differs", "_due")
    )
    share = _percent(total.rates.disagreement)
    return words("figures.asked_again_lead", asked=asked, differs=differs, due=due, share=share)


def _target(view: TargetView, words: Words, counted: Counted = str) -> tuple[str, str, list[str], bool]:
    """One target as a line: what, of how many; at least or at most how much, what stands, whether it holds;
    and whether it is missed.
    """
    reached = "–" if view.reached is None else words("page.yes" if view.reached else "page.no")
    reached = reached if view.known else words("figures.not_known")
    whole = view.goal == 1 and not view.at_most  # more than all there cannot be
    target = _exactly(view.goal) if whole else f"{'≤' if view.at_most else '≥'} {_exactly(view.goal)}"
    what, of = words(f"figures.goal_{view.what}"), words(f"figures.of_{view.what}", of=counted(view.of))
    return what, of, [target, _stands(view), reached], view.reached is False


def _stands(view: TargetView) -> str:
    """The share of the month; to readers outside the company, between which two it lies (G16)."""
    if view.between is None or view.between[0] == view.between[1]:
        return _exactly(view.actual)
    return "–".join(_exactly(edge) for edge in view.between)


def _exactly(share: float | None) -> str:
    """A share that is compared with a target: rounded to whole percents it could look like the target."""
    return "–" if share is None else f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _quota(quota: QuotaView, words: Words) -> tuple[str, str, list[str]]:
    """One goal as a line: whose, its share of what; the goal, what stands, what is on its way, due and
    missing. Where nothing is due yet, nothing is called reached or missing.
    """
    kinds = words.listed(words.name("kinds", kind) for kind in quota.kinds)
    whose = words.role(quota.rank)
    if quota.severity:
        whose = f"{whose} · {words.name('severities', quota.severity)}"
    said = f"figures.quota_{quota.what}" if quota.total else f"figures.quota_{quota.what}_none"
    of = words(said, kinds=kinds, total=quota.total, drawn=quota.done + quota.awaited)
    too_few = words("figures.quota_too_few") if quota.total else "–"
    asked = [str(quota.wanted), str(quota.missing)] if quota.wanted else [too_few, "–"]
    shares = [_percent(quota.goal), _percent(quota.share)]
    return whose, of, [*shares, str(quota.done), str(quota.awaited), *asked]


def cells_of(row: FigureRow, columns: Sequence[str], counted: Counted = str) -> list[str]:
    """Counts and rates; a rate that nothing stands behind is a dash, not a zero (G17)."""
    counts, rates = row.counters, row.rates
    ends = counts.get("not_to_solve", sum(counts[name] for name in NOT_TO_SOLVE))  # published as one
    cells = {
        **{name: counted(counts[name]) for name in (*COUNTS, "ratings", "reopened") if name in counts},
        "not_to_solve": counted(ends),
        **{name: _percent(getattr(rates, name)) for name in (*SHARES, "paused_share", "satisfied")},
        **{name: _number(getattr(rates, name)) for name in ("handling_hours", "average_rating")},
    }
    return [cells[column] for column in columns]


def _number(amount: float | None) -> str:
    return "–" if amount is None else f"{amount:.1f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def row_name(row: FigureRow | Compared, member: Member, words: Words) -> str:
    """What a row of figures is of, in words."""
    context, value = wiring.desk().context(member.community), row.value or ""
    match row.dimension:
        case "kind":
            return words.name("kinds", value)
        case "category":
            return words.name("categories", value)
        case "channel":
            return words.name("channels", value)
        case "department":
            return department_name(value, context.community, words)
        case "matter":
            matter = context.regulation.names_of_matter(value)
            return words.of(matter) if matter else value
        case _:
            return name_of(value, context)
