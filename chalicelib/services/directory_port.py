"""The port of the directory, which an adapter and the tests' fakes stand behind."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.domain.community.community import AmendedDay, Community, Staff
from chalicelib.domain.community.roster import DutyChange, Shift


class Directory(Protocol):
    """Communities with their staff, roster, prices and calendar amendments (table `directory`)."""

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

    def calendar_changed_at(self, community_id: str) -> datetime | None:
        """When its calendar was last changed in the directory; None if it never was."""
