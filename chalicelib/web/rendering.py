"""Pages as they are sent: rendered by Jinja2, with their headers.

Jinja2 is loaded when the first page is asked for.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chalice.app import Request, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.http.cookies import cookie
from chalicelib.http.requests import language as preferred_language
from chalicelib.http.requests import number_asked
from chalicelib.http.sessions import secure_mark
from chalicelib.web import words as catalogue

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


HERE = Path(__file__).parent
STYLE, SCRIPT, PROPOSER, DESK_SCRIPT = "style.css", "challenge.js", "propose.js", "desk.js"
BOOK_SCRIPT = "book.js"
LANGUAGE_COOKIE = "lang"
ONE_YEAR_SECONDS = 365 * 24 * 3600

PAGE_HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""No page loads anything from elsewhere, is kept, framed or indexed, or tells who it was.

Nor does any run a script that is not ours: the forms of a report propose while they are typed, the public
one solves a puzzle while it asks for that, and the pages of staff ask this desk alone. To ourselves a browser
says where a form came from, and so its origin (http/sessions.py).
"""


UNLESS_SAID: Mapping[str, Any] = {
    "here": "",
    "my_data": "",
    "desk_phone": None,
    "way_on": None,
    "kept": (),
    "again": None,
    "puzzle": None,
    "alive": False,
    "proposals": "",
    "live": False,
}
"""What templates name and few pages say; `my_data` is where a resident sees the own data, `proposals` where a
form asks what its words seem to be about; a page that is `alive` runs the script of the desk."""


class Reader(Struct, frozen=True):
    """The reader of a page: the words, and the way to the desk's root.

    `root` is relative (`../../`), so that links, forms and redirects work under a stage prefix, a domain of
    one's own, and locally. `chosen` is a language picked just now, to be remembered.
    """

    words: catalogue.Words
    root: str
    chosen: str | None = None


def reader_of(request: Request) -> Reader:
    """The reader of this request's page."""
    asked = query_value(request, "lang")
    language = catalogue.choose_language(asked, cookie(request, LANGUAGE_COOKIE), preferred_language(request))
    return Reader(catalogue.words(language), root_of(request), language if asked == language else None)


def query_value(request: Request, name: str) -> str | None:
    """One value of the query, if it is there."""
    given = request.query_params
    return str(given[name]) if given is not None and name in given else None


def query_number(request: Request, name: str) -> int | None:
    """One whole number of the query, if it is there; InvalidInputError for anything else."""
    return number_asked(name, query_value(request, name))


def root_of(request: Request) -> str:
    """The relative way from a page to the root.

    `./` from `/` and `/desk`, `../` from `/c/riverside`.
    """
    asked_for = str(request.context.get("path") or "")
    if request.path == "/":
        # API Gateway's own address without its last slash: a browser would take the stage for a page.
        stage = str(request.context.get("stage") or "")
        bare = bool(stage) and asked_for == f"/{stage}"
        host = str(request.headers.get("host") or "")
        return f"{stage}/" if bare and host.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "./"
    depth = request.path.strip("/").count("/") + asked_for.endswith("/")
    return "../" * depth or "./"


def page(reader: Reader, template: str, status: int = 200, **values: Any) -> Response:
    """A page from a template; `t` are the words, `root` the way to the root.

    `desk_phone` is the number of the community's desk, for a page that a resident reads. A page with a
    `puzzle` or `proposals` runs our own scripts; `live` ones have the answer book.
    """
    rendered = _templates().get_template(template)
    body = rendered.render(
        t=reader.words,
        root=reader.root,
        style=style_version(),
        once=uuid4().hex,
        script=_version(SCRIPT),
        proposer=_version(PROPOSER),
        desk_script=_version(DESK_SCRIPT),
        book_script=_version(BOOK_SCRIPT),
        **{**UNLESS_SAID, **values},
    )
    headers = _headers(reader)
    if values.get("puzzle") is not None or values.get("proposals") or values.get("alive"):
        ours = "script-src 'self'; connect-src 'self'"
        headers["Content-Security-Policy"] = f"{PAGE_HEADERS['Content-Security-Policy']}; {ours}"
    return Response(body=body, status_code=status, headers=headers)


def go_to(reader: Reader, address: str, cookie: str | None = None) -> Response:
    """303 to an address below the root: a reload does not post again. `cookie` is a Set-Cookie value."""
    headers: dict[str, str | list[str]] = {**PAGE_HEADERS, "Location": reader.root + address}
    if cookie:
        headers["Set-Cookie"] = cookie
    return Response(body="", status_code=303, headers=headers)


def stylesheet(_visit: object) -> Response:
    """The one stylesheet; its address changes with its content, so it may be kept."""
    return _kept_for_long("text/css", STYLE)


def script(_visit: object) -> Response:
    """The script that solves the puzzle of the public form."""
    return _kept_for_long("text/javascript", SCRIPT)


def static_file(kind: str, name: str) -> Callable[[object], Response]:
    """The view of a file whose address changes with its content."""

    def view(_visit: object) -> Response:
        """A file of ours; its address changes with its content, so it may be kept."""
        return _kept_for_long(kind, name)

    return view


def proposer(_visit: object) -> Response:
    """The script that proposes while a report is typed."""
    return _kept_for_long("text/javascript", PROPOSER)


def _kept_for_long(kind: str, name: str) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": f"{kind}; charset=utf-8",
        "Cache-Control": f"public, max-age={ONE_YEAR_SECONDS}, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body=_static(name), status_code=200, headers=headers)


def style_version() -> str:
    """A short digest of the stylesheet."""
    return _version(STYLE)


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_static(name).encode()).hexdigest()[:10]


@cache
def _static(name: str) -> str:
    return (HERE / "static" / name).read_text(encoding="utf-8")


def _headers(reader: Reader) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {
        **PAGE_HEADERS,
        "Content-Language": reader.words.language,
    }
    if reader.chosen:
        kept = f"Path=/; Max-Age={ONE_YEAR_SECONDS}; HttpOnly; SameSite=Lax"
        headers["Set-Cookie"] = f"{LANGUAGE_COOKIE}={reader.chosen}; {kept}{secure_mark(wiring.base_url())}"
    return headers


def dialled(sentence: str, *phones: str | None) -> "Markup":
    """The sentence with the phone numbers in it as links that dial."""
    from markupsafe import Markup, escape

    known = "|".join(re.escape(phone) for phone in phones if phone)
    if not known:
        return escape(sentence)
    parts = re.split(rf"(?<![0-9-])({known})(?![0-9-])", sentence)
    link = Markup('<a href="tel:{}">{}</a>')
    said = (
        link.format(re.sub(r"[^+0-9]", "", part), part) if place % 2 else part
        for place, part in enumerate(parts)
    )
    return Markup("").join(said)


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["dialled"] = dialled
    return environment
