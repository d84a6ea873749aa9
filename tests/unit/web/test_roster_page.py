"""The roster as people write and read it: page, first page, operator's file (B14, G19)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from infra.problems import CannotGoOnError
from infra.roster_file import load_roster, load_sheet
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import MONDAY, Office, community, office
from tests.rosters import S2_SHIFTS

ROSTER = "/desk/riverside/roster"
LEAVE = {"username": "engineering-1", "starts": "2026-11-25T00:00", "ends": "2026-11-26T00:00"}
SWAP = {
    "department": "engineering",
    "other": "engineering-2",
    "starts": "2026-11-24T08:00",
    "ends": "2026-11-24T20:00",
}


def send(browser: Browser, act: str, typed: dict[str, str]) -> str:
    """Send a form of the page as it stands there, with what is typed; what the next page says."""
    (given,) = [
        form for at, form in Form(html(browser.get(ROSTER))).forms.items() if at.endswith(f"roster/{act}")
    ]
    answer = browser.post(f"{ROSTER}/{act}", {**given, **typed})
    return plain(text(browser.follow(answer) if answer.status_code == 303 else answer))


def plain(said: str) -> str:
    """A page's words without the marks that set values apart."""
    return said.replace("\u2068", "").replace("\u2069", "")


def turns(place: Office) -> int:
    return len(place.desk.directory.community("riverside").shifts)


@pytest.mark.req("B14")
def test_a_turn_is_added_once_and_taken_away() -> None:
    place = office()
    turn = {"department": "engineering", "username": "engineering-2", "starts": "20:00", "ends": "08:00"}
    nights = {f"day{day}": "yes" for day in range(7)}
    with browsing(place) as browser:
        browser.sign_in("supervisor-1")
        before = turns(place)
        for _ in range(2):  # sent twice
            assert "工程部 工程部乙：每天 20:00–08:00" in send(browser, "turn", {**turn, **nights})
        assert turns(place) == before + 1
        assert "20:00–24:00 工程部乙" in text(browser.get(f"{ROSTER}?department=engineering"))
        send(browser, "drop-turn", {"key": "engineering#engineering-2#0123456#2000"})
        send(browser, "drop-turn", {"key": "engineering#engineering-2#0123456#2000"})
        assert turns(place) == before


@pytest.mark.req("B14")
def test_what_cannot_be_is_said_in_the_reader_s_words_and_stays_typed() -> None:
    with browsing(office()) as browser:
        browser.sign_in("manager-1")
        said = send(browser, "leave", {**LEAVE, "ends": "2026-11-24T00:00"})
        assert "结束（11-24 00:00）不晚于开始（11-25 00:00）" in plain(said)
        wrong = {"department": "engineering", "username": "security-1", "starts": "8点", "ends": "9点"}
        assert "请按 08:30 的写法填钟点" in send(browser, "turn", wrong)
        right = {**wrong, "starts": "8:00", "ends": "20:00", "day0": "yes"}
        assert "秩序部甲不是工程部的人" in send(browser, "turn", right)


@pytest.mark.req("B14")
def test_a_mistyped_year_is_said_and_the_community_s_pages_stay_as_they_are() -> None:
    """A leave in the year 1 has no UTC east of Greenwich: roster and first page of all would be gone."""
    place = office()
    with browsing(place) as browser:
        browser.sign_in("manager-1")
        for year in ("0001", "1899", "9999"):
            typed = {**LEAVE, "starts": f"{year}-01-01T00:00", "ends": f"{year}-01-02T00:00"}
            assert "1900 至 2200" in send(browser, "leave", typed)
        assert browser.get("/desk/riverside").status_code == 200
    assert place.desk.directory.community("riverside").duty_changes == ()


@pytest.mark.req("B14", "G19")
def test_leave_shows_as_a_gap_on_the_first_page_of_whoever_can_close_it() -> None:
    with browsing(office()) as browser:
        browser.sign_in("supervisor-1")
        assert "无人值班" in send(browser, "leave", LEAVE)
        first = text(browser.get("/desk/riverside"))
        assert "现在值班" in first
        assert "工程部 工程部甲" in first
        assert "工程部：11月25日（周三） 08:00–20:00 无人值班" in plain(first)
        browser.cookie = ""
        browser.sign_in("engineering-2")
        seen = text(browser.get("/desk/riverside"))
        assert ("现在值班" in seen, "11月25日（周三） 08:00" in seen) == (True, False)
        assert "请假" in text(browser.get(ROSTER))
        assert "添加班次" not in text(browser.get(ROSTER))


@pytest.mark.req("B14")
def test_a_swap_needs_both_and_nobody_else_can_agree() -> None:
    place = office()
    with browsing(place) as browser:
        browser.sign_in("engineering-1")
        assert "尚未生效" in send(browser, "swap", SWAP)
        (change,) = place.desk.directory.community("riverside").duty_changes
        browser.cookie = ""
        browser.sign_in("supervisor-1")
        page = Form(html(browser.get(ROSTER))).forms
        csrf = next(iter(page.values()))["csrf"]
        refused = browser.post(f"{ROSTER}/agree", {"csrf": csrf, "change": change.id})
        assert (refused.status_code, "换班只能由换班的两个人" in text(refused)) == (403, True)
        browser.cookie = ""
        browser.sign_in("engineering-2")
        assert "换班等您答复" in text(browser.get("/desk/riverside"))
        for _ in range(2):
            csrf = next(iter(Form(html(browser.get(ROSTER))).forms.values()))["csrf"]
            browser.follow(browser.post(f"{ROSTER}/agree", {"csrf": csrf, "change": change.id}))
        assert "尚未生效" not in text(browser.get(ROSTER))
        assert "换班等您答复" not in text(browser.get("/desk/riverside"))
    there = place.desk.directory.community("riverside").on_duty(
        "engineering", place.clock() + timedelta(days=1)
    )
    assert there == {"engineering-2"}


