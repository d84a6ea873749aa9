"""The triage on the pages of the desk and in the API: proposed, filled in, corrected (A7, A8)."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import Client
from msgspec.structs import replace

from app import app
from chalicelib import wiring
from chalicelib.services.access.stranger_limits import RateLimit, RateLimits
from chalicelib.services.providers import reads_nothing
from tests.api_desk import api_desk, pool
from tests.browser import BASE, REPORT, Browser, Form, html, text
from tests.builders import Office, office
from tests.reading import read

CASES = "/v1/communities/riverside/cases"
HOUR = timedelta(hours=1)
WHERE = "/desk/riverside/cases/202611-0001"
UNSORTED = {
    **REPORT,
    "kind": "",
    "matter": "",
    "text": "走廊的灯坏了，请派师傅来修一下。另外物业费微信能交吗",
}


@pytest.fixture
def desk() -> Iterator[Office]:
    """A desk with its triage."""
    made = office(reads=read)
    wiring.use(desk=made.desk, notices=made.stores.notices, identity=made.identity, base_url=BASE)
    yield made
    wiring.use()


@pytest.fixture
def browser(desk: Office) -> Browser:
    return Browser(Client(app), desk)


@pytest.mark.req("A8")
def test_the_desk_reads_what_is_proposed_and_why_and_finds_the_form_filled_in(browser: Browser) -> None:
    browser.post("/c/riverside", UNSORTED)
    browser.sign_in("agent-1")
    assert "或为灯、锁、小部件" in text(browser.get("/desk/riverside?list=to_sort"))
    page = browser.get(WHERE)
    assert "灯、锁、小部件" in text(page).split("按文字分析：")[1].split("。")[0]
    assert "灯坏" in text(page).split("依据：")[1].split("。")[0]
    assert "文中或另有一事：费用查询" in text(page)
    assert '<option value="lighting_lock" selected>' in html(page)


@pytest.mark.req("A7", "A8")
def test_what_was_never_sorted_is_sorted_and_what_a_person_sorted_waits_for_nobody(browser: Browser) -> None:
    browser.post("/c/riverside", {**UNSORTED, "text": "请问一下"})
    browser.sign_in("agent-1")
    before = html(browser.get(WHERE))
    assert "请按内容分类" in before
    assert "<h3>分类</h3>" in before
    assert 'id="classify-reason"' not in before, "why a first sorting is as it is, its words say"
    assert re.search(r'id="classify-matter"[^>]*required', before)
    waiting = html(browser.get("/desk/riverside"))
    assert "更正分类" not in waiting + before
    form = next(sent for at, sent in Form(before).forms.items() if "classify" in at)
    sorting = {"kind": "repair", "matter": "door_window", "urgency": "normal"}
    assert browser.post(f"{WHERE}/classify", {**form, **sorting}).status_code == 303
    after = html(browser.get(f"{WHERE}?act=classify"))
    assert "请按内容分类" not in after
    assert "<h3>更正分类</h3>" in after
    assert re.search(r'id="classify-reason"[^>]*required', after)
    form = next(sent for at, sent in Form(after).forms.items() if "classify" in at)
    unreasoned = browser.post(f"{WHERE}/classify", {**form, "matter": "lighting_lock"})
    assert unreasoned.status_code == 400


@pytest.mark.req("A14")
def test_what_to_ask_and_say_has_no_heading_without_a_line(browser: Browser) -> None:
    browser.post("/c/riverside", {**UNSORTED, "text": "请问一下"})
    browser.sign_in("agent-1")
    for where in (WHERE, "/desk/riverside/new", "/desk/riverside/book"):
        assert not re.search(r"<h3>[^<]*</h3><ul></ul>", html(browser.get(where))), where


@pytest.mark.req("A8")
def test_supervisors_read_what_people_decided_otherwise(browser: Browser) -> None:
    browser.post("/c/riverside", UNSORTED)
    browser.post("/c/riverside", {**UNSORTED, "text": "大堂的窗户关不严，漏风"})
    browser.sign_in("agent-1")
    for number, matter in (("202611-0001", "intruder_gate"), ("202611-0002", "door_window")):
        where = f"/desk/riverside/cases/{number}"
        form = next(sent for at, sent in Form(html(browser.get(where))).forms.items() if "classify" in at)
        sorting = {"reason": "看过", "kind": "repair", "matter": matter, "urgency": "normal"}
        browser.post(f"{where}/classify", {**form, **sorting})
    assert browser.get("/desk/riverside/corrections").status_code == 403
    browser.sign_in("supervisor-1")
    said = text(browser.get("/desk/riverside/corrections"))
    assert "202611-0001" in said
    assert "灯、锁、小部件" in said
    assert "门禁、闲杂人员" in said
    assert "灯坏" in said
    assert "202611-0002" not in said, "what was decided as proposed"
    assert "202611-0001" not in text(browser.get("/desk/riverside/corrections?month=2026-10"))
    assert browser.get("/desk/riverside/corrections?month=never").status_code == 400


@pytest.mark.req("A8")
def test_whoever_takes_a_call_down_can_have_the_words_read_and_nothing_is_registered(
    browser: Browser, desk: Office
) -> None:
    browser.sign_in("agent-1")
    form = next(
        sent for at, sent in Form(html(browser.get("/desk/riverside/new"))).forms.items() if "new" in at
    )
    typed = {**form, "text": "三楼浓烟，快来人", "unit": "3-1201", "kind": "", "matter": "", "urgency": ""}
    page = browser.post("/desk/riverside/new", {**typed, "propose": "yes"})
    assert page.status_code == 200
    for value in ("fire", "help", "emergency"):
        assert f'<option value="{value}" selected>' in html(page), value
    assert "险情迹象：" in text(page)
    assert "3-1201" in html(page), "what was typed is kept"
    kept = browser.post("/desk/riverside/new", {**typed, "matter": "parking", "propose": "yes"})
    assert '<option value="parking" selected>' in html(kept), "who types decides"
    empty = browser.post("/desk/riverside/new", {**typed, "text": " ", "propose": "yes"})
    assert "没有可供分析的文字" in text(empty)
    assert desk.memory is not None
    assert not desk.desk.cases.register("riverside", "202611", 9, None).items


@pytest.mark.req("A8", "A11")
def test_a_resident_can_have_the_own_words_read_before_anything_is_sent(
    browser: Browser, desk: Office
) -> None:
    typed = {**UNSORTED, "text": "走廊的灯坏了，请派师傅来修一下", "care": "elderly"}
    page = browser.post("/c/riverside", {**typed, "propose": "yes"})
    assert page.status_code == 200
    assert "我们的理解：报修 · 灯、锁、小部件。依据：灯坏" in text(page)
    for value in ("repair", "lighting_lock"):
        assert f'<option value="{value}" selected>' in html(page), value
    assert "王芳" in html(page), "what was typed is kept"
    kept = browser.post("/c/riverside", {**typed, "matter": "parking", "propose": "yes"})
    assert '<option value="parking" selected>' in html(kept), "who types decides"
    unsure = browser.post("/c/riverside", {**typed, "text": "你们看着办", "propose": "yes"})
    assert "可以不选" in text(unsure)
    assert '<option value="lighting_lock" selected>' not in html(unsure)
    danger = browser.post("/c/riverside", {**typed, "text": "三楼好大的烟", "propose": "yes"})
    assert "请先拨打上面的报警、急救电话" in text(danger)
    assert "把握" not in text(page), "how sure a machine is helps no resident"
    assert not desk.desk.cases.register("riverside", "202611", 9, None).items


@pytest.mark.req("A6", "A8")
def test_a_word_of_danger_is_not_filled_in_away(browser: Browser) -> None:
    """Unsorted, a word of the regulation's list wakes somebody; sorted, it would not."""
    found = asked(browser, "/c/riverside/proposal", text="走廊的灯坏了，有人打架时砸的")
    assert found["fields"] == {} or found["danger"]
    calm = asked(browser, "/c/riverside/proposal", text="楼道灭火器过期了，请更换")
    assert calm["fields"] == {}, "火 stands in the list"
    assert "可以不选" in calm["said"]


