"""The ports of those who keep staff: writing them down, what was done, and the accounts that follow."""

from collections.abc import Mapping, Set
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.prices import PriceList
from chalicelib.services.records import Page


class Done(StrEnum):
    """What was done to somebody of staff, or to a community."""

    ADDED = "added"
    CHANGED = "changed"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    LINK_SENT = "link_sent"
    LINK_SHOWN = "link_shown"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - what was done
    COMMUNITY_ADDED = "community_added"
    COMMUNITY_CHANGED = "community_changed"
    CLOSED = "closed"
    OPENED = "opened"
    SETTINGS_CHANGED = "settings_changed"
    PRICES_PUBLISHED = "prices_published"
    PRICES_WITHDRAWN = "prices_withdrawn"
    HOURS_SET = "hours_set"
    HOURS_WITHDRAWN = "hours_withdrawn"
    BUILDING_SET = "building_set"
    BUILDING_OFF = "building_off"


class Act(Struct, frozen=True):
    """One thing that was done: by whom, about whom (a username; None: the community itself).

    `changed` names the fields that are other than before. Roles stand with it, numbers and addresses do not.
    `detail` says of a setting what it is now: the first day of a price list, the name of a building.
    """

    id: str
    at: datetime
    by: str
    done: Done
    about: str | None = None
    changed: tuple[str, ...] = ()
    role_before: str | None = None
    role: str | None = None
    detail: str = ""


class StaffStore(Protocol):
    """Writes staff and communities, each with what was done, all or nothing (table `directory`)."""

    def put_person(self, community: Community, person: Staff, act: Act) -> bool:
        """Write a person down; False if the staff has changed since `community` was read."""

    def put_community(self, community: Community, act: Act) -> bool:
        """Write the community's own entry, without what belongs to it; False as for a person."""

    def add_community(self, community: Community, act: Act) -> bool:
        """Write a new community with its staff; False if there is one of that id."""

    def note(self, community_id: str, act: Act) -> None:
        """Put on record what was done, and write nothing else."""

    def acts(self, community_id: str, limit: int, cursor: Mapping[str, str] | None) -> Page[Act]:
        """What was done, newest first; one query."""


class PriceStore(Protocol):
    """Price lists, each with what was done; what holds stands with its community (table `directory`)."""

    def draft(self, community_id: str) -> PriceList | None:
        """The list that was handed in last and is not published yet; None without one."""

    def put_draft(self, community_id: str, draft: PriceList) -> None:
        """Keep a list that was handed in, in place of the former."""

    def publish(self, community: Community, new: PriceList, act: Act) -> bool:
        """Have a list hold from its day, and the draft be gone; lists that ended leave the community.

        False if staff or settings have changed since `community` was read.
        """

    def withdraw(self, community: Community, gone: PriceList, act: Act) -> bool:
        """Take a list back; False as for one that is published."""

    def published(self, community_id: str, limit: int) -> tuple[PriceList, ...]:
        """The lists that were ever published and not taken back, the last day first; one query."""


class Accounts(Protocol):
    """The accounts of the staff in the user pool; its groups are the roles."""

    def is_known(self, username: str) -> bool:
        """Whether there is an account of that name."""

    def make(self, username: str) -> bool:
        """Have an account that can sign in; whether it still needs its first password."""

    def set_password(self, username: str, password: str) -> None:
        """Set the password of an account."""

    def disable(self, username: str) -> bool:
        """Let an account sign in no more; False if it could not already, or there is none."""

    def end_renewals(self, username: str) -> None:
        """Have no session of the account renewed any more."""

    def set_roles(self, username: str, roles: Set[str]) -> bool:
        """Give an account these roles and no others; whether it had others before."""


class Keepers(Struct, frozen=True):
    """The stores and the accounts of those who keep staff and settings.

    A link for a password is good for `link_hours`.
    """

    store: StaffStore
    accounts: Accounts
    link_hours: int
    prices: PriceStore