@pytest.mark.req("B14", "E8")
def test_a_head_writes_the_own_department_alone_and_a_handler_nothing() -> None:
    with browsing(office()) as browser:
        browser.sign_in("engineering-head")
        guard = {"department": "security", "username": "security-2", "starts": "20:00", "ends": "08:00"}
        assert "排班由客服主管、经理和本部门负责人登记" in send(browser, "turn", {**guard, "day0": "yes"})
        assert "排班由客服主管" in send(browser, "leave", {**LEAVE, "username": "security-1"})
        assert "工程部甲" in send(browser, "leave", LEAVE)
        browser.cookie = ""
        browser.sign_in("engineering-2")
        csrf = next(iter(Form(html(browser.get(ROSTER))).forms.values()))["csrf"]
        answer = browser.post(f"{ROSTER}/leave", {**LEAVE, "csrf": csrf, "starts": "2026-12-01"})
        assert answer.status_code == 403
        for act in ("burn", "%00"):
            assert browser.post(f"{ROSTER}/{act}", {"csrf": csrf}).status_code == 404
        for query in ("week=x", "week=1900-01-01", "department=nowhere", "week=2026-11-31"):
            assert browser.get(f"{ROSTER}?{query}").status_code in {200, 400}


@pytest.mark.req("B14")
def test_the_operator_loads_a_roster_and_is_told_of_its_gaps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, file = office(community()), tmp_path / "roster.toml"
    lines = [
        f'  {{ department = "desk", username = "{turn.username}", weekdays = [0, 1, 2, 3, 4, 5, 6], '
        f'starts = "{turn.starts:%H:%M}", ends = "{turn.ends:%H:%M}" }},'
        for turn in S2_SHIFTS
    ]
    file.write_text("\n".join(["shifts = [", *lines, "]"]), "utf-8")
    assert load_roster(place.desk, "riverside", file) == 0
    assert "3 turns; the next 14 days have 14 gaps" in capsys.readouterr().out
    found = place.desk.directory.community("riverside")
    assert (set(found.shifts), found.own_roster) == (set(S2_SHIFTS), True)
    load_roster(place.desk, "riverside", file)
    assert set(place.desk.directory.community("riverside").shifts) == set(S2_SHIFTS)
    file.write_text("\n".join(["shifts = [", *lines, lines[0], "]"]), "utf-8")
    with pytest.raises(CannotGoOnError, match="overlaps"):
        load_roster(place.desk, "riverside", file)
    for wrong in ("shifts = 3", "turns = []", "[", 'shifts = [{ person = "x" }]'):
        file.write_text(wrong, "utf-8")
        with pytest.raises(CannotGoOnError):
            load_roster(place.desk, "riverside", file)


@pytest.mark.req("B14")
def test_the_operator_takes_a_table_over_once_it_is_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, file = office(community()), tmp_path / "roster.csv"
    head = "类别,部门,人员,星期,开始,结束\n"
    turn, away = "每周,工程部,工程部甲,每天,8:00,20:00\n", "请假,,工程部甲,,2026-12-01,2026-12-03\n"
    file.write_text(head + turn + turn, "utf-8")
    before = turns(place)
    assert load_sheet(place.desk, "riverside", file, load=True) == 1
    assert "Line 3: It overlaps line 2" in capsys.readouterr().out
    file.write_bytes((head + turn + away).encode("gbk"))
    assert load_sheet(place.desk, "riverside", file, load=False) == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert turns(place) == before
    for said in ("The roster is as the file says", "0 entries are new, 0 go, 2 stay"):
        assert load_sheet(place.desk, "riverside", file, load=True) == 0
        assert said in capsys.readouterr().out
    assert turns(place) == 1
    with pytest.raises(CannotGoOnError):
        load_sheet(place.desk, "riverside", tmp_path / "none.csv", load=True)


@pytest.mark.req("B14")
def test_the_week_begins_with_today_unless_another_is_asked_for() -> None:
    with browsing(office(community(shifts=S2_SHIFTS), at=MONDAY + timedelta(days=2))) as browser:
        browser.sign_in("supervisor-1")
        page = html(browser.get(ROSTER))
        days = re.findall(r"<td><strong>(\d+月\d+日（周.）)</strong>", plain(page))
        assert (days[0], days[-1], len(days)) == ("11月25日（周三）", "12月1日（周二）", 7)
        assert page.count(">今天</span>") == 1
        assert page.count('data-label="客服中心"') == 7, "on a telephone each cell says whose it is"
        asked = html(browser.get(f"{ROSTER}?week=2026-11-25"))
        days = re.findall(r"<td><strong>(\d+月\d+日（周.）)</strong>", plain(asked))
        assert (days[0], days[-1]) == ("11月23日（周一）", "11月29日（周日）")
        assert ">今天</span>" in asked[asked.index("11月25日") :]
        assert "从今天起" in asked