@pytest.mark.req("A8")
def test_a_receipt_says_nothing_of_what_a_machine_made_of_it(browser: Browser) -> None:
    assert "看起来是" not in text(browser.follow(browser.post("/c/riverside", UNSORTED)))


def asked(browser: Browser, address: str, **typed: str) -> dict[str, Any]:
    """What the form's script is told."""
    answer = browser.post(address, typed)
    assert answer.status_code == 200, text(answer)
    return json.loads(html(answer))


@pytest.mark.req("A8")
def test_the_forms_ask_while_they_are_typed(browser: Browser) -> None:
    public = browser.get("/c/riverside")
    assert 'data-proposals="../c/riverside/proposal"' in html(public)
    assert "connect-src 'self'" in public.headers["Content-Security-Policy"]
    found = asked(browser, "/c/riverside/proposal", text="电梯里困了两个人")
    assert found["fields"] == {"kind": "help", "matter": "elevator"}
    assert found["danger"]
    assert "依据：" in found["said"]
    browser.sign_in("agent-1")
    form = html(browser.get("/desk/riverside/new"))
    assert 'data-proposals="../../desk/riverside/new/proposal"' in form
    csrf = re.findall(r'name="csrf" value="([^"]+)"', form)[0]
    assert (
        Browser(browser.client, browser.office)
        .post("/desk/riverside/new/proposal", {"text": "灯"})
        .status_code
        == 401
    )
    found = asked(browser, "/desk/riverside/new/proposal", text="电梯里困了两个人", csrf=csrf)
    assert found["fields"]["urgency"] == "emergency"
    assert "险情迹象" in found["said"]
    assert browser.post("/desk/riverside/new/proposal", {"text": "灯坏了"}).status_code == 403, "no token"
    browser.sign_in("committee-1")
    assert browser.post("/desk/riverside/new/proposal", {"text": "灯坏了", "csrf": csrf}).status_code == 403
    assert html(browser.get("/static/propose.js")).startswith("const PAUSE")


