"""Revisits: due dates (D2), the draw by rank (D5), samples (D6), never the handler (G6)."""

from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.holidays import calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.follow_up.quotas import draw_revisitor, quota_states
from chalicelib.domain.follow_up.sampling import in_sample
from chalicelib.domain.follow_up.schedule import revisits_due
from chalicelib.domain.regulation.rules import Facts

CHINA = calendar_for("Asia/Shanghai")
S3 = RegulationFiles().get("S3")
QUOTAS = S3.sampling.quotas
PEOPLE = {
    "manager": ["m1"],
    "supervisor": ["s1", "s2"],
    "department_head": ["h1", "h2", "h3"],
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def month_of_draws(seed: str, cases: int) -> list[tuple[str, str]]:
    drawn: Counter[str] = Counter()
    result = []
    for number in range(cases):
        draw = draw_revisitor(seed, f"202610-{number:04}", QUOTAS, drawn, PEOPLE, frozenset())
        assert draw is not None
        drawn[draw.role] += 1
        result.append((draw.role, draw.person))
    return result


@pytest.mark.req("D2")
@pytest.mark.parametrize(
    ("kind", "matter", "severity", "due"),
    [
        ("complaint", "garbage", "general", ["2026-10-13T17:30"]),
        ("complaint", "leak", "general", ["2026-10-13T17:30", "2026-10-20T17:30"]),
        ("complaint", "staff_attitude", "serious", ["2026-10-13T17:30", "2026-10-20T17:30"]),
        ("repair", "home_other", "general", ["2026-10-07T09:10"]),
        ("repair", "elevator", "general", ["2026-10-02T09:10"]),
        ("repair", "leak", "general", ["2026-10-03T09:10"]),
        ("praise", "other", "general", []),
    ],
)
def test_due_dates_of_revisits(kind: str, matter: str, severity: str, due: list[str]) -> None:
    rule = S3.revisit_rule_for(Facts(kind, matter, "normal", severity))
    assert revisits_due(rule, at("2026-09-30T09:10"), CHINA) == tuple(at(end) for end in due)


@pytest.mark.req("D5")
def test_a_months_draws_hold_the_quotas_exactly() -> None:
    roles = Counter(role for role, _ in month_of_draws("garden:202610", 200))
    assert roles == {"manager": 20, "supervisor": 60, "department_head": 120}


@pytest.mark.req("D5", "G6")
def test_the_draw_is_repeated_from_its_seed_and_another_seed_draws_otherwise() -> None:
    assert month_of_draws("garden:202610", 60) == month_of_draws("garden:202610", 60)
    assert month_of_draws("garden:202610", 60) != month_of_draws("garden:202611", 60)
    persons = Counter(person for _, person in month_of_draws("garden:202610", 200))
    assert set(persons) == {"m1", "s1", "s2", "h1", "h2", "h3"}, "nobody of a rank is passed over"


@pytest.mark.req("D5")
@given(st.lists(st.integers(1, 20), min_size=1, max_size=4), st.integers(1, 120), st.text(max_size=5))
def test_at_any_time_every_count_is_less_than_one_from_its_share(
    weights: list[int], cases: int, seed: str
) -> None:
    total_weight = sum(weights)
    quotas = {f"r{number}": round(weight / total_weight, 3) for number, weight in enumerate(weights)}
    quotas["r0"] = round(1 - sum(share for role, share in quotas.items() if role != "r0"), 3)
    people = {role: ["x"] for role in quotas}
    drawn: Counter[str] = Counter()
    for number in range(1, cases + 1):
        draw = draw_revisitor(seed, str(number), quotas, drawn, people, frozenset())
        assert draw is not None
        drawn[draw.role] += 1
        for role, share in quotas.items():
            assert abs(drawn[role] - Fraction(str(share)) * number) < 1


@pytest.mark.req("G6")
@given(st.sets(st.sampled_from(["m1", "s1", "s2", "h1", "h2", "h3"])), st.integers(0, 50))
def test_nobody_who_did_the_work_is_drawn(never: set[str], number: int) -> None:
    draw = draw_revisitor("seed", str(number), QUOTAS, {"manager": 1}, PEOPLE, frozenset(never))
    if len(never) == 6:
        assert draw is None
    else:
        assert draw is not None
        assert draw.person not in never
        assert draw.person in PEOPLE[draw.role]


@pytest.mark.req("D5", "G6")
def test_a_role_whose_only_person_did_the_work_takes_its_turn_at_the_next_case() -> None:
    drawn = Counter({"manager": 0, "supervisor": 3, "department_head": 6})
    passed_on = draw_revisitor("seed", "1", QUOTAS, drawn, PEOPLE, frozenset({"m1"}))
    assert passed_on is not None
    assert passed_on.role != "manager"
    drawn[passed_on.role] += 1
    made_up = draw_revisitor("seed", "2", QUOTAS, drawn, PEOPLE, frozenset())
    assert made_up is not None
    assert made_up.role == "manager"


def test_a_regulation_without_quotas_draws_nobody() -> None:
    assert draw_revisitor("seed", "1", {}, {}, PEOPLE, frozenset()) is None


@pytest.mark.req("D6")
@given(
    st.sampled_from([0.5, 0.05, 1.0, 0.3, 0.29]) | st.floats(0.001, 1.0).map(lambda share: round(share, 3))
)
def test_a_sample_is_never_smaller_than_its_share_and_never_a_case_larger(share: float) -> None:
    sampled = 0
    for total in range(200):
        sampled += in_sample(share, sampled, total)
        assert 0 <= sampled - Fraction(str(share)) * (total + 1) < 1


@pytest.mark.req("D6")
def test_the_sample_of_serious_cases_is_all_of_them_and_no_sample_is_none() -> None:
    assert all(in_sample(1.0, number, number) for number in range(100))
    assert not any(in_sample(0.0, 0, number) for number in range(100))


@pytest.mark.req("D5")
def test_where_the_quotas_stand() -> None:
    states = quota_states(QUOTAS, {"manager": 1, "supervisor": 4, "department_head": 12}, 17)
    assert [(state.role, state.done, state.wanted) for state in states] == [
        ("manager", 1, 1),
        ("supervisor", 4, 5),
        ("department_head", 12, 10),
    ]
