"""The duty roster of a community from a file, for operators (B14)."""

import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import fields, replace

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.gaps import AHEAD, gaps
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.community.roster_checks import check_shifts
from chalicelib.domain.errors import DomainError
from chalicelib.services.desk import Desk
from infra.problems import CannotGoOnError
from infra.sheet_remarks import say_remarks

SHEETS = frozenset({".csv", ".xlsx"})
OPERATOR = "operator"


def put_roster(desk: Desk, community_id: str, file: Path, *, load: bool) -> int:
    """Puts the roster of a file in place of a community's: a table is looked at first, TOML taken at once."""
    if file.suffix.lower() in SHEETS:
        return load_sheet(desk, community_id, file, load=load)
    return load_roster(desk, community_id, file)


def load_sheet(desk: Desk, community_id: str, file: Path, *, load: bool) -> int:
    """Says line by line what is wrong with a table of turns and leave; takes it over if that is asked for.

    Returns 0 if it is right, 1 if not; nothing is changed then.
    """
    from chalicelib.http.roster_lines import read_roster
    from chalicelib.services.duty.roster_sheet import planned, take_over

    community = desk.directory.community(community_id)
    try:
        sheet = read_roster(file.read_bytes(), community)
    except OSError as err:
        raise CannotGoOnError(f"{file} cannot be read: {err.strerror}.") from err
    plan = planned(desk, community, None, sheet.shifts, sheet.changes, sheet.remarks)
    say_remarks(plan.remarks, "roster_wrong", "households_wrong", "refusals")
    if plan.wrong:
        print(f"{plan.wrong} lines are wrong: nothing was changed.")
        return 1
    print(f"{len(plan.comes)} entries are new, {len(plan.goes)} go, {plan.stays} stay as they are.")
    if load:
        take_over(desk, community, OPERATOR, plan)
        print("The roster is as the file says; swaps stay.")
    else:
        print("Nothing was changed; add --load.")
    return 0


def load_roster(desk: Desk, community_id: str, file: Path) -> int:
    """Puts the weekly turns of a file in the place of those there are; leave and swaps stay.

    Everything is looked at before anything is written. From then on the file of the directory leaves the
    roster alone. Says how many gaps the next 14 days have.

    Raises:
        CannotGoOnError: The file is none, or a turn in it cannot be; says which.
    """
    try:
        community = desk.directory.community(community_id)
        shifts = _shifts(tomllib.loads(file.read_text(encoding="utf-8")), community)
    except OSError as err:
        raise CannotGoOnError(f"{file} cannot be read: {err.strerror}.") from err
    except (DomainError, ValueError) as err:  # not TOML and msgspec's own errors are ValueErrors too
        raise CannotGoOnError(f"{file}: {err}") from err
    for gone in set(community.shifts) - set(shifts):
        desk.directory.drop_duty(community.id, gone)
    for new in set(shifts) - set(community.shifts):
        desk.directory.put_duty(community.id, new, None)
    now = desk.now()
    open_ = gaps(replace(community, shifts=shifts), now, now + AHEAD)
    print(f"The roster of {community.id} has {len(shifts)} turns; the next 14 days have {len(open_)} gaps.")
    return 0


def _listed(given: object) -> list[object]:
    return given if isinstance(given, list) else [given]


def _shifts(document: Mapping[str, Any], community: Community) -> tuple[Shift, ...]:
    if set(document) != {"shifts"}:
        raise ValueError("the file has one list, 'shifts', and nothing beside it")
    if not all(isinstance(shift, dict) for shift in _listed(document["shifts"])):
        raise ValueError("'shifts' is a list of turns, as in infra/local/sample.toml")
    known = {field.name for field in fields(Shift)}
    for shift in document["shifts"]:
        if unknown := sorted(set(shift) - known):
            there = ", ".join(sorted(known))
            raise ValueError(f"a turn has {', '.join(unknown)}, which is nothing; there are {there}")
        for name in ("starts", "ends"):
            if isinstance(shift.get(name), str):
                shift[name] = time.fromisoformat(shift[name])
    shifts = msgspec.convert(document["shifts"], tuple[Shift, ...])
    check_shifts(shifts, community)
    return shifts
