"""What intake, a note and the pages take by themselves, beside what django-helpdesk's took.

The processor's time of a request without moto's own: what is left is our code and the AWS client, for on AWS
the tables are elsewhere. Of what writes it is subtracted; a page reads, so what moto has answered once is
answered again: even subtracted, its work in the same process had cost a page a third more. The peer's
figures were measured once, on another machine, and do not run here: the ratio says where we stand, and
nothing of a change of some percent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import process_time
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from chalice.test import Client
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from bench.moto_desk import app, caller, moto_desk
from bench.result import Result, at_most, progress
from bench.speed import CASES, NOTE, REPORT, case_at_work
from chalicelib import wiring
from chalicelib.http.sessions import cookie_name
from tests.api_desk import token

FORM_MS, NOTE_MS = 10.0, 17.0
"""django-helpdesk: its form, and the whole of a note."""
LIST_MS, TICKET_MS = 37.0, 31.0
"""django-helpdesk: its list of tickets, and the page of one."""
GOAL, GOAL_OF_PAGES = 0.65, 0.25
WARM_UP, ROUNDS = 5, 50
OPEN = 60
"""So many cases are open, more than a page of the list has."""


def measure() -> list[Result]:
    """The two requests and three pages, each against its peer; the goals are the intake's and the pages'."""
    with moto_desk():
        agent, resident, handler = caller("agent-1", "agent"), caller(), caller("engineering-1", "handler")
        where = f"{CASES}/{case_at_work(agent, handler)}/commands/progress"
        intake = _milliseconds("intake by a resident", lambda: resident.post(CASES, REPORT))
        note = _milliseconds("a note", lambda: handler.post(where, NOTE))
        for _ in range(OPEN):
            number = agent.post(CASES, REPORT)["number"]
        pages = [
            _page("list of open cases", "/desk/riverside?list=community", LIST_MS, "list"),
            _page("case", f"/desk/riverside/cases/{number}", TICKET_MS, "page of a ticket"),
            _page("form for residents", "/c/riverside", FORM_MS, "form"),
        ]
    said = "{own:.1f} ms without moto against {peer:g} ms"
    return [
        at_most(
            "intake by a resident ÷ django-helpdesk's form",
            intake / FORM_MS,
            GOAL,
            f"{intake / FORM_MS:.2f} ({said.format(own=intake, peer=FORM_MS)})",
        ),
        Result("a note ÷ django-helpdesk's", f"{note / NOTE_MS:.2f} ({said.format(own=note, peer=NOTE_MS)})"),
        *pages,
    ]


def _page(name: str, address: str, peer_ms: float, peer: str) -> Result:
    """A page as a browser asks for it, signed in as the agent, against the same page of the peer."""
    headers = {"Cookie": f"{cookie_name(wiring.base_url())}={token('agent-1', 'agent')}"}
    browser = Client(app).http

    def ask() -> None:
        answer = browser.get(address, headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    with _answers_of(ask):
        own = _milliseconds(f"page: {name}", ask)
    found = f"{own / peer_ms:.2f} ({own:.1f} ms without moto against {peer_ms:g} ms)"
    return at_most(f"page: {name} ÷ django-helpdesk's {peer}", own / peer_ms, GOAL_OF_PAGES, found)


def _milliseconds(name: str, ask: Callable[[], Any]) -> float:
    """The median of the processor's time of a request, without what moto took of it."""
    progress(f"{name}: {ROUNDS} rounds")
    found = []
    for _ in range(WARM_UP + ROUNDS):
        with _time_of_moto() as spent:
            began = process_time()
            ask()
            found.append(process_time() - began - sum(spent))
    return median(found[WARM_UP:]) * 1000


@contextmanager
def _answers_of(ask: Callable[[], None]) -> Iterator[None]:
    """What moto answers to each call of a page is answered again while this lasts, without moto."""
    answered, kept = BotocoreStubber.__call__, dict[tuple[str, str], tuple[Any, ...]]()

    def key(request: Any) -> tuple[str, str]:
        target = request.headers["X-Amz-Target"]
        name = target.decode() if isinstance(target, bytes) else str(target)
        body = "" if name.endswith("PutItem") else request.body.decode()  # a look has the moment in it
        return name, body

    def keeping(self: Any, request: Any, **named: Any) -> Any:
        answer = answered(self, request=request, **named)
        kept[key(request)] = (answer.url, answer.status_code, answer.headers, answer.content)
        return again(self, request)

    def again(_: Any, request: Any, **__: Any) -> Any:
        url, status, headers, content = kept[key(request)]
        return AWSResponse(url, status, headers, MockRawResponse(content))

    with patch.object(BotocoreStubber, "__call__", keeping):
        ask()
    with patch.object(BotocoreStubber, "__call__", again):
        yield


@contextmanager
def _time_of_moto() -> Iterator[list[float]]:
    """What moto takes for each answer while this lasts."""
    spent: list[float] = []
    answered = BotocoreStubber.__call__

    def timed(self: Any, *given: Any, **named: Any) -> Any:
        began = process_time()
        try:
            return answered(self, *given, **named)
        finally:
            spent.append(process_time() - began)

    with patch.object(BotocoreStubber, "__call__", timed):
        yield spent
