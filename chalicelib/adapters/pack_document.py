"""The shape of a regulation file in TOML, and its reading into a `Regulation`.

Unknown keys, wrong types and unknown words are refused with the place where they stand.
"""

import msgspec

from chalicelib.adapters.rule_document import Doc, LimitDoc, RevisitDoc, RuleDoc
from chalicelib.domain.regulation import policies as p
from chalicelib.domain.regulation.regulation import CarePolicy, Matter, Regulation, RevisitPolicy
from chalicelib.domain.regulation.rules import KINDS


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
    short: dict[str, str] = msgspec.field(default_factory=dict)
    formerly: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)


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
    common: tuple[str, ...] = ()
    catch_all: tuple[str, ...] = ()


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
    handled_by: dict[str, str] = msgspec.field(default_factory=dict)
    outside: tuple[p.OutsideNumber, ...] = ()
    danger: DangerDoc = DangerDoc()
    malicious: p.MaliciousPolicy = p.MaliciousPolicy()
    retention: p.RetentionPolicy = p.RetentionPolicy()
    charges: p.ChargePolicy = p.ChargePolicy()
    sign_off: p.SignOffPolicy = p.SignOffPolicy()
    plan_confirmed: p.PlanConfirmedPolicy = p.PlanConfirmedPolicy()

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
                common=self.warranty.common,
                catch_all=self.warranty.catch_all,
            ),
            targets=self.targets,
            handled_by=self.handled_by,
            outside=self.outside,
            danger_words=self.danger.words,
            malicious=self.malicious,
            retention=self.retention,
            charges=self.charges,
            sign_off=self.sign_off,
            plan_confirmed=self.plan_confirmed,
        )
