"""The two pages with the form of a report: the residents', and the one at the desk (A1, A4, A11)."""

from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.form_fields import SHORT
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.errors import NotFoundError, TooManyRequestsError
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import readable_case
from chalicelib.web.beside import beside
from chalicelib.web.case_panels import Attempt
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.proposed import for_resident, for_staff
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.report_form import ANOTHER, report_page

KNOWN = "known"
"""The button with which whoever takes a report down asks who is known of the unit or number."""
PROPOSE = "propose"
"""The button with which whoever fills the form in asks for the triage's proposal."""
ASKED, NO = "asked", "no"
"""The field with the number that was asked about, and the answer that the report is just that one."""


def public_page(
    reader: Reader,
    community: Community,
    attempt: Attempt | None = None,
    proposal: str = "",
    promise: str = "",
) -> Response:
    """The form for residents, empty or as it was sent; with proposal and promise, if they were asked for."""
    where = f"c/{community.id}"
    return report_page(
        reader,
        community,
        RESIDENT,
        attempt,
        address=where,
        brand=where,
        here=f"{reader.root}{where}",
        my_data=f"{where}/my-data",
        find_own=f"{where}/cases",
        proposal=proposal,
        promise=promise,
        proposals=f"{reader.root}{where}/proposal",
        puzzle=wiring.gate().puzzle_of_the_form(community.id),
    )


def begun_page(reader: Reader, community: Community, unit: str | None) -> Response:
    """The empty form for residents, with the unit begun as a building's QR code says."""
    begun = Attempt("report", {"unit": unit[:SHORT]}, status=200) if unit else None
    return public_page(reader, community, begun)


def proposed_page(reader: Reader, visit: Visit, typed: Typed) -> Response:
    """The form for staff as typed, with the triage's proposal where it is empty (A8)."""
    found = for_staff(visit.member.community, typed.get("text", ""), reader.words)
    return intake_page(reader, visit, Attempt("report", found.beside(typed), status=200), found.said)


def proposed_to_resident(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    """The form for residents as typed, with the triage's proposal where it is empty (A8)."""
    if not typed.get("text"):
        return public_page(reader, community, Attempt("report", typed, status=200))
    try:
        found = for_resident(visit.request, community, typed, reader.words)
    except TooManyRequestsError as error:
        why = refusal(error, community.zone, reader.words, community.phone)
        return public_page(reader, community, Attempt("report", typed, refusal=why, status=status_of(error)))
    said = found.said or ("" if found.promise else reader.words("triage.nothing_read"))
    attempt = Attempt("report", found.beside(typed), status=200)
    return public_page(reader, community, attempt, said, found.promise)


def intake_page(
    reader: Reader,
    visit: Visit,
    attempt: Attempt | None = None,
    proposal: str = "",
    known: Mapping[str, Any] | None = None,
) -> Response:
    """The form for staff, empty or as it was sent.

    With the triage's proposal, and with who is `known` of the unit or number, if that was asked for.
    """
    member = visit.member
    where = f"desk/{member.community.id}"
    frame = framed(reader, visit, "new")
    del frame["community"]
    typed = attempt.typed if attempt else {}
    about = [typed.get(name, "") for name in ("kind", "matter")]
    return report_page(
        reader,
        member.community,
        member.actor(),
        attempt,
        address=f"{where}/new",
        brand=where,
        here=f"{reader.root}{where}/new",
        base="desk_base.html",
        proposals=f"{reader.root}{where}/new/proposal",
        proposal=proposal,
        known=known,
        known_from=f"{reader.root}{where}/new/known",
        case_path=f"{where}/cases",
        **beside(reader, visit, "", *about),
        **frame,
    )


def same_number(typed: Typed) -> str:
    """The number of the case that the sender says the report is; empty if it is to be registered."""
    number = typed.get(ASKED, "")
    known = typed.get(ANOTHER) == NO and number.isascii() and NUMBER.fullmatch(number)
    return number if known else ""


def same_page(reader: Reader, community: Community, number: str) -> Response:
    """The page for a resident whose report is a case already: nothing was registered.

    It has no link to the case: that went to the number or address of whoever reported it. It leads back to
    the community's form, and says whom to call.
    """
    words, where = reader.words, f"c/{community.id}"
    return page(
        reader,
        "message.html",
        title=words("report.same_title"),
        sentences=[
            words("report.same_goes_on", number=number),
            words("gone.help", desk=words.desk(community.phone)),
        ],
        way_on=(where, words("report.same_way_on")),
        desk_phone=community.phone,
        brand=where,
    )


def same_at_desk(reader: Reader, visit: Visit, number: str) -> Response:
    """To the case that a report is already, for staff who may see it; the others go back to their list."""
    home = f"desk/{visit.member.community.id}"
    try:
        case = readable_case(wiring.desk(), visit.member, number)
    except NotFoundError:
        return go_to(reader, home)
    return go_to(reader, f"{home}/cases/{case.number}")
