"""What makes the matters, rules and revisits of a regulation pack unusable.

Each check names the rule and what would be right. Policies are checked in policy_checks.py.
"""

import re
from collections.abc import Iterable
from itertools import combinations

from chalicelib.domain.community.language import LANGUAGES
from chalicelib.domain.errors import RegulationError
from chalicelib.domain.regulation.limits import CLOCKS, Clock, Limit
from chalicelib.domain.regulation.policy_checks import check_policies
from chalicelib.domain.regulation.regulation import Matter, Regulation
from chalicelib.domain.regulation.rules import (
    APPOINTABLE,
    CATEGORIES,
    COMPLEXITIES,
    DEPARTMENTS,
    KINDS,
    OURS,
    SEVERITIES,
    UNSORTED,
    URGENCIES,
    Appointment,
    Conditions,
    RevisitRule,
    Rule,
)
from chalicelib.domain.regulation.validators import known, named, unique, within

EVERY_CASE_HAS = tuple(clock for clock in Clock if CLOCKS[clock].in_every_case)
SOURCES = ("S0", "S1", "S2", "S3", "S4", OURS)
REQUIREMENT = re.compile(r"[A-G]([1-9]|1\d|2[0-4])")
MATTER_ID = re.compile(r"[a-z][a-z0-9_]*")
MOST_REVISITS = 5


def check(regulation: Regulation) -> None:
    """Raises `RegulationError` at the first thing in the pack that is contradictory, unknown or missing."""
    within("version", regulation.version, 1, 100_000)
    named("the pack", regulation.names)
    for matter in regulation.matters.values():
        _matter(matter)
    unique("matter", [*regulation.matters, *_former_ids(regulation)])
    unique("rule", [part.id for rule in regulation.rules for part in rule.limits()])
    unique("revisit", [revisit.id for revisit in regulation.revisits.rules])
    for rule in regulation.rules:
        _conditions(f"rule {rule.id}", rule.when, regulation)
        for part in rule.limits():
            _origin(f"rule {part.id}", part, regulation)
            _rule(part)
    for revisit in regulation.revisits.rules:
        _conditions(f"revisit {revisit.id}", revisit.when, regulation)
        _origin(f"revisit {revisit.id}", revisit, regulation)
        within(f"revisit {revisit.id}: count", revisit.count, 0, MOST_REVISITS)
    _contradictions(regulation.rules)
    _contradicting_revisits(regulation.revisits.rules)
    _complete(regulation)
    check_policies(regulation)


def _matter(matter: Matter) -> None:
    if not MATTER_ID.fullmatch(matter.id):
        raise RegulationError(
            f"matter {matter.id!r}: an id has small letters, digits and _, and begins with a letter."
        )
    named(f"matter {matter.id}", matter.names)
    categories = (UNSORTED,) if matter.id == UNSORTED else CATEGORIES
    known(f"matter {matter.id}: category", [matter.category], categories)
    known(f"matter {matter.id}: department", [matter.department], DEPARTMENTS)
    known(f"matter {matter.id}: urgency", [matter.urgency], URGENCIES)
    known(f"matter {matter.id}: short", matter.short, LANGUAGES)
    for former, names in matter.formerly.items():
        named(f"matter {matter.id}: formerly {former}", names)


def _former_ids(regulation: Regulation) -> list[str]:
    return [former for matter in regulation.matters.values() for former in matter.formerly]


def _origin(what: str, rule: Rule | RevisitRule, regulation: Regulation) -> None:
    if not (rule.source and rule.requirement and rule.why.strip() and rule.why_zh.strip()):
        raise RegulationError(f"{what}: source, requirement, why and why_zh must say where it comes from.")
    known(f"{what}: source", [rule.source], dict.fromkeys((*SOURCES, regulation.id)))
    if not REQUIREMENT.fullmatch(rule.requirement):
        raise RegulationError(
            f"{what}: requirement {rule.requirement!r} is none; right is a letter from A to G and a number, "
            "such as C2."
        )


def _rule(rule: Rule) -> None:
    if rule.safeguard and not rule.limit.around_the_clock:
        raise RegulationError(
            f"rule {rule.id}: danger does not wait for opening time; a safeguard runs around the clock."
        )
    if rule.appointment is not Appointment.IGNORED and rule.clock not in APPOINTABLE:
        raise RegulationError(
            f"rule {rule.id}: an agreed time is no deadline for {rule.clock}; right are "
            f'{", ".join(APPOINTABLE)}, or appointment = "ignored".'
        )


def _conditions(what: str, when: Conditions, regulation: Regulation) -> None:
    known(f"{what}: kind", when.kinds, KINDS)
    known(f"{what}: matter", when.matters, sorted(regulation.matters))
    known(f"{what}: complexity", when.complexities, COMPLEXITIES)
    known(f"{what}: severity", when.severities, SEVERITIES)
    known(f"{what}: urgency", when.urgencies, URGENCIES)


def _contradictions(rules: Iterable[Rule]) -> None:
    """Refuses two rules that would both win for some case, with different limits."""
    for rule, other in combinations(rules, 2):
        if (
            rule.clock is other.clock
            and rule.safeguard == other.safeguard
            and rule.precedence() == other.precedence()
            and rule.when.overlap(other.when)
            and _promises(rule) != _promises(other)
        ):
            raise RegulationError(
                f"rule {rule.id} contradicts rule {other.id}: both hold for some case, neither is more "
                f"specific, and their limits for {rule.clock} differ; give one a condition of its own."
            )


def _promises(rule: Rule) -> list[tuple[Limit, Appointment]]:
    return [(part.limit, part.appointment) for part in rule.limits()]


def _contradicting_revisits(revisits: Iterable[RevisitRule]) -> None:
    for revisit, other in combinations(revisits, 2):
        if revisit.precedence() == other.precedence() and revisit.when.overlap(other.when):
            raise RegulationError(
                f"revisit {revisit.id} contradicts revisit {other.id}: both hold for some case and "
                "neither is more specific; give one a condition that the other has not."
            )


def _complete(regulation: Regulation) -> None:
    """Refuses a pack that leaves some case without a necessary clock or a revisit rule."""
    general = [rule.clock for rule in regulation.rules if rule.when == Conditions()]
    if missing := [clock for clock in EVERY_CASE_HAS if clock not in general]:
        raise RegulationError(f"no rule without conditions gives a limit to {', '.join(missing)}.")
    if not any(revisit.when == Conditions() for revisit in regulation.revisits.rules):
        raise RegulationError("no revisit without conditions says what holds for every other case.")
