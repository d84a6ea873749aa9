"""Regulation packs (制度): matters, limits, ladders and duties that a community runs under."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import BEFORE_SORTING, Clock, Limit, Unit
from chalicelib.domain.regulation.policies import (
    Alert,
    ChargePolicy,
    ExtensionPolicy,
    Ladder,
    MaliciousPolicy,
    OutsideNumber,
    PausePolicy,
    PlanConfirmedPolicy,
    ReopenPolicy,
    RetentionPolicy,
    SamplingPolicy,
    SignOffPolicy,
    StandIns,
    SurveyPolicy,
    Targets,
    WarrantyPolicy,
)
from chalicelib.domain.regulation.rules import UNSORTED, Facts, RevisitRule, Rule, prevailing


class Matter(Struct, frozen=True):
    """One thing (事项) that people report.

    `names` by language: zh-CN, zh-TW, en. `short` is a name for an SMS, true for all that the long one says.
    `formerly` has the ids that earlier versions knew it by, which machines may still send, with the names
    that they had.
    """

    id: str
    names: Mapping[str, str]
    category: str
    department: str
    urgency: str = "normal"
    short: Mapping[str, str] = field(default_factory=dict)
    formerly: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class CarePolicy(Struct, frozen=True):
    """What a resident who needs care gains: `share` of every limit (G15)."""

    share: float


QUESTIONS = ("work_inspected", "conduct", "suggestions", "charge_checked", "signature")
"""What a revisit can ask and record (D4), as the fields of its form are called."""


class RevisitPolicy(Struct, frozen=True):
    """Which revisits solved cases need, and how they are done (D2, D4, D8, G6).

    `survey_counts` are the kinds of cases in which a satisfied answer to the survey stands for the first; of
    the others only what a person found counts. Somebody not reached is tried again after `retry_after`, at
    most `attempts` times in all. A revisit late by `grace` goes up the ladder. What cannot be answered at a
    revisit gets a promised time at most `promise_within` away. `questions` is the script: what is asked and
    in which order, each one of `QUESTIONS`.
    """

    rules: tuple[RevisitRule, ...]
    survey_counts: tuple[str, ...]
    attempts: int
    retry_after: timedelta
    grace: timedelta
    promise_within: Limit
    questions: tuple[str, ...]


class Regulation(Struct, frozen=True):
    """One pack in one version. A case keeps the id and version that it began under (G2).

    `danger_words` in an unsorted report have somebody on duty told at once (A7). `work_after_visit` is the
    time that an ordinary job takes once somebody is there; None: it is done with the visit (B11).
    """

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
    work_after_visit: Limit | None
    warranty: WarrantyPolicy
    targets: Targets
    handled_by: Mapping[str, str] = field(default_factory=dict)
    """Kind of case → the rank that handles it, whatever the department of its matter (A13)."""
    outside: tuple[OutsideNumber, ...] = ()
    """The outside numbers to call in danger (A6)."""
    danger_words: tuple[str, ...] = ()
    malicious: MaliciousPolicy = field(default_factory=MaliciousPolicy)
    retention: RetentionPolicy = field(default_factory=RetentionPolicy)
    charges: ChargePolicy = field(default_factory=ChargePolicy)
    sign_off: SignOffPolicy = field(default_factory=SignOffPolicy)
    plan_confirmed: PlanConfirmedPolicy = field(default_factory=PlanConfirmedPolicy)

    @property
    def sortable(self) -> tuple[Matter, ...]:
        """The matters that somebody can say a report is about."""
        return tuple(matter for matter in self.matters.values() if matter.id != UNSORTED)

    def matter(self, matter_id: str) -> Matter:
        """The matter of that id, or that had it; `InvalidInputError` names what exists."""
        known = self.known_matter(matter_id)
        if known is None:
            raise InvalidInputError(
                f"Regulation {self.id} has no matter {matter_id!r}; it has {', '.join(sorted(self.matters))}."
            )
        return known

    def known_matter(self, matter_id: str) -> Matter | None:
        """The matter of that id, or that had it in an earlier version; None if there is none."""
        if matter_id in self.matters:
            return self.matters[matter_id]
        return next((matter for matter in self.matters.values() if matter_id in matter.formerly), None)

    def names_of_matter(self, matter_id: str) -> Mapping[str, str] | None:
        """The names of that matter by language, also of one that only older cases have; None if unknown."""
        known = self.known_matter(matter_id)
        if known is None:
            return None
        return known.names if known.id == matter_id else known.formerly[matter_id]

    def _by_present_matter(self, facts: Facts) -> Facts:
        matter = self.matter(facts.matter)
        return facts if matter.id == facts.matter else replace(facts, matter=matter.id)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id; None if this version has none."""
        return next((part for rule in self.rules for part in rule.limits() if part.id == rule_id), None)

    def rules_for(self, facts: Facts, *, staffed: bool = False) -> tuple[Rule, ...]:
        """The rules that hold for a case: for each of its clocks the one that prevails.

        An unsorted one has only the clocks that run before sorting: nobody can promise to solve it yet (A7).
        `staffed`: the community has staffed hours, and limits in hours run in them, unless the case is urgent
        or an emergency, or the rule never waits (A7).
        """
        facts = self._by_present_matter(facts)
        fitting: dict[Clock, list[Rule]] = {}
        waits = staffed and facts.urgency == "normal"
        for rule in self.rules:
            if facts.matter == UNSORTED and rule.clock not in BEFORE_SORTING:
                continue
            if rule.when.match(facts):
                fitting.setdefault(rule.clock, []).append(rule.in_staffed_hours() if waits else rule)
        return tuple(prevailing(fitting[clock]) for clock in Clock if clock in fitting)

    def care_share(self, rule: Rule, facts: Facts) -> float:
        """The share of the rule's limit that a case has for care, 1 without (G15).

        A rule that is only for residents who need care holds as it stands.
        """
        return self.care.share if facts.care and not rule.when.care else 1.0

    def ladder_for(self, clock: Clock, facts: Facts) -> Ladder:
        """The ladder for a clock of a case: of those that fit, the most specific."""
        fitting = [
            ladder
            for ladder in self.ladders
            if (not ladder.clocks or clock in ladder.clocks)
            and (not ladder.urgencies or facts.urgency in ladder.urgencies)
            and (not ladder.severities or facts.severity in ladder.severities)
        ]
        return max(fitting, key=Ladder.specificity)

    def told_at_once(self, facts: Facts) -> tuple[str, ...]:
        """The roles that must know of a case the moment it is registered (A6, B6)."""
        roles = [
            role
            for alert in self.alerts
            if facts.urgency in alert.urgencies or facts.severity in alert.severities
            for role in alert.roles
        ]
        return tuple(dict.fromkeys(roles))

    @property
    def counts_seconds(self) -> bool:
        """Whether work has limits of seconds, as in the regulation for demonstrations."""
        return any(rule.limit.unit is Unit.SECONDS for rule in self.rules if rule.clock is Clock.SOLVE)

    def revisit_rule_for(self, facts: Facts) -> RevisitRule:
        """The most specific revisit rule for a completed case (D2)."""
        facts = self._by_present_matter(facts)
        fitting = (rule for rule in self.revisits.rules if rule.when.match(facts))
        return max(fitting, key=RevisitRule.precedence)
