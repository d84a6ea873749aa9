"""What readers outside the company read: no small group, none by subtraction, no free text (G16)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import app
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.figures.counters import COUNTERS, NOT_TO_SOLVE
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.figures.small_groups import (
    SMALLEST,
    beside_goal,
    between,
    in_fives,
    is_small,
    published,
    published_rates,
    shown_count,
    shown_of,
)
from chalicelib.http.sessions import cookie_name
from chalicelib.services.figures.month import figures_of
from chalicelib.services.figures.targets import TargetView, published_targets
from tests.api_desk import BASE_URL, ApiDesk, api_desk
from tests.builders import office, regulations

WORDS = "三楼灯不亮请尽快"
TOLD = (WORDS, "王芳", "13900001234", "139 0000 1234", "3-1201")
ROUTES = sorted(path for path, methods in app.routes.items() if "GET" in methods)


@pytest.fixture(scope="module")
def desk() -> Iterator[ApiDesk]:
    """A month of 6 repairs, 2 complaints and an inquiry."""
    with api_desk() as made:
        for kind, matter, count in (
            ("repair", "lighting_lock", 6),
            ("complaint", "noise_public", 2),
            ("inquiry", "move_card", 1),
        ):
            for _ in range(count):
                made.office.register(kind=kind, matter=matter, text=WORDS, unit="3-1201")
        yield made


@pytest.mark.req("G16")
@pytest.mark.parametrize("user", ["committee-1", None])
@pytest.mark.parametrize("path", ROUTES)
def test_nothing_that_committee_or_public_can_open_tells_of_few(
    desk: ApiDesk, path: str, user: str | None
) -> None:
    where = path.replace("{community}", "riverside").replace("{number}", "202611-0001")
    session = {} if user is None else {"Authorization": f"Bearer {desk.token_of(user)}"}
    if user and not path.startswith("/v1/"):
        session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of(user)}"}
    answer = desk.client.http.request("GET", re.sub(r"{\w+}", "1", where), headers=session)
    said = answer.body.decode(errors="replace")
    assert not [words for words in TOLD if words in said]
    if "figures" in path or "month-to-print" in path:
        cells = re.findall(r'<td class="n[^"]*">(?:不足)?(\d+)(?:%|</td>)', said)
        counts = re.findall(r'"(?:registered|solved|open|of|ratings|urged)":(\d+)', said)
        assert not [count for count in (*cells, *counts) if int(count) % SMALLEST]
        assert "noise_public" not in said
        assert user is None or len(cells) + len(counts) > 10


@pytest.mark.req("G16")
def test_who_prints_the_month_prints_what_the_committee_reads(desk: ApiDesk) -> None:
    def table(user: str) -> str:
        session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of(user)}"}
        page = desk.client.http.request("GET", "/desk/riverside/month-to-print", headers=session)
        return page.body.decode().partition("<tbody>")[2].partition("</tbody>")[0]

    assert table("manager-1") == table("committee-1") != ""


@pytest.mark.req("G16")
def test_leaders_read_exact_figures(desk: ApiDesk) -> None:
    rows = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body["rows"]
    assert rows[0]["counters"]["registered"] == 9
    of = desk.get("/v1/communities/riverside/figures", user="committee-1").json_body
    assert of["published"]
    assert of["quotas"] == []
    assert {(row["dimension"], row["value"]) for row in of["rows"]} == {
        ("total", None),
        ("kind", "repair"),
        ("category", rows_of(rows, "category", 6)),
        ("matter", "lighting_lock"),
        ("department", "engineering"),
        ("channel", rows_of(rows, "channel", 9)),
    }


def rows_of(rows: list[dict[str, Any]], dimension: str, size: int) -> str:
    """The value of the row of this size."""
    return next(
        str(row["value"])
        for row in rows
        if row["dimension"] == dimension and row["counters"]["registered"] == size
    )


@pytest.mark.req("G16")
def test_a_month_of_few_cases_shows_nothing_but_that_they_are_few() -> None:
    small = office()
    for _ in range(SMALLEST - 1):
        small.register()
    community = small.desk.directory.community("riverside")
    member = Member("committee-1", "高业主", Role.COMMITTEE, (), community)
    figures = figures_of(small.desk, member, "202611")
    assert [set(row.counters.values()) for row in figures.rows] == [{0}]
    assert {getattr(figures.rows[0].rates, name) for name in figures.rows[0].rates.__struct_fields__} == {
        None
    }
    assert {(goal.actual, goal.of, goal.reached) for goal in figures.goals} == {(None, 0, None)}


@pytest.mark.req("G16")
def test_no_size_of_a_small_group_follows_from_what_is_published() -> None:
    """Every month of three groups of up to 17 cases: what is read fits several sizes of each hidden one."""
    fits: Mapping[Any, list[set[int]]] = defaultdict(lambda: [set(), set(), set()])
    for sizes in product(range(18), repeat=3):
        total = sum(sizes)
        if total < SMALLEST:
            continue
        names = shown_of(
            {"registered": total}, {str(n): {"registered": size} for n, size in enumerate(sizes)}
        )
        rows = tuple(in_fives(size) if str(place) in names else None for place, size in enumerate(sizes))
        for group, size in zip(fits[in_fives(total), rows], sizes, strict=True):
            group.add(size)
    told = [
        (answer, group)
        for answer, groups in fits.items()
        for group, shown in zip(groups, answer[1], strict=True)
        if shown is None and min(group) < SMALLEST and len(group) == 1
    ]
    assert not told


@pytest.mark.req("G16")
@pytest.mark.parametrize(
    ("solved", "shown"),
    [((4, 4, 4, 4, 4), 1), ((9, 4, 4, 4, 4), 1), ((4, 4, 4, 4, 3), 5), ((5, 5, 5, 5, 5), 5)],
)
def test_five_counts_of_just_four_do_not_follow_from_their_sum(solved: tuple[int, ...], shown: int) -> None:
    """One reads 20 in all, and "fewer than 5" five times: then it is 4 each time."""
    sizes = (12, 9, 8, 7, 6)
    parts = {
        str(place): {"registered": size, "solved": count}
        for place, (size, count) in enumerate(zip(sizes, solved, strict=True))
    }
    assert len(shown_of({"registered": sum(sizes), "solved": sum(solved)}, parts)) == shown


@pytest.mark.req("G16")
def test_the_matters_of_a_category_are_not_told_by_it() -> None:
    """Four matters of 4 cases beside one of 9 make a category of 25, whatever else there was in the month."""
    with api_desk() as made:
        matters = regulations().get("default").matters.values()
        ours = [matter.id for matter in matters if matter.category == "facility"][-5:]
        for matter, count in zip((*ours, "noise_public"), (9, 4, 4, 4, 4, 12), strict=True):
            for _ in range(count):
                made.office.register(kind="repair", matter=matter)
        rows = made.get("/v1/communities/riverside/figures", user="committee-1").json_body["rows"]
    read = {row["value"]: row["counters"]["registered"] for row in rows}
    assert read["facility"] == 25
    assert not set(ours) & set(read)
    assert read["noise_public"] == 10


@pytest.mark.req("G16")
@pytest.mark.parametrize("parts", [2, 3])
def test_no_part_below_k_follows_more_narrowly_than_when_counts_went_to_the_nearest(parts: int) -> None:
    """Every whole of so many parts: what is read of the whole and all parts fits at least as many values
    below k of each as rounding to the nearest multiple did, and never fewer than three.
    """

    def nearest(count: int) -> int:
        return SMALLEST * floor(count / SMALLEST + 0.5)

    wholes = [sizes for sizes in product(range(18), repeat=parts) if sum(sizes) >= SMALLEST]
    now, before = (
        defaultdict[Any, list[set[int]]](lambda: [set() for _ in range(parts)]) for _ in ("now", "before")
    )
    for sizes in wholes:
        for fits, rounded in ((now, in_fives), (before, nearest)):
            for group, size in zip(fits[rounded(sum(sizes)), *map(rounded, sizes)], sizes, strict=True):
                group.add(size)
    small = set(range(SMALLEST))
    for sizes in wholes:
        if max(sizes) > 12:
            continue  # what it could be mixed up with is not all among the wholes tried
        reads, read = (
            now[in_fives(sum(sizes)), *map(in_fives, sizes)],
            before[nearest(sum(sizes)), *map(nearest, sizes)],
        )
        for size, fit, fitted in zip(sizes, reads, read, strict=True):
            if size < SMALLEST:
                assert len(fit & small) >= max(3, len(fitted & small)), sizes


@pytest.mark.req("G16")
@pytest.mark.parametrize(("count", "shown"), [(0, None), (3, None), (4, None), (5, 5), (9, 5), (12, 10)])
def test_every_count_below_k_is_shown_alike_and_zero_among_them(count: int, shown: int | None) -> None:
    assert shown_count(published({"registered": 40, "solved": count})["solved"]) == shown


@pytest.mark.req("G16")
def test_what_need_not_be_solved_is_added_up_before_it_is_rounded() -> None:
    counters = {"registered": 9, **dict.fromkeys(NOT_TO_SOLVE[:2], 3)}
    assert published(counters)["not_to_solve"] == 5


@pytest.mark.req("G16")
@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({name: st.integers(0, 40) for name in COUNTERS}))
def test_each_published_count_and_rate_is_in_steps_and_stands_on_enough(counters: dict[str, int]) -> None:
    assert not [name for name, count in published(counters).items() if count % SMALLEST]
    exact = rates(counters)
    shown = published_rates(counters, exact)
    if is_small(counters):
        assert not any(published(counters).values())
    if counters["ratings"] < SMALLEST or is_small(counters):
        assert shown.satisfied is shown.average_rating is None
    if shown.on_time is not None:
        assert abs(shown.on_time * 20 - round(shown.on_time * 20)) < 1e-6


@pytest.mark.req("G16", "E2")
@pytest.mark.parametrize(
    ("actual", "goal", "shown"),
    [(0.96, 0.98, 0.95), (0.99, 0.98, 1.0), (0.976, 0.98, 0.95), (0.03, 0.02, 0.05), (0.01, 0.02, 0.0)],
)
def test_a_rounded_share_stays_on_its_side_of_the_goal(actual: float, goal: float, shown: float) -> None:
    assert beside_goal(actual, goal) == shown


@pytest.mark.req("G16", "E2")
@given(st.integers(0, 1000), st.sampled_from([0.01, 0.02, 0.05, 0.5, 0.85, 0.9, 0.98, 1.0]))
def test_the_band_that_is_read_has_the_share_in_it_and_never_crosses_the_goal(
    per_mille: int, goal: float
) -> None:
    actual = per_mille / 1000
    low, high = between(beside_goal(actual, goal), goal)
    assert low <= actual <= high
    assert low >= goal or high <= goal


@pytest.mark.req("G16", "E2")
def test_two_of_a_hundred_beside_a_goal_of_one_are_read_as_more_than_one_and_not_as_five() -> None:
    assert between(beside_goal(0.0198, 0.01), 0.01) == (0.01, 0.075)


@pytest.mark.req("G16", "E2")
def test_only_a_change_of_hours_is_read_as_less_than_nothing() -> None:
    said = {
        what: TargetView(what, 0.01, at_most=True, actual=0.004, of=1260, reached=True)
        for what in ("valid_complaints", "handling_time_shorter")
    }
    complaints, hours = (target.between for target in published_targets(said.values(), few=False))
    assert complaints == (0.0, 0.01)
    assert hours == (-0.025, 0.01)
