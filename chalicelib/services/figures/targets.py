"""The regulation's targets, and where the month stands against them (E2).

Each share comes with the number of cases that it stands on.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.figures.rates import parts_of
from chalicelib.domain.figures.small_groups import SMALLEST, beside_goal, between, in_fives
from chalicelib.domain.regulation.policies import Targets

Counters = Mapping[str, int]
"""Counter → amount, of a whole month."""


class TargetView(Struct, frozen=True):
    """One target: a share of at least `goal`, or of at most `goal` where `at_most`.

    `actual` is the month's, `of` how many cases, surveys or households it stands on; both `actual` and
    `reached` are null where there is nothing to divide by, and where the desk cannot know it (`known` false):
    fewer classifications of the month are judged than `ENOUGH_JUDGED` (rates.py), and announcements are not
    sent from here. `handling_time_shorter` compares the hours from registration to solution with those of the
    same month a year before. `between` is what the share can be, from and to, where `actual` is a step of it.
    """

    what: str
    goal: float
    at_most: bool
    actual: float | None
    of: int
    reached: bool | None
    known: bool = True
    between: tuple[float, float] | None = None


BEYOND = frozenset({"valid_complaints", "handling_time_shorter"})
"""Targets that are no share of a whole: complaints per household, and a change of hours."""

BELOW_NONE = frozenset({"handling_time_shorter"})
"""Those that can be less than nothing: a change of hours, for the worse."""


def target_views(
    targets: Targets, month: Counters, year_before: Counters, households: int
) -> tuple[TargetView, ...]:
    """Every target of the regulation, those that nothing here can answer as not known."""
    parts = parts_of(month)
    valid = (month.get("valid_complaints", 0), households)
    return (
        _target("registered_in_time", targets.registered_in_time, *parts["registered_in_time"]),
        _audited(targets.classified_right, month),
        _target("signed", targets.signed, *parts["signed"]),
        _target("overdue", targets.overdue_at_most, *parts["overdue"], at_most=True),
        _target("survey_answered", targets.survey_answered, *parts["survey_answered"]),
        _target("satisfied_at_last", targets.satisfied_at_last, *parts["satisfied_at_last"]),
        _target("satisfied_overall", targets.satisfied_overall, *parts["satisfied"]),
        _target("valid_complaints", targets.valid_complaints_per_household_at_most, *valid, at_most=True),
        _target("revisited", targets.revisited, *parts["revisited"]),
        _target("points_dealt_with", targets.points_dealt_with, *parts["points_dealt_with"]),
        _unknown("announcements_reach", targets.announcements_reach),
        _shorter(targets.handling_time_shorter, month, year_before),
    )


def published_targets(targets: Iterable[TargetView], *, few: bool) -> tuple[TargetView, ...]:
    """The targets as they may be published: shares in steps, none on too `few` cases (G16)."""
    return tuple(_published(target, few=few) for target in targets)


def _published(target: TargetView, *, few: bool) -> TargetView:
    if few or target.of < SMALLEST:
        return replace(target, actual=None, of=0, reached=None)
    if target.actual is None:
        return replace(target, of=in_fives(target.of))
    actual = beside_goal(target.actual, target.goal)
    low, high = between(actual, target.goal)
    band = (
        low if target.what in BELOW_NONE else max(low, 0.0),
        high if target.what in BEYOND else min(high, 1.0),
    )
    return replace(target, actual=actual, of=in_fives(target.of), between=band)


def _audited(goal: float, month: Counters) -> TargetView:
    """The accuracy of the classifications; not known until enough of them are judged (A8)."""
    part, whole = parts_of(month)["classified_right"]
    if not whole:
        return TargetView("classified_right", goal, False, None, month.get("audited", 0), None, known=False)
    return _target("classified_right", goal, part, whole)


def _unknown(what: str, goal: float) -> TargetView:
    return TargetView(what, goal, False, None, 0, None, known=False)


def _target(what: str, goal: float, part: float, whole: int, *, at_most: bool = False) -> TargetView:
    if not whole:
        return TargetView(what, goal, at_most, None, whole, None)
    exact, limit = Fraction(part) / whole, Fraction(str(goal))
    reached = exact <= limit if at_most else exact >= limit
    return TargetView(what, goal, at_most, round(float(exact), 4), whole, reached)


def _shorter(target: float, month: Counters, year_before: Counters) -> TargetView:
    what, solved = "handling_time_shorter", month.get("solved", 0)
    before = Fraction(year_before.get("handling_seconds", 0), year_before.get("solved", 0) or 1)
    if not solved or not before:
        return TargetView(what, target, False, None, solved, None)
    shorter = 1 - Fraction(month.get("handling_seconds", 0), solved) / before
    return TargetView(what, target, False, round(float(shorter), 4), solved, shorter >= Fraction(str(target)))
