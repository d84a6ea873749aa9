"""Which of several rules wins, and which ladder (issue: at most one rule a clock, the most specific)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.errors import RegulationError
from chalicelib.domain.regulation.limits import BEGINS, Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import (
    COMPLEXITIES,
    KINDS,
    SEVERITIES,
    URGENCIES,
    Conditions,
    Facts,
    Rule,
)

PACK = RegulationFiles().get("S1")
FACTS = Facts("complaint", "seepage", "urgent", "serious", "complex")


def rule(name: str, source: str = "S1", **conditions: object) -> Rule:
    limit = Limit(1, Unit.HOURS)
    return Rule(name, Clock.SOLVE, limit, source, "C2", "So.", Conditions(**conditions))  # type: ignore[arg-type]


def winner(*rules: Rule, facts: Facts = FACTS) -> str:
    (chosen,) = replace(PACK, rules=rules).rules_for(facts)
    return chosen.id


def test_more_conditions_win_whatever_the_order() -> None:
    general, kind = rule("general"), rule("kind", kinds=("complaint",))
    both = rule("both", kinds=("complaint",), matters=("seepage",))
    assert winner(general, kind, both) == winner(both, kind, general) == "both"
    assert winner(kind, general) == "kind"


def test_among_equally_many_urgency_outweighs_severity_and_so_on_down_to_kind() -> None:
    names = ("kinds", "matters", "complexities", "severities", "urgencies")
    values = (("complaint",), ("seepage",), ("complex",), ("serious",), ("urgent",))
    rules = [rule(name, **{name: value}) for name, value in zip(names, values, strict=True)]
    for count in range(len(rules), 0, -1):
        assert winner(*rules[:count]) == names[count - 1]


def test_a_seed_outranks_our_own_choice_however_specific_that_is() -> None:
    ours = rule("ours", "ours", kinds=("complaint",), matters=("seepage",), urgencies=("urgent",))
    assert winner(ours, rule("seed")) == "seed"


@pytest.mark.req("G15")
def test_a_rule_for_those_who_need_care_comes_first_and_only_for_them() -> None:
    care = rule("care", "ours", care=True)
    assert winner(care, rule("seed", matters=("seepage",))) == "seed"
    assert winner(care, rule("seed", matters=("seepage",)), facts=replace(FACTS, care=True)) == "care"


def test_a_rule_that_does_not_fit_never_wins() -> None:
    assert winner(rule("general"), rule("repair", kinds=("repair",))) == "general"
    assert replace(PACK, rules=(rule("repair", kinds=("repair",)),)).rules_for(FACTS) == ()


lists = st.fixed_dictionaries(
    {
        "kinds": st.lists(st.sampled_from(KINDS), unique=True, max_size=3).map(tuple),
        "matters": st.lists(st.sampled_from(("pests", "other", "fire")), unique=True, max_size=2).map(tuple),
        "complexities": st.lists(st.sampled_from(COMPLEXITIES), unique=True, max_size=1).map(tuple),
        "severities": st.lists(st.sampled_from(SEVERITIES), unique=True, max_size=1).map(tuple),
        "urgencies": st.lists(st.sampled_from(URGENCIES), unique=True, max_size=2).map(tuple),
        "care": st.booleans(),
    }
)
cases = st.builds(
    Facts,
    st.sampled_from(KINDS),
    st.sampled_from(("pests", "other", "fire")),
    st.sampled_from(URGENCIES),
    st.sampled_from(SEVERITIES),
    st.sampled_from(COMPLEXITIES),
    st.booleans(),
)


@given(lists, lists, cases)
def test_conditions_that_both_match_a_case_overlap(
    one: dict[str, object], other: dict[str, object], facts: Facts
) -> None:
    left, right = Conditions(**one), Conditions(**other)  # type: ignore[arg-type]
    if left.match(facts) and right.match(facts):
        assert left.overlap(right)
        assert right.overlap(left)
    if left.specificity() == right.specificity():
        assert left.dimensions() == right.dimensions(), "only rules with the same conditions can tie"


@pytest.mark.parametrize(
    ("clock", "facts", "ladder"),
    [
        (Clock.SOLVE, replace(FACTS, urgency="normal", severity="general"), "ordinary"),
        (Clock.SOLVE, replace(FACTS, urgency="normal"), "serious"),
        (Clock.SOLVE, replace(FACTS, urgency="emergency"), "emergency"),
        (Clock.SIGN, replace(FACTS, urgency="emergency"), "unsigned"),
    ],
)
def test_the_ladder_of_a_deadline(clock: Clock, facts: Facts, ladder: str) -> None:
    assert PACK.ladder_for(clock, facts).id == ladder


def test_every_clock_says_when_it_begins() -> None:
    assert set(BEGINS) == set(Clock)


@pytest.mark.parametrize(
    ("amount", "unit", "count", "around_the_clock"),
    [
        (0, Unit.HOURS, CountFrom.MOMENT, True),
        (-1, Unit.HOURS, CountFrom.MOMENT, True),
        (float("nan"), Unit.HOURS, CountFrom.MOMENT, True),
        (float("inf"), Unit.HOURS, CountFrom.MOMENT, True),
        (1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY, True),
        (1, Unit.DAYS, CountFrom.MOMENT, False),
        (1, Unit.HOURS, CountFrom.NEXT_DAY, False),
    ],
)
def test_a_limit_that_contradicts_itself_is_refused(
    amount: float, unit: Unit, count: CountFrom, around_the_clock: bool
) -> None:
    with pytest.raises(RegulationError):
        Limit(amount, unit, count, around_the_clock)
