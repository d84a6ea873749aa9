"""The routes of the settings of a community, for its managers (B10, F)."""

from chalice.app import Blueprint, Response

from chalicelib.domain.community.staffing import KEEPERS
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, query_value, reader_of

settings_pages = Blueprint(__name__)

SETTINGS = "/desk/{community}/settings"
FILE = "price-list"


@route(settings_pages, SETTINGS, policy=staff(*KEEPERS), refused=as_page)
def show_settings(visit: Visit, community: str) -> Response:
    """What is set for the community, with the forms that change it."""
    from chalicelib.web.settings_page import settings_page

    return settings_page(reader_of(visit.request), visit)


@route(settings_pages, SETTINGS + "/{act}", policy=staff(*KEEPERS), refused=as_page)
def settings_again(visit: Visit, community: str, act: str) -> Response:
    """A price list as a file; else a reload of a form that was answered: back to the settings."""
    from chalicelib.web.settings_page import settings_file

    reader = reader_of(visit.request)
    if act == FILE:
        return settings_file(reader, visit, query_value(visit.request, "list") or "")
    return go_to(reader, f"desk/{community}/settings")


@form_route(settings_pages, SETTINGS + "/{act}", staff(*KEEPERS), with_files=True)
def change_settings(visit: Visit, community: str, act: str) -> Response:
    """A setting is changed, or what would change is looked at first."""
    from chalicelib.web.settings_page import settings_act

    return settings_act(reader_of(visit.request), visit, act)
