"""A price list handed in, looked at, and published for a later day; or taken back before it (B10).

Everything may come twice: a list that is published already stays as it is. What a case was quoted stays on
the case, whatever list comes after.
"""

import logging
from datetime import date
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.form_fields import SHORT
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.prices import (
    PriceChange,
    PriceItem,
    PriceList,
    changes_of,
    check_first_day,
    earliest,
    prices_on,
)
from chalicelib.domain.errors import BusyError, CommandRefusedError, InvalidInputError, NotFoundError
from chalicelib.domain.texts import checked_text
from chalicelib.services.desk import Desk
from chalicelib.services.people.staffing import ATTEMPTS, Keeping
from chalicelib.services.staff_port import Done

log = logging.getLogger(__name__)


class Coming(Struct, frozen=True):
    """What a list changes on its first day; `replaces` is one for the same day that is out already."""

    list: PriceList
    changes: tuple[PriceChange, ...]
    replaces: PriceList | None = None


def first_day(desk: Desk, community: Community) -> date:
    """The first day on which a list may begin that is published today."""
    return earliest(_today(desk, community), is_first=_is_first(community))


def hand_in(keeping: Keeping, items: tuple[PriceItem, ...], valid_from: date, announced: str) -> PriceList:
    """Keep a list that is right in itself, to be looked at; it takes the place of the one before.

    InvalidInputError or CommandRefusedError for a first day that cannot be, or where nothing is said of how
    the residents are told.
    """
    here = keeping.here()
    check_first_day(valid_from, _today(keeping.desk, here), is_first=_is_first(here))
    day = valid_from.isoformat()
    version = str(_last_version(keeping, here) + 1)
    draft = PriceList(
        uuid4().hex[:16],
        day,
        version,
        tuple(replace(item, valid_from=day, version=version) for item in items),
        checked_text("announced", announced, SHORT),
        keeping.member.username,
        keeping.desk.now(),
    )
    keeping.keepers.prices.put_draft(here.id, draft)
    return draft


def draft_of(keeping: Keeping) -> Coming | None:
    """The list that was handed in and is not published, with what it would change."""
    here, draft = keeping.here(), keeping.keepers.prices.draft(keeping.member.community.id)
    return coming(here, draft) if draft is not None else None


def coming(here: Community, new: PriceList) -> Coming:
    """What a list changes against that which would hold on its first day without it."""
    others = tuple(known for known in here.price_lists if known.valid_from != new.valid_from)
    replaces = next((known for known in here.price_lists if known.valid_from == new.valid_from), None)
    before = prices_on(date.fromisoformat(new.valid_from), here.prices, others)
    return Coming(new, changes_of(before, new.items), replaces if replaces != new else None)


def publish(keeping: Keeping, draft_id: str) -> PriceList:
    """Publish the list that was handed in; again it is the same.

    CommandRefusedError where another one was handed in since, or its first day has come too near.
    """
    for _ in range(ATTEMPTS):
        here, draft = keeping.here(), keeping.keepers.prices.draft(keeping.member.community.id)
        if done := next((known for known in here.price_lists if known.id == draft_id), None):
            return done
        if draft is None or draft.id != draft_id:
            raise _another()
        today = _today(keeping.desk, here)
        check_first_day(date.fromisoformat(draft.valid_from), today, is_first=_is_first(here))
        act = replace(keeping.act(Done.PRICES_PUBLISHED), detail=draft.valid_from)
        if keeping.keepers.prices.publish(here, replace(draft, at=act.at, by=act.by), act):
            log.info("price list published", extra={"actor": act.by, "community": here.id})
            keeping.desk.directory.anew(here.id)
            return draft
    raise _busy()


def withdraw(keeping: Keeping, list_id: str) -> None:
    """Take a list back before it holds; taken back again it is gone already.

    CommandRefusedError for one that holds.
    """
    for _ in range(ATTEMPTS):
        here = keeping.here()
        gone = next((known for known in here.price_lists if known.id == list_id), None)
        if gone is None:
            return
        if gone.valid_from <= _today(keeping.desk, here).isoformat():
            raise CommandRefusedError(
                "This list holds already; publish another one in its place.", "prices_hold"
            )
        act = replace(keeping.act(Done.PRICES_WITHDRAWN), detail=gone.valid_from)
        if keeping.keepers.prices.withdraw(here, gone, act):
            log.info("price list withdrawn", extra={"actor": act.by, "community": here.id})
            keeping.desk.directory.anew(here.id)
            return
    raise _busy()


def list_from(keeping: Keeping, list_id: str) -> tuple[PriceItem, ...]:
    """The items of a list that was published, or (empty) of that which holds; NotFoundError for none."""
    here = keeping.here()
    if not list_id:
        return here.prices_at(keeping.desk.now())
    known = (*here.price_lists, *keeping.keepers.prices.published(here.id, MOST_SHOWN))
    found = next((known.items for known in known if known.id == list_id), None)
    if found is None:
        raise NotFoundError("There is no such price list.")
    return found


MOST_SHOWN = 12
"""So many lists of before are shown, the newest first (ours)."""


def day_in(written: str) -> date:
    """The day that a form says; InvalidInputError for none."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise InvalidInputError("The day is one such as 2026-12-01.", "day_wrong") from None


def _today(desk: Desk, community: Community) -> date:
    return desk.calendars.of(community).local_date(desk.now())


def _is_first(community: Community) -> bool:
    return not community.prices and not community.price_lists


def _last_version(keeping: Keeping, here: Community) -> int:
    """The highest number that a list here has; those of an operator's file may be no numbers."""
    known = (*here.price_lists, *keeping.keepers.prices.published(here.id, MOST_SHOWN))
    versions = [known.version for known in known] + [item.version for item in here.prices]
    return max((int(version) for version in versions if version.isdecimal()), default=0)


def _another() -> CommandRefusedError:
    return CommandRefusedError("Another file has been handed in since; look at that one.", "other_file")


def _busy() -> BusyError:
    return BusyError("Others are changing the settings just now; try again in a moment.")
