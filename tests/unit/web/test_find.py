"""The box in which a case is found: by whom, by what, and what is on record of it (E8, G13)."""

import json
import re
from collections.abc import Iterator

import pytest

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.services.privacy.forgetting import erase
from chalicelib.services.privacy.own_data import ALL_KINDS
from chalicelib.services.search import follow
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, browsing, html, text
from tests.builders import Office, community, office
from tests.fakes.findings import FakeFindings
from tests.fakes.memory import CrashError
from tests.reads import MASKED, NOTHING, READS, WHOLE, desk_with_each

HERE = "/v1/communities/riverside/search"
PATH = "/desk/riverside/find"


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[ApiDesk, dict[str, str]]]:
    """A desk with one case of each sort."""
    with desk_with_each() as made:
        yield made


def told(desk: Office, **changes: object) -> str:
    case = desk.register(**changes).case
    follow(desk.desk, "riverside", case.number)
    return case.number


@pytest.mark.req("E8")
def test_whoever_is_at_the_desk_finds_it_by_enter_from_any_page(browser: Browser, desk: Office) -> None:
    number = told(desk, text="电梯停在半路", unit="3-1201")
    browser.sign_in("agent-1")
    case = f"/desk/riverside/cases/{number}"
    bare = ("/desk/account", f"{case}/paper")
    for page in ("/desk/riverside", "/desk/riverside/new", "/desk/riverside/my-record", PATH, case, *bare):
        assert 'role="search" method="get"' in html(browser.get(page)), page
    shown = browser.get(f"{PATH}?q=3栋1201室")
    for said in (number, "3-1201", "王芳", "139 0000 1234", "电梯停在半路", "已登记"):
        assert said in text(shown)
    assert f'href="../../desk/riverside/cases/{number}"' in html(shown)
    assert "没有您能看到的工单" in text(browser.get(f"{PATH}?q=9999"))
    assert 'value="9999"' in html(browser.get(f"{PATH}?q=9999")), "what was typed stays"
    assert "输入编号" in text(browser.get(PATH))
    assert "<script>" not in html(browser.get(f"{PATH}?q=%3Cscript%3E"))


@pytest.mark.req("E8")
def test_who_works_in_two_communities_finds_in_either_from_a_page_of_neither() -> None:
    with browsing(office(community(), community("hillside", name="翠湖山庄"))) as browser:
        browser.sign_in("manager-1")
        for page in ("/desk", "/desk/account"):
            shown = html(browser.get(page))
            assert re.findall(r'formaction="([^"]*)"', shown) == [
                f"{'./' if page == '/desk' else '../'}desk/{place}/find"
                for place in ("hillside", "riverside")
            ]
        head = text(browser.get("/desk/account"))
        assert "翠湖山庄、" in head, "whose account it is, and where"
        assert "（管理处经理）" in head
        browser.sign_in("committee-1")
        assert 'role="search"' not in html(browser.get("/desk/account")), "who reads no case finds none"


@pytest.mark.req("E8")
def test_the_part_that_answers_while_one_types_is_the_hits_alone(browser: Browser, desk: Office) -> None:
    number = told(desk)
    browser.sign_in("agent-1")
    part = browser.get(f"{PATH}?q=1234&part=hits")
    assert number in text(part)
    assert "<html" not in html(part)
    page = browser.get(PATH)
    assert "script-src 'self'; connect-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "script-src" not in browser.get("/").headers["Content-Security-Policy"]


@pytest.mark.req("E8")
def test_every_search_is_on_record_without_what_was_typed(browser: Browser, desk: Office) -> None:
    number = told(desk)
    browser.sign_in("agent-1")
    browser.get(f"{PATH}?q=13900001234")
    browser.get(f"{PATH}?q=走廊 王芳")
    browser.get(f"{PATH}?q=没有的词")
    browser.get(PATH)
    assert desk.memory is not None
    looks = [look for _, _, look in desk.memory.looks if look.what is LookAt.SEARCH]
    assert [(look.filter, look.numbers) for look in looks] == [
        ("digits", (number,)),
        ("words+words", (number,)),
        ("words+words", ()),
    ]
    desk.memory.faults["looks.record"] = ["before"]
    assert browser.get(f"{PATH}?q=13900001234").status_code == 500, (
        "what cannot be put on record is not shown"
    )


@pytest.mark.req("E8", "G13")
@pytest.mark.parametrize("user", [user for user in READS if user not in {"committee-1", "ivr-1"}])
def test_each_finds_a_case_by_what_they_read_of_it(place: tuple[ApiDesk, dict[str, str]], user: str) -> None:
    """The rows of the matrix: whole by anything, masked by what the mask leaves, nothing by nothing."""
    made, numbers = place
    for number in numbers.values():
        follow(made.office.desk, "riverside", number)

    def hits(query: str) -> set[str]:
        answer = made.get(f"{HERE}?q={query}", user=user)
        assert answer.status_code == 200
        return {item["number"] for item in answer.json_body["items"]}

    reads = dict(zip(numbers.values(), READS[user], strict=True))
    whole = {number for number, how in reads.items() if how == WHOLE}
    visible = {number for number, how in reads.items() if how != NOTHING}
    assert hits("13900001234") == hits("王芳") == whole
    assert hits("1234") == visible, "the mask leaves the last four digits"
    assert hits("停在三楼") == visible
    for number in reads:
        assert hits(number) == visible & {number}
    answer = made.get(f"{HERE}?q=停在三楼", user=user)
    assert answer.json_body["cursor"] is None, "nor does a way on betray what is kept from somebody"
    for item in answer.json_body["items"]:
        is_masked = reads[item["number"]] == MASKED
        assert item["masked"] == is_masked
        assert ("王芳" in json.dumps(item, ensure_ascii=False)) != is_masked


