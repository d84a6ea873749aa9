"""What makes the policies of a regulation unusable: ladders, samples, pauses, returns, surveys, targets."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from msgspec.structs import asdict

from chalicelib.domain.community.roles import VISITORS, WORKERS
from chalicelib.domain.errors import RegulationError
from chalicelib.domain.regulation.limits import CALENDAR_DAYS, CLOCKS, Clock
from chalicelib.domain.regulation.policies import ConstructionWarranty, Ladder, SamplingPolicy, WarrantyPolicy
from chalicelib.domain.regulation.regulation import QUESTIONS, Regulation
from chalicelib.domain.regulation.rules import KINDS, SEVERITIES, URGENCIES
from chalicelib.domain.regulation.validators import known, named, unique, within

PAUSE_REASONS = (
    "waiting_for_resident",
    "waiting_for_parts",
    "waiting_for_weather",
    "waiting_for_third_party",
)
"""What a clock may stand still for: every language can tell these (G4)."""

ROLES = ("handler", "duty", "agent", "department_head", "supervisor", "manager", "company_head")

REOPENERS = ("resident", "agent", "supervisor", "manager")
"""Whom the life cycle lets reopen a case; a regulation can allow fewer."""

PAUSABLE = tuple(clock for clock in Clock if CLOCKS[clock].pausable)
"""Nobody pauses a first response, a signature or the way to the place (G4)."""

DIALLED = re.compile(r"\+?[0-9](?:[0-9 -]{0,18}[0-9])?")
ACCEPTANCES = ("flows", "next_rain", "signature")
LONGEST_CAP = 366  # working days
LONGEST_WARRANTY = 100  # years
Bound = tuple[str, float, float, float]  # what it is, its value, the least and the most that are right


def check_policies(regulation: Regulation) -> None:
    """Raises `RegulationError` at the first policy that cannot be carried out."""
    for what, value, least, most in _bounds(regulation):
        within(what, value, least, most)
    for what, days in (
        ("pause: cap_working_days", regulation.pause.cap_working_days),
        ("extension: longest_working_days", regulation.extension.longest_working_days),
    ):
        if not 0 < days <= LONGEST_CAP:
            raise RegulationError(f"{what} is {days:g}; right is more than 0 and at most {LONGEST_CAP}.")
    job = regulation.work_after_visit
    if job is not None and job.unit in CALENDAR_DAYS:
        raise RegulationError(
            "appointments: work_after: a job takes minutes or hours, not days of a calendar."
        )
    for what, share in (("care", regulation.care.share), ("reopen", regulation.reopen.share)):
        if not 0 < share <= 1:
            raise RegulationError(
                f"{what}: share: a share of the limit is more than 0 and at most 1, not {share}."
            )
    _ladders(regulation.ladders)
    _alerts(regulation)
    _not_empty("stand_ins: order", regulation.stand_ins.order)
    known("stand_ins: role", [regulation.stand_ins.unowned, *regulation.stand_ins.order], ROLES)
    known("revisit_defaults: survey_counts", regulation.revisits.survey_counts, KINDS)
    known("revisit_defaults: question", regulation.revisits.questions, QUESTIONS)
    unique("question", list(regulation.revisits.questions))
    _sampling(regulation.sampling)
    _not_empty("pause: reasons", regulation.pause.reasons)
    known("pause: reason", regulation.pause.reasons, PAUSE_REASONS)
    _not_empty("pause: clocks", regulation.pause.clocks)
    known("pause: clock", regulation.pause.clocks, PAUSABLE)
    _not_empty("reopen: roles", regulation.reopen.roles)
    known("reopen: role", regulation.reopen.roles, REOPENERS)
    _warranty(regulation.warranty, sorted(regulation.matters))
    known("handled_by: kind", regulation.handled_by, KINDS)
    known("handled_by: role", regulation.handled_by.values(), WORKERS)
    known("sign_off: kind", regulation.sign_off.kinds, KINDS)
    known("plan_confirmed: kind", regulation.plan_confirmed.kinds, KINDS)
    unique("outside number", [number.id for number in regulation.outside])
    for number in regulation.outside:
        named(f"outside {number.id}", number.names)
        known(f"outside {number.id}: matter", number.matters, sorted(regulation.matters))
        if not DIALLED.fullmatch(number.phone):
            raise RegulationError(f"outside {number.id}: phone is digits, and +, - or spaces between them.")


def _bounds(regulation: Regulation) -> Iterator[Bound]:
    """The numbers of the policies, each with what a desk can work with."""
    reopen, survey = regulation.reopen, regulation.survey
    yield "revisit_defaults: attempts", regulation.revisits.attempts, 1, 10
    yield "survey: link_days", survey.link_days, 1, 366
    yield "survey: low_rating", survey.low_rating, 1, 4  # of 5: somebody must be able to be satisfied
    yield "survey: satisfied_from", survey.satisfied_from, survey.low_rating + 1, 5
    yield "extension: count", regulation.extension.count, 0, 10
    yield "reopen: window_days", reopen.window_days, 0, 3660
    yield "reopen: returns", reopen.returns, 0, 100
    yield "reopen: shorter_from", reopen.shorter_from, 1, 100
    yield "reopen: manager_from", reopen.manager_from, 1, 100
    yield "warranty: repair_months", regulation.warranty.repair.months, 0, 12 * LONGEST_WARRANTY
    yield "charges: above_quote", regulation.charges.above_quote, 0, 1
    for name, share in asdict(regulation.targets).items():
        yield f"targets: {name}", share, 0, 1


def _not_empty(what: str, values: tuple[str, ...]) -> None:
    if not values:
        raise RegulationError(f"{what} is empty; name at least one.")


def _ladders(ladders: Iterable[Ladder]) -> None:
    ladders = tuple(ladders)
    unique("ladder", [ladder.id for ladder in ladders])
    for ladder in ladders:
        _ladder(ladder)
    if not any(ladder.specificity() == (False, False, False) for ladder in ladders):
        raise RegulationError("no ladder without conditions says who is told about every other deadline.")
    for ladder, other in combinations(ladders, 2):
        if ladder.specificity() == other.specificity() and ladder.overlaps(other):
            raise RegulationError(
                f"ladder {ladder.id} contradicts ladder {other.id}: both hold for some deadline and neither "
                "is more specific; give one a condition that the other has not."
            )


def _ladder(ladder: Ladder) -> None:
    what = f"ladder {ladder.id}"
    known(f"{what}: role", [ladder.reminded, ladder.overdue, *(rung.role for rung in ladder.rungs)], ROLES)
    known(f"{what}: urgency", ladder.urgencies, URGENCIES)
    known(f"{what}: severity", ladder.severities, SEVERITIES)
    if not all(0 < share < 1 for share in ladder.reminders):
        raise RegulationError(f"{what}: reminders come before the deadline, at shares between 0 and 1.")
    shares = [rung.share for rung in ladder.rungs]
    if shares != sorted(set(shares)) or not all(1 < share <= 100 for share in shares):
        raise RegulationError(
            f"{what}: rungs come after the deadline, at shares above 1, each later than the last."
        )
    unique(f"{what}: rung", [rung.role for rung in ladder.rungs])


def _alerts(regulation: Regulation) -> None:
    for number, alert in enumerate(regulation.alerts, start=1):
        what = f"alert {number}"
        _not_empty(f"{what}: roles", alert.roles)
        known(f"{what}: role", alert.roles, ROLES)
        known(f"{what}: urgency", alert.urgencies, URGENCIES)
        known(f"{what}: severity", alert.severities, SEVERITIES)
        if not (alert.urgencies or alert.severities):
            raise RegulationError(f"{what}: it is given for no case; name urgencies or severities.")


def _sampling(sampling: SamplingPolicy) -> None:
    known("sampling: role", [sampling.sample_role, *sampling.quotas], VISITORS)
    known("sampling: kind", [*sampling.sample_kinds, *sampling.quota_kinds], KINDS)
    shares = (
        *sampling.quotas.values(),
        sampling.sample_general,
        sampling.sample_serious,
        sampling.asked_again,
    )
    if not all(0 <= share <= 1 for share in shares) or round(sum(sampling.quotas.values()), 6) > 1:
        raise RegulationError("sampling: shares lie between 0 and 1, and the quotas together are at most 1.")


def _warranty(warranty: WarrantyPolicy, matters: list[str]) -> None:
    known("warranty: acceptance: matter", warranty.repair.acceptance, matters)
    known("warranty: acceptance: manner", warranty.repair.acceptance.values(), ACCEPTANCES)
    known("warranty: common: matter", warranty.common, matters)
    known("warranty: catch_all: matter", warranty.catch_all, matters)
    unique("warranty of construction", [part.component for part in warranty.construction])
    for part in warranty.construction:
        _construction(f"warranty {part.component}", part, matters)


def _construction(what: str, part: ConstructionWarranty, matters: list[str]) -> None:
    named(what, part.names)
    known(f"{what}: matter", part.matters, matters)
    within(f"{what}: years", part.years, 0, LONGEST_WARRANTY)
    within(f"{what}: seasons", part.seasons, 0, LONGEST_WARRANTY)
    if (part.years > 0) == (part.seasons > 0):
        raise RegulationError(f"{what}: it needs either years or seasons.")
    if part.seasons and not all(map(_is_day_of_year, (part.season_from, part.season_to))):
        raise RegulationError(f"{what}: a season runs from a day like 11-15 to another.")


def _is_day_of_year(month_and_day: str) -> bool:
    try:
        date.fromisoformat(f"2027-{month_and_day}")
    except ValueError:
        return False
    return True
