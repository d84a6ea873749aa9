"""Findings on staff and merit: who writes, who reads, the measure, the appeal; and nobody else (B15)."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.api_desk import ROLES, ApiDesk, api_desk
from tests.browser import browsing, html
from tests.builders import Office, community, office
from tests.fakes.directory import FakeDirectory

HERE = "/v1/communities/riverside"
WORDS = "三天没有回电，也没有上报"


def record(desk: ApiDesk, number: str, user: str = "manager-1", **changes: Any) -> Any:
    body = {"number": number, "about": "engineering-1", "what": "ignored", "words": WORDS, **changes}
    return desk.post(f"{HERE}/findings", body, user=user)


@pytest.mark.req("B15")
def test_managers_write_and_each_person_reads_the_own_alone() -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        for user in set(ROLES.values()) - {"manager-1"}:
            assert record(desk, number, user).status_code == 403, user
        made = record(desk, number)
        assert made.status_code == 201
        assert record(desk, number, about="manager-1").status_code == 403, "never on oneself"
        assert record(desk, number, about="nobody").status_code == 400
        assert record(desk, "202611-0999").status_code == 404
        for user in set(ROLES.values()) - {"ivr-1"}:
            all_of_them = desk.get(f"{HERE}/findings", user=user)
            own = desk.get(f"{HERE}/my-findings", user=user)
            leads = user in {"manager-1", "company-head-1"}
            assert all_of_them.status_code == (200 if leads else 403), user
            assert (WORDS in str(all_of_them.json_body)) == leads
            assert (WORDS in str(own.json_body)) == (user == "engineering-1"), user


@pytest.mark.req("B15", "E8")
def test_nothing_of_it_is_in_case_history_messages_or_figures() -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        before = desk.get(f"{HERE}/cases/{number}", user="manager-1").json_body
        figures = desk.get(f"{HERE}/figures", user="manager-1").json_body
        finding = record(desk, number).json_body["finding"]["id"]
        body = {"measure": "bonus_cut", "amount_fen": 12000}
        assert desk.post(f"{HERE}/findings/{finding}/measure", body, user="manager-1").status_code == 200
        after = desk.get(f"{HERE}/cases/{number}", user="manager-1").json_body
        assert after == before
        assert desk.get(f"{HERE}/figures", user="manager-1").json_body == figures
        assert WORDS not in str(desk.get(f"{HERE}/cases/{number}/events", user="manager-1").json_body)


@pytest.mark.req("B15")
def test_a_measure_is_taken_once_and_money_has_its_amount() -> None:
    with api_desk() as desk:
        finding = record(desk, desk.engineering_case()).json_body["finding"]["id"]
        where = f"{HERE}/findings/{finding}/measure"
        for wrong in (
            {"measure": "bonus_cut"},
            {"measure": "oral_warning", "amount_fen": 100},
            {"measure": "bonus", "amount_fen": 100},
            {"measure": "bonus_cut", "amount_fen": 0},
            {"measure": "oral_warning", "measured_on": "2026-12-24"},
        ):
            assert desk.post(where, wrong, user="manager-1").status_code == 400, wrong
        assert desk.post(where, {"measure": "oral_warning"}, user="supervisor-1").status_code == 403
        taken = desk.post(where, {"measure": "written_warning"}, user="manager-1").json_body["finding"]
        assert (taken["measure"], taken["measured_on"]) == ("written_warning", "2026-11-23")
        assert desk.post(where, {"measure": "dismissal"}, user="manager-1").status_code == 409


@pytest.mark.req("B15")
def test_the_person_appeals_once_and_the_company_head_decides() -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        finding = record(desk, number).json_body["finding"]["id"]
        appeal, decision = f"{HERE}/my-findings/{finding}/appeal", f"{HERE}/findings/{finding}/decision"
        said = {"lifted": True, "decision": "记录显示当天已回电"}
        assert desk.post(decision, said, user="company-head-1").status_code == 409
        assert desk.post(appeal, {"appeal": "我回过"}, user="engineering-2").status_code == 404
        assert desk.post(appeal, {"appeal": "我回过"}, user="engineering-1").status_code == 200
        assert desk.post(appeal, {"appeal": "再来"}, user="engineering-1").status_code == 409
        assert desk.post(decision, said, user="manager-1").status_code == 403
        decided = desk.post(decision, said, user="company-head-1").json_body["finding"]
        assert (decided["lifted"], decided["decided_by"]) == (True, "company-head-1")
        assert desk.post(decision, said, user="company-head-1").status_code == 409
        merit = record(desk, number, merit=True, what="praised").json_body["finding"]["id"]
        where = f"{HERE}/my-findings/{merit}/appeal"
        assert desk.post(where, {"appeal": "不要"}, user="engineering-1").status_code == 409


@pytest.mark.req("B15")
def test_lists_are_by_person_and_month_and_a_repeat_is_one_finding() -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        body = {"number": number, "about": "engineering-1", "what": "ignored", "words": WORDS}
        key = {"Idempotency-Key": "once"}
        first, again = (
            desk.post(f"{HERE}/findings", body, user="manager-1", headers=key).json_body for _ in range(2)
        )
        assert first == again
        record(desk, number, about="agent-1", merit=True, what="praised")

        def count(query: str) -> int:
            return len(desk.get(f"{HERE}/findings{query}", user="manager-1").json_body["items"])

        assert (count(""), count("?person=agent-1"), count("?month=2026-11"), count("?month=2026-10")) == (
            2,
            1,
            2,
            0,
        )


@pytest.mark.req("B15")
@pytest.mark.parametrize(
    "other",
    [
        {"about": "engineering-2"},
        {"words": "另一件事"},
        {"what": "dragged"},
        {"merit": True, "what": "praised"},
    ],
)
def test_a_key_that_made_one_finding_makes_no_other(other: dict[str, Any]) -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        body = {"number": number, "about": "engineering-1", "what": "ignored", "words": WORDS}
        key = {"Idempotency-Key": "once"}
        first = desk.post(f"{HERE}/findings", body, user="manager-1", headers=key)
        assert first.status_code == 201
        refused = desk.post(f"{HERE}/findings", {**body, **other}, user="manager-1", headers=key)
        assert (refused.status_code, refused.json_body["Code"]) == (409, "Conflict")
        known = desk.get(f"{HERE}/findings", user="manager-1").json_body["items"]
        assert known == [first.json_body]
        anew = desk.post(f"{HERE}/findings", {**body, **other}, user="manager-1")
        assert anew.status_code == 201, "without that key"


@pytest.mark.req("B15")
def test_the_pages_lead_from_the_record_to_the_decision() -> None:
    with browsing(office(community())) as browser:
        number = browser.office.register(matter="elevator").case.number
        list_of, own = "/desk/riverside/findings", "/desk/riverside/my-record"

        def csrf() -> dict[str, str]:
            page = html(browser.get("/desk/riverside/my-record"))
            return {"csrf": page.split('name="csrf" value="')[1].split('"')[0], "once": "one"}

        browser.sign_in("manager-1")
        typed = {"number": number, "about": "agent-1", "merit": "no", "what": "dragged", "words": WORDS}
        browser.follow(browser.post(list_of, {**csrf(), **typed}))
        other = browser.post(list_of, {**csrf(), **typed, "words": "另一件事"})
        assert (other.status_code, "已用别的内容提交" in html(other), "另一件事" in html(other)) == (
            409,
            True,
            True,
        )
        assert 'name="once" value="one"' not in html(other), "the next press is of its own"
        page = html(browser.get(list_of))
        assert WORDS in page
        finding = page.split("findings/")[1].split("/measure")[0]
        measure = {"measure": "bonus_cut", "amount": "50"}
        assert "50" in html(
            browser.follow(browser.post(f"{list_of}/{finding}/measure", {**csrf(), **measure}))
        )
        refused = browser.post(f"{list_of}/{finding}/measure", {**csrf(), **measure})
        assert (refused.status_code, "处理已记录过" in html(refused)) == (409, True)
        browser.cookie = ""
        browser.sign_in("agent-1")
        assert WORDS in html(browser.get(own))
        assert browser.get(list_of).status_code == 403
        browser.follow(browser.post(f"{own}/{finding}/appeal", {**csrf(), "appeal": "当天回过电话"}))
        browser.cookie = ""
        browser.sign_in("company-head-1")
        decision = {"lifted": "yes", "decision": "属实"}
        done = browser.follow(browser.post(f"{list_of}/{finding}/decision", {**csrf(), **decision}))
        assert "申诉成立" in html(done)


@pytest.mark.req("B15", "F")
def test_nothing_is_recorded_of_the_committee_and_nobody_is_chosen_by_not_looking() -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        body = {"number": number, "about": "committee-1", "what": "ignored", "words": WORDS}
        refused = desk.post(f"{HERE}/findings", body, user="manager-1")
        assert (refused.status_code, refused.json_body["Code"]) == (400, "InvalidInput")
    with browsing(office(community())) as browser:
        browser.sign_in("manager-1")
        page = html(browser.get("/desk/riverside/findings"))
        offered = page.partition('<select id="about"')[2].partition("</select>")[0]
        assert offered.partition("<option ")[2].startswith('value=""')
        assert 'value="agent-1"' in offered
        assert "committee-1" not in offered


def somebody_leaves(made: Office, username: str) -> None:
    place = made.desk.directory.community("riverside")
    staff = tuple(replace(each, active=each.active and each.username != username) for each in place.staff)
    assert isinstance(made.desk.directory, FakeDirectory)
    made.desk.directory.put(replace(place, staff=staff))


@pytest.mark.req("B15")
def test_whoever_has_left_appeals_once_through_a_leader() -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        finding = record(desk, number).json_body["finding"]["id"]
        other = record(desk, number, about="agent-1").json_body["finding"]["id"]
        where = f"{HERE}/findings/{finding}/appeal"
        said = {
            "appeal": "当天回过电话",
            "spoken_to": "李工",
            "manner": "phone",
            "spoken_at": desk.office.clock().isoformat(),
        }
        assert desk.post(where, said, user="manager-1").status_code == 403, "who works here appeals alone"
        somebody_leaves(desk.office, "engineering-1")
        for user in set(ROLES.values()) - {"manager-1", "company-head-1", "engineering-1"}:
            assert desk.post(where, said, user=user).status_code == 403, user
        for wrong in (
            {"manner": "pigeon"},
            {"spoken_at": "2026-11-30T00:00:00Z"},
            {"spoken_at": "2025-01-01T00:00:00Z"},
        ):
            assert desk.post(where, {**said, **wrong}, user="manager-1").status_code == 400, wrong
        made = desk.post(where, said, user="manager-1").json_body["finding"]
        assert (made["appeal_by"], made["spoken_to"], made["manner"]) == ("manager-1", "李工", "phone")
        assert desk.post(where, said, user="company-head-1").status_code == 409, "once"
        assert desk.post(f"{HERE}/findings/{other}/appeal", said, user="manager-1").status_code == 403
        decision = {"lifted": True, "decision": "属实"}
        assert desk.post(f"{HERE}/findings/{finding}/decision", decision, user="manager-1").status_code == 403
        decided = desk.post(f"{HERE}/findings/{finding}/decision", decision, user="company-head-1")
        assert decided.json_body["finding"]["lifted"] is True


@pytest.mark.req("B15")
def test_the_page_records_the_appeal_of_somebody_who_has_left() -> None:
    with browsing(office(community())) as browser:
        number = browser.office.register(matter="elevator").case.number
        list_of = "/desk/riverside/findings"
        browser.sign_in("manager-1")
        csrf = {"csrf": html(browser.get(list_of)).split('name="csrf" value="')[1].split('"')[0], "once": "1"}
        typed = {"number": number, "about": "agent-2", "merit": "no", "what": "dragged", "words": WORDS}
        browser.follow(browser.post(list_of, {**csrf, **typed}))
        assert "代为记录申诉" not in html(browser.get(list_of))
        somebody_leaves(browser.office, "agent-2")
        page = html(browser.get(list_of))
        assert "代为记录申诉" in page
        where = f"{list_of}/{page.split('findings/')[1].split('/')[0]}/appeal"
        said = {
            "appeal": "没有拖延",
            "spoken_to": "本人",
            "manner": "in_person",
            "spoken_at": "2026-11-30T09:00",
        }
        refused = browser.post(where, {**csrf, **said})
        assert (refused.status_code, "没有拖延" in html(refused)) == (400, True), "what was typed is kept"
        local = browser.office.clock().astimezone(ZoneInfo("Asia/Shanghai"))
        done = browser.follow(browser.post(where, {**csrf, **said, "spoken_at": f"{local:%Y-%m-%dT%H:%M}"}))
        assert "由本人提出（当面" in html(done)
