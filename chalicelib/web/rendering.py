"""Pages as they are sent: rendered by Jinja2, with their headers.

Jinja2 is loaded when the first page is asked for.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

from chalice.app import Request, Response
from msgspec import Struct, field

from chalicelib import wiring
from chalicelib.http.cookies import cookie
from chalicelib.http.requests import language as preferred_language
from chalicelib.http.requests import number_asked
from chalicelib.http.sessions import secure_mark
from chalicelib.web import words as catalogue
from chalicelib.web.date_joints import whole_numbers, with_whole_dates
from chalicelib.web.static_files import ONE_YEAR_SECONDS, STYLE, version_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


HERE = Path(__file__).parent
SCRIPT, PROPOSER, DESK_SCRIPT, BOOK_SCRIPT = "challenge.js", "propose.js", "desk.js", "book.js"
WORK_SCRIPT, KNOWN_SCRIPT, SIGNATURE_SCRIPT, TYPED_SCRIPT = "work.js", "known.js", "signature.js", "typed.js"
FILES_SCRIPTS = ("files.js", "sending.js", "keeping.js", "recorder.js")
LIST_SCRIPTS = ("list.js", "touch.js")
"""The scripts of a field for files and of lists, and what they load when it is wanted, by one version."""
LANGUAGE_COOKIE, LOOK_COOKIE = "lang", "look"
LOOKS = ("light", "dark")
"""How pages can look whatever the device says; `auto`, as by itself, is as the device says."""

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
    "find_own": "",
    "desk_phone": None,
    "way_on": None,
    "call": None,
    "acts": (),
    "kept": (),
    "again": None,
    "puzzle": None,
    "alive": False,
    "proposals": "",
    "live": False,
    "uploads": False,
    "several": False,
    "find_path": "",
    "find_in": (),
    "query": "",
    "sends": "",
    "sends_to": "",
}
"""What templates name and few pages say; `my_data` is where a resident sees the own data, `find_own` the own
cases, `proposals` where a form asks what its words seem to be about; a page that is `alive` runs the script
of the desk. `find_path` is where a case is looked for, `find_in` the choice of that for who works in several
communities. A page whose form `sends` (its id) carries what was typed into another language or look: by
`sends_to`, or the page's own address; one with `several` forms keeps it by a script."""


class Reader(Struct, frozen=True):
    """The reader of a page: the words, and the way to the desk's root.

    `root` is relative (`../../`), so that links, forms and redirects work under a stage prefix, a domain of
    one's own, and locally. `look` is light or dark, where that was chosen. `picked` are a language and a look
    that were picked just now, to be remembered. `query` is what the page's address says besides these: the
    way to another language or look leads to the same page.
    """

    words: catalogue.Words
    root: str
    look: str = ""
    picked: Mapping[str, str] = field(default_factory=dict)
    query: str = ""


def reader_of(request: Request) -> Reader:
    """The reader of this request's page."""
    asked, look = query_value(request, LANGUAGE_COOKIE), query_value(request, LOOK_COOKIE)
    language = catalogue.choose_language(asked, cookie(request, LANGUAGE_COOKIE), preferred_language(request))
    picked = {LANGUAGE_COOKIE: language} if asked == language else {}
    if look in (*LOOKS, "auto"):
        picked[LOOK_COOKIE] = look
    else:
        look = cookie(request, LOOK_COOKIE)
    shown = look if look in LOOKS else ""
    return Reader(catalogue.words(language), root_of(request), shown, picked, query_of(request))


def query_of(request: Request) -> str:
    """What the address of a page says, but the language and the look; a form's answer stands under none."""
    given = request.query_params
    if given is None or request.method != "GET":
        return ""
    said = [(name, value) for name in given for value in given.getlist(name)]
    return urlencode([(name, value) for name, value in said if name not in {LANGUAGE_COOKIE, LOOK_COOKIE}])


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
    `puzzle` or `proposals` runs our own scripts; `live` ones have the answer book. `bucket` is
    the only other origin that it shows pictures of, and sends files to if it has `uploads`.
    """
    signs = _has_signature(values.get("forms", ()))
    rendered = _templates().get_template(template)
    body = rendered.render(
        t=reader.words,
        root=reader.root,
        look=reader.look,
        kept_query=f"{reader.query}&" if reader.query else "",
        style=version_of(STYLE),
        once=uuid4().hex,
        script=version_of(SCRIPT),
        proposer=version_of(PROPOSER),
        desk_script=version_of(DESK_SCRIPT),
        list_script=version_of(*LIST_SCRIPTS),
        book_script=version_of(BOOK_SCRIPT),
        work_script=version_of(WORK_SCRIPT),
        files_script=version_of(*FILES_SCRIPTS),
        known_script=version_of(KNOWN_SCRIPT),
        signature_script=version_of(SIGNATURE_SCRIPT),
        typed_script=version_of(TYPED_SCRIPT),
        **{**UNLESS_SAID, **values, "signs": signs},
    )
    headers = _headers(reader)
    bucket = str(values.get("bucket") or "")
    policy = PAGE_HEADERS["Content-Security-Policy"]
    own = " blob:" if values.get("uploads") else ""  # what somebody has just said is heard before it is sent
    if bucket:
        policy = policy.replace("data:", f"data: {bucket}; media-src 'self' {bucket}{own}")
    if signs or any(values.get(name) for name in ("puzzle", "proposals", "alive", "uploads", "several")):
        policy = f"{policy}; script-src 'self'; connect-src 'self' {bucket if values.get('uploads') else ''}"
    headers["Content-Security-Policy"] = policy.strip()
    return Response(body=with_whole_dates(body), status_code=status, headers=headers)


def _has_signature(forms: Iterable[Any]) -> bool:
    """Whether something is drawn in one of the forms of commands."""
    return any(field.shape == "signature" for form in forms for field in getattr(form, "fields", ()))


def go_to(reader: Reader, address: str, cookie: str | None = None) -> Response:
    """303 to an address below the root: a reload does not post again. `cookie` is a Set-Cookie value."""
    headers: dict[str, str | list[str]] = {**PAGE_HEADERS, "Location": reader.root + address}
    if cookie:
        headers["Set-Cookie"] = cookie
    return Response(body="", status_code=303, headers=headers)


def _headers(reader: Reader) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {
        **PAGE_HEADERS,
        "Content-Language": reader.words.language,
    }
    if reader.picked:
        kept = f"Path=/; Max-Age={ONE_YEAR_SECONDS}; HttpOnly; SameSite=Lax{secure_mark(wiring.base_url())}"
        headers["Set-Cookie"] = [f"{name}={value}; {kept}" for name, value in reader.picked.items()]
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

    from chalicelib.web.icons import icon

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"dialled": dialled, "whole_numbers": whole_numbers}
    environment.globals["icon"] = icon
    return environment
