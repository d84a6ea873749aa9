"""The pages on which a resident without a link finds the own cases (E5).

A code that was sent to the number leads on: nobody learns whether a number has a case but whoever has it.
All of it is posted, so that no number stands in an address.
"""

from typing import Any

from chalice.app import Response

from chalicelib.domain.community.community import Community
from chalicelib.http import own_data
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.requests import read
from chalicelib.http.visits import Visit
from chalicelib.services.privacy.own_cases import CaseFound
from chalicelib.web.case_lines import state_name
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short
from chalicelib.web.own_data_pages import REFUSED, reach, why_refused
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.words import Words

ASK, CODE, SHOWN = "ask", "code", "shown"
"""The steps of the page: which number, the code, the cases."""

KEPT = ("phone", "number", "request")
"""What goes along from step to step."""


def own_case_page(
    reader: Reader, community: Community, step: str = ASK, typed: Typed | None = None, **more: Any
) -> Response:
    """The page at one of its steps."""
    where = f"c/{community.id}/cases"
    kept = {name: (typed or {}).get(name, "").strip() for name in KEPT}
    values: dict[str, Any] = {"refused": "", "cases": (), "sent": False, "status": 200, **more}
    return page(
        reader,
        "own_cases.html",
        values.pop("status"),
        community=community,
        address=where,
        here=f"{reader.root}{where}",
        step=step,
        sends="" if step == SHOWN else "step",
        desk_phone=community.phone,
        my_data=f"c/{community.id}/my-data",
        typed=kept,
        **values,
    )


def own_case_step(reader: Reader, visit: Visit, community: Community) -> Response:
    """The next step; a refusal shows the step again with its sentence, and what was typed."""
    typed = form_fields(visit.request)
    step = CODE if typed.get("do") == "prove" else ASK
    if reader.picked:
        return own_case_page(reader, community, step, typed)
    try:
        return (_prove if step == CODE else _send)(reader, visit, community, typed)
    except REFUSED as error:
        why = why_refused(error, typed, "own_cases.reach", community, reader.words)
        return own_case_page(reader, community, step, typed, refused=why, status=status_of(error))


def _send(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    sent = own_data.send_code(visit, community, read(reach(typed.get("phone", "")), own_data.CodeBody))
    return own_case_page(reader, community, CODE, {**typed, "request": sent.request or ""}, sent=True)


def _prove(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    """The case whose number was typed, or the only one, at once; else all of them to choose from."""
    given = {**reach(typed.get("phone", "")), "code": typed.get("code", "").strip()}
    if typed.get("request"):
        given["request"] = typed["request"]
    words = reader.words
    found = own_data.find_own(visit, community, read(given, own_data.ProofBody), words.shared)
    number = typed.get("number", "").strip()
    open_to = [case for case in found if case.code and (case.number == number or len(found) == 1)]
    if open_to:
        return go_to(reader, f"l/{open_to[0].code}")
    return own_case_page(
        reader, community, SHOWN, typed, cases=[_line(case, community.zone, words) for case in found]
    )


def _line(case: CaseFound, zone: str, words: Words) -> dict[str, str]:
    return {
        "number": case.number,
        "matter": case.matter_name,
        "state": state_name(case.state, case.matter, words, to_resident=True),
        "registered": short(case.registered_at, zone, words),
        "address": f"l/{case.code}" if case.code else "",
    }
