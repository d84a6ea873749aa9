"""The first screen of a handler's page: what burns, where, whom to call, and the next act (B2, B3, B9)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.places import Scope, places_of
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.case_line import due_next
from chalicelib.web.case_panels import ONWARD, FormShown, due_name
from chalicelib.web.list_rows import countdown
from chalicelib.web.words import Words

MAPS = {"CN": "https://uri.amap.com/search?keyword="}
OTHER_MAP = "https://www.openstreetmap.org/search?query="
"""Where a tap on "map" leads, by the community's country; nothing is sent before somebody taps."""


UPFRONT = ("signature", "proved")
"""What may be left out of a form and stands before it is sent all the same: it is the form's sense."""


def onward(case: Case) -> tuple[str, ...]:
    """The commands whose form stands open: being there where that is waited for, going on after a pause."""
    arrival = Clock.ON_SITE in case.deadlines and Clock.ON_SITE not in case.met
    return (*(("arrive",) if arrival else ()), *(("resume",) if case.clocks.pause else ()), *ONWARD)


def first_screen(
    case: Case, context: Context, forms: Iterable[FormShown], now: datetime, words: Words
) -> dict[str, Any]:
    """What the first screen has: the next form, those behind "more", what burns first, and the map.

    A form of "more" that was not taken keeps the order in which it was filled in: all of it `upfront`.
    """
    shown = tuple(forms)
    following = next((form for form in shown if form.open), None)
    names = {form.command for form in shown}
    usual = next((command for command in onward(case) if command in names), None)
    whole = following is not None and following.command != usual
    due_at, due_for = due_next(case, context)
    runs = due_at is not None and due_for is not None and case.clocks.pause is None
    return {
        "following": following,
        "upfront": tuple(asked.name for asked in following.fields) if following and whole else UPFRONT,
        "others": tuple(form for form in shown if form is not following),
        "burns": due_name(due_for, words) if runs and due_for else "",
        "countdown": countdown(due_at, now, words) if runs and due_at else None,
        "map": map_of(case, context),
    }


def map_of(case: Case, context: Context) -> str:
    """The address of a map of the building; never of the unit, which is who reported."""
    community = context.community
    building = places_of(case.report.unit, community).get(Scope.BUILDING, "")
    place = f"{community.name} {building}".strip()
    return f"{MAPS.get(community.country, OTHER_MAP)}{quote(place)}"
