"""What makes a regulation pack unusable, whoever wrote it; says the rule and what would be right."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from chalicelib.domain.errors import RegulationError
from chalicelib.domain.limits import Clock
from chalicelib.domain.policies import Ladder
from chalicelib.domain.regulation import (
    CATEGORIES,
    COMPLEXITIES,
    DEPARTMENTS,
    KINDS,
    QUESTIONS,
    SEVERITIES,
    URGENCIES,
    Conditions,
    Regulation,
    RevisitRule,
    Rule,
)

LANGUAGES = ("zh-CN", "zh-TW", "en")
ROLES = ("handler", "duty", "agent", "department_head", "supervisor", "manager", "company_head")
EVERY_CASE_HAS = (Clock.RESPOND, Clock.SIGN, Clock.SOLVE)


def check(regulation: Regulation) -> None:
    """Raises `RegulationError` at the first thing in the pack that is contradictory, unknown or missing."""
    for matter in regulation.matters.values():
        _known(f"matter {matter.id}: category", [matter.category], CATEGORIES)
        _known(f"matter {matter.id}: department", [matter.department], DEPARTMENTS)
        _known(f"matter {matter.id}: urgency", [matter.urgency], URGENCIES)
        _names(f"matter {matter.id}", matter.names)
    _names("the pack", regulation.names)
    for rule in regulation.rules:
        _conditions(f"rule {rule.id}", rule.when, regulation)
        if not (rule.source and rule.requirement and rule.why):
            raise RegulationError(
                f"rule {rule.id}: source, requirement and why must say where it comes from."
            )
        if rule.safeguard and not rule.limit.around_the_clock:
            raise RegulationError(
                f"rule {rule.id}: danger does not wait for opening time; a safeguard runs around the clock."
            )
    for revisit in regulation.revisits.rules:
        _conditions(f"revisit {revisit.id}", revisit.when, regulation)
    _known("revisit_defaults: question", regulation.revisits.questions, QUESTIONS)
    _unique("question", list(regulation.revisits.questions))
    _unique("rule", [rule.id for rule in regulation.rules])
    _unique("revisit", [revisit.id for revisit in regulation.revisits.rules])
    _contradictions(regulation.rules)
    _contradicting_revisits(regulation.revisits.rules)
    _complete(regulation)
    for ladder in regulation.ladders:
        _ladder(ladder)
    _policies(regulation)


def _known(what: str, values: Iterable[str], known: Iterable[str]) -> None:
    for value in values:
        if value not in known:
            raise RegulationError(f"{what} {value!r} is unknown; right are {', '.join(known)}.")


def _names(what: str, names: Iterable[str]) -> None:
    if missing := [language for language in LANGUAGES if language not in names]:
        raise RegulationError(f"{what}: it has no name in {', '.join(missing)}.")


def _unique(what: str, ids: list[str]) -> None:
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise RegulationError(f"{what} {twice[0]} is there twice; each id must be its own.")


def _conditions(what: str, when: Conditions, regulation: Regulation) -> None:
    _known(f"{what}: kind", when.kinds, KINDS)
    _known(f"{what}: matter", when.matters, sorted(regulation.matters))
    _known(f"{what}: complexity", when.complexities, COMPLEXITIES)
    _known(f"{what}: severity", when.severities, SEVERITIES)
    _known(f"{what}: urgency", when.urgencies, URGENCIES)


def _contradictions(rules: Iterable[Rule]) -> None:
    """Two rules that would both win for some case, with different limits."""
    for one, other in combinations(rules, 2):
        if (
            one.clock is other.clock
            and one.safeguard == other.safeguard
            and one.precedence() == other.precedence()
            and one.when.overlap(other.when)
            and (one.limit, one.appointment) != (other.limit, other.appointment)
        ):
            raise RegulationError(
                f"rule {one.id} contradicts rule {other.id}: both hold for some case, neither is more "
                f"specific, and their limits for {one.clock} differ; give one a condition of its own."
            )


def _contradicting_revisits(revisits: Iterable[RevisitRule]) -> None:
    for one, other in combinations(revisits, 2):
        if one.precedence() == other.precedence() and one.when.overlap(other.when):
            raise RegulationError(
                f"revisit {one.id} contradicts revisit {other.id}: both hold for some case and "
                "neither is more specific; give one a condition that the other has not."
            )


def _complete(regulation: Regulation) -> None:
    """Every case has the clocks without which it would wait for ever, and a ladder, and a revisit rule."""
    general = [rule.clock for rule in regulation.rules if rule.when == Conditions()]
    if missing := [clock for clock in EVERY_CASE_HAS if clock not in general]:
        raise RegulationError(f"no rule without conditions gives a limit to {', '.join(missing)}.")
    if not any(revisit.when == Conditions() for revisit in regulation.revisits.rules):
        raise RegulationError("no revisit without conditions says what holds for every other case.")
    if not any(not (one.clocks or one.urgencies or one.severities) for one in regulation.ladders):
        raise RegulationError("no ladder without conditions says who is told about every other deadline.")


def _ladder(ladder: Ladder) -> None:
    what = f"ladder {ladder.id}"
    _known(f"{what}: role", [ladder.reminded, ladder.overdue, *(rung.role for rung in ladder.rungs)], ROLES)
    _known(f"{what}: urgency", ladder.urgencies, URGENCIES)
    _known(f"{what}: severity", ladder.severities, SEVERITIES)
    if not all(0 < share < 1 for share in ladder.reminders):
        raise RegulationError(f"{what}: reminders come before the deadline, at shares between 0 and 1.")
    shares = [rung.share for rung in ladder.rungs]
    if shares != sorted(set(shares)) or any(share <= 1 for share in shares):
        raise RegulationError(
            f"{what}: rungs come after the deadline, at shares above 1, each later than the last."
        )
    _unique(f"{what}: rung", [rung.role for rung in ladder.rungs])


def _policies(regulation: Regulation) -> None:
    for alert in regulation.alerts:
        _known("alert: role", alert.roles, ROLES)
        _known("alert: urgency", alert.urgencies, URGENCIES)
        _known("alert: severity", alert.severities, SEVERITIES)
    _known("stand_ins: role", [regulation.stand_ins.unowned, *regulation.stand_ins.order], ROLES)
    sampling = regulation.sampling
    _known("sampling: role", [sampling.sample_role, *sampling.quotas], ROLES)
    _known("sampling: kind", [*sampling.sample_kinds, *sampling.quota_kinds], KINDS)
    shares = (
        *sampling.quotas.values(),
        sampling.sample_general,
        sampling.sample_serious,
        sampling.asked_again,
    )
    if not all(0 <= share <= 1 for share in shares) or round(sum(sampling.quotas.values()), 6) > 1:
        raise RegulationError("sampling: shares lie between 0 and 1, and the quotas together are at most 1.")
    for what, share in (
        ("care: share", regulation.care.share),
        ("reopen: share", regulation.reopen.share),
    ):
        if not 0 < share <= 1:
            raise RegulationError(f"{what}: a share of the limit is more than 0 and at most 1, not {share}.")
    for part in regulation.warranty.construction:
        _known(f"warranty {part.component}: matter", part.matters, sorted(regulation.matters))
        if (part.years > 0) == (part.seasons > 0):
            raise RegulationError(f"warranty {part.component}: it needs either years or seasons.")
        if part.seasons and not all(map(_is_day_of_year, (part.season_from, part.season_to))):
            raise RegulationError(
                f"warranty {part.component}: a season runs from a day like 11-15 to another."
            )


def _is_day_of_year(month_and_day: str) -> bool:
    try:
        date.fromisoformat(f"2027-{month_and_day}")
    except ValueError:
        return False
    return True