@pytest.mark.req("E8")
def test_a_cursor_goes_on_with_its_own_query_only() -> None:
    with api_desk() as made:
        for _ in range(21):
            told(made.office)
        first = made.get(f"{HERE}?q=走廊", user="agent-1").json_body
        assert len(first["items"]) == 20
        rest = made.get(f"{HERE}?q=走廊&cursor={first['cursor']}", user="agent-1").json_body
        assert (len(rest["items"]), rest["cursor"]) == (1, None)
        assert made.get(f"{HERE}?q=王芳&cursor={first['cursor']}", user="agent-1").status_code == 400


@pytest.mark.req("G24")
def test_what_was_erased_is_found_no_more_and_what_could_not_be_still_is(desk: Office) -> None:
    number = told(desk)
    notices, findings, memory = desk.stores.notices, FakeFindings(), desk.memory
    assert memory is not None

    def rows() -> int:
        return len(memory.found_by["riverside", number][1])

    def erased() -> bool:
        return erase(desk.desk, notices, findings, desk.case(case), ALL_KINDS, "retention")

    before, case = rows(), desk.desk.cases.get("riverside", number)
    assert not erased(), "it goes on"
    desk.do(case, "withdraw", RESIDENT, ReasonForm("不用了"))
    memory.faults["cases.save"] = ["before"]
    with pytest.raises(CrashError):
        erased()
    assert erased(), "the next night"
    assert (before > 30, rows()) == (True, 5), "its number is no personal data"
    follow(desk.desk, "riverside", number)
    assert rows() == 5, "nor does the relay bring it back, however late"


@pytest.mark.req("A1")
def test_the_desk_registers_by_keyboard_from_the_unit_on_and_finds_and_begins_by_a_key(
    browser: Browser, desk: Office
) -> None:
    browser.sign_in("agent-1")
    page = html(browser.get("/desk/riverside/new"))
    names = re.findall(r'id="report-(\w+)" name=', page)
    assert names[:3] == ["unit", "phone", "text"], "what tells who calls, then what they say"
    assert page.count(" autofocus") == 1
    assert re.search(r'id="report-unit" name="unit"[^>]* autofocus', page)
    assert 'accesskey="n"' in page
    assert 'accesskey="s"' in page
    assert "Alt+N" in text(browser.get("/desk/riverside/new?lang=en"))
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    refused = html(browser.post("/desk/riverside/new", {"csrf": csrf, "unit": "3-1201"}))
    assert re.findall(r"<[^>]* autofocus>", refused) == [
        '<div class="notice wrong" role="alert" tabindex="-1" autofocus>'
    ], "what is wrong is read first"


SPELLED = (
    "17-02-1901", "17栋02单元1901", "17栋二门1901", "第十七栋2单元十九楼1901", "17幢", "17棟2單元", "1901室",
    "202611 0001", "2026110001", "202611-1", "编号 202611-0001", "電梯", "电梯", "屋顶漏水", "屋頂漏水",
    "17幢电梯",
)  # fmt: skip


@pytest.mark.req("E8", "A11")
@pytest.mark.parametrize("query", SPELLED)
def test_any_spelling_of_unit_number_and_words_finds_the_case(
    browser: Browser, desk: Office, query: str
) -> None:
    meant = told(desk, unit="17-2-1901", text="電梯停了，屋顶漏水，有人摔倒")
    others = [told(desk, unit=f"{unit}-1-101", text="走廊的灯不亮") for unit in range(30, 46)]
    assert meant.endswith("0001")
    assert others[15].endswith("0017")
    browser.sign_in("agent-1")
    found = set(re.findall(r"cases/(202611-\d{4})", html(browser.get(f"{PATH}?q={query}"))))
    assert found == {meant}


@pytest.mark.req("E8", "A11")
@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", "至少输入相连的两个字"), ("zh-TW", "至少輸入相連的兩個字"), ("en", "two in a row")],
)
def test_who_types_one_character_is_told_that_two_are_needed(
    browser: Browser, desk: Office, language: str, said: str
) -> None:
    told(desk, text="有人摔倒", name="王芳")
    browser.language = language
    browser.sign_in("agent-1")
    for part in ("", "&part=hits"):
        assert said in text(browser.get(f"{PATH}?q=摔{part}"))
        for query in ("摔倒", "王", "9999", "水管"):
            assert said not in text(browser.get(f"{PATH}?q={query}{part}"))
