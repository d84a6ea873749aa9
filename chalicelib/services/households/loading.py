"""A file of households: looked at line by line, and loaded once it is right (E9).

A file is handed in, looked at by a function of its own, and loaded on the manager's word. Everything may come
twice or late: a file that is not the last is let be, and loading again writes only what differs.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.households import Household, Remark, how_many_wrong
from chalicelib.domain.community.places import buildings_of
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.services.desk import Desk
from chalicelib.services.household_port import Load
from chalicelib.services.households.known import phone_key

log = logging.getLogger(__name__)

LOADERS = (Role.MANAGER,)
"""Who loads the register."""
ARRIVED, TO_LOAD = "households.in/", "households.do/"
"""Where in the bucket a file lies that is to be looked at, or loaded."""
LARGEST = 4_000_000
"""Bytes of a file that comes with a form."""
MOST_REMARKS = 200


class Sheet(Struct, frozen=True):
    """A file as it was read: its households, and what is to be said of its lines, what is wrong first."""

    households: tuple[Household, ...] = ()
    remarks: tuple[Remark, ...] = ()


ReadSheet = Callable[[bytes, Community], Sheet]


class Compared(Struct, frozen=True):
    """A file beside the register, both by the keys of their units; `remarks` say what it cannot bring back.

    What it would change and what is written of it are told from the same reading: that is sixteen queries,
    however many units differ, and the dear part of loading a sheet again.
    """

    stored: dict[str, Household]
    read: dict[str, Household]
    remarks: tuple[Remark, ...] = ()

    def differing(self) -> dict[str, Household]:
        """The households of the file that the register does not have, or has otherwise."""
        return {unit: new for unit, new in self.read.items() if self.stored.get(unit) != new}

    def told(self, sheet: Sheet, load: Load) -> Load:
        """The load with what the file would change of the register."""
        return replace(
            load,
            state="checked",
            units=len(self.read),
            people=sum(len(household.people) for household in self.read.values()),
            new=len(self.read.keys() - self.stored.keys()),
            changed=len(self.differing()),
            missing=len(self.stored.keys() - self.read.keys()),
            wrong=how_many_wrong(sheet.remarks),
            remarks=(*sheet.remarks, *self.remarks)[:MOST_REMARKS],
        )


def compared(desk: Desk, community: Community, sheet: Sheet) -> Compared:
    """A file beside the register as it stands."""
    read = {desk.unit_key(household.unit, community): household for household in sheet.households}
    stored = dict(desk.households.every(community.id))
    after = {unit: household.after(stored.get(unit)) for unit, household in read.items()}
    return Compared(stored, after, tuple(_taken_back(read, after)))


def _taken_back(read: Mapping[str, Household], after: Mapping[str, Household]) -> Iterator[Remark]:
    """The people whose note a sheet has, and who took it back (G15)."""
    for unit, household in read.items():
        for said, kept in zip(household.people, after[unit].people, strict=True):
            if said.care and not kept.care:
                told = {"name": said.name, "unit": household.unit, "on": str(kept.care_ended_on)}
                yield Remark(0, "care_taken_back", {**told}, told=True)


def carried_out(desk: Desk, community: Community, file: Compared, *, removes: bool) -> None:
    """Have the register be as a file says that is right; writes only what differs.

    `removes`: units that the file does not have are taken out, with their people.
    """
    after = file.differing()
    gone = file.stored.keys() - file.read.keys() if removes else set()
    before = {unit: old for unit, old in file.stored.items() if unit in after or unit in gone}
    numbers = {
        phone for part in (before, after) for household in part.values() for phone in household.phones()
    }
    phone_keys = {phone: phone_key(desk, community.id, phone) for phone in numbers}
    desk.households.put(community.id, before, after, phone_keys)
    left = {unit: held for unit, held in (file.stored | after).items() if unit not in gone}
    buildings = buildings_of((household.unit for household in left.values()), community)
    desk.households.set_count(community.id, len(left), buildings)


def hand_in(desk: Desk, member: Member, data: bytes) -> Load:
    """Hand a file in, to be looked at; it takes the place of the one before."""
    community = member.community.id
    load = Load(uuid4().hex[:16], member.username, desk.now(), "checking")
    desk.households.put_load(community, load)
    desk.files.put(f"{ARRIVED}{community}/{load.id}", data, "application/octet-stream")
    return load


def ask_to_load(desk: Desk, member: Member, load_id: str, *, removes: bool) -> None:
    """Have a file loaded that was looked at and is right; asked again, it is loaded once.

    CommandRefusedError where another file has come since, or a line is wrong.
    """
    community = member.community.id
    load = desk.households.load(community)
    if load is None or load.id != load_id:
        raise CommandRefusedError("Another file has been handed in since; look at that one.", "other_file")
    if load.state in {"loading", "loaded"}:
        return
    if load.state != "checked" or load.wrong:
        raise CommandRefusedError("The file is not right yet; mend the lines that are named.", "file_wrong")
    desk.households.put_load(community, replace(load, state="loading", removes=removes))
    desk.files.copy(f"{ARRIVED}{community}/{load.id}", f"{TO_LOAD}{community}/{load.id}")


def taken(desk: Desk, community: Community, load_id: str, read: ReadSheet, *, to_load: bool) -> bool:
    """Look at a file that has arrived, or load it; False if it is not the last, or was dealt with."""
    key = f"{TO_LOAD if to_load else ARRIVED}{community.id}/{load_id}"
    load, data = desk.households.load(community.id), desk.files.read(key, LARGEST)
    if data is None or load is None or load.id != load_id:
        desk.files.erase([key])
        return False
    if load.state != ("loading" if to_load else "checking"):
        return False
    sheet = read(data, community)
    file = compared(desk, community, sheet)
    if to_load and not how_many_wrong(sheet.remarks):
        carried_out(desk, community, file, removes=load.removes)
        desk.files.erase([key, f"{ARRIVED}{community.id}/{load_id}"])
        desk.households.put_load(community.id, replace(load, state="loaded", remarks=()))
        log.info("households_loaded", extra={"community": community.id, "units": load.units})
    else:
        desk.households.put_load(community.id, file.told(sheet, load))
    return True
