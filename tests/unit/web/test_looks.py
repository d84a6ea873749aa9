"""How pages look: contrast of the tokens, weight, and that every field has a name of its own."""

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.services.search import follow
from chalicelib.web.icons import icon, icons
from chalicelib.web.static_files import FOLDER, content
from tests.browser import REPORT, Browser, assigned, completed, html, link, sent
from tests.builders import AGENT, SUPERVISOR, Office
from tests.weights import whole, wire

STYLE = (FOLDER / "style.css").read_text(encoding="utf-8")
TEMPLATES = FOLDER.parent / "templates"
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
TEXT, PART = 4.5, 3.0
"""The least contrast of text, and of an edge that has to be seen (WCAG 2.2, 1.4.3 and 1.4.11)."""

READ_ON = {
    "ink": ("page", "surface", "sunk"),
    "muted": ("page", "surface", "sunk"),
    "link": ("page", "surface", "sunk"),
    "jade": ("surface",),
    "seal": ("page", "surface"),
    "on-jade": ("jade", "jade-deep"),
    "on-jade-tint": ("jade-tint",),
    "on-seal-tint": ("seal-tint",),
    "on-amber-tint": ("amber-tint",),
}
SEEN_ON = {
    "edge": ("page", "surface"),
    "ring": ("page", "surface", "sunk", "jade-tint", "seal-tint", "amber-tint"),
}


def tokens(selector: str) -> Mapping[str, str]:
    """The colours that a rule sets."""
    rule = STYLE[STYLE.index(selector + " {") :]
    return dict(TOKEN.findall(rule[: rule.index("}")]))


