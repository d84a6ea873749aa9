"""People with a browser: how wide it is, whether scripts run in it, which language it asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.local_cloud.conftest import RunningDesk

PHONE, DESK = 360, 1280
HEIGHTS = {PHONE: 740, DESK: 900}
SERIOUS = {"serious", "critical"}
WRONG_ALONE = {"resultTypes": ["violations"]}
"""What Axe tells: of what is right it would list every part of the page, which takes as long as looking."""
STANDS_STILL = 0.01
"""The largest cumulative layout shift of a page; what a reader's own tap opens is none."""
SHIFTED = """() => new Promise(done => {
    let moved = 0
    const watch = new PerformanceObserver(seen => {
        for (const shift of seen.getEntries()) if (!shift.hadRecentInput) moved += shift.value
    })
    watch.observe({ type: 'layout-shift', buffered: true })
    setTimeout(() => { watch.disconnect(); done(moved) }, 50)
})"""
"""How far what stood on the page has moved since it was drawn."""


class Look(NamedTuple):
    """How somebody sees the pages."""

    width: int
    scripts: bool
    language: str
    scheme: str = "light"

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{'scripts' if self.scripts else 'plain'}-{self.scheme}"


LOOKS = (
    Look(PHONE, scripts=True, language="zh-CN"),
    Look(DESK, scripts=False, language="zh-CN", scheme="dark"),
    Look(PHONE, scripts=False, language="en"),
    Look(DESK, scripts=True, language="en", scheme="dark"),
    Look(PHONE, scripts=True, language="zh-TW", scheme="dark"),
    Look(DESK, scripts=False, language="zh-TW"),
)
"""Every two of width, scripts and language meet in one of them."""


class Visitor:
    """Somebody with a page open. What the browser complains of meanwhile is kept, and fails the test."""

    def __init__(self, page: Page, look: Look, base_url: str, bucket: str) -> None:
        self.page, self.look, self.base_url, self.bucket = page, look, base_url, bucket
        self.complaints: list[str] = []
        self.foreseen: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def expects(self, words: str) -> None:
        """Complaints of the browser with these words are what a test has made."""
        self.foreseen.append(words)

    def open(self, path: str) -> int:
        """Opens an address of the desk, or a whole one out of a message; its status."""
        answer = self.page.goto(path if path.startswith("http") else self.base_url + path)
        assert answer is not None
        return answer.status

    def fill(self, scope: str = "form", **values: str) -> None:
        """Fills in fields by their names: a choice by its value, a box by a tap."""
        for name, value in values.items():
            field = self.page.locator(f"{scope} [name={name}]").first
            self._unfold(field, f"{scope} details:not([open]):has([name={name}]) > summary")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "radio":
                self.page.locator(f"{scope} [name={name}][value='{value}'] + span").first.click()
            else:
                field.fill(value)

    def give(self, command: str, **values: str) -> None:
        """Gives a command with its form, which is opened where it is folded; AssertionError if refused."""
        self.try_to_give(command, **values)
        refusals = self.page.locator("main [role=alert]").all_inner_texts()
        assert not refusals, refusals

    def try_to_give(self, command: str, **values: str) -> None:
        """Gives a command, whatever becomes of it."""
        form = self.unfold(command)
        self.fill(form, **values)
        with self.page.expect_navigation():
            self.page.locator(f"{form} button:not([name]):not([type=button])").first.click()

    def unfold(self, command: str) -> str:
        """Opens the form of a command where it is folded, or a tap away; how it is found on the page."""
        form = f"form[action$='/{command}']"
        way = self.page.locator(f"a[href$='?act={command}#do-{command}']")
        if way.count():
            self._unfold(way.first, "details:not([open]):has(> .acts) > summary")
            with self.page.expect_navigation():
                way.first.click()
        button = self.page.locator(f"{form} button:not([name]):not([type=button])").first
        self._unfold(button, f"details:not([open]):has({form}) > summary")
        return form

    def _unfold(self, part: Locator, folded: str) -> None:
        while not part.is_visible() and self.page.locator(folded).count():
            self.page.locator(folded).first.click()

    def send(self, form: str) -> None:
        """Presses the main button of a form."""
        with self.page.expect_navigation():
            self.page.locator(f"{form} button:not([name]):not([type=button])").first.click()

    def sign_in(self, username: str, password: str) -> None:
        """Signs in, from wherever the desk has asked for it."""
        if self.page.locator("[name=username]").count() == 0:
            self.open("/desk")
        self.fill(username=username, password=password)
        self.send("form:has([name=password])")

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return self.page.locator("body").inner_text()

    def looks_well(self, *, still: bool = True) -> None:
        """The page fits the screen, stands still, keeps no blind reader out, and is in its language.

        Asked of each page that a journey comes to. Axe and the watch on what moves run where scripts do. Not
        `still` is a page to which a file was added: its line pushes what is below.
        """
        too_wide: list[str] = self.page.evaluate(
            """() => {
                const width = document.documentElement.clientWidth
                return document.documentElement.scrollWidth <= width ? [] :
                    [...document.querySelectorAll('body *')]
                        .filter(part => part.getBoundingClientRect().right > width + 1)
                        .map(part => `${part.tagName}.${part.className}: ${part.textContent.slice(0, 40)}`)
            }"""
        )
        assert not too_wide, f"wider than the screen at {self.page.url}: {too_wide[:5]}"
        assert self.page.locator("html").get_attribute("lang") == self.look.language
        if self.look.scripts:
            moved: float = self.page.evaluate(SHIFTED)
            assert moved < STANDS_STILL or not still, f"what was drawn has moved at {self.page.url}: {moved}"
            found = [
                wrong
                for wrong in Axe().run(self.page, options=WRONG_ALONE).response["violations"]
                if wrong["impact"] in SERIOUS
            ]
            assert not found, f"{self.page.url}: " + "; ".join(map(_told, found))

    def _said(self, message: ConsoleMessage) -> None:
        # a refused command is an answer of 4xx, which the browser reports as an error of its own
        if (
            message.type in {"error", "warning"}
            and "the server responded with a status of 4" not in message.text
            and not any(words in message.text for words in self.foreseen)
        ):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        ours = (self.base_url, self.bucket)  # the bucket gives the files of cases out itself
        if address.scheme in {"http", "https"} and not request.url.startswith(ours):
            self.complaints.append(f"asked another site: {request.url}")


def _told(wrong: Any) -> str:
    places = [(node["html"][:120], node["failureSummary"][:300]) for node in wrong["nodes"][:3]]
    return f"{wrong['id']} ({wrong['help']}) at {places}"


@contextmanager
def visitor(browser: Browser, look: Look, desk: RunningDesk) -> Iterator[Visitor]:
    """A browser of somebody's own, without anybody's cookies."""
    context = browser.new_context(
        viewport={"width": look.width, "height": HEIGHTS[look.width]},
        java_script_enabled=look.scripts,
        locale=look.language,
        color_scheme=look.scheme,  # type: ignore[arg-type]  # the two schemes are a Literal there
        has_touch=look.width == PHONE,
    )
    page = context.new_page()
    page.set_default_timeout(60_000)  # a worker's first request may take as long on a busy machine
    opened = Visitor(page, look, desk.base_url, desk.cloud.endpoint)
    yield opened
    context.close()
    assert not opened.complaints, opened.complaints
