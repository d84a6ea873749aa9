"""The rules of a regulation: for which cases, how long, and which of several wins."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.limits import CLOCKS, Clock, Limit

KINDS = ("complaint", "repair", "help", "inquiry", "suggestion", "praise")
URGENCIES = ("emergency", "urgent", "normal")
SEVERITIES = ("general", "serious")
COMPLEXITIES = ("general", "complex")
VALID = "valid"

NATURES = (VALID, "seeking_help", "asking", "suggesting", "venting")
"""What a complaint is found to be (A7, S4): valid, or communicative in four ways. No limit depends on it."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "urgency": URGENCIES,
    "severity": SEVERITIES,
    "complexity": COMPLEXITIES,
    "nature": NATURES,
}
"""The words that each part of a classification can be, by the name of its field in every form."""

UNSORTED = "unsorted"
"""The matter, category and kind of a report of which nobody has said yet what it is about (A7).

Not `other`: that somebody has said.
"""

CATEGORIES = ("facility", "safety", "environment", "service", "other")
DEPARTMENTS = ("engineering", "security", "cleaning", "greenery", "desk")
OURS = "ours"  # the source of a rule on which the seeds are silent
NEVER_WAITING = frozenset({"C5", "C8", "C10", "C15"})
"""The requirements whose limits run day and night, also where a community has staffed hours (A7).

Somebody at the door of a flooding or a power cut, a hazard or a stopped lift, a neighbour in rest hours; a
word to who calls for help. None of them is there for the next morning, however urgent somebody calls it.
"""


def check_nature(kind: str, nature: str) -> None:
    """Only a complaint can be anything but valid (A7, S4); InvalidInputError says what there is."""
    if nature not in NATURES:
        raise InvalidInputError(f"There is no nature {nature!r}; there are {', '.join(NATURES)}.")
    if kind != "complaint" and nature != VALID:
        raise InvalidInputError(
            f"Only a complaint can be {nature!r}; leave 'nature' out, or correct the kind to 'complaint'.",
            "only_complaints_have_a_nature",
        )


class Facts(Struct, frozen=True):
    """What is known of a case and decides which rules apply. `care`: the resident needs it (G15)."""

    kind: str
    matter: str
    urgency: str
    severity: str
    complexity: str = "general"
    care: bool = False

    def __post_init__(self) -> None:
        for what, value, known in (
            ("kind", self.kind, (*KINDS, UNSORTED)),
            ("urgency", self.urgency, URGENCIES),
            ("severity", self.severity, SEVERITIES),
            ("complexity", self.complexity, COMPLEXITIES),
        ):
            if value not in known:
                raise InvalidInputError(f"There is no {what} {value!r}; there are {', '.join(known)}.")


class Conditions(Struct, frozen=True):
    """Which cases a rule is for. A list that is given must contain the case's value."""

    kinds: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    complexities: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    care: bool = False  # true: only for a resident who needs care

    def match(self, facts: Facts) -> bool:
        """Whether a case with these facts meets them."""
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
        """How specific they are: by how many lists are given, then by which.

        Of equally many, care outweighs urgency, then severity, complexity, matter, kind.
        """
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


APPOINTABLE = tuple(clock for clock in Clock if CLOCKS[clock].by_appointment)
"""The clocks of which an agreed time can become the deadline (B11)."""


class Rule(Struct, frozen=True):
    """One limit for one clock, and where it comes from.

    `source` is a seed (S0..S4) or "ours"; `why` and `why_zh` give the reason in both languages. `safeguard`:
    a limit for danger, which holds also where the rule that would win gives more time, or working time.
    `or_earlier`: further limits for the same clock of the same cases, each with its own id and reason, where
    no limit ends first whenever the clock starts; the one that ends first then holds.
    """

    id: str
    clock: Clock
    limit: Limit
    source: str
    requirement: str
    why: str
    when: Conditions = Conditions()
    appointment: Appointment = Appointment.IGNORED
    safeguard: bool = False
    why_zh: str = ""
    or_earlier: tuple["Rule", ...] = ()

    def limits(self) -> tuple["Rule", ...]:
        """The rule and what may end earlier: of these the first to end holds."""
        return (self, *self.or_earlier)

    def in_staffed_hours(self) -> "Rule":
        """The rule with its limits in staffed hours, unless it never waits for them (A7)."""
        if self.safeguard:
            return self
        earlier = tuple(part.in_staffed_hours() for part in self.or_earlier)
        waits = self.requirement not in NEVER_WAITING
        limit = self.limit.in_staffed_hours() if waits else self.limit
        return replace(self, limit=limit, or_earlier=earlier)

    def precedence(self) -> tuple[bool, bool, int, int]:
        """What it ranks by: care first, then a seed before ours, then the more specific."""
        return (self.when.care, self.source != OURS, *self.when.specificity())


def prevailing(rules: Iterable[Rule]) -> Rule:
    """The rule that holds of several for the same clock of the same case.

    It is the one that ranks highest (`Rule.precedence`), unless a safeguard is safer than that.
    ValueError if there is none.
    """
    ranked = sorted(rules, key=Rule.precedence)
    winner = max((rule for rule in ranked if not rule.safeguard), key=Rule.precedence, default=ranked[-1])
    for guard in (rule for rule in ranked if rule.safeguard):
        if all(guard.limit.is_safer_than(rule.limit) for rule in winner.limits()):
            winner = guard
    return winner


class RevisitRule(Struct, frozen=True):
    """How many revisits a completed case needs, the first within the limit (D2).

    A further one is due within the limit counted from the one before.
    """

    id: str
    count: int
    within: Limit
    source: str
    requirement: str
    why: str
    when: Conditions = Conditions()
    why_zh: str = ""

    def precedence(self) -> tuple[bool, int, int]:
        """A seed outranks what we chose, then the more specific wins, as for limits."""
        return (self.source != OURS, *self.when.specificity())
