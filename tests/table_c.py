"""Table C of the requirements, row by row, and short ways to write its limits and facts."""

from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Facts


def minutes(amount: int) -> Limit:
    return Limit(amount, Unit.MINUTES)


def hours(amount: int) -> Limit:
    return Limit(amount, Unit.HOURS)


def days(amount: int) -> Limit:
    return Limit(amount, Unit.DAYS)


def staffed_days(amount: float) -> Limit:
    return Limit(amount, Unit.STAFFED_DAYS, around_the_clock=False)


def working_days(amount: float) -> Limit:
    count = CountFrom.NEXT_DAY if amount >= 1 else CountFrom.MOMENT
    return Limit(amount, Unit.WORKING_DAYS, count, around_the_clock=False)


def complaint(matter: str, severity: str = "general", urgency: str = "normal") -> Facts:
    return Facts("complaint", matter, urgency, severity)


def repair(matter: str, urgency: str = "normal", complexity: str = "general") -> Facts:
    return Facts("repair", matter, urgency, "general", complexity)


def inquiry(matter: str) -> Facts:
    return Facts("inquiry", matter, "normal", "general")


TABLE_C = [
    ("S0", "C1", complaint("seepage"), Clock.RESPOND, hours(24)),
    ("S0", "C1", complaint("other", "serious"), Clock.RESPOND, hours(24)),
    ("S1", "C2", complaint("garbage"), Clock.SOLVE, hours(48)),
    ("S1", "C2", repair("seepage", complexity="complex"), Clock.SOLVE, working_days(5)),
    ("S3", "C3", complaint("fee_dispute"), Clock.INFORM, days(3)),
    ("S3", "C3", complaint("fee_dispute"), Clock.ANSWER, working_days(3)),
    ("S2", "C4", complaint("staff_attitude"), Clock.SOLVE, staffed_days(0.5)),
    ("S2", "C4", complaint("staff_attitude", "serious"), Clock.SOLVE, days(2)),
    ("S2", "C5", repair("flooding", "emergency"), Clock.ON_SITE, minutes(10)),
    ("S2", "C5", repair("power_outage"), Clock.ON_SITE, minutes(10)),
    ("S2", "C5", repair("water_outage"), Clock.ON_SITE, minutes(10)),
    ("S2", "C5", complaint("drain_blocked"), Clock.ON_SITE, minutes(10)),
    ("S2", "C6", repair("lighting_lock"), Clock.SOLVE, staffed_days(0.5)),
    ("S2", "C7", repair("home_other"), Clock.SOLVE, working_days(7)),
    ("S2", "C7", repair("door_window"), Clock.SOLVE, working_days(7)),
    ("S2", "C8", repair("equipment_noise"), Clock.ON_SITE, minutes(10)),
    ("S2", "C8", repair("public_hazard"), Clock.ON_SITE, minutes(10)),
    ("S2", "C8", repair("elevator", "emergency"), Clock.ON_SITE, minutes(10)),
    ("S2", "C8", complaint("elevator", urgency="urgent"), Clock.ON_SITE, minutes(10)),
    ("S2", "C8", Facts("help", "elevator", "urgent", "general"), Clock.ON_SITE, minutes(10)),
    ("S2", "C9", repair("public_other"), Clock.SOLVE, working_days(3)),
    ("S2", "C10", complaint("neighbour"), Clock.ON_SITE, minutes(15)),
    ("S2", "C10", complaint("noise_public"), Clock.ON_SITE, minutes(15)),
    ("S2", "C11", complaint("garbage"), Clock.ON_SITE, hours(8)),
    ("S2", "C11", complaint("other"), Clock.ON_SITE, hours(8)),
    ("S2", "C12", inquiry("activity"), Clock.ANSWER, minutes(30)),
    ("S2", "C12", inquiry("fee_query"), Clock.ANSWER, minutes(30)),
    ("S2", "C12", inquiry("fee_query"), Clock.ON_SITE, minutes(30)),
    ("S2", "C12", inquiry("delivery"), Clock.ANSWER, minutes(30)),
    ("S2", "C13", inquiry("renovation_permit"), Clock.ANSWER, working_days(2)),
    ("S2", "C13", inquiry("move_card"), Clock.SOLVE, working_days(2)),
    ("S4", "C14", repair("seepage", "urgent"), Clock.ON_SITE, hours(2)),
    ("S4", "C14", repair("seepage", "urgent"), Clock.SOLVE, hours(24)),
    ("S4", "C14", repair("leak_fixture"), Clock.ON_SITE, hours(2)),
    ("S4", "C14", repair("leak_fixture"), Clock.SOLVE, hours(24)),
    ("S4", "C14", repair("seepage"), Clock.SOLVE, hours(72)),
    ("S4", "C14", repair("elevator"), Clock.ON_SITE, hours(2)),
    ("S4", "C14", repair("power_outage"), Clock.SOLVE, hours(24)),
    ("S4", "C14", repair("door_window"), Clock.SOLVE, hours(72)),
    ("S4", "C15", Facts("help", "neighbour", "normal", "general"), Clock.RESPOND, minutes(5)),
    ("S4", "C16", repair("home_other"), Clock.QUOTE, minutes(15)),
    ("S3", "C17", repair("seepage"), Clock.CORRECT, hours(24)),
]
"""Pack, requirement, the facts of a case, and the limit that the pack gives to that clock."""
