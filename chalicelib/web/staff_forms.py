"""What the forms of the staff's keepers say, and what becomes of them (F, E8)."""

from collections.abc import Callable
from urllib.parse import quote

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.form_fields import SHORT
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Duty, Role
from chalicelib.domain.community.staffing import OF_A_DEPARTMENT, check_new_username
from chalicelib.domain.errors import DomainError, InvalidInputError, NotFoundError
from chalicelib.domain.texts import checked_text
from chalicelib.http.bodies import form_fields
from chalicelib.http.contacts import email_address, stored_phone
from chalicelib.http.errors import status_of
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.http.visits import Visit
from chalicelib.services.dispatch.together import Result, Wish
from chalicelib.services.intake.merged import carry_out
from chalicelib.services.people import password_links, staffing
from chalicelib.services.people.reach import tell_as_before
from chalicelib.web.form_input import Typed
from chalicelib.web.form_submit import why_not
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to
from chalicelib.web.staff_page import ADD, keeping_of, person_page, staff_page
from chalicelib.web.words import Words

Act = Callable[[Reader, Visit, Typed], Response]


def act_on(reader: Reader, visit: Visit, act: str) -> Response:
    """Do what a form asks; or show it again with what is wrong, as typed."""
    typed, community = form_fields(visit.request), visit.member.community
    if act not in ACTS:
        raise NotFoundError("The staff have no such form.")
    try:
        return ACTS[act](reader, visit, typed)
    except DomainError as error:
        why = refusal(error, community.zone, reader.words, community.phone)
        if act == ADD:
            unread = isinstance(error, InvalidInputError)
            wrong = mistakes_of(typed, community, reader.words) if unread else {}
            return staff_page(reader, visit, typed, "" if wrong else why, status_of(error), mistakes=wrong)
        return person_page(reader, visit, _who(typed), typed, why, status_of(error), act=act)


def mistakes_of(typed: Typed, here: Community, words: Words) -> dict[str, str]:
    """What is wrong with each field of the form for somebody new, all at once."""
    phone, email, role = (typed.get(name, "").strip() for name in ("phone", "email", "role"))
    has_department = any(typed.get(f"department.{key}") == "yes" for key in here.departments)
    wrong = {
        "username": _fails(check_new_username, _new_username(typed)),
        "name": _fails(checked_text, "name", typed.get("name", ""), SHORT),
        "role": role not in set(Role),
        "departments": role in OF_A_DEPARTMENT and not has_department,
        "phone": bool(phone) and _fails(stored_phone, phone, here.country),
        "email": bool(email) and _fails(email_address, email),
    }
    said = {
        "username": words("refusals.username_form"),
        "name": words("staff.name_wrong"),
        "role": words("refusals.staff_role"),
        "departments": words("refusals.department_needed"),
        "phone": words("mistakes.phone", field=words("staff.phone")),
        "email": words("mistakes.email", field=words("staff.email")),
    }
    return {name: said[name] for name, is_wrong in wrong.items() if is_wrong}


def _fails(check: Callable[..., object], *given: object) -> bool:
    try:
        check(*given)
    except InvalidInputError:
        return True
    return False


def _new_username(typed: Typed) -> str:
    return typed.get("username", "").strip().lower()


def person_of(username: str, typed: Typed, here: Community) -> Staff:
    """The person whom a form says; InvalidInputError for what cannot be read."""
    try:
        role = Role(typed.get("role", ""))
    except ValueError:
        raise InvalidInputError("Choose a role.", "staff_role") from None
    phone, email = typed.get("phone", "").strip(), typed.get("email", "").strip()
    return Staff(
        username=username,
        name=typed.get("name", ""),
        role=role,
        departments=tuple(key for key in here.departments if typed.get(f"department.{key}") == "yes"),
        phone=stored_phone(phone, here.country) if phone else "",
        email=email_address(email) if email else None,
        duties=tuple(duty for duty in Duty if typed.get(f"duty.{duty}") == "yes"),
        language=typed.get("language", ""),
    )


def _add(reader: Reader, visit: Visit, typed: Typed) -> Response:
    keeping, username = keeping_of(visit), _new_username(typed)
    staffing.add(keeping, person_of(username, typed, keeping.here()))
    if staffing.works_elsewhere(keeping, username):  # they have a password, and keep it
        return _back(reader, visit, username, "added")
    return _link(reader, visit, {**typed, "username": username})


def _change(reader: Reader, visit: Visit, typed: Typed) -> Response:
    keeping, username = keeping_of(visit), _who(typed)
    here = keeping.here()
    before = staffing.person_here(here, username)
    after = staffing.change(keeping, person_of(username, typed, here), typed.get("seen", ""))
    tell_as_before(wiring.delivery(), here, before, after)
    return _back(reader, visit, username, "changed")


def _deactivate(reader: Reader, visit: Visit, typed: Typed) -> Response:
    keeping, username, words = keeping_of(visit), _who(typed), reader.words
    if typed.get("handler"):
        wish = Wish(typed.get("reason", ""), typed["handler"])
        key = typed.get(KEY_FIELD) or ""
        desk = wiring.desk()
        done = staffing.hand_over_all(keeping, username, wish, key, lambda *given: carry_out(desk, *given))
        left = [(result.number, _why(result, words)) for result in done if _why(result, words)]
        if left:
            why = words("staff.not_handed_over")
            return person_page(reader, visit, username, typed, why, 409, act="deactivate", left=left)
    staffing.set_active(keeping, username, active=False)
    return _back(reader, visit, username, "deactivated")


def _activate(reader: Reader, visit: Visit, typed: Typed) -> Response:
    staffing.set_active(keeping_of(visit), _who(typed), active=True)
    return _back(reader, visit, _who(typed), "activated")


def _link(reader: Reader, visit: Visit, typed: Typed) -> Response:
    """A link for choosing a password: sent, or shown this once where nothing reaches the person."""
    keeping, username = keeping_of(visit), _who(typed)
    sent = password_links.send_link(keeping, wiring.delivery(), username, typed.get(KEY_FIELD, ""))
    if sent.address is None:
        return _back(reader, visit, username, "link_sent")
    return person_page(reader, visit, username, act="link", link=sent.address)


ACTS: dict[str, Act] = {
    ADD: _add,
    "change": _change,
    "deactivate": _deactivate,
    "activate": _activate,
    "link": _link,
}


def _who(typed: Typed) -> str:
    return typed.get("username", "")


def _back(reader: Reader, visit: Visit, username: str, done: str) -> Response:
    return go_to(reader, f"desk/{visit.member.community.id}/staff?who={quote(username)}&done={done}")


def _why(result: Result, words: Words) -> str:
    """Why a case was not handed over; empty if it was."""
    if not result.begun:
        return words("together.not_begun")
    for step in result.steps:
        if step.refused is not None:
            return why_not(step.refused, result.case, step.command, words) if result.case else "–"
    return ""