LIGHT, DARK = tokens(":root"), tokens(":root[data-look=dark]")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(above: str, below: str) -> float:
    light, dark = sorted((luminance(above), luminance(below)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_whatever_is_read_has_contrast_enough(look: Mapping[str, str]) -> None:
    pairs = [(above, below, TEXT) for above, grounds in READ_ON.items() for below in grounds]
    pairs += [(above, below, PART) for above, grounds in SEEN_ON.items() for below in grounds]
    weak = [
        (above, below, round(contrast(look[above], look[below]), 2))
        for above, below, least in pairs
        if contrast(look[above], look[below]) < least
    ]
    assert weak == []


def test_dark_by_the_device_and_dark_by_choice_are_the_same() -> None:
    assert tokens(":root:not([data-look=light])") == DARK
    assert DARK.keys() == LIGHT.keys()


def test_nothing_moves_for_who_wants_no_motion() -> None:
    still = STYLE.replace(STYLE[STYLE.index("@media (prefers-reduced-motion: no-preference)") :], "")
    assert not re.search(r"transition|animation|scroll-behavior", still)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_icon_of_a_template_is_drawn(template: Path) -> None:
    named = re.findall(r'icon\("([a-z-]+)"\)', template.read_text(encoding="utf-8"))
    assert set(named) <= icons().keys()
    assert all('aria-hidden="true"' in icon(name) for name in named)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_what_was_refused_is_where_the_reader_is(template: Path) -> None:
    """The page opens at the message, without scripts too; the keys go on from there."""
    written = template.read_text(encoding="utf-8")
    assert written.count('role="alert"') == written.count('role="alert" tabindex="-1" autofocus')


@pytest.mark.req("B7")
def test_no_line_ends_within_a_date_and_what_was_typed_is_as_it_was(browser: Browser, desk: Office) -> None:
    case = assigned(desk, text="11月22日（周日）9:00–10:30就说过了")
    browser.sign_in("supervisor-1")
    page = browser.get(f"/desk/riverside/cases/{case.number}").body.decode()
    read = re.sub(r"<[^>]*>", "\n", page)
    assert "11\u2060月\u206022\u2060日\u2060（周\u2060日）9:00–\u206010:30就说过了" in read
    assert "\u00a0· " in read
    assert " · " not in read, "a dot between two words begins no line"
    assert not re.search(r"[0-9]月[0-9]|日[ （][周週]|[周週][一二三四五六日]", read)
    typed = {"text": "11月22日来过", "phone": "12", "kind": "repair"}
    again = browser.post("/c/riverside", {**REPORT, **typed}).body.decode()
    assert "\n11月22日来过</textarea>" in again


@pytest.mark.req("B7")
def test_no_line_ends_within_an_english_date(browser: Browser, desk: Office) -> None:
    case = assigned(desk, text="It leaks since 3 Nov 2026")
    browser.language = "en"
    browser.sign_in("supervisor-1")
    read = re.sub(r"<[^>]*>", "\n", sent(browser.get(f"/desk/riverside/cases/{case.number}")))
    months, days = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
    assert "since 3\u00a0Nov\u00a02026" in read
    assert re.search(f"(?:{days})\u00a0[0-9]+\u00a0(?:{months})", read)
    assert not re.search(f"(?:{days}) [0-9]|[0-9] (?:{months})|(?:{months}) [0-9]{{4}}", read)


def test_the_first_visit_of_the_public_form_is_light(browser: Browser) -> None:
    page = html(browser.get("/c/riverside"))
    asked_for = set(re.findall(r'(?:src|href)="[./]*static/([a-z]+\.[a-z]+)', page))
    assert asked_for == {"style.css", "propose.js", "files.js"}
    parts = [page, *map(content, asked_for)]
    assert sum(map(wire, parts)) <= 15_000


class Fields(HTMLParser):
    """What a page asks for, and what it calls it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.nameless: list[str] = []
        self._ids: list[tuple[str, str]] = []
        self._labels: set[str] = set()
        self._inside = 0
        self.ids: list[str] = []
        self.feed(page)
        self.nameless += [text for name, text in self._ids if name not in self._labels]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self._inside += 1
            self._labels.add(given.get("for", ""))
        asks = tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden", "submit"}
        if asks and not self._inside and "aria-label" not in given:
            self._ids.append((given.get("id", "?"), self.get_starttag_text() or tag))

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "label"


def residents_pages(browser: Browser, desk: Office) -> list[str]:
    open_case, done = assigned(desk), completed(desk)
    addresses = [
        "/",
        "/c/riverside",
        "/c/riverside/my-data",
        link(desk, open_case, Purpose.TRACK),
        link(desk, open_case, Purpose.TRACK) + "/receipt",
        link(desk, open_case, Purpose.WORK),
        link(desk, done, Purpose.TRACK),
        link(desk, done, Purpose.RATE),
    ]
    return [sent(browser.get(address)) for address in addresses]


def test_every_field_is_named_every_id_is_alone_and_no_page_is_heavy(browser: Browser, desk: Office) -> None:
    for page in residents_pages(browser, desk):
        read = Fields(page)
        assert read.nameless == []
        assert len(read.ids) == len(set(read.ids))
        assert page.count("<h1") == 1
        assert lists_without_names(page) == []
        assert sum(whole(page)) <= 60_000


def lists_without_names(page: str) -> list[str]:
    """The lists of facts that begin with something else than the name of a fact: readers aloud lose them."""
    return [part[:80] for part in re.split(r"<dl[^>]*>", page)[1:] if not re.match(r"\s*<(dt|div|/dl)", part)]


@pytest.mark.req("A5")
def test_what_was_said_with_an_act_is_no_list_of_facts(browser: Browser, desk: Office) -> None:
    case = desk.do(
        completed(desk),
        "record_revisit",
        SUPERVISOR,
        RevisitForm(RevisitOutcome.SATISFIED, "phone", note="谢谢"),
    )
    browser.sign_in("supervisor-1")
    for address in (f"/desk/riverside/cases/{case.number}", link(desk, case, Purpose.TRACK)):
        page = html(browser.get(address))
        assert lists_without_names(page) == []
    assert "<p><bdi>谢谢</bdi></p>" in html(browser.get(f"/desk/riverside/cases/{case.number}"))


OF_THE_DESK = (
    "", "?list=community", "?list=register", "/find?q=走廊", "/cases/202611-0001", "/new", "/board", "/day",
    "/regulations", "/regulations?matter=elevator", "/calendar", "/figures", "/month-to-print", "/what-if",
    "/handover", "/roster", "/book", "/looks", "/staff", "/stewards", "/households", "/findings",
    "/my-record", "/incidents", "/held", "/my-data", "/posters", "/corrections", "/accounts", "/borne",
    "/reassign?pick=202611-0001", "/communities", "/company", "/cases/202611-0001/paper",
    "/cases/202611-0002", "/cases/202611-0003",
)  # fmt: skip
READERS = ("agent-1", "supervisor-1", "manager-1", "engineering-head", "engineering-1", "company-head-1")
ACTS = re.compile(r'href="([^"]*[?]act=[a-z_]+)#')
"""The ways from the page of a case to the form of each further command."""


@pytest.mark.req("E8")
@pytest.mark.parametrize("username", READERS)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_page_of_a_busy_desk_is_heavy_with_everything(
    browser: Browser, desk: Office, username: str, language: str
) -> None:
    assigned(desk, urgency="emergency", actor=AGENT)
    completed(desk)
    for unit in range(1, 31):
        said = "三楼走廊的灯不亮了，晚上很黑，老人走路不方便，请尽快派师傅来看看。"
        told = desk.register(actor=AGENT, unit=f"{unit}-1201", text=said, name="王小芳").case
        follow(desk.desk, "riverside", told.number)
    browser.language = language
    browser.sign_in(username)
    weights, on_the_wire = dict[str, int](), dict[str, int]()
    left = [f"/desk/riverside{address}" for address in OF_THE_DESK]
    while left:
        address = left.pop()
        page = browser.get(address)
        if page.status_code == 200:  # the rest is for others
            weights[address] = sum(whole(sent(page)))
            on_the_wire[address] = wire(sent(page))
            ways = {urljoin(address, way) for way in ACTS.findall(html(page))} if language == "en" else set()
            left += ways - weights.keys()
    assert len(weights) > 15
    assert {page: weight for page, weight in weights.items() if weight > 60_000} == {}
    assert max(on_the_wire.values()) <= 15_000


def test_what_is_sent_of_the_stylesheet_says_what_is_written() -> None:
    assert "/*" not in content("style.css")
    assert content("style.css").count("{") == re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL).count("{")
    for quoted in re.findall(r'"[^"]*"', STYLE):
        assert quoted in content("style.css")
    assert not re.search(r"^\s*//", content("desk.js"), re.MULTILINE)


def test_a_look_is_kept_once_it_was_picked(browser: Browser) -> None:
    assert "data-look" not in html(browser.get("/"))
    assert 'data-look="dark"' in html(browser.get("/?look=dark"))
    assert 'data-look="dark"' in html(browser.get("/c/riverside"))
    assert "data-look" not in html(browser.get("/?look=auto"))
    assert "data-look" not in html(browser.get("/?look=red"))


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/desk/riverside?list=community&order=age&kind=repair", "list=community&order=age&kind=repair"),
        ("/desk/riverside/find?q=走廊", "q=%E8%B5%B0%E5%BB%8A"),
        ("/desk/riverside/reassign?pick=202611-0001&pick=202611-0002", "pick=202611-0001&pick=202611-0002"),
        ("/desk/riverside", ""),
    ],
)
def test_another_language_or_look_shows_the_page_that_was_asked_for(
    browser: Browser, address: str, said: str
) -> None:
    browser.sign_in("supervisor-1")
    here = f"?{said}&" if said else "?"
    ways = re.findall(r'href="([^"]*\?[^"]*(?:lang|look)=[a-zA-Z-]+)"', html(browser.get(address)))
    assert len(ways) == 4
    for way in map(unescape, ways):
        assert here in way
        again = browser.get(way)
        assert again.status_code == 200
        kept = [unescape(each) for each in re.findall(r'href="([^"]*lang=[a-zA-Z-]+)"', html(again))]
        assert all(here in each and each.count("lang=") == 1 for each in kept)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_the_field_of_the_phone_says_first_that_it_or_an_address_is_needed(
    browser: Browser, language: str
) -> None:
    browser.language = language
    hint = html(browser.get("/c/riverside")).partition('id="report-phone-hint">')[2].partition("<")[0]
    assert re.match("电话和邮箱至少留一个|電話和信箱至少留一個|Give this or an email address", hint)
