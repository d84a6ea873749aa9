"""Regulation packs (制度): matters, limits, ladders and duties that a community runs under."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.limits import BEGINS, Begins, Clock, CountFrom, Limit, Unit
from chalicelib.domain.policies import (
    Alert,
    ExtensionPolicy,
    Ladder,
    PausePolicy,
    ReopenPolicy,
    SamplingPolicy,
    StandIns,
    SurveyPolicy,
    Targets,
    WarrantyPolicy,
)

__all__ = [
    "BEGINS",
    "CATEGORIES",
    "COMPLEXITIES",
    "DEPARTMENTS",
    "KINDS",
    "OURS",
    "SEVERITIES",
    "URGENCIES",
    "Appointment",
    "Begins",
    "CarePolicy",
    "Clock",
    "Conditions",
    "CountFrom",
    "Facts",
    "Limit",
    "Matter",
    "Regulation",
    "RevisitPolicy",
    "RevisitRule",
    "Rule",
    "Unit",
]

KINDS = ("complaint", "repair", "help", "inquiry", "suggestion", "praise")
URGENCIES = ("emergency", "urgent", "normal")
SEVERITIES = ("general", "serious")
COMPLEXITIES = ("general", "complex")
CATEGORIES = ("facility", "safety", "environment", "service", "other")
DEPARTMENTS = ("engineering", "security", "cleaning", "greenery", "desk")
OURS = "ours"  # the source of a rule on which the seeds are silent


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case and decides which rules apply. `care`: the resident needs it (G15)."""

    kind: str
    matter: str
    urgency: str
    severity: str
    complexity: str = "general"
    care: bool = False

    def __post_init__(self) -> None:
        for what, value, known in (
            ("kind", self.kind, KINDS),
            ("urgency", self.urgency, URGENCIES),
            ("severity", self.severity, SEVERITIES),
            ("complexity", self.complexity, COMPLEXITIES),
        ):
            if value not in known:
                raise InvalidInputError(f"There is no {what} {value!r}; there are {', '.join(known)}.")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which cases a rule is for: each list that is given must contain the case's value."""

    kinds: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    complexities: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    care: bool = False  # true: only for a resident who needs care

    def match(self, facts: Facts) -> bool:
        return (
            (not self.matters or facts.matter in self.matters)
            and (not self.kinds or facts.kind in self.kinds)
            and (not self.urgencies or facts.urgency in self.urgencies)
            and (not self.severities or facts.severity in self.severities)
            and (not self.complexities or facts.complexity in self.complexities)
            and (facts.care or not self.care)
        )

    def dimensions(self) -> tuple[bool, ...]:
        """Which lists are given, the one that weighs most last."""
        return (
            bool(self.kinds),
            bool(self.matters),
            bool(self.complexities),
            bool(self.severities),
            bool(self.urgencies),
            self.care,
        )

    def specificity(self) -> tuple[int, int]:
        """More lists are more specific; of equally many the one that names care, urgency, … in this order."""
        given = self.dimensions()
        return sum(given), sum(1 << weight for weight, is_given in enumerate(given) if is_given)

    def overlap(self, other: "Conditions") -> bool:
        """Whether some case satisfies both."""
        pairs = (
            (self.kinds, other.kinds),
            (self.matters, other.matters),
            (self.complexities, other.complexities),
            (self.severities, other.severities),
            (self.urgencies, other.urgencies),
        )
        return all(not mine or not theirs or set(mine) & set(theirs) for mine, theirs in pairs)


class Appointment(StrEnum):
    """What a time agreed with the resident does to a deadline (B11)."""

    IGNORED = "ignored"
    REPLACES = "replaces"  # the agreed time is the deadline
    WITHIN = "within"  # the agreed time is the deadline, but the limit stays the latest


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit for one clock, with the seed (S0..S4, or "ours" with the reason in `why`) it comes from."""

    id: str
    clock: Clock
    limit: Limit
    source: str
    requirement: str
    why: str
    when: Conditions = Conditions()
    appointment: Appointment = Appointment.IGNORED

    def precedence(self) -> tuple[bool, bool, int, int]:
        """Care first; then a seed outranks what we chose where it is silent; then the more specific."""
        return (self.when.care, self.source != OURS, *self.when.specificity())


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing (事项) people report. `names` by language: zh-CN, zh-TW, en."""

    id: str
    names: Mapping[str, str]
    category: str
    department: str
    urgency: str = "normal"


