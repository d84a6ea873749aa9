"""A closed community takes no new report by any way, says whom to call, and drops nothing said (A1, F)."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.channels.connect import connect
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from infra.contact_flow import filled
from tests.api_desk import BASE_URL, ApiDesk, api_desk, pool
from tests.browser import REPORT, Form, browsing, html, text
from tests.builders import Office, community, office
from tests.contact_flows import FlowCall
from tests.exchange import CALLER, TestCall
from tests.fakes.recordings import SOUND, FakeExchange
from tests.mails import SENDER, arrives, written
from tests.signed_calls import FakeKeys, send

FLOW = json.loads(filled("arn", "riverside", "https://a.example/contacts/", "+8657188001100"))
WHOM = "现由翠湖物业负责，电话0571-88009900。"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        wiring.use(
            desk=made.office.desk,
            notices=made.office.stores.notices,
            identity=pool(),
            base_url=BASE_URL,
            exchange=FakeExchange(),
            caller_keys=FakeKeys(),
        )
        yield made


def set_closed(desk: ApiDesk | Office, *, closed: bool = True, instead: str = WHOM) -> None:
    directory: Any = (desk if isinstance(desk, Office) else desk.office).desk.directory
    here = directory.community("riverside")
    directory.put(replace(here, closed=closed, instead=instead if closed else ""))


def cases(desk: ApiDesk) -> list[Any]:
    assert desk.office.memory is not None
    return desk.office.memory.whole_cases()


def held() -> list[str]:
    kept: dict[str, bytes] = wiring.desk().recordings.kept  # type: ignore[attr-defined]
    ours = (name for name in kept if name.startswith("held/riverside/") and "-closed-" in name)
    return [kept[name].decode() for name in ours]


def by_api(desk: ApiDesk) -> str:
    answer = desk.report()
    assert (answer.status_code, answer.json_body["Code"]) == (403, "NotAllowed")
    return str(answer.json_body["Message"])


def by_machine_at_the_api(desk: ApiDesk) -> str:
    answer = desk.report(user="ivr-1")
    assert answer.status_code == 403
    return str(answer.json_body["Message"])


def by_page(desk: ApiDesk) -> str:
    shown = desk.client.http.get("/c/riverside", headers={"Accept-Language": "zh-CN"})
    assert shown.status_code == 403
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "zh-CN"}
    typed = urlencode({**REPORT, "once": "k"}).encode()
    sent = desk.client.http.post("/c/riverside", body=typed, headers=form)
    assert (sent.status_code, "走廊的灯不亮" in html(sent)) == (403, True), "what was typed is kept"
    assert "没有查看本页的权限" not in text(shown)
    assert 'href="tel:119"' in html(shown)
    assert 'href="tel:057188009900"' in html(shown), "who is called now can be dialled"
    assert "c/riverside/cases" in html(shown), "what goes on is found"
    return text(sent).replace(" ", "")


def by_signed_steps(desk: ApiDesk) -> str:
    answer = send(desk, {"phone": "13800138000", "text": "厨房漏水", "finished": True}).json_body
    assert (answer["number"], answer["cases"]) == (None, [])
    return str(answer["say"])


def by_twilio(desk: ApiDesk) -> str:
    call = TestCall(desk).go()
    assert call.next in {"", "/voice/riverside"}, "nothing is asked any more"
    return call.said


def by_connect(desk: ApiDesk) -> str:
    return FlowCall(FLOW, connect, ["1", "1", "3*2*1201", "1", "#"]).play().heard


WAYS: list[tuple[Callable[[ApiDesk], str], int]] = [
    (by_api, 0),
    (by_machine_at_the_api, 0),
    (by_page, 0),
    (by_signed_steps, 1),
    (by_twilio, 0),
    (by_connect, 1),
]
"""A way to report; and how much of what was said over it the desk finds kept."""


@pytest.mark.req("A1", "F")
@pytest.mark.parametrize(("way", "kept"), WAYS, ids=lambda value: getattr(value, "__name__", ""))
def test_no_way_makes_a_case_and_each_says_whom_to_call(
    desk: ApiDesk, way: Callable[[ApiDesk], str], kept: int
) -> None:
    set_closed(desk)
    for _ in range(2):
        assert WHOM in way(desk)
    assert not cases(desk)
    assert len(held()) == kept, "kept once, however often it comes"


@pytest.mark.req("A1", "F")
def test_at_the_counter_the_form_is_refused_with_what_was_typed() -> None:
    made = office(community(phone="0571-88001234"))
    set_closed(made, instead="")
    with browsing(made) as browser:
        browser.sign_in("agent-1")
        new = "/desk/riverside/new"
        typed = Form(html(browser.get(new))).forms["../../desk/riverside/new"]
        sent = browser.post(new, {**typed, **REPORT, "channel": "walk_in"})
        assert sent.status_code == 403
        assert "不再受理新的报事，请联系客服中心（ 0571-88001234 ）" in text(sent)
        assert "走廊的灯不亮" in html(sent)


@pytest.mark.req("A1", "F")
def test_a_mail_waits_and_one_about_a_case_that_goes_on_is_added(desk: ApiDesk) -> None:
    arrives(written())
    (case,) = cases(desk)
    set_closed(desk)
    new = written("另一件事", subject="漏水", message_id="<2@x.cn>")
    assert arrives(new)["held"] == 1
    answer = written("还在漏", subject=f"Re: {case.number}", message_id="<3@x.cn>", sender=SENDER)
    assert arrives(answer)["added"] == 1
    (now,) = cases(desk)
    assert len(now.report.recordings) == 2
    assert len(held()) == 1


@pytest.mark.req("A1", "F")
def test_open_cases_go_on_and_their_resident_hears_of_them(desk: ApiDesk) -> None:
    number = desk.report(phone=CALLER).json_body["number"]
    set_closed(desk)
    call = TestCall(desk).go()
    assert WHOM in call.said
    call.nothing()
    assert "，".join(" ".join(part) for part in number.split("-")) in call.said
    case = desk.office.desk.cases.get("riverside", number)
    withdrawn = desk.office.do(case, "withdraw", RESIDENT, ReasonForm("已经好了"))
    assert withdrawn.version > case.version


@pytest.mark.req("A1", "F")
def test_what_is_being_said_while_a_community_closes_is_kept_and_answered(desk: ApiDesk) -> None:
    exchange: Any = wiring.exchange()
    exchange.sounds["RE" + "5" * 32] = SOUND
    call = TestCall(desk, caller="anonymous").go().press("1").press("1").press("")
    set_closed(desk)
    call.speak()
    assert not cases(desk)
    (note,) = held()
    assert "RE" + "5" * 32 in note.replace("=\n", "")
    assert SOUND in wiring.desk().recordings.kept.values()  # type: ignore[attr-defined]


@pytest.mark.req("A1", "F")
def test_the_desk_reads_what_was_kept_and_takes_it_in_when_it_is_opened_again() -> None:
    made = office(community())
    set_closed(made)
    with browsing(made) as browser:
        assert arrives(written("水管爆了", message_id="<9@x.cn>"))["held"] == 1
        browser.sign_in("agent-1")
        page = browser.get("/desk/riverside/held")
        assert "小区不再受理" in text(page)
        (where,) = [action for action in Form(html(page)).forms if "/held/" in action]
        form = Form(html(page)).forms[where]
        address = "/desk/riverside/held/" + where.rpartition("/")[2]
        refused = browser.post(address, {**form, "act": "take"})
        assert (refused.status_code, WHOM in text(refused)) == (403, True)
        set_closed(made, closed=False)
        assert browser.post(address, {**form, "act": "take"}).status_code == 303
        assert made.memory is not None
        (case,) = made.memory.whole_cases()
        assert "水管爆了" in case.report.text
