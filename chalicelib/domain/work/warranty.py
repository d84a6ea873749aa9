"""Who pays: warranty on a repair (B13) and on components of a building (G12)."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.case.money import OF_THE_WORK
from chalicelib.domain.regulation.policies import ConstructionWarranty, WarrantyPolicy


class Payer(StrEnum):
    """The party that pays for a repair."""

    DEVELOPER = "developer"
    PROPERTY_COMPANY = "property_company"
    OWNER = "owner"
    MAINTENANCE_FUND = "maintenance_fund"


class Liability(Struct, frozen=True):
    """The party that pays, and the warranty that says so.

    `last_day` is the last day of the warranty; `why` says it in a sentence.
    """

    payer: Payer
    component: str | None
    last_day: date | None
    why: str


def last_day_after(start: date, months: int) -> date:
    """The last day of a period of months from a day (Civil Code art. 202).

    The same day of the last month, or that month's end if it has no such day: 31 January, 1 month → 28
    February.
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def can_be_under(policy: WarrantyPolicy, kind: str, matter: str) -> bool:
    """Whether a warranty can cover it: any repair, and help with a part of the building (B13).

    The same drain is reported as either.
    """
    if kind not in OF_THE_WORK:
        return False
    of_the_building = matter in policy.common or any(matter in part.matters for part in policy.construction)
    return kind == "repair" or of_the_building


def repair_warranty_ends(policy: WarrantyPolicy, accepted_on: date) -> date:
    """The last day on which the same fault costs nothing (B13).

    It runs from acceptance (see `accepted_by`): accepted 10 March, 6 months → 10 September.
    """
    return last_day_after(accepted_on, policy.repair.months)


def accepted_by(policy: WarrantyPolicy, matter: str) -> str:
    """How a repair of this matter is accepted: "flows", "next_rain", or else "signature" (B13)."""
    return policy.repair.acceptance.get(matter, "signature")


def construction_warranty_ends(part: ConstructionWarranty, handed_over_on: date) -> date:
    """The last day of the developer's warranty (G12).

    Years count from the handover: 1 June 2024, 5 years → 1 June 2029. Seasons count when they begin after the
    handover: a season that has begun already is not a whole one.
    """
    if not part.seasons:
        return last_day_after(handed_over_on, 12 * part.years)
    first = _day_of(part.season_from, handed_over_on.year)
    if first < handed_over_on:
        first = _day_of(part.season_from, handed_over_on.year + 1)
    last_season_begins = first.replace(year=first.year + part.seasons - 1)
    end = _day_of(part.season_to, last_season_begins.year)
    return end if end > last_season_begins else end.replace(year=end.year + 1)


def _day_of(month_and_day: str, year: int) -> date:
    month, day = month_and_day.split("-")
    return date(year, int(month), int(day))


def who_pays(
    policy: WarrantyPolicy,
    *,
    matter: str,
    reported_on: date,
    handed_over_on: date | None,
    common_part: bool,
    component: str | None = None,
    repaired_on: date | None = None,
    repair_accepted_on: date | None = None,
) -> Liability:
    """The party that pays for a fault reported on that day (B13, G12).

    A fault that was repaired already and comes back within the repair's warranty is the property company's,
    and so is one that comes back before that repair was accepted: a leak at the next rain. Otherwise the
    developer pays while the component's warranty lasts, then the maintenance fund for common parts and the
    owner for the home. `component` is the one found at the place; without it the matter says.
    """
    accepted = repair_accepted_on is not None and repair_accepted_on <= reported_on
    if repaired_on is not None and repaired_on <= reported_on and not accepted:
        return Liability(Payer.PROPERTY_COMPANY, component, None, "Repaired before, and not accepted yet.")
    if repair_accepted_on is not None:
        ends = repair_warranty_ends(policy, repair_accepted_on)
        if repair_accepted_on <= reported_on <= ends:
            return Liability(
                Payer.PROPERTY_COMPANY, component, ends, f"Repaired before and under warranty until {ends}."
            )
    parts = (
        part
        for part in policy.construction
        if (part.component == component if component else matter in part.matters)
    )
    part = next(parts, None)
    if part is not None and handed_over_on is not None:
        ends = construction_warranty_ends(part, handed_over_on)
        if reported_on <= ends:
            return Liability(
                Payer.DEVELOPER, part.component, ends, f"{part.names['en']} is under warranty until {ends}."
            )
        return _after(common_part, part.component, ends, f"The warranty of {part.names['en']} ended {ends}.")
    if part is not None:
        return _after(common_part, part.component, None, "The handover date is not known.")
    return _after(common_part, component, None, "No construction warranty covers this.")


def _after(common_part: bool, component: str | None, last_day: date | None, why: str) -> Liability:
    payer = Payer.MAINTENANCE_FUND if common_part else Payer.OWNER
    return Liability(payer, component, last_day, why)
