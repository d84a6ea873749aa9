"""The roster as a file: down, changed, up again; what is wrong is said line by line (B14)."""

import io
from datetime import datetime, time, timedelta

import openpyxl
import pytest
from chalice.test import HTTPResponse

from chalicelib.adapters.word_files import WordFiles
from chalicelib.domain.community.roster import EXTRA, LEAVE, SWAP, DutyChange, Shift, on_duty
from chalicelib.http.roster_lines import read_roster
from chalicelib.services.duty.roster_sheet import planned
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import MONDAY, Office, community, office
from tests.rosters import EVERY_DAY

ROSTER = "/desk/riverside/roster"
at = datetime.fromisoformat
HEAD = "类别,部门,人员,星期,开始,结束\n"
DAY, NIGHT = (
    Shift("engineering", "engineering-1", EVERY_DAY, time(8), time(20)),
    Shift("engineering", "engineering-2", (0, 2, 4), time(20), time(0)),
)
GUARD = Shift("security", "security-1", EVERY_DAY, time(0), time(12))
AWAY = DutyChange("away", LEAVE, "engineering-1", at("2026-12-01"), at("2026-12-04"))
MORE = DutyChange(
    "more",
    EXTRA,
    "engineering-2",
    at("2026-12-01T08:00"),
    at("2026-12-02"),
    "engineering",
)
OVER = DutyChange("over", LEAVE, "engineering-2", at("2026-11-01"), at("2026-11-02"))
SWAPPED = DutyChange(
    "swap", SWAP, "engineering-1", at("2026-12-08T08:00"), at("2026-12-08T20:00"), "engineering",
    "engineering-2", agreed=("engineering-1", "engineering-2"),
)  # fmt: skip


def place_with(*shifts: Shift, changes: tuple[DutyChange, ...] = (AWAY, MORE, OVER, SWAPPED)) -> Office:
    return office(community(shifts=shifts or (DAY, NIGHT, GUARD), duty_changes=changes))


def downloaded(browser: Browser) -> str:
    answer = browser.get(f"{ROSTER}/file")
    assert answer.headers["Content-Type"].startswith("text/csv")
    return answer.body.decode("utf-8-sig")


def handed_in(browser: Browser, sheet: str | bytes) -> HTTPResponse:
    csrf = next(form["csrf"] for form in Form(html(browser.get(ROSTER))).forms.values() if "csrf" in form)
    data = sheet if isinstance(sheet, bytes) else sheet.encode()
    return browser.upload(f"{ROSTER}/check", {"csrf": csrf}, "roster.csv", data)


def loaded(browser: Browser, looked_at: HTTPResponse) -> HTTPResponse:
    form = next(fields for at, fields in Form(html(looked_at)).forms.items() if at.endswith("roster/load"))
    return browser.post(f"{ROSTER}/load", form)


def roster_of(place: Office) -> tuple[set[Shift], set[str]]:
    here = place.desk.directory.community("riverside")
    return set(here.shifts), {change.id for change in here.duty_changes}


@pytest.mark.req("B14")
@pytest.mark.parametrize("language", ["zh-CN", "en", "zh-TW"])
def test_what_is_downloaded_can_be_handed_in_as_it_is(language: str) -> None:
    with browsing(place_with()) as browser:
        browser.sign_in("supervisor-1")
        browser.get(f"{ROSTER}?lang={language}")
        before = roster_of(browser.office)
        sheet = downloaded(browser)
        said = WordFiles().pages(language)["roster_file"]
        assert sheet.splitlines()[0] == ",".join(
            said[name] for name in ("kind", "department", "person", "days", "starts", "ends")
        )
        assert len(sheet.splitlines()) == 6, "no swap, and nothing that is over"
        looked = handed_in(browser, sheet)
        assert looked.status_code == 200
        assert said["nothing"] in text(looked)
        assert roster_of(browser.office) == before


