"""Deadlines asked for without a case: every row of table C under its pack, through the API (C, G1, G2)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.adapters.calendars import CommunityCalendars
from chalicelib.domain.community.community import AmendedDay, Hours
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.access.stranger_limits import RateLimit, rate_limits_of
from tests.api_desk import BASE_URL, ApiDesk, api_desk, pool, report_body
from tests.builders import community
from tests.table_c import TABLE_C
from tests.words import WORDS

BEFORE_NATIONAL_DAY = "2026-09-30T09:10:00+08:00"
"""A Wednesday; the holiday is 1 to 7 October, Saturday 10 October is worked for it."""
ENGLISH = {"Accept-Language": "en"}
ABROAD = community(
    "abroad",
    prefix="ab-",
    zone="America/New_York",
    country="US",
    hours=(Hours((0, 1, 2, 3), (("09:00", "17:00"),)),),
    amendments=(AmendedDay("2026-10-01", (), "burst main"),),
)
STAFFED = community(
    "staffed",
    prefix="st-",
    staffed_hours=(Hours((0, 1, 2, 3, 4, 5, 6), (("08:00", "20:00"),)),),
    staffed_on_holidays=True,
)

ENDS = {
    "C1": "10-01T09:10",
    "C2": "10-02T09:10 10-13T17:30",
    "C3": "10-03T09:10 10-10T17:30",
    "C4": "09-30T14:40 10-02T09:10",
    "C5": "09-30T09:20",
    "C6": "09-30T14:40",
    "C7": "10-15T17:30",
    "C8": "09-30T09:20",
    "C9": "10-10T17:30",
    "C10": "09-30T09:25",
    "C11": "09-30T17:10",
    "C12": "09-30T09:40",
    "C13": "10-09T17:30",
    "C14": "09-30T11:10 10-01T09:10 10-03T09:10",
    "C15": "09-30T09:15",
    "C16": "09-30T09:25",
    "C17": "10-01T09:10",
}
"""When each limit that a row of table C names has run out, worked out by hand over National Day."""


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk(ABROAD, STAFFED) as made:
        real = replace(made.office.desk, calendars=CommunityCalendars())
        wiring.use(desk=real, notices=made.office.stores.notices, identity=pool(), base_url=BASE_URL)
        yield made


COMPLEX = {"kind": "complaint", "complexity": "complex"}
"""Such a case has 5 working days under S3, by our own rule."""


def asked(desk: ApiDesk, pack: str = "S1", language: str = "en", **query: str) -> Any:
    given = urlencode({"matter": "seepage", "at": BEFORE_NATIONAL_DAY, **query})
    answer = desk.get(f"/v1/regulations/{pack}/deadlines?{given}", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.body
    return answer.json_body


def clock_of(found: Any, clock: str) -> Any:
    return next(deadline for deadline in found["deadlines"] if deadline["clock"] == clock)


@pytest.mark.req("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9")
@pytest.mark.req("C10", "C11", "C12", "C13", "C14", "C15", "C16", "C17")
@pytest.mark.parametrize(("pack", "requirement", "facts", "clock", "limit"), TABLE_C)
def test_every_row_of_table_c_can_be_asked_for(
    desk: ApiDesk, pack: str, requirement: str, facts: Any, clock: Clock, limit: Any
) -> None:
    about = {name: getattr(facts, name) for name in ("kind", "matter", "urgency", "severity", "complexity")}
    found = clock_of(asked(desk, pack, **about), clock)
    assert found["limit"] == {
        "amount": limit.amount,
        "unit": limit.unit,
        "count": limit.count,
        "around_the_clock": limit.around_the_clock,
    }
    assert (found["source"], found["requirement"]) == (pack, requirement)
    assert found["rule"].startswith(pack)
    assert found["due_at"].removeprefix("2026-").removesuffix(":00+08:00") in ENDS[requirement].split()
    assert found["zone"] == "Asia/Shanghai"
    assert datetime.fromisoformat(found["due_at_utc"]) == datetime.fromisoformat(found["due_at"])
    assert found["due_at_utc"].endswith("Z")
    assert found["reasons"][-1] == f"{WORDS.get('en').name('sources', pack)}, {requirement}"
    counted = ", not counting that day" if limit.count == "next_day" else ""
    said = found["reasons"][0].split(" from ")[1]
    assert said.startswith(f"Wed 30 Sep 2026 09:10{counted}, so by ")


def test_every_time_worked_out_by_hand_is_some_row_s(desk: ApiDesk) -> None:
    seen: dict[str, set[str]] = {}
    for pack, requirement, facts, clock, _ in TABLE_C:
        about = {name: getattr(facts, name) for name in ("kind", "urgency", "severity", "complexity")}
        due = clock_of(asked(desk, pack, **about, matter=facts.matter), clock)["due_at"]
        seen.setdefault(requirement, set()).add(due[5:16])
    assert seen == {requirement: set(times.split()) for requirement, times in ENDS.items()}


@pytest.mark.req("C2", "G2")
@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        (
            "en",
            [
                (
                    "5 working days from Wed 30 Sep 2026 09:10, not counting that day, "
                    "so by the end of Tue 13 Oct"
                ),
                "skipped: National Day 1–7 Oct, Sun 11 Oct",
                "Sat 10 Oct is a working day",
                "S1 service measures, C2",
            ],
        ),
        (
            "zh-CN",
            [
                "自2026年9月30日（周三）09:10起5个工作日（当日不计），即10月13日（周二）下班前",
                "跳过：国庆节10月1日至7日、10月11日（周日）",
                "10月10日（周六）为调休工作日",
                "依据：S1《投诉处理措施》，C2",
            ],
        ),
    ],
)
def test_reasons_that_a_manager_reads(desk: ApiDesk, language: str, reasons: list[str]) -> None:
    found = asked(desk, "S1", language, kind="repair", complexity="complex")
    assert clock_of(found, "solve")["reasons"] == reasons


@pytest.mark.req("G2")
@pytest.mark.parametrize("language", ["zh-Hans-CN", "zh-SG", "zh"])
def test_every_reader_of_chinese_gets_one_script_in_the_whole_answer(desk: ApiDesk, language: str) -> None:
    assert asked(desk, language=language) == asked(desk, language="zh-CN")


@pytest.mark.req("G2")
@pytest.mark.parametrize("language", ["zh-Hant-HK", "zh-HK", "zh-Hant"])
def test_readers_of_traditional_chinese_get_theirs_in_the_whole_answer(desk: ApiDesk, language: str) -> None:
    assert asked(desk, language=language) == asked(desk, language="zh-TW")
    assert asked(desk, language=language) != asked(desk, language="zh-CN")


@pytest.mark.req("D2", "G2")
@pytest.mark.parametrize(
    ("pack", "facts", "count", "due", "rule"),
    [
        ("S3", {**COMPLEX, "matter": "other"}, 1, ["10-20T17:30"], "S3-complaint"),
        (
            "S3",
            COMPLEX,
            2,
            ["10-20T17:30", "10-27T17:30"],
            "S3-workmanship",
        ),
        ("S3", {"kind": "repair"}, 1, ["10-05T09:10"], "S3-leak"),
        ("S3", {"kind": "repair", "matter": "elevator"}, 1, ["10-03T09:10"], "S3-safety-equipment"),
        ("S0", {"kind": "praise"}, 0, [], "ours-revisit-praise"),
    ],
)
def test_the_revisits_of_such_a_case_are_told_with_their_days(
    desk: ApiDesk, pack: str, facts: dict[str, str], count: int, due: list[str], rule: str
) -> None:
    answer = asked(desk, pack, **facts)
    found = answer["revisits"]
    assert (found["count"], found["rule"], found["requirement"]) == (count, rule, "D2")
    assert found["due_at"] == [f"2026-{end}:00+08:00" for end in due]
    assert found["reasons"][0] == {0: "no revisit", 1: "1 revisit", 2: "2 revisits"}[count]


@pytest.mark.req("D2", "G2")
@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        (
            "en",
            [
                "2 revisits",
                (
                    "if solved at the last moment: 5 working days from Fri 9 Oct 2026 17:30, "
                    "not counting that day, so by the end of Thu 15 Oct"
                ),
                (
                    "the next one: 5 working days from Thu 15 Oct 2026 17:30, not counting that day, "
                    "so by the end of Thu 22 Oct"
                ),
                "skipped: Sun 11 Oct, Sat 17 Oct–Sun 18 Oct",
                "Sat 10 Oct is a working day",
                "S3 contact sheet, D2",
            ],
        ),
        (
            "zh-CN",
            [
                "回访2次",
                "如到时限才办结：自2026年10月9日（周五）17:30起5个工作日（当日不计），即10月15日（周四）下班前",
                "下一次：自2026年10月15日（周四）17:30起5个工作日（当日不计），即10月22日（周四）下班前",
                "跳过：10月11日（周日）、10月17日（周六）至10月18日（周日）",
                "10月10日（周六）为调休工作日",
                "依据：S3《工作联系单》，D2",
            ],
        ),
    ],
)
def test_why_a_case_is_revisited_that_often_and_until_then(
    desk: ApiDesk, language: str, reasons: list[str]
) -> None:
    found = asked(desk, "S3", language, at="2026-09-24T09:10:00+08:00", complexity="complex")["revisits"]
    assert found["reasons"] == reasons


@pytest.mark.req("D2", "G1")
def test_a_revisit_beyond_the_published_days_is_provisional(desk: ApiDesk) -> None:
    found = asked(desk, "S3", at="2026-12-28T09:10:00+08:00")["revisits"]
    known = "from 1 Jan 2018 to 31 Dec 2026 only"
    assert f"provisional: the calendar has the public holidays {known}" in found["reasons"]


@pytest.mark.req("G2")
def test_a_case_shows_its_deadlines_in_the_same_shape_and_words(desk: ApiDesk) -> None:
    number = desk.report(user="agent-1", matter="elevator", kind="repair").json_body["number"]
    case = desk.get(f"/v1/communities/riverside/cases/{number}", user="agent-1", headers=ENGLISH).json_body
    at = case["registered_at"]
    found = asked(desk, "default", matter="elevator", kind="repair", at=at, community="riverside")
    assert (found["urgency"], found["community"]) == (case["classification"]["urgency"], "riverside")
    without = {deadline["clock"]: deadline for deadline in found["deadlines"]}
    for deadline in case["deadlines"]:
        assert deadline == without[deadline["clock"]]


@pytest.mark.req("A7", "B3", "G2")
def test_a_door_at_night_waits_for_the_desk_where_it_has_staffed_hours(desk: ApiDesk) -> None:
    night = {"matter": "door_window", "kind": "repair", "at": "2026-10-03T02:00:00+08:00"}
    for pack in ("S1", "default"):
        sign = clock_of(asked(desk, pack, community="staffed", **night), "sign")
        assert sign["due_at"] == "2026-10-03T10:00:00+08:00"
        assert "only hours in which the desk is staffed count (08:00–20:00 every day)" in sign["reasons"]
    solve = clock_of(asked(desk, "S1", community="staffed", **night), "solve")
    assert solve["due_at"] == "2026-10-06T20:00:00+08:00", "48 of them"
    assert solve["limit"]["around_the_clock"] is False
    plain = clock_of(asked(desk, "S1", community="riverside", **night), "solve")
    assert plain["due_at"] == "2026-10-05T02:00:00+08:00", "the pack as it stands keeps the wall clock"
    urgent = clock_of(asked(desk, "S1", community="staffed", urgency="urgent", **night), "sign")
    assert urgent["due_at"] == "2026-10-03T02:15:00+08:00"


@pytest.mark.req("A7", "G2")
def test_a_case_of_a_community_with_staffed_hours_shows_what_was_asked_for(desk: ApiDesk) -> None:
    """Registered in the evening, with all that the calendar of the year says of the desk."""
    desk.office.clock.set(datetime.fromisoformat("2026-11-23T19:30:00+08:00"))
    body = report_body(matter="door_window", kind="repair")
    answer = desk.post("/v1/communities/staffed/cases", body, user="st-agent-1")
    path = f"/v1/communities/staffed/cases/{answer.json_body['number']}"
    case = desk.get(path, user="st-agent-1", headers=ENGLISH).json_body
    about = {"kind": "repair", "at": case["registered_at"], "community": "staffed"}
    found = asked(desk, "default", matter="door_window", **about)
    without = {deadline["clock"]: deadline for deadline in found["deadlines"]}
    assert case["deadlines"] == [without[deadline["clock"]] for deadline in case["deadlines"]]
    assert any("staffed" in deadline["reasons"][0] for deadline in case["deadlines"])
    year = desk.get("/v1/communities/staffed/calendar?year=2026", user="st-agent-1").json_body
    assert year["staffed_hours"]["6"] == [["08:00", "20:00"]]
    assert desk.get("/v1/communities/riverside/calendar", user="agent-1").json_body["staffed_hours"] == {}


@pytest.mark.req("A7")
def test_what_is_not_said_is_as_at_a_report(desk: ApiDesk) -> None:
    answer = desk.get("/v1/regulations/default/deadlines?matter=fire")
    found = answer.json_body
    assert (found["kind"], found["urgency"], found["severity"]) == ("complaint", "emergency", "general")
    assert found["at"] == "2026-11-23T09:00:00+08:00"
    assert clock_of(found, "respond")["started_at"] == "2026-11-23T09:00:00+08:00"
    assert found["matter_name"] == "火警、燃气泄漏"
    ends = [deadline["due_at"] for deadline in found["deadlines"]]
    assert ends == sorted(ends)


@pytest.mark.req("G1")
def test_the_calendar_of_a_community_abroad(desk: ApiDesk) -> None:
    at = "2026-09-30T16:00:00-04:00"  # a Wednesday; Thursday is closed, Friday is off here, one hour is left
    asking = {"matter": "public_other", "kind": "repair", "at": at, "community": "abroad"}
    solve = clock_of(asked(desk, "S2", **asking), "solve")
    assert solve["zone"] == "America/New_York"
    assert solve["due_at"] == "2026-10-07T17:00:00-04:00"
    assert solve["reasons"] == [
        "3 working days from Wed 30 Sep 2026 16:00, not counting that day, so by the end of Wed 7 Oct",
        "skipped: Fri 2 Oct–Sun 4 Oct",
        "the community's own day off: Thu 1 Oct (burst main)",
        "S2 concierge, C9",
    ]


@pytest.mark.req("G1")
def test_a_time_beyond_the_published_years_is_provisional_and_no_error(desk: ApiDesk) -> None:
    for at in ("2027-02-01T09:00:00+08:00", "2200-12-31T23:59:59Z", "2000-01-01T00:00:00Z"):
        found = asked(desk, "S3", at=at, complexity="complex")
        assert clock_of(found, "solve")["provisional"], at
        told = clock_of(found, "solve")["reasons"]
        assert any("from 1 Jan 2018 to 31 Dec 2026 only" in notice for notice in told), (
            "true before 2018 as well"
        )
        assert not clock_of(found, "respond")["provisional"], "around the clock no holiday matters"


def test_an_offset_whose_plus_was_lost_in_the_url_is_understood(desk: ApiDesk) -> None:
    plain = desk.get(f"/v1/regulations/S1/deadlines?matter=seepage&at={BEFORE_NATIONAL_DAY}")
    assert plain.status_code == 200
    assert plain.json_body["at"] == BEFORE_NATIONAL_DAY


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("S1/deadlines", "'matter' is missing"),
        ("S1/deadlines?matter=lift", "no matter 'lift'; it has activity, cleaning"),
        ("S1/deadlines?matter=seepage&kind=moan", "no kind 'moan'; there are complaint, repair"),
        (
            "S1/deadlines?matter=seepage&urgency=asap",
            "no urgency 'asap'; there are emergency, urgent, normal",
        ),
        ("S1/deadlines?matter=seepage&severity=big", "no severity 'big'; there are general, serious"),
        ("S1/deadlines?matter=seepage&complexity=odd", "no complexity 'odd'; there are general, complex"),
        ("S1/deadlines?matter=seepage&at=2026-09-30T09:10:00", "'at' has no zone"),
        ("S1/deadlines?matter=seepage&at=tomorrow", "'at': "),
        ("S1/deadlines?matter=seepage&at=1969-01-01T00:00:00Z", "outside the years 2000 to 2200"),
        ("S1/deadlines?matter=seepage&at=2201-01-01T00:00:00Z", "outside the years 2000 to 2200"),
        ("S1/deadlines?matter=seepage&at=9999-12-31T23:59:59-12:00", "outside the years 2000 to 2200"),
        ("S1/deadlines?matter=seepage&when=now", "Unknown: 'when'; this can be asked for: matter, kind"),
        ("S1/deadlines?matter=seepage&matter=fire", "'matter' is given more than once"),
    ],
)
def test_what_cannot_be_asked_is_a_400_that_names_what_can(desk: ApiDesk, query: str, message: str) -> None:
    answer = desk.get(f"/v1/regulations/{query}")
    assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput")
    assert message in answer.json_body["Message"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("S9/deadlines?matter=seepage", "no regulation 'S9'; there are S0, S1, S2, S3, S4, default, demo"),
        ("S9", "no regulation 'S9'; there are S0"),
        ("common", "no regulation 'common'"),
        ("..%2FS1", "no regulation '../S1'"),
    ],
)
def test_an_unknown_regulation_is_none_and_those_that_are_there_are_named(
    desk: ApiDesk, query: str, message: str
) -> None:
    answer = desk.get(f"/v1/regulations/{query}")
    assert (answer.status_code, answer.json_body["Code"]) == (404, "NotFound")
    assert message in answer.json_body["Message"]


@pytest.mark.parametrize("place", ["atlantis", "a#b", "x" * 65])
def test_an_unknown_community_is_none(desk: ApiDesk, place: str) -> None:
    answer = desk.get(f"/v1/regulations/S1/deadlines?matter=seepage&community={quote(place)}")
    assert (answer.status_code, answer.json_body["Code"]) == (404, "NotFound")


def test_questions_are_braked(desk: ApiDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    tight = replace(rate_limits_of(120, 60), questions=RateLimit(2, timedelta(minutes=10)))
    monkeypatch.setattr(wiring, "rate_limits", lambda: tight)
    path = "/v1/regulations/S1/deadlines?matter=seepage"
    assert [desk.get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert int(desk.get(path).headers["Retry-After"]) > 0


@pytest.mark.req("A7", "G2")
def test_a_regulation_says_what_can_be_asked_and_why_each_rule_is(desk: ApiDesk) -> None:
    packs = desk.get("/v1/regulations").json_body["items"]
    assert [pack["id"] for pack in packs] == ["S0", "S1", "S2", "S3", "S4", "default", "demo"]
    for pack in packs:
        found = desk.get(f"/v1/regulations/{pack['id']}").json_body
        assert (found["version"], found["names"]) == (pack["version"], pack["names"])
        assert len(found["matters"]) == 40, "39, and what is not sorted yet"
        assert set(found["matters"][0]["names"]) == {"zh-CN", "zh-TW", "en"}
        for rule in found["rules"]:
            assert rule["source"], rule["id"]
            assert rule["requirement"], rule["id"]
            assert rule["why"], rule["id"]
            assert rule["why_zh"], rule["id"]
    assert found["kinds"] == ["complaint", "repair", "help", "inquiry", "suggestion", "praise"]


def test_asking_makes_no_case(desk: ApiDesk) -> None:
    asked(desk, community="riverside")
    assert desk.office.memory is not None
    assert not desk.office.memory.cases


@pytest.mark.req("C", "G15", "G9")
def test_care_and_a_later_round_can_be_asked_for_and_are_told_as_what_they_are(desk: ApiDesk) -> None:
    usual = clock_of(asked(desk, "S4", kind="complaint"), "solve")
    cared = asked(desk, "S4", kind="complaint", care="true")
    assert (cared["care"], cared["round"]) == (True, 1)
    assert clock_of(cared, "solve")["due_at_utc"] < usual["due_at_utc"]
    assert "the resident needs care" in " ".join(clock_of(cared, "solve")["reasons"])
    again = asked(desk, "S4", kind="complaint", round="3", care="false")
    assert again["round"] == 3
    assert "the case came back" in " ".join(clock_of(again, "solve")["reasons"])


@pytest.mark.req("C", "G2")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "'matter' is missing. It is one such as "),
        ({}, "GET /v1/regulations/S1 lists them all."),
        (
            {"matter": "seepage", "at": "2026-11-25"},
            "'at': That is no time. Write it with its zone, like 2026-",
        ),
        ({"matter": "seepage", "at": ""}, "like 2026-09-30T09:10:00+08:00."),
        ({"matter": "seepage", "at": "yesterday"}, "like 2026-09-30T09:10:00+08:00."),
        ({"matter": "seepage", "care": "yes"}, "'care' is one of: true, false."),
        ({"matter": "seepage", "round": "0"}, "'round' is one of: 1, 2, 3, 4."),
        ({"matter": "seepage", "round": "999"}, "'round' is one of: 1, 2, 3, 4."),
        ({"matter": "seepage", "round": "second"}, "'round' is one of: 1, 2, 3, 4."),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_would_be_right(
    desk: ApiDesk, query: dict[str, str], said: str
) -> None:
    answer = desk.get(f"/v1/regulations/S1/deadlines?{urlencode(query)}")
    assert answer.status_code == 400
    assert said in str(answer.json_body)
