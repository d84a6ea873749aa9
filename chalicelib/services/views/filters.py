"""Filters of a list: what of it is wanted (E8)."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import asdict

from chalicelib.domain.case.case import State
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.rows import rows_of

Pick = Callable[[Sequence[CaseLine]], Sequence[CaseLine]]


class Filters(Struct, frozen=True):
    """What a line has to be; empty texts ask for nothing. `building` is as people write it: `3`, `3栋`.

    A building is part of who reported: only rows whose reader sees the unit can have it.
    """

    state: str = ""
    kind: str = ""
    matter: str = ""
    department: str = ""
    handler: str = ""
    overdue: str = ""
    building: str = ""

    def __post_init__(self) -> None:
        if self.state and self.state not in set(State):
            raise InvalidInputError(f"'state' is one of: {', '.join(State)}.")

    @property
    def said(self) -> dict[str, str]:
        """Those that ask for something, by name."""
        return {name: value for name, value in asdict(self).items() if value}

    def fits(self, line: CaseLine) -> bool:
        """Whether a line is as it has to be, but for its building."""
        return (
            self.state in {"", line.state}
            and self.kind in {"", line.kind}
            and self.matter in {"", line.matter}
            and self.department in {"", line.department}
            and self.handler in {"", line.handler}
            and (not self.overdue or bool(line.overdue_clocks))
        )


NO_FILTERS = Filters()


def picking(desk: Desk, member: Member, filters: Filters) -> Pick:
    """What picks the lines that fit, of those that the member may see."""

    def pick(lines: Sequence[CaseLine]) -> Sequence[CaseLine]:
        fitting = [line for line in lines if filters.fits(line)]
        if not filters.building:
            return fitting
        rows = rows_of(desk, member, fitting)
        return [row.line for row in rows if is_in_building(filters.building, row.unit, member.community)]

    return pick


def is_in_building(building: str, unit: str, community: Community) -> bool:
    """Whether a unit, as its reader sees it, is in a building; an empty one asks for none."""
    wanted, is_in = unit_key(building, community), unit_key(unit, community)
    return not building or (bool(unit) and f"{is_in}-".startswith(f"{wanted}-"))
