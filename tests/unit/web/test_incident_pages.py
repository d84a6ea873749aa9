"""An incident on the pages of residents and the desk, and in the API (A16, G10)."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.links import Purpose
from chalicelib.services.intake.merged import Incidents
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, html, link, text
from tests.builders import Office, office
from tests.reading import read

OUTAGE = {"text": "家里停电了", "name": "李强", "kind": "repair", "matter": "power_outage"}
INCIDENT = "/desk/riverside/incidents/202611-0001"


def report(browser: Browser, number: int, **typed: str) -> Case:
    """A resident reports the outage with the public form; the relay follows."""
    given = {**OUTAGE, "unit": f"3-{number:02d}01", "phone": f"139000010{number:02d}", **typed}
    receipt = browser.post("/c/riverside", given)
    assert receipt.status_code == 303, text(receipt)
    browser.get(receipt.headers["Location"])
    case = browser.office.desk.cases.get("riverside", f"202611-{number:04d}")
    Incidents(browser.office.desk).follow("riverside", case.number)
    return browser.office.case(case)


def lead(browser: Browser, number: str = "202611-0001") -> None:
    """The agent opens an incident on a case by the form of its page."""
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{number}"
    page = html(browser.get(f"{where}?act=open_incident"))
    form = next(sent for at, sent in Form(page).forms.items() if at.endswith("open_incident"))
    typed = {**form, "text": "3号楼停电，抢修中，预计两小时恢复。", "scope": "building"}
    answer = browser.post(f"{where}/open_incident", typed)
    assert answer.status_code == 303, text(answer)
    Incidents(browser.office.desk).follow("riverside", number)
    browser.cookie = ""


@pytest.mark.req("A16", "A11")
def test_a_resident_reads_at_once_that_it_is_being_worked_on() -> None:
    with browsing(office(reads=read)) as browser:
        first = report(browser, 1)
        lead(browser)
        case = report(browser, 2)
        assert case.is_joined
        track = link(browser.office, case, Purpose.TRACK)
        for page in (browser.get(f"{track}/receipt"), browser.get(track)):
            assert "这件事已经在办：楼栋 3停电" in text(page)
            for personal in (first.report.unit, "13900001001"):
                assert personal not in text(page)
        assert "抢修中，预计两小时恢复" in text(browser.get(track))


@pytest.mark.req("A11", "A16")
def test_whoever_joins_what_is_late_already_is_promised_no_time_that_has_passed() -> None:
    with browsing(office(reads=read)) as browser:
        report(browser, 1)
        lead(browser)
        in_time, late = report(browser, 2), timedelta(hours=20)
        assert "到场时间" in text(browser.get(f"{link(browser.office, in_time, Purpose.TRACK)}/receipt"))
        browser.office.clock.advance(late)
        case = report(browser, 3)
        assert case.is_joined
        assert "到场时间" not in text(browser.get(f"{link(browser.office, case, Purpose.TRACK)}/receipt"))


@pytest.mark.req("A16")
def test_a_resident_is_asked_whether_it_is_this_and_says_so_by_one_button() -> None:
    with browsing(office(reads=read)) as browser:
        report(browser, 1)
        lead(browser)
        unsorted = report(browser, 2, kind="", matter="", text="我家没电了，空调和灯都不亮，是停电吗")
        assert (unsorted.state, unsorted.offered) == (State.REGISTERED, "202611-0001")
        track = link(browser.office, unsorted, Purpose.TRACK)
        forms = Form(html(browser.get(track))).forms
        asked = next(sent for at, sent in forms.items() if at.endswith("join_incident"))
        assert "into" not in asked, "the number of another case, which only staff know"
        receipt = browser.get(f"{track}/receipt")
        assert "是不是这件事？楼栋 3停电" in text(receipt)
        action, form = next(
            (at, sent) for at, sent in Form(html(receipt)).forms.items() if at.endswith("join_incident")
        )
        assert browser.post(action, form).status_code == 303
        assert browser.office.case(unsorted).is_joined
        page = browser.get(track)
        assert "这件事已经在办" in text(page)
        leaving = next(at for at in Form(html(page)).forms if at.endswith("leave_incident"))
        assert browser.post(leaving, {"once": "one", "note": "只有我家跳闸"}).status_code == 303
        assert browser.office.case(unsorted).state is State.REGISTERED
        assert "是不是这件事" not in text(browser.get(track)), "who has said no is not asked again"


@pytest.mark.req("A16", "E8", "G10")
def test_the_desk_sees_what_may_be_one_and_joins_and_takes_out_by_one_button() -> None:
    with browsing(office(reads=read)) as browser:
        report(browser, 1)
        report(browser, 2)
        browser.sign_in("agent-1")
        page = text(browser.get("/desk/riverside/incidents"))
        assert "可能是同一事件" in page
        assert "2 户报事" in page
        assert "在工单 202611-0001 上开立" in page
        way = "cases/202611-0001?act=open_incident#do-open_incident"
        assert way in html(browser.get("/desk/riverside/incidents"))
        lead(browser)
        other = report(browser, 3, another="yes", text="停电了，配电箱冒火花")
        browser.sign_in("agent-1")
        page = browser.get(INCIDENT)
        assert "202611-0002" in text(page).split("归入的工单")[1].split("可能是同一件事")[0]
        assert other.number in text(page).split("可能是同一件事")[1]
        forms = {at.rpartition("/")[2]: sent for at, sent in Form(html(page)).forms.items()}
        joined = browser.post(f"{INCIDENT}/join_incident", forms["join_incident"])
        assert joined.status_code == 303, text(joined)
        assert browser.office.case(other).is_joined
        taken = {**forms["leave_incident"], "case": other.number, "once": "x"}
        assert browser.post(f"{INCIDENT}/leave_incident", taken).status_code == 303
        assert browser.office.case(other).state is State.REGISTERED
        refused = browser.post(f"{INCIDENT}/leave_incident", {**taken, "once": "y"})
        assert refused.status_code == 409
        assert "楼栋 3" in text(browser.get("/desk/riverside/incidents"))
        page = text(browser.get("/desk/riverside/cases/202611-0001"))
        assert "查看事件" in page
        assert "开立事件（楼栋 3）" in page, "by their names, not their codes"


def _given(desk: ApiDesk, number: str, name: str, body: dict[str, Any], user: str = "agent-1") -> Any:
    answer = desk.command(number, name, body, user=user)
    assert answer.status_code == 200, answer.json_body
    Incidents(desk.office.desk).follow("riverside", number)
    return answer.json_body


@pytest.mark.req("A16", "A11", "E1", "G13")
def test_the_api_leads_joins_and_lists() -> None:
    with api_desk() as desk:
        first = desk.report(**OUTAGE, unit="3-0101", phone="13900001001").json_body
        opened = _given(desk, first["number"], "open_incident", {"text": "抢修中", "scope": "building"})
        assert opened["leads"] is True
        receipt = desk.report(**OUTAGE, unit="3-0201", phone="13900001002", another=None).json_body
        assert receipt["state"] == "merged"
        assert first["number"] in receipt["next"]
        assert receipt["deadline"]["due_at"] == first["deadline"]["due_at"], "the promise of the work"
        where = "/v1/communities/riverside/incidents"
        listed = desk.get(where, user="supervisor-1").json_body
        assert [(item["incident"]["place"], item["reports"]) for item in listed["items"]] == [("3", 2)]
        one = desk.get(f"{where}/{first['number']}", user="agent-1").json_body
        assert [line["number"] for line in one["reports"]] == [receipt["number"]]
        assert desk.get(f"{where}/202611-0009", user="agent-1").status_code == 404
        assert desk.get(where, user="engineering-1").status_code == 403
        desk.office.clock.advance(timedelta(minutes=11))
        _given(desk, first["number"], "tell_incident", {"note": "备件已到"})
        code = receipt["tracking_url"].rpartition("/")[2]
        seen = desk.get(f"/v1/links/{code}").json_body
        assert seen["merged"]["incident"]["text"] == "备件已到"
        assert seen["deadlines"] == []
        _given(desk, first["number"], "dissolve_incident", {"reason": "各自跳闸"}, "supervisor-1")
        assert desk.get(f"/v1/links/{code}").json_body["state"] == "registered"
        assert desk.get(f"{where}/{first['number']}", user="agent-1").status_code == 404


@pytest.mark.req("A16", "E8", "G13")
def test_a_list_of_incidents_is_no_look_that_was_refused(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody has asked for the case that is left out; and the leaders are read together, not one by one."""
    with api_desk() as desk:
        for unit in ("3-0101", "5-0101", "7-0101"):
            first = desk.report(**OUTAGE, unit=unit, phone="13900001001").json_body["number"]
            _given(desk, first, "open_incident", {"text": "抢修中", "scope": "building"})
        kind = {"kind": "complaint", "matter": "staff_attitude", "reason": "投诉"}
        _given(desk, "202611-0001", "classify", kind, "manager-1")
        about = {"reason": "投诉态度", "person": "supervisor-1"}
        _given(desk, "202611-0001", "identify", about, "manager-1")
        assert desk.office.memory is not None
        desk.office.memory.calls.clear()
        listed = desk.get("/v1/communities/riverside/incidents", user="supervisor-1").json_body
        assert [item["incident"]["place"] for item in listed["items"]] == ["7", "5"]
        assert desk.office.memory.calls["cases.several"] == 1
        assert not desk.office.memory.calls["cases.get"]
    assert not [record for record in caplog.records if record.message == "look refused"]


def test_an_empty_list_says_what_it_is_for() -> None:
    made: Office = office()
    with browsing(made) as browser:
        browser.sign_in("manager-1")
        assert "目前没有事件" in text(browser.get("/desk/riverside/incidents"))
