"""What the calendar or a correction did to the deadlines of a case, in words: from when to when (G1, B7)."""

from collections.abc import Collection, Iterator
from datetime import date

from chalicelib.domain.case import events as ev
from chalicelib.domain.notices.changed_times import PROMISED, named
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.calendar.replan import BY_ITSELF
from chalicelib.web.formats import day_name, short
from chalicelib.web.words import Words

_MOVES = ev.Replanned | ev.Classified


def concerns_resident(event: ev.Event) -> bool:
    """Whether the resident is shown the event: of what was moved, only what was promised to them."""
    payload = event.payload
    return not isinstance(payload, _MOVES) or named(payload.moved, PROMISED) is not None


def why_moved(reason: str, words: Words) -> str:
    """Why the calendar moved deadlines: the day that was amended, and the reason that was given for it."""
    if reason == BY_ITSELF:
        return words("page.calendar_changed")
    day, colon, said = reason.partition(": ")
    try:
        amended = date.fromisoformat(day if colon else "")
    except ValueError:
        return reason
    return f"{day_name(amended, words)}{words('page.colon')}{said}"


def moved_lines(
    payload: ev.Payload, zone: str, words: Words, clocks: Collection[Clock]
) -> Iterator[tuple[str, str]]:
    """(clock, its two times) of each of these clocks that the event has moved or made sure."""
    if not isinstance(payload, _MOVES):
        return
    moved = {one.clock: one for one in payload.moved}
    for one in payload.deadlines:
        if one.clock not in clocks:
            continue
        name, after = words.name("clocks", one.clock), short(one.due_at, zone, words)
        if one.clock in moved:
            before = short(moved[one.clock].before, zone, words)
            yield name, words("page.moved", before=before, after=after)
        elif isinstance(payload, ev.Replanned) and not one.provisional:
            yield name, words("page.sure_now", at=after)