@dataclass(frozen=True, slots=True)
class CarePolicy:
    """A resident who needs care: every limit runs on `share` of its amount (G15)."""

    share: float


@dataclass(frozen=True, slots=True)
class RevisitRule:
    """How many revisits a completed case of this sort needs, the first within the limit (D2).

    A further one is due within the limit counted from the one before.
    """

    id: str
    count: int
    within: Limit
    source: str
    requirement: str
    why: str
    when: Conditions = Conditions()

    def precedence(self) -> tuple[bool, int, int]:
        """A seed outranks what we chose, then the more specific wins, as for limits."""
        return (self.source != OURS, *self.when.specificity())


@dataclass(frozen=True, slots=True)
class RevisitPolicy:
    """Revisits (D2, D4, D8, G6).

    `survey_counts`: a satisfied answer to the survey stands for the first. Somebody not reached is tried
    again after `retry_after`, at most `attempts` times in all. A revisit late by `grace` goes up the ladder.
    What cannot be answered at a revisit gets a promised time at most `promise_within` away.
    """

    rules: tuple[RevisitRule, ...]
    survey_counts: bool
    attempts: int
    retry_after: timedelta
    grace: timedelta
    promise_within: Limit
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regulation:
    """One pack in one version. A case keeps the id and version that it began under (G2)."""

    id: str
    version: int
    names: Mapping[str, str]
    matters: Mapping[str, Matter]
    rules: tuple[Rule, ...]
    ladders: tuple[Ladder, ...]
    alerts: tuple[Alert, ...]
    stand_ins: StandIns
    revisits: RevisitPolicy
    sampling: SamplingPolicy
    survey: SurveyPolicy
    pause: PausePolicy
    extension: ExtensionPolicy
    reopen: ReopenPolicy
    care: CarePolicy
    appointments_within: Limit
    progress_every: Limit
    warranty: WarrantyPolicy
    targets: Targets

    def matter(self, matter_id: str) -> Matter:
        """The matter of that id; `InvalidInputError` names what exists."""
        try:
            return self.matters[matter_id]
        except KeyError:
            raise InvalidInputError(
                f"Regulation {self.id} has no matter {matter_id!r}; it has {', '.join(sorted(self.matters))}."
            ) from None

    def rules_for(self, facts: Facts) -> tuple[Rule, ...]:
        """The rule of every clock that this case has: at most one a clock, the most specific one."""
        self.matter(facts.matter)
        chosen: dict[Clock, Rule] = {}
        for rule in self.rules:
            if rule.when.match(facts):
                rival = chosen.get(rule.clock)
                if rival is None or rule.precedence() > rival.precedence():
                    chosen[rule.clock] = rule
        rules = (chosen[clock] for clock in Clock if clock in chosen)
        return tuple(self._with_care(rule) for rule in rules) if facts.care else tuple(rules)

    def _with_care(self, rule: Rule) -> Rule:
        if rule.when.care:
            return rule
        return replace(rule, limit=rule.limit.scaled(self.care.share), requirement=f"{rule.requirement} G15")

    def ladder_for(self, clock: Clock, facts: Facts) -> Ladder:
        """The ladder for that clock of that case: the one that names most of clock, urgency and severity."""
        fitting = [
            ladder
            for ladder in self.ladders
            if (not ladder.clocks or clock in ladder.clocks)
            and (not ladder.urgencies or facts.urgency in ladder.urgencies)
            and (not ladder.severities or facts.severity in ladder.severities)
        ]
        return max(
            fitting, key=lambda ladder: (bool(ladder.clocks), bool(ladder.urgencies), bool(ladder.severities))
        )

    def told_at_once(self, facts: Facts) -> tuple[str, ...]:
        """Roles that must know of this case the moment it is registered (A6, B6), each once."""
        roles = [
            role
            for alert in self.alerts
            if facts.urgency in alert.urgencies or facts.severity in alert.severities
            for role in alert.roles
        ]
        return tuple(dict.fromkeys(roles))

    def revisit_rule_for(self, facts: Facts) -> RevisitRule:
        """The most specific revisit rule for a completed case (D2)."""
        fitting = (rule for rule in self.revisits.rules if rule.when.match(facts))
        return max(fitting, key=RevisitRule.precedence)
