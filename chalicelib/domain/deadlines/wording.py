"""The few sentences of a deadline's reasons, in the languages that managers read."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from chalicelib.domain.deadlines.wording_chinese import SEEDS_IN_CHINESE, Chinese
from chalicelib.domain.deadlines.wording_english import SEEDS_IN_ENGLISH, English
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import Clock, Limit
from chalicelib.domain.regulation.rules import OURS, RevisitRule, Rule

SEEDS: Mapping[str, Mapping[str, str]] = {"en": SEEDS_IN_ENGLISH, "zh-CN": SEEDS_IN_CHINESE}
"""The source regulations by their short titles."""


class Wording(Protocol):
    """What a language must be able to say; days and times are local.

    Of a promise `counts_today` says whether the day of the start counts as the first; None where time is
    counted, not days. `shortened` is told of a round that came back (`share`) and of `care`; 1 is all.
    `ahead`: of the whole limit only so much is left, because another clock ends first; `nobody_before`
    says why that one waits. `worked` has the hours of a make-up day whose weekday is worked with others.
    """

    def amount(self, limit: Limit, working_day: timedelta) -> str: ...
    def shortened(self, whole: str, share: float, care: float, left: str) -> str: ...
    def ahead(self, whole: str, clock: Clock, due: datetime, left: str) -> str: ...
    def nobody_before(self, clock: Clock) -> str: ...
    def promise(
        self, amount: str, start: datetime, due: datetime, *, closing: bool, counts_today: bool | None
    ) -> str: ...
    def first_promised(self, at: datetime) -> str: ...
    def days(self, first: date, last: date, names: tuple[str, ...]) -> str: ...
    def skipped(self, days: list[str]) -> str: ...
    def worked(self, day: date, hours: list[tuple[str, str]]) -> str: ...
    def own_day_off(self, first: date, last: date, reason: str) -> str: ...
    def own_hours(self, day: date, hours: list[tuple[str, str]], reason: str) -> str: ...
    def paused(self, start: datetime, end: datetime, reason: str) -> str: ...
    def appointed(self, at: datetime, *, limit_stays: bool) -> str: ...
    def extended(self, to: datetime) -> str: ...
    def now_due(self, at: datetime) -> str: ...
    def provisional(self, known_from: date, known_until: date) -> str: ...
    def origin(self, source: str, requirement: str, why: str) -> str: ...
    def why(self, rule: Rule | RevisitRule) -> str: ...


WORDINGS: Mapping[str, Wording] = {"en": English(), "zh-CN": Chinese()}


def wording_of(locale: str) -> Wording:
    """The wording of a locale; `InvalidInputError` names those there are."""
    try:
        return WORDINGS[locale]
    except KeyError:
        raise InvalidInputError(
            f"Reasons cannot be told in {locale!r}; there are {', '.join(WORDINGS)}."
        ) from None


def why_ours(rule: Rule | RevisitRule | None, say: Wording) -> str:
    """Why we chose what no seed says; empty for what a seed says, or where the rule is not at hand."""
    return say.why(rule) if rule is not None and rule.source == OURS else ""
