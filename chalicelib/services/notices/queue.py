"""The queue of messages that have not left, in an order that starves none (G3)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from chalicelib.services.desk import Desk
from chalicelib.services.ports import NoticeStore
from chalicelib.services.records import StoredNotice

AT_ONCE = 100
"""Notices in one page."""

PLACE = "notices swept"
"""The name under which it is remembered where a sweep broke off."""

REMEMBERED = timedelta(days=1)


def in_turn(
    desk: Desk, notices: NoticeStore, before: datetime, is_time_up: Callable[[], bool]
) -> Iterator[StoredNotice]:
    """Every message that was waiting before an instant, once each, until the time is up.

    It begins where the last one broke off, if it did, and comes round to the oldest then: many that wait for
    the morning keep nobody from being sent.
    """
    start = desk.links.recall(PLACE)
    cursor, seen = start, set[tuple[str, str, str]]()
    rounds = 1 if start is None else 2
    while rounds:
        page = notices.undelivered(before, AT_ONCE, cursor)
        for stored in page.items:
            place = (stored.community, stored.number, stored.notice.key)
            if place in seen:
                rounds = 0
                break
            if is_time_up():
                desk.links.remember(PLACE, cursor, desk.now() + REMEMBERED)
                return
            seen.add(place)
            yield stored
        cursor = page.cursor
        if cursor is None:
            rounds -= 1
    if start is not None:
        desk.links.remember(PLACE, None, desk.now() + REMEMBERED)
