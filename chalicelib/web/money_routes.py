"""The routes of a month's accounts (B9): whoever has a duty for money, and the managers."""

from chalice.app import Blueprint, Response

from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.bodies import form_fields
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import query_value, reader_of

money_pages = Blueprint(__name__)

ACCOUNTS = "/desk/{community}/accounts"


@route(money_pages, ACCOUNTS, policy=staff(*CASE_READERS), refused=as_page)
def accounts(visit: Visit, community: str) -> Response:
    """The payments of a month, what is owed, and the signature."""
    from chalicelib.web.money_page import money_page

    return money_page(reader_of(visit.request), visit, query_value(visit.request, "month"))


@route(money_pages, ACCOUNTS + "/export", policy=staff(*CASE_READERS), refused=as_page)
def accounts_export(visit: Visit, community: str) -> Response:
    """The same for a spreadsheet."""
    from chalicelib.web.money_page import money_export

    return money_export(reader_of(visit.request), visit, query_value(visit.request, "month"))


BORNE = "/desk/{community}/borne"


@route(money_pages, BORNE, policy=staff(*CASE_READERS), refused=as_page)
def borne(visit: Visit, community: str) -> Response:
    """What others than residents bear, the developer above all (G12)."""
    from chalicelib.web.borne_page import borne_page

    payer, month = (query_value(visit.request, name) for name in ("payer", "month"))
    return borne_page(reader_of(visit.request), visit, payer, month)


@route(money_pages, BORNE + "/export", policy=staff(*CASE_READERS), refused=as_page)
def borne_file(visit: Visit, community: str) -> Response:
    """The same for a spreadsheet."""
    from chalicelib.web.borne_page import borne_export

    payer, month = (query_value(visit.request, name) for name in ("payer", "month"))
    return borne_export(reader_of(visit.request), visit, payer, month)


@form_route(money_pages, ACCOUNTS, staff(*CASE_READERS))
def sign_accounts(visit: Visit, community: str) -> Response:
    """The statistician signs the month."""
    from chalicelib.web.money_page import sign_form

    return sign_form(reader_of(visit.request), visit, form_fields(visit.request).get("month", ""))
