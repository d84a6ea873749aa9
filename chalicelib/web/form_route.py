"""Where the forms of the pages are sent to."""

from collections.abc import Callable, Mapping

from chalice.app import Blueprint

from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.bodies import FORM
from chalicelib.http.routing import View, route
from chalicelib.http.visits import Policy
from chalicelib.web.error_pages import as_page

FORM_OF: Mapping[str, type] = {command: row.form for command, row in TABLE.items()}
"""Each command → its form."""


def form_route(
    pages: Blueprint, path: str, policy: Policy, takes: type | Mapping[str, type] | None = None
) -> Callable[[View], View]:
    """Declare where a form is sent to. It `takes` the texts of these forms, however long they may be."""
    return route(
        pages, path, methods=("POST",), content_types=(FORM,), policy=policy, refused=as_page, takes=takes
    )
