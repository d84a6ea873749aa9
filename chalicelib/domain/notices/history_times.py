"""The times that an event of the history has changed (A8, B7, B11, G1)."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.notices.changed_times import PROMISED_TO_RESIDENT
from chalicelib.domain.regulation.limits import Clock


class ChangedTime(Struct, frozen=True):
    """When a clock ends since an event; `at` None: it was taken away.

    `before` is when it ended until then; None: it is sure or begun now.
    """

    clock: Clock
    at: datetime | None
    before: datetime | None = None


def changed_by(payload: ev.Payload, before: Case | None, after: Case) -> Iterator[ChangedTime]:
    """What an event moved, took away, made sure, or brought: that somebody has to be there at all.

    Of the calendar and a correction every clock; of any other event those that the resident was promised. The
    times of a new round are its own, and where a case ends nothing is left to move.
    """
    if before is None or before.round != after.round or after.state not in IN_DISPATCH:
        return
    of_all = isinstance(payload, ev.Replanned | ev.Classified | ev.CareWithdrawn)
    sorts = isinstance(payload, ev.Classified) and payload.sorts
    told_when_begun = PROMISED_TO_RESIDENT if sorts else (Clock.ON_SITE,)
    known, now = before.deadlines, after.deadlines
    sure_now = [deadline.clock for deadline in payload.deadlines] if isinstance(payload, ev.Replanned) else []
    for clock in now:
        ends, ended = now[clock].due_at, known[clock].due_at if clock in known else None
        if clock not in PROMISED_TO_RESIDENT and not of_all:
            continue
        if ended is not None and ended != ends:
            yield ChangedTime(clock, ends, ended)
        elif (clock in sure_now and not now[clock].provisional) or (
            ended is None and clock in told_when_begun
        ):
            yield ChangedTime(clock, ends)
    for clock in known:
        if clock not in now and clock not in before.met and (of_all or clock in PROMISED_TO_RESIDENT):
            yield ChangedTime(clock, None, known[clock].due_at)
