"""Beside the form at the desk: who reported from the unit or number that is typed, and their cases (A1)."""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import OPEN
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import with_gaps
from chalicelib.domain.work.warranty import can_be_under
from chalicelib.http.contacts import stored_phone
from chalicelib.http.visits import Visit
from chalicelib.services.households.withdrawing import at_the_desk
from chalicelib.services.views.household import KnownThere, Reporter, known_there
from chalicelib.services.warranty.finding import found_payer
from chalicelib.web.care_line import care_noted
from chalicelib.web.case_panels import Attempt
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import phone_shown
from chalicelib.web.list_rows import rows_shown
from chalicelib.web.payer_lines import payer_line
from chalicelib.web.rendering import Reader, page
from chalicelib.web.report_pages import (
    KNOWN,
    PROPOSE,
    intake_page,
    proposed_page,
    same_at_desk,
    same_number,
)
from chalicelib.web.words import Words

WITHDRAW = "withdraw_care"
"""The button with which the desk takes a consent back; its value is the unit and the name, a line each."""
LONGEST = 40
"""Characters of a unit or number that are looked for."""


def _looked_up(visit: Visit, typed: Typed) -> KnownThere:
    unit, phone = (typed.get(name, "").strip()[:LONGEST] for name in ("unit", "phone"))
    try:
        number = stored_phone(phone, visit.member.community.country) if phone else ""
    except InvalidInputError:
        number = ""  # it is still being typed
    return known_there(wiring.desk(), visit.member, unit, phone, number)


def _shown(reader: Reader, visit: Visit, found: KnownThere, typed: Typed) -> dict[str, Any]:
    lines = rows_shown(found.rows, visit.member, reader.words)
    still = [row.line.state in OPEN for row in found.rows]
    words = reader.words
    country = visit.member.community.country
    people = [
        (person, phone_shown(person.phone, country, words), _noted(person, words)) for person in found.people
    ]
    warranty = _warranty(visit, found, typed, reader.words)
    cases = sorted(zip(lines, still, strict=True), key=lambda shown: not shown[1])
    return {"people": people, "cases": cases, "warranty": warranty, "said": ""}


def _noted(person: Reporter, words: Words) -> str:
    """What the register says of somebody: by what right they live there, and that they need help."""
    said = [words.name("tenures", person.tenure)] if person.tenure else []
    return words.listed([*said, *care_noted(person, words)])


def _warranty(visit: Visit, found: KnownThere, typed: Typed, words: Words) -> str:
    """Who would pay for the repair that is being typed, for the desk (B13, G12)."""
    member, matter = visit.member, typed.get("matter", "")
    units = {person.unit for person in found.people if person.unit}
    unit = typed.get("unit", "").strip()[:LONGEST] or (units.pop() if len(units) == 1 else "")
    desk, context = wiring.desk(), wiring.desk().context(member.community)
    covered = can_be_under(context.regulation.warranty, typed.get("kind") or "repair", matter)
    if not unit or not covered or matter not in context.regulation.matters:
        return ""
    if member.role not in COMMUNITY_WIDE:
        return ""
    payer = found_payer(desk, context, unit, matter, desk.now())
    said = payer_line(payer, context, words)
    return words("payer.beside", unit=unit, said=said) if said else ""


def household_part(reader: Reader, visit: Visit, typed: Typed) -> Response:
    """The part beside the form alone, for its script."""
    asked = any(typed.get(name, "").strip() for name in ("unit", "phone"))  # else nobody is looked for
    known = _shown(reader, visit, _looked_up(visit, typed), typed) if asked else None
    return page(reader, "_known.html", known=known, case_path=f"desk/{visit.member.community.id}/cases")


def household_page(reader: Reader, visit: Visit, typed: Typed, said: str = "") -> Response:
    """The form as it was typed, with who is known beside it; what only one person can be is filled in."""
    found = _looked_up(visit, typed)
    filled = dict(typed)
    for name in ("name", "unit", "phone"):
        values = {getattr(person, name) for person in found.people} - {""}
        if not filled.get(name) and len(values) == 1:
            filled[name] = values.pop()
    if len(found.people) == 1 and found.people[0].care:
        [person] = found.people
        on = person.consented_on.isoformat() if person.consented_on else ""
        filled |= {"care": "yes", "care_by": person.consented_by, "care_on": on}
    attempt = Attempt("report", filled, status=200)
    known = {**_shown(reader, visit, found, typed), "said": said}
    return intake_page(reader, visit, attempt, known=known)


def _without_note(reader: Reader, visit: Visit, typed: Typed) -> Response:
    """The form as typed, once the note of somebody of the unit is taken away (G15)."""
    unit, _, name = with_gaps(typed[WITHDRAW]).partition("\n")
    at_the_desk(wiring.desk(), visit.member, unit.strip(), name.strip())
    filled = {**typed, "care": "", "care_by": "", "care_on": ""}
    return household_page(reader, visit, filled, reader.words("known.withdrawn", name=name.strip()))


def before_registering(reader: Reader, visit: Visit, typed: Typed) -> Response | None:
    """The answer to another button of the form than the one that registers; None if it was that."""
    if typed.get(PROPOSE):
        return proposed_page(reader, visit, typed)
    if reader.picked:
        return intake_page(reader, visit, Attempt("report", typed, status=200))
    if typed.get(WITHDRAW):
        return _without_note(reader, visit, typed)
    if typed.get(KNOWN):
        return household_page(reader, visit, typed)
    number = same_number(typed)
    return same_at_desk(reader, visit, number) if number else None
