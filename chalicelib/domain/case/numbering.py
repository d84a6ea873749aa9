"""Case numbers: `YYYYMM-NNNN`, per community, unique and without gaps that can't be explained (A4)."""

import re
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

NUMBER = re.compile(r"\d{6}-\d{4,}")


def month_of(at: datetime, zone: str) -> str:
    """The month of an instant, as `YYYYMM`, on the calendar of the community's zone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y%m")


def case_number(month: str, serial: int) -> str:
    """The number of the `serial`-th case of a month; serials above 9999 simply get a fifth digit."""
    return f"{month}-{serial:04d}"


def serial_of(number: str) -> int:
    """The serial that a number was made of."""
    return int(number.partition("-")[2])


def missing_serials(present: Collection[int], counter: int, settled: int = 0) -> tuple[int, ...]:
    """Serials beyond `settled`, to `counter`, for which there is neither a case nor an explanation."""
    return tuple(serial for serial in range(settled + 1, counter + 1) if serial not in present)
