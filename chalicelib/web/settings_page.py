"""The page on which a manager sets prices, staffed hours and buildings (A7, B10, F)."""

from collections.abc import Callable

from chalice.app import Response

from chalicelib.domain.errors import DomainError, NotFoundError
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.community_settings import buildings, hours, prices
from chalicelib.services.community_settings.hours import Moving
from chalicelib.services.people.staffing import Keeping
from chalicelib.services.staff_port import Act
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.hours_panel import hours_panel, week_in
from chalicelib.web.price_panel import hand_prices_in, price_panel, prices_file
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.staff_page import act_line, keeping_of

ACTS_LOOKED_AT, ACTS_SHOWN = 60, 10
PRICES, HOURS, DO = "prices", "hours", "do"


def settings_page(
    reader: Reader,
    visit: Visit,
    act: str = "",
    typed: Typed | None = None,
    error: DomainError | None = None,
    moving: Moving | None = None,
) -> Response:
    """Everything that is set, each with its form; a form that was refused stands as it was typed."""
    keeping, words = keeping_of(visit), reader.words
    here = keeping.here()
    home = f"desk/{here.id}/settings"
    said = refusal(error, here.zone, words, here.phone) if error else ""
    of_prices, of_hours = (typed if typed and act == name else {} for name in (PRICES, HOURS))
    done = keeping.keepers.store.acts(here.id, ACTS_LOOKED_AT, None).items
    return page(
        reader,
        "settings.html",
        status_of(error) if error else 200,
        **framed(reader, visit, "settings"),
        title=words("settings.title"),
        address=home,
        here=f"{reader.root}{home}",
        act=act,
        refused=said,
        prices=price_panel(keeping, words, of_prices, error),
        hours=hours_panel(keeping, words, of_hours, moving),
        buildings=[(known.id, known.name, known.active) for known in here.buildings],
        typed=typed or {},
        longest=buildings.LONGEST,
        pattern=here.unit_pattern or "",
        acts=[act_line(one, here, words) for one in done if _is_of_settings(one)][:ACTS_SHOWN],
    )


def settings_act(reader: Reader, visit: Visit, act: str) -> Response:
    """Do what a form asks, and go back; or show it again with what is wrong, as typed."""
    typed = form_fields(visit.request)
    if act not in ACTS:
        raise NotFoundError("The settings have no such form.")
    try:
        looked = ACTS[act](keeping_of(visit), visit, typed)
    except DomainError as error:
        return settings_page(reader, visit, act, typed, error)
    if looked is not None:
        return settings_page(reader, visit, act, typed, moving=looked)
    return go_to(reader, f"desk/{visit.member.community.id}/settings")


def settings_file(reader: Reader, visit: Visit, list_id: str) -> Response:
    """A price list as a file."""
    return prices_file(keeping_of(visit), reader.words, list_id)


def _publish(keeping: Keeping, visit: Visit, typed: Typed) -> None:
    prices.publish(keeping, typed.get("draft", ""))


def _withdraw(keeping: Keeping, visit: Visit, typed: Typed) -> None:
    prices.withdraw(keeping, typed.get("list", ""))


def _hours(keeping: Keeping, visit: Visit, typed: Typed) -> Moving | None:
    """What a week of hours would move; the week itself once that was looked at."""
    week = week_in(keeping, typed)
    if typed.get("step") != DO:
        return hours.look(keeping, week)
    hours.set_week(keeping, week)
    return None


def _hours_back(keeping: Keeping, visit: Visit, typed: Typed) -> None:
    hours.take_back(keeping, typed.get("from", ""))


def _building(keeping: Keeping, visit: Visit, typed: Typed) -> None:
    buildings.set_building(keeping, typed.get("building", ""), typed.get("name", "").strip())


def _building_off(keeping: Keeping, visit: Visit, typed: Typed) -> None:
    buildings.take_off(keeping, keeping.desk.households, typed.get("building", ""))


ACTS: dict[str, Callable[[Keeping, Visit, Typed], Moving | None]] = {
    PRICES: hand_prices_in,
    "publish": _publish,
    "withdraw": _withdraw,
    HOURS: _hours,
    "hours_back": _hours_back,
    "building": _building,
    "building_off": _building_off,
}


def _is_of_settings(act: Act) -> bool:
    return act.about is None and bool(act.detail or act.changed)
