"""Case numbers: `YYYYMM-NNNN`, unique in a community and without unexplained gaps (A4)."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NUMBER = re.compile(r"\d{6}-\d{4,}")


def month_of(at: datetime, zone: str) -> str:
    """The month of an instant, as `YYYYMM`, on the calendar of the community's zone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y%m")


def months_until(at: datetime, zone: str, amount: int) -> tuple[str, ...]:
    """So many months, the last that of an instant: March, 3 → January, February, March."""
    day, months = at.astimezone(ZoneInfo(zone)), list[str]()
    for _ in range(amount):
        months.insert(0, day.strftime("%Y%m"))
        day = day.replace(day=1) - timedelta(days=1)
    return tuple(months)


def case_number(month: str, serial: int) -> str:
    """The number of a month's case, by its serial.

    Month 202611 and serial 7 → `202611-0007`; 12345 simply gets a fifth digit.
    """
    return f"{month}-{serial:04d}"


def serial_of(number: str) -> int:
    """The serial in a case number: `202611-0007` → 7."""
    return int(number.partition("-")[2])


def place_of(number: str) -> tuple[str, int]:
    """Where a number stands in the order of the register, also beyond serial 9999."""
    return number[:6], serial_of(number)


def number_before(number: str) -> str:
    """The number just before: of a month's first it is that of no case, and still after the months before."""
    return case_number(number[:6], serial_of(number) - 1)


def missing_serials(present: Collection[int], counter: int, settled: int = 0) -> tuple[int, ...]:
    """The serials that have neither a case nor an explanation.

    Those beyond `settled`, up to `counter`: present 4 and 6, settled 3, counter 7 → 5 and 7.
    """
    return tuple(serial for serial in range(settled + 1, counter + 1) if serial not in present)
