"""What a regulation says besides its limits: ladders, pauses, extensions, reopening, surveys, targets."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from chalicelib.domain.regulation.limits import Clock

HANDLER, ON_DUTY = "handler", "duty"
"""A regulation's words for people that are not ranks: the case's owner, and whoever the roster names."""


class Rung(Struct, frozen=True):
    """A role that is told, once, at this share of the limit (G3).

    `Rung(1.5, "manager")` on a limit of 10 hours: the manager is told 5 hours after it has run out.
    """

    share: float
    role: str


class Ladder(Struct, frozen=True):
    """Who is reminded before a deadline and who is told after it (B3, B6, B7).

    `clocks`, `urgencies` and `severities` say which deadlines it is for; empty means any.
    """

    id: str
    reminders: tuple[float, ...]
    reminded: str
    overdue: str
    rungs: tuple[Rung, ...]
    clocks: tuple[Clock, ...] = ()
    urgencies: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def specificity(self) -> tuple[bool, bool, bool]:
        """Which conditions are given, the one that weighs most first."""
        return bool(self.clocks), bool(self.urgencies), bool(self.severities)

    def overlaps(self, other: "Ladder") -> bool:
        """Whether some deadline meets the conditions of both."""
        pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
            (self.clocks, other.clocks),
            (self.urgencies, other.urgencies),
            (self.severities, other.severities),
        )
        return all(not mine or not theirs or set(mine) & set(theirs) for mine, theirs in pairs)


class StandIns(Struct, frozen=True):
    """Who is told in place of a handler that is missing or off duty (G3).

    `unowned` takes the place of a handler that does not exist; `order` is tried from the left until somebody
    on duty is found, and its last entry is told in any case.
    """

    unowned: str
    order: tuple[str, ...]


class Alert(Struct, frozen=True):
    """Roles that know at once, whatever the clocks say (A6, B6)."""

    roles: tuple[str, ...]
    urgencies: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()


class OutsideNumber(Struct, frozen=True):
    """A number outside of the company that is called in danger: police, fire brigade, ambulance (A6).

    `names` by language; `matters` are those for which it is shown, the earlier the more it is theirs.
    """

    id: str
    names: Mapping[str, str]
    phone: str
    matters: tuple[str, ...]


class PausePolicy(Struct, frozen=True):
    """What a case may be paused for, which clocks stand still, and how long (G4).

    The cap is for all pauses of a round together, in working time: so many working days of the calendar.
    """

    reasons: tuple[str, ...]
    cap_working_days: float
    clocks: tuple[Clock, ...]


class ExtensionPolicy(Struct, frozen=True):
    """How often a round may be extended before its deadline, and how long (G5)."""

    count: int
    longest_working_days: float


class ReopenPolicy(Struct, frozen=True):
    """How long after closing, how often and by whom a case may come back (G9).

    A return beyond the window or the count is a new case linked to the old. From return `shorter_from` on
    the clocks run on `share` of their limits; from return `manager_from` on the manager handles it.
    """

    window_days: int
    returns: int
    roles: tuple[str, ...]
    shorter_from: int
    share: float
    manager_from: int

    def share_of_round(self, round_number: int) -> float:
        """The share of each limit that a round has; round 2 is the first return."""
        return self.share if round_number - 1 >= self.shorter_from else 1.0


class RetentionPolicy(Struct, frozen=True):
    """How many days each kind of personal data is kept (G24, PIPL art. 19); the defaults are ours.

    They count from the end of a case, those of a finding on a colleague from its record. Two years are the
    warranty of a repair, three the time in which claims lapse (Civil Code art. 188).
    """

    contact_days: int = 730
    words_days: int = 1095
    notices_days: int = 730
    findings_days: int = 1095


class MaliciousPolicy(Struct, frozen=True):
    """How long a malicious track lasts at most, and how soon it is decided on (G14); both are ours."""

    longest_days: int = 90
    decide_days: int = 5


class ChargePolicy(Struct, frozen=True):
    """By what share a bill may be above the price that was agreed to (G11); 0.1 of ¥80 → ¥88 at most."""

    above_quote: float = 0.0


class SignOffPolicy(Struct, frozen=True):
    """The kinds of cases whose result the department's head signs off (B9, S0).

    Before that nobody is told of it.
    """

    kinds: tuple[str, ...] = ()


class PlanConfirmedPolicy(Struct, frozen=True):
    """The kinds of cases whose plan the desk confirms (B5, S3).

    Before that no resident reads it.
    """

    kinds: tuple[str, ...] = ()


class SurveyPolicy(Struct, frozen=True):
    """How residents are asked by a link, and what follows their silence (D1, D3).

    The link lives `link_days`; silence brings one reminder, then a person revisits. `remind_after` counts
    from completion, `revisit_after_reminder` from the reminder, both around the clock. A rating of
    `low_rating` or less is dissatisfied: back to investigation, with the review group; from `satisfied_from`
    on it is satisfied. What lies between is neither, and a person calls (D7).
    """

    link_days: int
    remind_after: timedelta
    revisit_after_reminder: timedelta
    low_rating: int
    satisfied_from: int


class SamplingPolicy(Struct, frozen=True):
    """Who revisits how much over the month, as shares between 0 and 1.

    `quotas` by role for cases of `quota_kinds` (D5); the responsible manager's share of general and of
    serious cases of `sample_kinds` (D6); the share a second person asks again (G6).
    """

    quota_kinds: tuple[str, ...]
    quotas: Mapping[str, float]
    sample_kinds: tuple[str, ...]
    sample_role: str
    sample_general: float
    sample_serious: float
    asked_again: float


class Targets(Struct, frozen=True):
    """Goals of the figures as shares between 0 and 1 (E2)."""

    registered_in_time: float
    signed: float
    overdue_at_most: float
    survey_answered: float
    satisfied_at_last: float
    satisfied_overall: float
    valid_complaints_per_household_at_most: float
    revisited: float
    handling_time_shorter: float
    classified_right: float = 0.98  # S1; the releases before had no such goals
    points_dealt_with: float = 1.0  # S3
    announcements_reach: float = 0.80  # S1


class RepairWarranty(Struct, frozen=True):
    """How many months a repair is warranted, and how work is accepted (B13)."""

    months: int
    acceptance: Mapping[str, str]


class ConstructionWarranty(Struct, frozen=True):
    """A component of the building that is warranted from its handover (G12).

    For so many `years`, or for so many `seasons` of heating or cooling.
    """

    component: str
    matters: tuple[str, ...]
    names: Mapping[str, str]
    years: int = 0
    seasons: int = 0
    season_from: str = ""  # month and day, "11-15"
    season_to: str = ""


class WarrantyPolicy(Struct, frozen=True):
    """Both warranties of a regulation.

    Matters that are `common` are of parts that no household owns. Under a `catch_all` very different things
    are reported, so that two of one matter are not one item.
    """

    repair: RepairWarranty
    construction: tuple[ConstructionWarranty, ...]
    common: tuple[str, ...] = ()
    catch_all: tuple[str, ...] = ()
