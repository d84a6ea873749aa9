"""Filters of a list: what of it is wanted (E8)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import asdict

from chalicelib.domain.case.case import State
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.rows import Row, rows_of

SOON = timedelta(hours=2)
DUE_SOON, SIGNED_TODAY = "2h", "today"
"""The values of `due` and `signed`."""
UNACCEPTED = UNSIGNED_RESULT = UNCONFIRMED_PLAN = "waits"
"""The value of `acceptance`: done, not accepted yet; of `sign_off` and `plan_check`: handed in (B5, B9)."""

Pick = Callable[[Sequence[CaseLine]], Sequence[CaseLine]]


class Filters(Struct, frozen=True):
    """What a line has to be; empty texts ask for nothing. `building` is as people write it: `3`, `3栋`.

    A building is part of who reported: only rows whose reader sees the unit can have it. `due`: what ends
    within `SOON`; `signed`: signed for on this day of the community;
    `acceptance`: done, and not accepted yet; `sign_off`: its result waits for the head's signature;
    `plan_check`: its plan waits for the desk.
    """

    state: str = ""
    kind: str = ""
    matter: str = ""
    department: str = ""
    handler: str = ""
    overdue: str = ""
    building: str = ""
    due: str = ""
    signed: str = ""
    payer: str = ""
    acceptance: str = ""
    sign_off: str = ""
    plan_check: str = ""

    def __post_init__(self) -> None:
        if self.state and self.state not in set(State):
            raise InvalidInputError(f"'state' is one of: {', '.join(State)}.")
        if self.due not in {"", DUE_SOON} or self.signed not in {"", SIGNED_TODAY}:
            raise InvalidInputError(f"'due' is {DUE_SOON}, 'signed' is {SIGNED_TODAY}.")
        if self.acceptance not in {"", UNACCEPTED}:
            raise InvalidInputError(f"'acceptance' is {UNACCEPTED}.")
        if self.sign_off not in {"", UNSIGNED_RESULT}:
            raise InvalidInputError(f"'sign_off' is {UNSIGNED_RESULT}.")
        if self.plan_check not in {"", UNCONFIRMED_PLAN}:
            raise InvalidInputError(f"'plan_check' is {UNCONFIRMED_PLAN}.")

    @property
    def said(self) -> dict[str, str]:
        """Those that ask for something, by name."""
        return {name: value for name, value in asdict(self).items() if value}

    def fits(self, line: CaseLine, now: datetime, zone: str) -> bool:
        """Whether a line is as it has to be now, but for its building."""
        return (
            self.state in {"", line.state}
            and self.kind in {"", line.kind}
            and self.matter in {"", line.matter}
            and self.department in {"", line.department}
            and self.handler in {"", line.handler}
            and self.payer in {"", line.payer}
            and (not self.acceptance or line.unaccepted)
            and (not self.sign_off or line.unsigned_result)
            and (not self.plan_check or line.unconfirmed_plan)
            and (not self.overdue or bool(line.overdue_clocks))
            and (not self.due or is_due_soon(line, now))
            and (not self.signed or is_signed_on_the_day(line, now, zone))
        )


NO_FILTERS = Filters()


def is_due_soon(line: CaseLine, now: datetime) -> bool:
    """Whether what is due next ends within `SOON`: it runs, and is not late."""
    runs = line.due_for is not None and not line.held and line.due_for not in line.overdue_clocks
    return runs and now <= line.due_at < now + SOON


def is_signed_on_the_day(line: CaseLine, now: datetime, zone: str) -> bool:
    """Whether the case was signed for on the local day of that instant."""
    signed, local = line.signed_at, ZoneInfo(zone)
    return signed is not None and signed.astimezone(local).date() == now.astimezone(local).date()


def picking(desk: Desk, member: Member, filters: Filters, known: dict[str, Row]) -> Pick:
    """What picks the lines that fit, of those that the member may see.

    The rows that it has to read are `known` afterwards.
    """

    def pick(lines: Sequence[CaseLine]) -> Sequence[CaseLine]:
        now, zone = desk.now(), member.community.zone
        fitting = [line for line in lines if filters.fits(line, now, zone)]
        if not filters.building:
            return fitting
        rows = rows_of(desk, member, fitting, known)
        return [row.line for row in rows if is_in_building(filters.building, row.unit, member.community)]

    return pick


def is_in_building(building: str, unit: str, community: Community) -> bool:
    """Whether a unit, as its reader sees it, is in a building; an empty one asks for none."""
    wanted, is_in = unit_key(building, community), unit_key(unit, community)
    return not building or (bool(unit) and f"{is_in}-".startswith(f"{wanted}-"))
