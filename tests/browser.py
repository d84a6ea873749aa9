"""A browser without JavaScript over the fakes, and the cases that its tests look at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from chalice.test import Client, HTTPResponse

import app
from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import CompleteForm, ExtensionForm
from chalicelib.web.date_joints import FIRM_SPACE, JOINT
from tests.builders import SUPERVISOR, Office
from tests.fakes.accounts import FakeAccounts
from tests.fakes.book import FakeBook
from tests.fakes.findings import FakeFindings
from tests.fakes.identity import FakeIdentity
from tests.fakes.recordings import FakeExchange
from tests.fakes.staff import fake_keepers

BASE = "https://desk.example.com"
FORM = "application/x-www-form-urlencoded"
HANDLER = Actor(Role.HANDLER, "engineering-1")
HEAD = Actor(Role.DEPARTMENT_HEAD, "engineering-head")
REPORT = {
    "text": "走廊的灯不亮",
    "unit": "3-1201",
    "name": "王芳",
    "phone": "13900001234",
    "kind": "repair",
    "matter": "other",
}


class Form(HTMLParser):
    """The forms of a page: action → field → value as it stands there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = self.forms.setdefault(given.get("action", ""), {})
        elif tag in {"input", "textarea"} and given.get("type") not in {"radio", "submit"}:
            self._fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
            self._fields[self._select] = ""
        elif tag == "option" and (not self._fields[self._select] and given["value"]):
            self._fields[self._select + "?"] = self._fields.get(self._select + "?") or given["value"]


@dataclass
class Browser:
    """Keeps cookies, follows what a page says, and remembers where it is."""

    client: Client
    office: Office
    language: str = "zh-CN"
    at: str = "/"
    cookie: str = ""

    def get(self, address: str) -> HTTPResponse:
        self.at = urljoin(self.at, address)
        response = self.client.http.get(self.at, headers=self._headers())
        self._kept(response)
        return response

    def post(self, address: str, typed: dict[str, str], **headers: str) -> HTTPResponse:
        to = urljoin(self.at, address)
        self.at = urlsplit(to).path
        body = urlencode(typed).encode()
        response = self.client.http.post(
            to, body=body, headers={**self._headers(), "Content-Type": FORM, **headers}
        )
        self._kept(response)
        return response

    def upload(self, address: str, typed: dict[str, str], called: str, data: bytes) -> HTTPResponse:
        """A form with a file in its field `file`, as a browser without a script sends it."""
        mark, disposition = b"----suda", b"Content-Disposition: form-data; name="
        parts = [disposition + f'"{name}"\r\n\r\n{value}'.encode() for name, value in typed.items()]
        parts.append(disposition + f'"file"; filename="{called}"\r\n\r\n'.encode() + data)
        body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts)
        self.at = urlsplit(urljoin(self.at, address)).path
        headers = {**self._headers(), "Content-Type": "multipart/form-data; boundary=----suda"}
        return self.client.http.request(
            "POST", self.at, headers=headers, body=body + b"--" + mark + b"--\r\n"
        )

    def follow(self, response: HTTPResponse) -> HTTPResponse:
        assert response.status_code == 303, text(response)
        return self.get(response.headers["Location"])

    def sign_in(self, username: str) -> None:
        typed = {"username": username, "password": FakeIdentity.PASSWORD}
        assert self.post("/desk", typed).status_code == 303

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language, **({"Cookie": self.cookie} if self.cookie else {})}

    def _kept(self, response: HTTPResponse) -> None:
        kept = response.headers.get("Set-Cookie", [])
        for text in [kept] if isinstance(kept, str) else kept:
            name, _, value = text.partition(";")[0].partition("=")
            others = [each for each in self.cookie.split("; ") if each and not each.startswith(f"{name}=")]
            self.cookie = "; ".join([*others, *([f"{name}={value}"] if value else [])])


def text(response: HTTPResponse) -> str:
    """What the page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html(response))).split())


def html(response: HTTPResponse) -> str:
    """The page as it was sent, but for what joins its dates and hours."""
    page = str(response.body.decode("utf-8"))
    plain = re.sub(f"{JOINT}([月日（])|([周週]){JOINT}", r"\1\2", page).replace(f"月{JOINT}", "月")
    return plain.replace(FIRM_SPACE, " ").replace(f"–{JOINT}", "–")


def sent(response: HTTPResponse) -> str:
    """The page as it was sent."""
    return str(response.body.decode("utf-8"))


@contextmanager
def browsing(made: Office) -> Iterator[Browser]:
    """A browser before the pages of that desk."""
    wiring.use(
        desk=made.desk,
        notices=made.stores.notices,
        identity=made.identity,
        findings=FakeFindings(made.desk.directory.beside),  # type: ignore[arg-type]
        accounts=FakeAccounts(made.memory),
        exchange=FakeExchange(),
        book=FakeBook(),
        keepers=fake_keepers(made.desk.directory, made.identity),  # type: ignore[arg-type]
        base_url=BASE,
    )
    with Client(app.app) as client:
        yield Browser(client, made)
    wiring.use()


def assigned(desk: Office, **changes: str | None) -> Case:
    case = desk.register(**{"matter": "lighting_lock", "kind": "repair", **changes}).case
    return desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "值班"))


def signed(desk: Office, **changes: str | None) -> Case:
    return desk.do(assigned(desk, **changes), "sign", HANDLER, SignForm("工程部甲"))


def extension(desk: Office) -> Case:
    """A case whose handler has asked the manager for a day more."""
    case = signed(desk)
    until = case.deadlines[Clock.SOLVE].due_at + timedelta(days=1)
    return desk.do(case, "request_extension", HANDLER, ExtensionForm(until, "缺件"))


def completed(desk: Office, **changes: str | None) -> Case:
    case = signed(desk, **changes)
    return desk.do(case, "complete", HANDLER, CompleteForm("灯已换好。"))


def link(desk: Office, case: Case, purpose: Purpose) -> str:
    return f"/l/{desk.codes.code(link_for(case, purpose, 14))}"
