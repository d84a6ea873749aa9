"""Links after their end and forms of old tabs, in any order and repeated: each does what it says, or nothing.

Whatever is pasted, nobody acts in another's name, nothing is half written, and one sentence says what to do.
"""

import random
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from chalice.test import HTTPResponse
from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Link, Purpose, link_for
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import TIMER, Actor
from chalicelib.domain.errors import DomainError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.possible import possible
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import Office, office
from tests.content import drawn
from tests.stories import AGENT, MANAGER, SUPERVISOR, Story, sample_form

ZONE = ZoneInfo("Asia/Shanghai")
CLERKS = (AGENT, SUPERVISOR, MANAGER)
LEFT_OUT = {"erase", "ask_erasure", "merge", "join", "part", "set_free", "identify_merged", "share_result"}
TYPED = {"score": "5", "signature": drawn(), "resident_name": "王芳", "price": "80", "proved": "yes"}
ONWARD = {"assign", "sign", "start", "propose", "complete", "sign_off_result", "bill", "propose_appointment"}
"""What brings a case on; the rest is met often enough beside it."""
SELDOM = {
    "withdraw",
    "decline",
    "add_words",
    "urge",
    "ask_price",
    "escalate",
    "state_payer",
    "declare_charge",
}
"""What ends a case, or stands on every page: it would crowd the rest out."""
OF_A_BUG = re.compile(r"Traceback|KeyError|TypeError|\bNone\b|\{[a-z_]+\}|Internal")


class Handed(Struct, frozen=True):
    """A link that somebody was handed once, and for which case."""

    code: str
    link: Link


class Tab(Struct, frozen=True):
    """A form as it stood on the page of a link, and the version of the case that it was drawn for."""

    handed: Handed
    action: str
    fields: dict[str, str]
    version: int


class Desk:
    """A desk with two cases, and whoever kept every link and every tab of them."""

    def __init__(self, browser: Browser, made: Office) -> None:
        self.browser, self.office = browser, made
        self.numbers = [
            made.register(matter="home_other", kind="repair").case.number,
            made.register(matter="drain_blocked", kind="repair", phone="+8613900005678").case.number,
        ]
        self.handed: dict[str, Handed] = {}
        self.tabs: list[Tab] = []

    def case(self, number: str) -> Case:
        return self.office.desk.cases.get("riverside", number)

    def collect(self, number: str) -> None:
        """Take down each link that there is now, and what its page offers."""
        case = self.case(number)
        for purpose in (Purpose.TRACK, Purpose.WORK, Purpose.RATE):
            try:
                link = link_for(case, purpose, 7)
            except ValueError:
                continue
            code = self.office.codes.code(link)
            handed = self.handed.setdefault(code, Handed(code, link))
            page = self.browser.get(f"/l/{code}")
            assert page.status_code in {200, 404, 410}
            for action, fields in Form(html(page)).forms.items():
                if f"/{code}/" in f"/l/{code}/{action}" and action.rsplit("/", 1)[-1] in TABLE:
                    command = action.rsplit("/", 1)[-1]
                    self.tabs.append(Tab(handed, f"/l/{code}/{command}", fields, case.version))

    def act(self, number: str, dice: random.Random) -> None:
        """Something that colleagues do as they should."""
        case = self.case(number)
        context, at = self.office.desk.context_of(case), self.office.clock()
        story = Story(context, at)
        story.outcomes.append(Outcome(case, (), case))
        handler = context.community.member(case.assignment.handler or "")
        people = [*CLERKS, TIMER, *([Actor(handler.role, handler.username)] * 5 if handler else [])]
        actor = dice.choice(people)
        commands = [row.command for row in possible(case, actor, context, at) if row.command not in LEFT_OUT]
        onward = [command for command in commands if command in ONWARD]
        if commands:
            command = dice.choice(onward if onward and dice.random() < 0.7 else commands)
            try:
                self.office.do(case, command, actor, sample_form(command, story))
            except DomainError:
                return

    def attack(self, tab: Tab, dice: random.Random) -> None:
        """Send the form of a tab, as it stood there, filled in; then look whether all is as it should be."""
        number, actor = tab.handed.link.number, tab.handed.link.actor()
        before = {place: self.case(place) for place in self.numbers}
        later = (self.office.clock() + timedelta(days=1)).astimezone(ZONE)
        times = {"visit_at": f"{later:%Y-%m-%d} 10:00", "again_at": f"{later:%Y-%m-%d} 10:00"}
        sent = self.browser.post(tab.action, filled(tab.fields, dice, times))
        self._checked(sent, before, number, actor, tab)

    def _checked(
        self, sent: HTTPResponse, before: dict[str, Case], number: str, actor: Actor, tab: Tab
    ) -> None:
        said = text(sent)
        assert sent.status_code in {303, 400, 403, 404, 409, 410}, (tab.action, sent.status_code, said)
        for place, case in before.items():
            if place != number:
                assert self.case(place) == case, "a form of one case does nothing to another"
        happened = self.office.desk.cases.events("riverside", number)[before[number].version :]
        if sent.status_code != 303:
            assert happened == (), (tab.action, sent.status_code)
            assert not OF_A_BUG.search(said), said
            assert "。" in said or "：" in said
            return
        assert {event.actor for event in happened} <= {actor}, "nobody acts in another's name"
        answers = {"agree": ev.Proposed, "disagree": ev.Proposed, "accept_work": ev.Completed}
        asked = answers.get(tab.action.rsplit("/", 1)[-1])
        if asked is not None and happened:
            history = self.office.desk.cases.events("riverside", number)[: before[number].version]
            newest = max(event.version for event in history if isinstance(event.payload, asked))
            assert newest <= int(tab.fields["version"]), "what was seen is what is answered"