@pytest.mark.req("A8", "C3")
@pytest.mark.parametrize("said", ["", "好" * 2001, "\x00"])
def test_what_is_no_message_is_refused(browser: Browser, said: str) -> None:
    assert browser.post("/c/riverside/proposal", {"text": said}).status_code == 400


@pytest.mark.req("A8", "C3")
def test_a_stranger_asks_only_so_often_and_keeps_what_was_typed(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = RateLimits(RateLimit(9, HOUR), RateLimit(9, HOUR), proposals=RateLimit(2, HOUR))
    monkeypatch.setattr(wiring, "rate_limits", lambda: few)
    for _ in range(2):
        asked(browser, "/c/riverside/proposal", text="路灯不亮了")
    assert browser.post("/c/riverside/proposal", {"text": "路灯不亮了"}).status_code == 429
    page = browser.post("/c/riverside", {**UNSORTED, "propose": "yes"})
    assert page.status_code == 429
    assert "走廊的灯坏了" in html(page)
    assert browser.post("/c/riverside", UNSORTED).status_code == 303, "a report is taken all the same"


@pytest.mark.req("A7", "A8", "A1")
def test_the_api_proposes_to_staff_and_machines_and_shows_it_on_the_case() -> None:
    with api_desk() as made:
        where = "/v1/communities/riverside/triage"
        for user in ("agent-1", "ivr-1"):
            found = made.post(where, {"text": "闻到很浓的煤气味"}, user=user)
            assert found.status_code == 200
            said = found.json_body
            assert (said["matter"], said["urgency"]["value"]) == ("fire", "emergency")
            assert any("煤气" in word for word in said["item"]["words"])
        assert made.post(where, {"text": "煤气"}).status_code == 401
        assert made.post(where, {"text": ""}, user="agent-1").status_code == 400
        assert made.post(where, {"text": "好" * 2001}, user="agent-1").status_code == 400
        answer = made.report(user="ivr-1", channel="hotline_ivr", kind=None, matter=None, text="路灯不亮")
        shown = made.get(f"{CASES}/{answer.json_body['number']}", user="agent-1").json_body
        assert shown["proposal"]["matter"] == "lighting_lock"
        listed = made.get(f"{CASES}?scope=to_sort", user="agent-1").json_body["items"]
        assert [line["proposed"] for line in listed] == ["lighting_lock"]


@pytest.mark.req("A8")
def test_without_a_triage_the_api_says_so() -> None:
    with api_desk() as made:
        wiring.use(
            desk=replace(made.office.desk, reads=reads_nothing),
            notices=made.office.stores.notices,
            identity=pool(),
        )
        answer = made.post("/v1/communities/riverside/triage", {"text": "路灯不亮"}, user="agent-1")
        assert (answer.status_code, answer.json_body["Code"]) == (503, "Busy")


@pytest.mark.req("A11", "C1")
@pytest.mark.parametrize("words", ["走廊的灯坏了，请派师傅来修一下", "你们看着办", "电梯停了，里面有人"])
def test_what_is_promised_before_sending_is_what_the_receipt_promises(browser: Browser, words: str) -> None:
    typed = {**UNSORTED, "text": words}
    page = html(browser.post("/c/riverside", {**typed, "propose": "yes"}))
    before = re.findall(
        r"(?:今天|明天|日 周.) (\d\d:\d\d)", page[page.index('id="promise"') :].split("</p>")[0]
    )
    chosen = {}
    for name in ("kind", "matter"):
        options = page[page.index(f'id="report-{name}"') :].partition("</select>")[0]
        if found := re.search(r'value="([^"]+)" selected', options):
            chosen[name] = found[1]
    receipt = text(browser.follow(browser.post("/c/riverside", {**typed, **chosen})))
    after = re.findall(r"（周.）(\d\d:\d\d) 北京时间", receipt)
    assert before
    assert before == after


@pytest.mark.req("A8", "A11")
def test_the_promise_follows_what_the_resident_chose(browser: Browser) -> None:
    typed = {"text": "走廊的灯坏了，请派师傅来修一下"}
    said = [
        json.loads(browser.post("/c/riverside/proposal", {**typed, **chosen}).body)["promise"]
        for chosen in ({}, {"matter": "elevator", "kind": "repair"}, {"matter": "no such thing"})
    ]
    assert said[0]
    assert said[1] not in {"", said[0]}
    assert said[2] == ""