@pytest.mark.req("B14")
def test_a_changed_file_is_looked_at_and_taken_over_on_the_planner_s_word() -> None:
    with browsing(place_with()) as browser:
        place = browser.office
        browser.sign_in("supervisor-1")
        sheet = downloaded(browser)
        assert "请假,,工程部甲,,2026-12-01,2026-12-03" in sheet, "whole days, the last that counts"
        assert "加班,工程部,工程部乙,,2026-12-01 08:00,2026-12-01 24:00" in sheet
        changed = (
            sheet.replace("请假,,工程部甲,,2026-12-01,2026-12-03", "请假,,工程部甲,,2026-12-01,2026-12-05")
            .replace("周一、周三、周五,20:00,24:00", "周一、周三、周五,20:00,8:00")
        )  # fmt: skip
        changed += "加班,秩序部,秩序部甲,,2026/12/9 13:00,2026年12月9日 18:00\n"
        before = roster_of(place)
        looked = handed_in(browser, changed)
        assert looked.status_code == 200
        assert "新增 3 项，删除 2 项，3 项不变" in text(looked)
        assert roster_of(place) == before, "nothing is changed before the planner says so"
        done = [loaded(browser, looked) for _ in range(2)]
        assert [answer.status_code for answer in done] == [303, 303], "sent twice it is done once"
        shifts, changes = roster_of(place)
        assert Shift("engineering", "engineering-2", (0, 2, 4), time(20), time(8)) in shifts
        assert NIGHT not in shifts
        assert {"swap", "over"} <= changes, "a swap needs the word of both, and what is over is let be"
        assert "away" not in changes
        here = place.desk.directory.community("riverside")
        assert "engineering-1" not in on_duty(here.roster, "engineering", MONDAY + timedelta(days=11)), (
            "on leave a day more"
        )


@pytest.mark.req("B14")
def test_what_is_broken_off_on_the_way_takes_nobody_off_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    with browsing(place_with(DAY, changes=())) as browser:
        place = browser.office
        browser.sign_in("supervisor-1")
        changed = downloaded(browser).replace("工程部甲", "工程部乙")
        looked = handed_in(browser, changed)
        with monkeypatch.context() as broken:
            broken.setattr(place.desk.directory, "drop_duty", lost)
            assert loaded(browser, looked).status_code == 500
        here = place.desk.directory.community("riverside")
        there = on_duty(here.roster, "engineering", MONDAY)
        assert set(there) == {"engineering-1", "engineering-2"}, "one turn too many, and none missing"
        assert loaded(browser, handed_in(browser, changed)).status_code == 303, (
            "looked at again, the rest goes"
        )
        here = place.desk.directory.community("riverside")
        assert on_duty(here.roster, "engineering", MONDAY) == ("engineering-2",)


def lost(*_: object) -> None:
    raise RuntimeError("the table did not answer")


@pytest.mark.req("B14")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("临班,工程部,工程部甲,每天,8:00,20:00", "第 2 行：“临班”不是可用的类别"),
        ("每周,工程部,张三,每天,8:00,20:00", "没有在职人员 张三"),
        ("每周,,工程部甲,每天,8:00,20:00", "没有填部门"),
        ("每周,财务部,工程部甲,每天,8:00,20:00", "没有“财务部”这个部门，现有：工程部"),
        ("每周,工程部,工程部甲,工作日,8:00,20:00", "“工作日”不是星期"),
        ("每周,工程部,工程部甲,每天,8点,20:00", "开始：“8点”不是钟点"),
        ("每周,秩序部,工程部甲,每天,8:00,20:00", "工程部甲不是秩序部的人"),
        ("请假,,工程部甲,,明天,2026-12-03", "开始：“明天”不是日期"),
        ("请假,,工程部甲,,2026-12-03,2026-12-01", "不晚于开始"),
        ("请假,,工程部甲,,2026-12-01,2027-12-03", "2208"),
        (
            "每周,工程部,工程部甲,每天,8:00,20:00\n每周,工程部,工程部甲,周一,19:00,21:00",
            "第 3 行：与第 2 行重叠",
        ),
        ("请假,,工程部甲,,2026-12-01,2026-12-03\n请假,,工程部甲,,2026-12-03,2026-12-04", "与第 2 行重叠"),
        (
            "加班,工程部,工程部甲,,2026-12-01 08:00,2026-12-01 12:00\n请假,,工程部甲,,2026-12-01,2026-12-03",
            "第 2 行：工程部甲",
        ),
        ("部门", "没有"),
    ],
)
def test_each_wrong_line_is_said_and_nothing_is_changed(lines: str, said: str) -> None:
    with browsing(place_with(changes=())) as browser:
        browser.sign_in("supervisor-1")
        before = roster_of(browser.office)
        looked = handed_in(browser, HEAD + lines + "\n")
        assert looked.status_code == 400
        plain = text(looked).replace("\u2068", "").replace("\u2069", "")
        assert said in plain
        assert "按文件排班" not in plain, "it cannot be taken over"
        assert roster_of(browser.office) == before


