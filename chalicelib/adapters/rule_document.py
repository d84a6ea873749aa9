"""The shape of the rules in a regulation file, read into the domain's.

Unknown keys, wrong types and unknown words are refused with the place where they stand.
"""

from datetime import timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.domain.errors import RegulationError
from chalicelib.domain.regulation.limits import CALENDAR_DAYS, Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import APPOINTABLE, Appointment, Conditions, RevisitRule, Rule


class Doc(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A table in which a key that nobody knows is an error, not a comment."""


class LimitDoc(Doc, frozen=True):
    amount: float
    unit: Unit
    count: CountFrom = CountFrom.MOMENT
    around_the_clock: bool | None = None

    def limit(self, what: str) -> Limit:
        """The limit of `what`, which the message names if there can be none such."""
        always = self.unit not in CALENDAR_DAYS if self.around_the_clock is None else self.around_the_clock
        try:
            return Limit(self.amount, self.unit, self.count, always)
        except RegulationError as error:
            raise RegulationError(f"{what}: {error.message}") from None

    def elapsed(self, what: str) -> timedelta:
        """The limit of `what` as a length of time around the clock."""
        limit = self.limit(what)
        try:
            return limit.elapsed()
        except RegulationError as error:
            raise RegulationError(f"{what}: {error.message}") from None


class ConditionsDoc(Doc, frozen=True):
    kinds: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    complexities: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    care: bool = False

    def conditions(self) -> Conditions:
        return Conditions(**msgspec.structs.asdict(self))


class EarlierDoc(Doc, frozen=True):
    id: str
    limit: LimitDoc
    source: str
    requirement: str
    why: str
    why_zh: str
    appointment: Appointment | None = None


BY_APPOINTMENT = dict.fromkeys(APPOINTABLE, Appointment.WITHIN) | {Clock.ON_SITE: Appointment.REPLACES}
"""What an agreed visit does to a clock where the rule does not say.

It is the arrival, and the work keeps its limit: nobody but the manager gives more time (B7, B11).
"""


class RuleDoc(Doc, frozen=True):
    id: str
    clock: Clock | tuple[Clock, ...]
    limit: LimitDoc
    source: str
    requirement: str
    why: str
    why_zh: str
    when: ConditionsDoc = ConditionsDoc()
    appointment: Appointment | None = None
    safeguard: bool = False
    or_earlier: tuple[EarlierDoc, ...] = ()

    def rules(self) -> list[Rule]:
        """One rule a clock; where there are several, each has the clock in its id."""
        clocks = (self.clock,) if isinstance(self.clock, Clock) else self.clock
        if not clocks:
            raise RegulationError(f"rule {self.id}: clock is empty; right are {', '.join(Clock)}.")
        return [
            replace(
                self._rule(self, clock),
                safeguard=self.safeguard,
                or_earlier=tuple(self._rule(earlier, clock) for earlier in self.or_earlier),
            )
            for clock in clocks
        ]

    def _rule(self, said: "RuleDoc | EarlierDoc", clock: Clock) -> Rule:
        """The domain's rule of one limit, for one clock."""
        return Rule(
            id=said.id if isinstance(self.clock, Clock) or len(self.clock) == 1 else f"{said.id}:{clock}",
            clock=clock,
            limit=said.limit.limit(f"rule {said.id}"),
            source=said.source,
            requirement=said.requirement,
            why=said.why,
            why_zh=said.why_zh,
            when=self.when.conditions(),
            appointment=said.appointment or BY_APPOINTMENT.get(clock, Appointment.IGNORED),
        )


class RevisitDoc(Doc, frozen=True):
    id: str
    count: int
    within: LimitDoc
    source: str
    requirement: str
    why: str
    why_zh: str
    when: ConditionsDoc = ConditionsDoc()

    def rule(self) -> RevisitRule:
        """The rule in the domain's words."""
        return RevisitRule(
            id=self.id,
            count=self.count,
            within=self.within.limit(f"revisit {self.id}"),
            source=self.source,
            requirement=self.requirement,
            why=self.why,
            why_zh=self.why_zh,
            when=self.when.conditions(),
        )
