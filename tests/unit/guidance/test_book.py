"""The answer book: searched while typing, edited by supervisors, with every version (A14)."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.domain.book import MOST_ENTRIES, Entry, found
from infra.answer_book import read_in, write_out
from infra.problems import CannotGoOnError
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, html, text
from tests.builders import AGENT, MONDAY, Office, community, office
from tests.fakes.book import FakeBook

BOOK = "/v1/communities/riverside/book"
PARKING = {
    "sort": "fees",
    "title": "地下车位停车费",
    "answer": "每月300元，月底前到服务中心或小程序缴纳。",
    "keywords": "车位 月租 停车多少钱",
}


def entry(number: int, title: str, keywords: str = "", answer: str = "请到服务中心办理。") -> Entry:
    return Entry(f"e{number}", 1, "other", title, answer, keywords, "supervisor-1", MONDAY)


@pytest.mark.req("A14")
@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("停车费多少", "停车费标准"),
        ("装修要办什么手续", "装修申请手续"),
        ("月租", "停车费标准"),
        ("ＷＩＦＩ", "公共区域 wifi"),
        ("游泳池几点开", "游泳池开放时间"),
    ],
)
def test_a_question_finds_its_entry_first(asked: str, title: str) -> None:
    book = [
        entry(1, "停车费标准", "月租 车位"),
        entry(2, "装修申请手续"),
        entry(3, "公共区域 wifi"),
        entry(4, "游泳池开放时间"),
        entry(5, "搬家放行条"),
    ]
    assert found(book, asked)[0].title == title
    assert found(book, "火星移民") == ()


@pytest.mark.req("A14")
def test_a_full_book_is_searched_in_a_moment() -> None:
    answer = "请到服务中心办理。" * 100
    book = [entry(number, f"第{number}条说明", answer=answer) for number in range(MOST_ENTRIES)]
    begun = time.process_time()
    assert found(book, "第77条说明怎么办")[0].title == "第77条说明"
    assert time.process_time() - begun < 1


@pytest.fixture
def api() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("A14")
def test_an_entry_keeps_its_versions_with_who_and_when(api: ApiDesk) -> None:
    made = api.post(BOOK, PARKING, user="supervisor-1")
    assert made.status_code == 201, made.json_body
    place, first = f"{BOOK}/{made.json_body['id']}", made.json_body
    api.office.clock.advance(timedelta(hours=1))
    changed = {**PARKING, "answer": "每月350元，明年1月起。", "version": 1}
    assert api.call("PUT", place, changed, user="manager-1").status_code == 200
    stale = api.call("PUT", place, {**changed, "answer": "每月400元。"}, user="supervisor-1")
    assert (stale.status_code, "version 2" in stale.json_body["Message"]) == (409, True)

    now = api.get(place, user="agent-1").json_body
    assert (now["entry"]["answer"], now["entry"]["by"]) == ("每月350元，明年1月起。", "manager-1")
    assert [version["version"] for version in now["versions"]] == [2, 1]
    before = api.get(f"{place}?version=1", user="agent-1").json_body["entry"]
    assert before == first
    assert api.get(f"{place}?version=9", user="agent-1").status_code == 404


@pytest.mark.req("A14")
def test_agents_search_and_only_supervisors_and_managers_edit(api: ApiDesk) -> None:
    assert api.post(BOOK, PARKING, user="agent-1").status_code == 403
    assert api.get(BOOK).status_code == 401
    assert api.get(BOOK, user="committee-1").status_code == 403
    api.post(BOOK, PARKING, user="supervisor-1")
    items = api.get(f"{BOOK}?q=停车多少钱", user="agent-1").json_body["items"]
    assert items[0]["title"] == PARKING["title"]
    prices = api.get(f"{BOOK}?q=水龙头", user="agent-1").json_body["items"]
    assert prices[0]["answer"] == "更换水龙头 ¥80/个", "the price list is part of the book"
    police = api.get(f"{BOOK}?q=公安", user="agent-1").json_body["items"]
    assert police[0]["answer"] == "公安 110"


@pytest.mark.req("A14")
def test_what_is_removed_is_found_no_more_and_still_read(api: ApiDesk) -> None:
    made = api.post(BOOK, PARKING, user="supervisor-1").json_body
    place = f"{BOOK}/{made['id']}"
    gone = api.call("PUT", place, {**PARKING, "version": 1, "removed": True}, user="supervisor-1")
    assert gone.status_code == 200
    assert api.get(f"{BOOK}?q=停车费", user="agent-1").json_body["items"] == []
    assert api.get(f"{place}?version=1", user="agent-1").json_body["entry"]["answer"] == PARKING["answer"]


@pytest.mark.req("A14")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sort": "weather"}, "'sort' is one of"),
        ({"title": " "}, "'title' is empty"),
        ({"answer": "字" * 1001}, "at most 1000"),
        ({"answer": "这不归我们管"}, "not said to residents"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_what_is_right(
    api: ApiDesk, change: dict[str, str], said: str
) -> None:
    refused = api.post(BOOK, {**PARKING, **change}, user="supervisor-1")
    assert (refused.status_code, said in refused.json_body["Message"]) == (400, True), refused.json_body


@pytest.fixture
def desk() -> Office:
    return office(community())


@pytest.mark.req("A14", "C12")
def test_an_inquiry_is_answered_with_an_entry_from_its_page(browser: Browser, desk: Office) -> None:
    browser.sign_in("supervisor-1")
    home = "/desk/riverside"
    csrf = html(browser.get(f"{home}/book")).split('name="csrf" value="')[1].split('"')[0]
    saved = browser.follow(browser.post(f"{home}/book", {**PARKING, "version": "0", "csrf": csrf}))
    assert "第1版" in text(saved)
    case = desk.register(actor=AGENT, kind="inquiry", matter="fee_query", text="地下车位停车费多少钱").case
    page = html(browser.get(f"{home}/cases/{case.number}"))
    assert PARKING["answer"] in page
    mark = page.split("?entry=")[1].split('"')[0]
    filled = html(browser.get(f"{home}/cases/{case.number}?entry={mark}"))
    assert f'value="{mark}"' in filled
    answered = {"said": PARKING["answer"], "manner": "phone", "entry": mark, "once": "a", "csrf": csrf}
    done = browser.follow(browser.post(f"{home}/cases/{case.number}/answer", answered))
    assert mark in text(done)
    assert desk.case(case).clocks.met, "the answer meets its clock"


@pytest.mark.req("A14")
def test_what_is_found_stands_under_its_search_and_help_without_an_answer_says_nothing(
    browser: Browser, desk: Office
) -> None:
    browser.sign_in("supervisor-1")
    home, unfound = "/desk/riverside", "没有查到。请先致歉"
    cases = {
        kind: desk.register(actor=AGENT, kind=kind, matter="fee_query", text="怎么办\n好").case
        for kind in ("inquiry", "help")
    }
    asked = text(browser.get(f"{home}/cases/{cases['inquiry'].number}"))
    assert asked.index("住户问什么") < asked.index(unfound) < asked.index("接待提示")
    assert 'value="怎么办 好"' in html(browser.get(f"{home}/cases/{cases['inquiry'].number}"))
    helped = text(browser.get(f"{home}/cases/{cases['help'].number}"))
    assert "服务问答 住户问什么" in helped
    assert unfound not in helped
    again = text(browser.get(f"{home}/book?q=怎么办&case={cases['help'].number}"))
    assert again.index(unfound) < again.index("接待提示"), "whoever asks is told"


@pytest.mark.req("A14")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_form_of_the_desk_says_what_to_ask_and_never_to_say(browser: Browser, language: str) -> None:
    browser.language = language
    browser.sign_in("agent-1")
    plain = text(browser.get("/desk/riverside/new"))
    assert ("请问怎么称呼您" if language == "zh-CN" else "May I have your name") in plain
    assert "不可能" in plain
    fire = text(browser.get("/desk/riverside/book?part=yes&matter=fire&kind=help"))
    assert ("走楼梯" if language == "zh-CN" else "take the stairs") in fire
    assert "<html" not in html(browser.get("/desk/riverside/book?part=yes&q=1"))


@pytest.mark.req("A14")
def test_an_operator_writes_a_book_out_and_reads_it_in_again(desk: Office, tmp_path: Path) -> None:
    store, file = FakeBook(), tmp_path / "book.json"
    file.write_text(json.dumps([{**PARKING, "keywords": "车位"}], ensure_ascii=False), encoding="utf-8")
    assert read_in(desk.desk, "riverside", file, store) == 0
    assert read_in(desk.desk, "riverside", file, store) == 0
    (kept,) = store.entries("riverside")
    assert (kept.version, kept.title, kept.by) == (1, PARKING["title"], "operator")
    changed = [{**PARKING, "keywords": "车位", "answer": "每月350元。"}]
    file.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
    read_in(desk.desk, "riverside", file, store)
    assert store.entries("riverside")[0].version == 2
    write_out(desk.desk, "riverside", file, store)
    assert json.loads(file.read_text(encoding="utf-8")) == changed


@pytest.mark.req("A14")
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nothing", "malformed|Expecting"),
        ('[{"sort": "fees", "title": "a"}]', "answer"),
        ('[{"sort": "fees", "title": "a", "answer": "不知道"}]', "not said to residents"),
        (
            '[{"sort": "fees", "title": "a", "answer": "b"}, {"sort": "fees", "title": "a", "answer": "c"}]',
            "twice",
        ),
    ],
)
def test_a_file_that_cannot_be_saves_nothing(desk: Office, tmp_path: Path, written: str, said: str) -> None:
    store, file = FakeBook(), tmp_path / "book.json"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(CannotGoOnError, match=said):
        read_in(desk.desk, "riverside", file, store)
    assert store.entries("riverside") == ()


@pytest.mark.req("A14")
def test_what_is_not_said_is_listed_in_the_readers_own_script(browser: Browser) -> None:
    browser.sign_in("agent-1")
    said = {lang: text(browser.get(f"/desk/riverside/book?lang={lang}")) for lang in ("zh-CN", "zh-TW", "en")}
    assert ("不对" in said["zh-CN"], "不對" in said["zh-CN"]) == (True, False)
    assert ("不对" in said["zh-TW"], "不對" in said["zh-TW"]) == (False, True)
    assert ("不对" in said["en"], "不對" in said["en"]) == (True, False), "each word once"
