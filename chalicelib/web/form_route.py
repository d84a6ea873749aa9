"""Where the forms of pages are sent to, and what a refusal becomes."""

from collections.abc import Callable, Mapping

from chalice.app import Blueprint, Response

from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.bodies import FORM
from chalicelib.http.multipart import MULTIPART
from chalicelib.http.routing import Refusal, View, route
from chalicelib.http.visits import Policy

FORM_OF: Mapping[str, type] = {command: row.form for command, row in TABLE.items()}
"""Each command → its form."""

INTAKE = STAFF_ROLES - {Role.COMMITTEE}
"""Who takes reports down at the desk."""

CORRECTION_READERS = TABLE["judge_classification"].roles
"""Who judges classifications, and reads what people decided otherwise than the triage proposed (A8)."""

WAITING, BACK_FIELD = "waiting", "back"
"""The list of what waits for its reader, and the field by which a form says that it stands there."""


def as_page(refused: Refusal) -> Response:
    """The refusal as a page in the reader's language."""
    from chalicelib.web.error_pages import error_page

    return error_page(refused)


def form_route(
    pages: Blueprint,
    path: str,
    policy: Policy,
    takes: type | Mapping[str, type] | None = None,
    *,
    with_files: bool = False,
) -> Callable[[View], View]:
    """Declare where a form is sent to. It `takes` the texts of these forms, however long they may be.

    `with_files`: a browser without a script sends files with it.
    """
    types = (FORM, MULTIPART) if with_files else (FORM,)
    return route(
        pages, path, methods=("POST",), content_types=types, policy=policy, refused=as_page, takes=takes
    )
