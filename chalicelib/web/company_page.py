"""The page of the company head: the communities, added, changed, closed and opened again (F)."""

from collections.abc import Callable
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import DomainError, InvalidInputError, NotFoundError
from chalicelib.domain.regulation.rules import DEPARTMENTS
from chalicelib.domain.texts import cleaned
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.people import communities
from chalicelib.services.people.communities import Wanted
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.staff_page import keeping_of
from chalicelib.web.words import Words

ADD, DEPARTMENT = "add", "department."


def company_page(
    reader: Reader,
    visit: Visit,
    act: str = "",
    typed: Typed | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    """Every community that the reader heads, each with its forms; and that for another one."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    home = f"desk/{member.community.id}/company"
    keeping, given = keeping_of(visit), dict(typed or {})
    lines = []
    for place in communities.headed(desk, member):
        is_typed = act == "change" and given.get("place") == place.id
        is_closing = act == "close" and given.get("place") == place.id
        cases = communities.open_cases(keeping, place) if place.closed else ()
        lines.append(
            {
                **_line(place, words),
                "seen": given.get("seen") if is_typed else communities.seen_of(desk, place),
                "cases": cases,
                "closing": is_closing,
                "instead": given.get("instead", "") if is_closing else place.instead,
                "refused": refused if act != ADD and given.get("place") == place.id else "",
                "open": is_typed,
                **_form(place, given if is_typed else _typed_of(place), words),
            }
        )
    blank = Community("", "", member.community.zone, member.community.regulation, 0)
    return page(
        reader,
        "company.html",
        status,
        **framed(reader, visit, "company"),
        title=words("company.title"),
        address=home,
        here=f"{reader.root}{home}",
        communities=lines,
        refused=refused if act == ADD else "",
        new={"id": given.get("place", "") if act == ADD else ""}
        | _form(blank, given if act == ADD else _typed_of(blank), words),
        zones=list(words.groups["zones"].items()),
        zone=given.get("zone") or member.community.zone,
    )


def company_act(reader: Reader, visit: Visit, act: str) -> Response:
    """Do what a form asks, and go back; or show it again with what is wrong, as typed."""
    typed, community = form_fields(visit.request), visit.member.community
    if act not in ACTS:
        raise NotFoundError("The communities have no such form.")
    try:
        ACTS[act](visit, typed)
    except DomainError as error:
        why = refusal(error, community.zone, reader.words, community.phone)
        return company_page(reader, visit, act, typed, why, status_of(error))
    return go_to(reader, f"desk/{community.id}/company")


def _add(visit: Visit, typed: Typed) -> None:
    zone = typed.get("zone", "")
    communities.add(keeping_of(visit), typed.get("place", "").strip(), _wanted(typed, zone))


def _change(visit: Visit, typed: Typed) -> None:
    communities.change(keeping_of(visit), _place(typed), _wanted(typed), typed.get("seen", ""))


def _close(visit: Visit, typed: Typed) -> None:
    communities.set_closed(
        keeping_of(visit), _place(typed), closed=True, instead=typed.get("instead", "").strip()
    )


def _open(visit: Visit, typed: Typed) -> None:
    communities.set_closed(keeping_of(visit), _place(typed), closed=False)


ACTS: dict[str, Callable[[Visit, Typed], None]] = {
    ADD: _add,
    "change": _change,
    "close": _close,
    "open": _open,
}


def _place(typed: Typed) -> str:
    return typed.get("place", "")


def _wanted(typed: Typed, zone: str | None = None) -> Wanted:
    households = typed.get("households", "").strip()
    if not (households.isascii() and households.isdecimal() and len(households) <= 6):
        raise InvalidInputError("Write the number of households in digits.", "households_number")
    departments = {
        name.removeprefix(DEPARTMENT): text
        for name, text in typed.items()
        if name.startswith(DEPARTMENT) and cleaned(text) and _is_key(name.removeprefix(DEPARTMENT))
    }
    return Wanted(
        name=typed.get("name", ""),
        phone=typed.get("phone", "").strip() or None,
        regulation=typed.get("regulation", ""),
        households=int(households),
        departments=departments,
        zone=zone,
    )


def _is_key(key: str) -> bool:
    """A department that the regulations know; those of an operator's own are kept by `_typed_of`."""
    return key.isascii() and key.replace("_", "").isalnum() and len(key) <= 40


def _typed_of(place: Community) -> dict[str, str]:
    departments = {f"{DEPARTMENT}{key}": name for key, name in place.departments.items()}
    plain = {"name": place.name, "phone": place.phone or "", "regulation": place.regulation}
    return {**plain, "households": str(place.households or ""), **departments}


def _form(place: Community, typed: Typed, words: Words) -> dict[str, Any]:
    regulations = wiring.desk().regulations
    keys = dict.fromkeys((*DEPARTMENTS, *place.departments))
    return {
        "typed": typed,
        "regulations": [(name, words.of(regulations.get(name).names)) for name in regulations.ids()],
        "departments": [
            (f"{DEPARTMENT}{key}", words.shared.name("departments", key), typed.get(f"{DEPARTMENT}{key}", ""))
            for key in keys
        ],
    }


def _line(place: Community, words: Words) -> dict[str, Any]:
    managers = [person.name for person in place.with_role(Role.MANAGER)]
    return {
        "id": place.id,
        "name": place.name,
        "closed": place.closed,
        "regulation_name": words.of(wiring.desk().regulations.get(place.regulation).names),
        "managers": words.listed(managers),
        "staff": sum(person.active for person in place.staff),
        "staff_path": f"desk/{place.id}/staff",
        "case_path": f"desk/{place.id}/cases",
    }