@pytest.mark.req("B14")
def test_a_head_plans_the_own_department_by_file_and_nobody_else_loses_a_turn() -> None:
    with browsing(place_with()) as browser:
        browser.sign_in("engineering-head")
        sheet = downloaded(browser)
        assert "秩序部" not in sheet
        looked = handed_in(browser, HEAD + "每周,工程部,工程部甲,每天,8:00,20:00\n")
        assert loaded(browser, looked).status_code == 303
        shifts, _ = roster_of(browser.office)
        assert shifts == {DAY, GUARD}
        refused = handed_in(browser, HEAD + "每周,秩序部,秩序部甲,每天,0:00,12:00\n")
        assert refused.status_code == 400
        assert "不是您所管部门的排班" in text(refused)
        browser.cookie = ""
        browser.sign_in("engineering-2")
        assert browser.get(f"{ROSTER}/file").status_code == 303, "whoever plans nothing gets no file"
        csrf = next(form["csrf"] for form in Form(html(browser.get(ROSTER))).forms.values() if "csrf" in form)
        assert browser.upload(f"{ROSTER}/check", {"csrf": csrf}, "r.csv", HEAD.encode()).status_code == 404


@pytest.mark.req("B14")
def test_a_roster_that_changed_since_is_looked_at_again() -> None:
    with browsing(place_with()) as browser:
        browser.sign_in("supervisor-1")
        looked = handed_in(browser, HEAD + "每周,工程部,工程部甲,每天,8:00,20:00\n")
        browser.office.desk.directory.drop_duty("riverside", GUARD)
        refused = loaded(browser, looked)
        assert refused.status_code == 409
        assert "排班又有改动" in text(refused)
        assert NIGHT in roster_of(browser.office)[0]


@pytest.mark.req("B14")
def test_a_spreadsheet_s_own_days_and_times_are_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["类别", "部门", "人员", "星期", "开始", "结束"])
    sheet.append(["每周", "工程部", "工程部甲", "一三五", time(8), time(20)])
    sheet.append(["每周", "秩序部", "security-1", "Mon-Fri", "20：00", timedelta(days=1)])
    sheet.append(["请假", "", "工程部甲", "", at("2026-12-01"), at("2026-12-03")])
    sheet.append(["加班", "工程部", "工程部乙", "", at("2026-12-01T08:00"), at("2026-12-01T12:00")])
    data = io.BytesIO()
    book.save(data)
    place = community()
    found = read_roster(data.getvalue(), place)
    assert found.remarks == ()
    assert [turn for _, turn in found.shifts] == [
        Shift("engineering", "engineering-1", (0, 2, 4), time(8), time(20)),
        Shift("security", "security-1", (0, 1, 2, 3, 4), time(20), time(0)),
    ]
    (_, leave), (_, extra) = found.changes
    assert (leave.starts, leave.ends) == (at("2026-12-01"), at("2026-12-04"))
    assert (extra.ends - extra.starts) == timedelta(hours=4)


def test_every_reason_has_its_words() -> None:
    for language in ("en", "zh-CN", "zh-TW"):
        said = WordFiles().pages(language)
        assert {"overlaps_line", "not_yours_to_plan", "change_over"} <= set(said["roster_wrong"])


@pytest.mark.req("B14")
def test_what_was_over_by_now_is_left_out_and_no_fault() -> None:
    place = office(community(shifts=(DAY,)), at=MONDAY)
    here = place.desk.directory.community("riverside")
    sheet = read_roster((HEAD + "请假,,工程部甲,,2026-11-01,2026-11-03\n").encode(), here)
    plan = planned(place.desk, here, None, sheet.shifts, sheet.changes, sheet.remarks)
    assert [(remark.reason, remark.told) for remark in plan.remarks] == [("change_over", True)]
    assert plan.goes == (DAY,)
    assert plan.wrong == 0
