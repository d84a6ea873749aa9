"""The page of the stewards of buildings (B2)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.roles import WORKERS, Role
from chalicelib.domain.errors import DomainError
from chalicelib.http.bodies import form_fields, form_files
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.duty.photos import MOST_KB, photo_address
from chalicelib.services.duty.stewards import (
    LONGEST_BUILDING,
    SETTERS,
    drop_photo,
    drop_steward,
    missing_stewards,
    set_steward,
)
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to, page


def steward_page(
    reader: Reader, visit: Visit, typed: Typed | None = None, refused: str = "", status: int = 200
) -> Response:
    """Each building with its steward; for the manager the form that sets one."""
    member, words = visit.member, reader.words
    desk = wiring.desk()
    community = desk.directory.community(member.community.id)
    home = f"desk/{community.id}/stewards"
    return page(
        reader,
        "stewards.html",
        status,
        **framed(reader, visit, "stewards"),
        title=words("steward.title"),
        address=home,
        here=f"{reader.root}{home}",
        refused=refused,
        building=(typed or {}).get("building", ""),
        buildings=[known for known in community.buildings if known.active],
        chosen=(typed or {}).get("username"),
        longest=LONGEST_BUILDING,
        stewards=[
            (
                known,
                person.name if (person := community.member(known.username)) else "",
                photo_address(desk, known.photo) if person else "",
            )
            for known in community.stewards
        ],
        most=MOST_KB,
        bucket=desk.files.origin(),
        people=[
            (person.username, person.name)
            for person in community.with_role(*WORKERS)
            if person.role is not Role.COMPANY_HEAD
        ],
        sets=member.role in SETTERS,
        missing=missing_stewards(desk, community),
    )


def steward_form(reader: Reader, visit: Visit) -> Response:
    """Set a steward or take one away, and go back; or show the form again with what is wrong, as typed."""
    typed, member = form_fields(visit.request), visit.member
    try:
        if typed.get("remove"):
            drop_steward(wiring.desk(), member, typed["remove"])
        elif typed.get("remove_photo"):
            drop_photo(wiring.desk(), member, typed["remove_photo"])
        else:
            photo = next((data for _, data in form_files(visit.request, "photo") if data), None)
            building, username = typed.get("building", ""), typed.get("username", "")
            set_steward(wiring.desk(), member, building, username, photo)
    except DomainError as error:
        community = member.community
        why = refusal(error, community.zone, reader.words, community.phone)
        return steward_page(reader, visit, typed, why, status_of(error))
    return go_to(reader, f"desk/{member.community.id}/stewards")
