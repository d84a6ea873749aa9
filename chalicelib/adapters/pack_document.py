"""The shape of a regulation file in TOML, and its reading into a `Regulation`.

Unknown keys, wrong types and unknown words are refused with the place where they stand.
"""

from dataclasses import replace
from datetime import timedelta

import msgspec

from chalicelib.domain.errors import RegulationError
from chalicelib.domain.regulation import policies as p
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.regulation import CarePolicy, Matter, Regulation, RevisitPolicy
from chalicelib.domain.regulation.rules import APPOINTABLE, KINDS, Appointment, Conditions, RevisitRule, Rule


class Doc(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A table in which a key that nobody knows is an error, not a comment."""


class LimitDoc(Doc, frozen=True):
    amount: float
    unit: Unit
    count: CountFrom = CountFrom.MOMENT
    around_the_clock: bool | None = None

    def limit(self, what: str) -> Limit:
        """The limit of `what`, which the message names if there can be none such."""
        always = (
            self.unit is not Unit.WORKING_DAYS if self.around_the_clock is None else self.around_the_clock
        )
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
        """What is said of one limit, for one of the clocks and the cases of this rule."""
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


class RevisitDefaultsDoc(Doc, frozen=True):
    survey_counts: bool | tuple[str, ...]
    """The kinds of cases; the releases before November 2026 said true or false for all of them."""
    attempts: int
    retry_after: LimitDoc
    grace: LimitDoc
    questions: tuple[str, ...]
    promise_within: LimitDoc

    def kinds(self) -> tuple[str, ...]:
        """The kinds of cases in which the survey stands for a revisit."""
        if isinstance(self.survey_counts, bool):
            return KINDS if self.survey_counts else ()
        return self.survey_counts


class MatterDoc(Doc, frozen=True):
    names: dict[str, str]
    category: str
    department: str
    urgency: str = "normal"
    short: dict[str, str] = {}
    formerly: dict[str, dict[str, str]] = {}


class SurveyDoc(Doc, frozen=True):
    link_days: int
    remind_after: LimitDoc
    revisit_after_reminder: LimitDoc
    low_rating: int
    satisfied_from: int | None = None
    """None: of a release that knew nothing between."""

    def policy(self) -> p.SurveyPolicy:
        """The table in the domain's words."""
        return p.SurveyPolicy(
            self.link_days,
            self.remind_after.elapsed("survey: remind_after"),
            self.revisit_after_reminder.elapsed("survey: revisit_after_reminder"),
            self.low_rating,
            self.low_rating + 1 if self.satisfied_from is None else self.satisfied_from,
        )


class AppointmentsDoc(Doc, frozen=True):
    within: LimitDoc
    work_after: LimitDoc | None = None


class WarrantyDoc(Doc, frozen=True):
    repair_months: int
    acceptance: dict[str, str]
    construction: tuple[p.ConstructionWarranty, ...]


class DangerDoc(Doc, frozen=True):
    words: tuple[str, ...] = ()


class PackDoc(Doc, frozen=True):
    """A whole pack, what it takes from the common file included."""

    id: str
    version: int
    names: dict[str, str]
    matters: dict[str, MatterDoc]
    rules: tuple[RuleDoc, ...]
    revisits: tuple[RevisitDoc, ...]
    revisit_defaults: RevisitDefaultsDoc
    sampling: p.SamplingPolicy
    survey: SurveyDoc
    ladders: tuple[p.Ladder, ...]
    alerts: tuple[p.Alert, ...]
    stand_ins: p.StandIns
    pause: p.PausePolicy
    extension: p.ExtensionPolicy
    appointments: AppointmentsDoc
    reopen: p.ReopenPolicy
    care: CarePolicy
    warranty: WarrantyDoc
    targets: p.Targets
    own_rules_only: bool = False
    handled_by: dict[str, str] = {}
    outside: tuple[p.OutsideNumber, ...] = ()
    danger: DangerDoc = DangerDoc()

    def regulation(self) -> Regulation:
        """The pack in the domain's words."""
        defaults, job = self.revisit_defaults, self.appointments.work_after
        return Regulation(
            id=self.id,
            version=self.version,
            names=self.names,
            matters={
                name: Matter(id=name, **msgspec.structs.asdict(matter))
                for name, matter in self.matters.items()
            },
            rules=tuple(rule for doc in self.rules for rule in doc.rules()),
            ladders=self.ladders,
            alerts=self.alerts,
            stand_ins=self.stand_ins,
            revisits=RevisitPolicy(
                rules=tuple(doc.rule() for doc in self.revisits),
                survey_counts=defaults.kinds(),
                attempts=defaults.attempts,
                retry_after=defaults.retry_after.elapsed("revisit_defaults: retry_after"),
                grace=defaults.grace.elapsed("revisit_defaults: grace"),
                promise_within=defaults.promise_within.limit("revisit_defaults: promise_within"),
                questions=defaults.questions,
            ),
            sampling=self.sampling,
            survey=self.survey.policy(),
            pause=self.pause,
            extension=self.extension,
            reopen=self.reopen,
            care=self.care,
            appointments_within=self.appointments.within.limit("appointments: within"),
            work_after_visit=job.limit("appointments: work_after") if job else None,
            warranty=p.WarrantyPolicy(
                repair=p.RepairWarranty(self.warranty.repair_months, self.warranty.acceptance),
                construction=self.warranty.construction,
            ),
            targets=self.targets,
            handled_by=self.handled_by,
            outside=self.outside,
            danger_words=self.danger.words,
        )
