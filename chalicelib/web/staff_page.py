"""The pages of those who keep the staff: everybody, and one person with the forms (F, E8)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.phones import EXTENSION, can_be_written_to, readable
from chalicelib.domain.community.roles import DESK, STAFF_ROLES, WORKERS, Duty, Role
from chalicelib.domain.community.staffing import RANKS, may_change, roles_given_by
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.visits import Visit
from chalicelib.services.people.staffing import Keeping, holds, person_here, seen
from chalicelib.services.staff_port import Act
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_choices import department_name, department_names
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import phone_dialled, phone_shown, short
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words, begun, named_languages

ACTS_SHOWN = 30
ADD = "add"
SAID = frozenset({"added", "changed", "deactivated", "activated", "link_sent"})
"""What a page may be told to say that was done just now."""


def keeping_of(visit: Visit) -> Keeping:
    """What whoever is signed in keeps staff with."""
    return Keeping(wiring.desk(), wiring.keepers(), visit.member)


def staff_page(
    reader: Reader,
    visit: Visit,
    typed: Typed | None = None,
    refused: str = "",
    status: int = 200,
    cursor: str | None = None,
    mistakes: Mapping[str, str] | None = None,
) -> Response:
    """Everybody, the form for somebody new, and what was done lately."""
    keeping, words, member = keeping_of(visit), reader.words, visit.member
    here = keeping.here()
    home = f"desk/{here.id}/staff"
    listing = f"staff acts\0{here.id}\0{member.username}"
    codes = keeping.desk.codes
    acts = keeping.keepers.store.acts(here.id, ACTS_SHOWN, unseal(codes, listing, cursor))
    further = seal(codes, listing, acts.cursor)
    people = sorted(here.staff, key=lambda person: (-RANKS.get(person.role, -1), person.name))
    lines = [_line(person, here, words, home, open_to=may_change(member, person)) for person in people]
    return page(
        reader,
        "staff.html",
        status,
        **framed(reader, visit, "staff"),
        title=words("staff.title"),
        address=home,
        here=f"{reader.root}{home}",
        active=[line for line, person in zip(lines, people, strict=True) if person.active],
        gone=[line for line, person in zip(lines, people, strict=True) if not person.active],
        acts=[act_line(act, here, words) for act in acts.items],
        more=f"{home}?cursor={further}" if further else "",
        refused=refused,
        mistakes=mistakes or {},
        form_key=(typed or {}).get("once", ""),
        **form_of(here, member.role, typed or {}, words),
    )


def person_page(
    reader: Reader,
    visit: Visit,
    username: str,
    typed: Typed | None = None,
    refused: str = "",
    status: int = 200,
    *,
    act: str = "",
    done: str | None = None,
    link: str = "",
    left: list[tuple[str, str]] | None = None,
) -> Response:
    """One person, with the forms of what can be done about them."""
    keeping, words, member = keeping_of(visit), reader.words, visit.member
    here = keeping.here()
    person = person_here(here, username)
    home, open_to = f"desk/{here.id}/staff", may_change(member, person)
    held = holds(keeping, username)
    given = dict(typed) if typed and act == "change" else typed_of(person, here)
    return page(
        reader,
        "person.html",
        status,
        **framed(reader, visit, "staff"),
        title=person.name,
        line=_line(person, here, words, home, open_to=open_to),
        address=home,
        list_path=home,
        here=f"{reader.root}{home}",
        username=username,
        seen=given.get("seen") or seen(keeping.desk, person),
        form_key=(typed or {}).get("once", ""),
        is_active=person.active,
        is_self=username == member.username,
        can_change=open_to,
        is_reached=can_be_written_to(person.phone, person.email),
        refused=refused,
        act=act,
        done=words(f"staff.was_{done}", name=person.name) if done in SAID else "",
        link=link,
        left=left or [],
        held=held.cases,
        case_path=f"desk/{here.id}/cases",
        stands=_stands(held.buildings, held.turns, words),
        colleagues=[
            (other.username, other.name)
            for other in here.with_role(*WORKERS)
            if other.username != username and other.role is not Role.COMPANY_HEAD
        ],
        reason=(typed or {}).get("reason") or words("staff.reason", name=person.name),
        **form_of(here, member.role, given, words),
    )


def form_of(here: Community, role: Role, typed: Mapping[str, str], words: Words) -> dict[str, Any]:
    """The choices of the form of a person, with what was typed."""
    return {
        "typed": typed,
        "roles": [(given.value, words.role(given)) for given in roles_given_by(role)],
        "departments": [
            (f"department.{key}", name, typed.get(f"department.{key}") == "yes")
            for key, name in department_names(here, words)
        ],
        "duties": [
            (f"duty.{duty}", words(f"staff.{duty}"), typed.get(f"duty.{duty}") == "yes") for duty in Duty
        ],
        "languages": named_languages(),
        "duties_hint": words(
            "staff.duties_hint", roles=words.listed(words.role(role) for role in RANKS if role in DESK)
        ),
    }


def typed_of(person: Staff, here: Community) -> dict[str, str]:
    """A person as the form has them."""
    ticked = [f"department.{key}" for key in person.departments] + [f"duty.{duty}" for duty in person.duties]
    plain = {
        "name": person.name,
        "phone": person.phone if EXTENSION in person.phone else readable(person.phone, here.country),
        "email": person.email or "",
        "role": person.role.value,
        "language": person.language,
    }
    return {**plain, **dict.fromkeys(ticked, "yes")}


def act_line(act: Act, here: Community, words: Words) -> dict[str, str]:
    """What was done, as a line: when, who, what, about whom."""
    what = words(f"acts.{act.done}")
    if act.changed:
        fields = "changed_fields" if act.about else "community_fields"
        what += words("page.colon") + words.listed(words.name(fields, name) for name in act.changed)
    if act.detail:
        what += words("page.colon") + act.detail
    if act.role and act.role_before:
        what += words("staff.role_changed", before=words.role(act.role_before), role=words.role(act.role))
    elif act.role:
        what += words("staff.role_given", role=words.role(act.role))
    names = {person.username: person.name for person in here.staff}
    return {
        "at": short(act.at, here.zone, words, seconds=True),
        "by": names.get(act.by, act.by),
        "about": names.get(act.about, act.about) if act.about else "",
        "what": what,
    }


def _line(person: Staff, here: Community, words: Words, home: str, *, open_to: bool) -> dict[str, Any]:
    is_person = person.role in STAFF_ROLES
    return {
        "name": person.name,
        "username": person.username,
        "role": begun(words.role(person.role)),
        "departments": words.listed(department_name(key, here, words) for key in person.departments),
        "duties": words.listed(words(f"staff.{duty}") for duty in person.duties),
        "phone": phone_shown(person.phone, here.country, words) if person.phone else "",
        "dials": phone_dialled(person.phone) if person.phone else "",
        "email": person.email or "",
        "active": person.active,
        "path": f"{home}?who={quote(person.username)}" if open_to and is_person else "",
    }


def _stands(buildings: tuple[str, ...], turns: int, words: Words) -> list[str]:
    """What else needs a person when this one leaves."""
    found = [words("staff.is_steward", buildings=words.listed(buildings))] if buildings else []
    return found + ([words("staff.has_turns", count=str(turns))] if turns else [])