def filled(fields: dict[str, str], dice: random.Random, known: dict[str, str]) -> dict[str, str]:
    """A form as somebody fills it in: with what stands there, the first choice, or a few words."""
    typed = {}
    for name, value in fields.items():
        if not name.endswith("?"):
            first = fields.get(f"{name}?", "")
            typed[name] = value or {**TYPED, **known}.get(
                name, first or dice.choice(["已说明", "3", "2026-11-24 10:00"])
            )
    return typed


def wander(made: Office, seed: int, steps: int) -> Desk:
    """A desk on which colleagues work, while somebody sends what they have kept, some of it twice."""
    dice = random.Random(seed)  # noqa: S311 - a story, no secret
    with browsing(made) as browser:
        desk = Desk(browser, made)
        for number in desk.numbers:
            made.do(desk.case(number), "assign", SUPERVISOR, sample_form_of("assign", made, number))
        for _ in range(steps):
            number = dice.choice(desk.numbers)
            desk.collect(number)
            made.clock.advance(timedelta(minutes=dice.choice([1, 1, 20, 300, 2000])))
            desk.act(number, dice)
            rare = [tab for tab in desk.tabs if tab.action.rsplit("/", 1)[-1] not in SELDOM]
            of_all = dice.choices(desk.tabs, k=dice.random() < 0.1)
            for tab in (*dice.choices(rare or desk.tabs, k=2), *of_all):
                desk.attack(tab, dice)
                if dice.random() < 0.3:
                    desk.attack(tab, dice)  # the second press
    return desk


@pytest.mark.req("D1", "E5", "G3", "G7", "G11")
@pytest.mark.parametrize("seed", range(8))
def test_old_tabs_and_links_sent_in_any_order_do_what_they_say_or_nothing(seed: int) -> None:
    assert len(wander(office(), seed, steps=70).tabs) > 20


@pytest.mark.req("G3", "G7")
def test_nor_do_they_on_dynamo(dynamo_place: Office) -> None:
    assert len(wander(dynamo_place, seed=3, steps=8).tabs) > 5


def sample_form_of(command: str, made: Office, number: str) -> object:
    case = made.desk.cases.get("riverside", number)
    story = Story(made.desk.context_of(case), made.clock())
    story.outcomes.append(Outcome(case, (), case))
    return sample_form(command, story)
