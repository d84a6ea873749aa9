"""The ports of the directory, which an adapter and the tests' fakes stand behind."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.domain.community.beside import Beside
from chalicelib.domain.community.community import AmendedDay, Community, Staff, Steward
from chalicelib.domain.community.handover import Handover
from chalicelib.domain.community.roster import DutyChange, Shift


class HandoverStore(Protocol):
    """The handovers of shifts."""

    def write(self, community: str, handover: Handover) -> bool:
        """Store a handover that waits for a signature; False if it is there."""

    def sign(self, community: str, handover: Handover) -> bool:
        """Store a handover with its second signature; False if it has one."""

    def latest(self, community: str, department: str, limit: int) -> tuple[Handover, ...]:
        """The latest handovers of a department, newest first; one query."""

    def one(self, community: str, department: str, handover_id: str) -> Handover | None:
        """The handover of that id; None if there is none."""


class BesideStore(Protocol):
    """What waits beside the cases; what is of findings their own store writes, with each change of them."""

    def of(self, community: str) -> Beside:
        """What waits in a community. May be some seconds old."""

    def anew(self, community: str) -> Beside:
        """What waits in a community now."""

    def hold(self, community: str, names: Collection[str]) -> None:
        """Note mails that are held, `MOST_HELD` about; again changes nothing."""

    def let_go(self, community: str, names: Collection[str]) -> None:
        """Forget mails that are held no more; again changes nothing."""


class Directory(Protocol):
    """Communities with their staff, roster, prices and calendar amendments (table `directory`)."""

    @property
    def handovers(self) -> HandoverStore:
        """The handovers of shifts; those that wait stand with their community."""

    @property
    def beside(self) -> BesideStore:
        """What waits for the staff of a community and stands in no case."""

    def community(self, community_id: str) -> Community:
        """The community; NotFoundError if there is none. May be some seconds old."""

    def names(self) -> Mapping[str, str]:
        """Id → name of every community, in order of the ids; one query."""

    def staff_named(self, username: str, communities: Iterable[str]) -> Mapping[str, Staff]:
        """The members of staff with that username, by the ids of their communities. In no order."""

    def amend(self, community_id: str, day: AmendedDay, at: datetime) -> Community:
        """Store a changed day in place of the former; returns the community."""

    def restore(self, community_id: str, date: str, at: datetime) -> Community:
        """Take the change of a day (ISO date) back; the community then. NotFoundError if there is none."""

    def put_duty(self, community_id: str, part: Shift | DutyChange, before: DutyChange | None) -> Community:
        """Store a turn or change of the roster, new or in place of `before`; the community then.

        ConflictError if there is one like it, or another than `before`.
        """

    def drop_duty(self, community_id: str, part: Shift | DutyChange) -> Community:
        """Take a turn or change out of the roster; the community then. Nothing where there is none."""

    def anew(self, community_id: str) -> Community:
        """The community as it is now, after a change by another store."""

    def put_steward(self, community_id: str, steward: Steward) -> Community:
        """Store the steward of a building, in place of the former; the community then."""

    def drop_steward(self, community_id: str, building: str) -> Community:
        """Take the steward of a building away; the community then. Nothing where there is none."""

    def calendar_changed_at(self, community_id: str) -> datetime | None:
        """When its calendar was last changed in the directory; None if it never was."""
