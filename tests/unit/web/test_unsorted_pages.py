"""An unsorted report on the pages and in the API: what its resident reads, and how the desk sorts it (A7)."""

import pytest

from chalicelib.domain.case.links import Purpose
from tests.api_desk import api_desk
from tests.browser import REPORT, Browser, Form, assigned, html, link, text
from tests.builders import AGENT, Office

CASES = "/v1/communities/riverside/cases"
UNSORTED = {**REPORT, "kind": "", "matter": ""}


@pytest.mark.req("A7", "A11")
def test_a_resident_who_is_not_sure_reads_no_promise_until_the_desk_has_sorted(
    browser: Browser, desk: Office
) -> None:
    receipt = text(browser.follow(browser.post("/c/riverside", UNSORTED)))
    assert "最晚核实时间 2026年11月23日（周一）09:15" in receipt
    assert "最晚办结时间" not in receipt
    assert "客服先核实这是什么事，再派给责任部门" in receipt
    case = desk.desk.cases.get("riverside", "202611-0001")
    track = link(desk, case, Purpose.TRACK)
    said = text(browser.get(track))
    assert "客服中心 正在核实分类" in said
    assert "已登记，待分类" in said
    assert "办结" not in said
    browser.sign_in("agent-1")
    page = text(browser.get("/desk/riverside/cases/202611-0001"))
    assert "类别未定" in page
    assert "已登记，待分类" in page
    assert "派单" not in page.split("现在可以做")[1].split("通知记录")[0], "nobody gets it before"
    sorting = {"reason": "致电核实", "kind": "repair", "matter": "door_window"}
    where = "/desk/riverside/cases/202611-0001"
    form = next(sent for at, sent in Form(html(browser.get(where))).forms.items() if "classify" in at)
    missing = browser.post(f"{where}/classify", {**form, **sorting, "matter": ""})
    assert (missing.status_code, "请填写“事项”" in text(missing)) == (400, True)
    browser.post(f"{where}/classify", {**form, **sorting})
    assert "客服已核实分类" in text(browser.get(track))
    assert "办结" in text(browser.get(track))
    assert "核实分类：报修" in text(browser.get("/desk/riverside/cases/202611-0001"))


@pytest.mark.req("A7", "B2")
def test_the_desk_has_a_list_of_what_is_to_be_sorted(browser: Browser, desk: Office) -> None:
    browser.post("/c/riverside", REPORT)
    for number in range(3):
        browser.post("/c/riverside", {**UNSORTED, "text": f"第{number}件"})
    browser.sign_in("agent-1")
    listed = text(browser.get("/desk/riverside?list=to_sort"))
    assert [f"202611-000{number}" in listed for number in (1, 2, 3, 4)] == [False, True, True, True]
    assert "核实分类 11月23日 周一 09:15" in listed
    assert listed.count("已登记，待分类") == 3
    browser.sign_in("engineering-1")
    assert browser.get("/desk/riverside?list=to_sort").status_code == 403


@pytest.mark.req("A7", "A1")
@pytest.mark.parametrize(
    ("user", "channel"), [(None, "web"), ("agent-1", "hotline_operator"), ("ivr-1", "hotline_ivr")]
)
def test_each_channel_takes_a_report_without_a_matter(user: str | None, channel: str) -> None:
    with api_desk() as desk:
        answer = desk.report(user=user, channel=channel, kind=None, matter=None)
        assert answer.status_code == 201
        receipt = answer.json_body
        assert (receipt["deadline"], receipt["arrival"]) == (None, None)
        assert "09:15" in receipt["next"]
        case = desk.get(f"{CASES}/{receipt['number']}", user="agent-1").json_body
        assert (case["classification"]["matter"], case["matter_name"]) == ("unsorted", "待分类")
        assert "assign" not in case["commands"]
        for asked in ("to_sort", "community"):
            page = desk.get(f"{CASES}?scope={asked}&limit=1", user="agent-1")
            assert [line["number"] for line in page.json_body["items"]] == [receipt["number"]], asked


@pytest.mark.req("A7", "A8")
def test_a_first_sorting_offers_no_change_nowhere(browser: Browser, desk: Office) -> None:
    case = desk.register(kind=None, matter=None, actor=AGENT).case
    browser.sign_in("supervisor-1")
    page = html(browser.get(f"/desk/riverside/cases/{case.number}?act=classify"))
    assert "按事项确定" in page, "what an empty choice comes to"
    assert "不更改" not in page
    sorted_ = assigned(desk)
    assert "不更改" in html(browser.get(f"/desk/riverside/cases/{sorted_.number}?act=classify"))


@pytest.mark.req("G13")
def test_whom_it_is_about_is_asked_before_the_reason(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    page = html(browser.get(f"/desk/riverside/cases/{case.number}?act=identify"))
    assert page.index('id="identify-person"') < page.index('id="identify-reason"')


@pytest.mark.req("A7")
def test_the_form_of_the_desk_says_what_not_sure_means(browser: Browser) -> None:
    browser.sign_in("agent-1")
    assert "未定（待分类，先不派单）" in html(browser.get("/desk/riverside/new"))
