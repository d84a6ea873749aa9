"""Commands, views, lists and figures for those who are signed in (B8, E1, E8, G7, G17)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery, Swept
from tests.api_desk import BASE_URL, ApiDesk, api_desk
from tests.words import texts

CASES = "/v1/communities/riverside/cases"
FIGURES = "/v1/communities/riverside/figures"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def test_the_way_of_a_case(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    for name, body in (
        ("sign", {"signature": "工程甲"}),
        ("start", {}),
        ("progress", {"note": "正在更换"}),
        ("complete", {"result": "已更换", "cause": "老化"}),
    ):
        answer = desk.command(number, name, body, user="engineering-1")
        assert answer.status_code == 200, answer.body
    assert (answer.json_body["state"], answer.json_body["result"]) == ("completed", "已更换")
    assert answer.headers["ETag"] == f'"{answer.json_body["version"]}"'
    events = desk.get(f"{CASES}/{number}/events", user="agent-1").json_body["items"]
    assert [event["version"] for event in events] == list(range(1, len(events) + 1))
    assert events[2]["actor_name"] == "工程部甲"
    assert not any(event["automatic"] for event in events)


def test_a_repeated_command_is_carried_out_once(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    how = {"user": "engineering-1", "headers": {"Idempotency-Key": "tap-1", "If-Match": '"2"'}}
    first = desk.command(number, "sign", {"signature": "甲"}, **how)
    again = desk.command(number, "sign", {"signature": "甲"}, **how)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json_body["version"] == again.json_body["version"] == 3
    other = desk.command(number, "start", {}, user="engineering-1", headers={"Idempotency-Key": "tap-1"})
    assert other.json_body["state"] == "working", "a key is one command's"


def test_a_key_used_for_another_body_is_a_conflict_and_not_a_silent_success(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    how = {"user": "engineering-1", "headers": {"Idempotency-Key": "tap-1"}}
    desk.command(number, "sign", {"signature": "甲"}, user="engineering-1")
    assert desk.command(number, "progress", {"note": "配件已订"}, **how).status_code == 200
    other = desk.command(number, "progress", {"note": "配件到了"}, **how)
    assert (other.status_code, other.json_body["Code"]) == (409, "Conflict")
    assert "Idempotency-Key" in other.json_body["Message"]
    again = desk.command(number, "progress", {"note": "配件已订"}, **how)
    assert (again.status_code, again.json_body["version"]) == (200, 4)


def test_a_history_is_paged_by_cursors_that_fit_no_other(desk: ApiDesk) -> None:
    number, other = desk.engineering_case(), desk.engineering_case()
    desk.command(number, "sign", {"signature": "甲"}, user="engineering-1")
    for note in "ab":
        assert desk.command(number, "progress", {"note": note}, user="engineering-1").status_code == 200
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = desk.get(f"{CASES}/{number}/events?limit=2{more}", user="agent-1").json_body
        assert len(page["items"]) <= 2
        found += [item["version"] for item in page["items"]]
        kept, cursor = cursor or page["cursor"], page["cursor"]
    assert found == [1, 2, 3, 4, 5]
    for where, user in ((f"{CASES}/{other}/events", "agent-1"), (f"{CASES}/{number}/events", "agent-2")):
        assert desk.get(f"{where}?cursor={kept}", user=user).status_code == 400
    assert desk.get(f"{CASES}/{number}/events?limit=0", user="agent-1").status_code == 400


def test_the_second_of_two_learns_who_was_first(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    assert desk.command(number, "sign", {"signature": "甲"}, user="engineering-1").status_code == 200
    late = desk.command(number, "sign", {"signature": "头"}, user="engineering-head")
    assert (late.status_code, late.json_body["Code"]) == (409, "CommandRefused")
    assert "工程部甲" in late.json_body["Message"]


@pytest.mark.parametrize(
    ("match", "status"),
    [('"2"', 200), ("2", 200), ('W/"2"', 200), ("*", 200), ('"1"', 409), ("x", 400), ('"', 400)],
)
def test_a_stale_writer_is_refused(desk: ApiDesk, match: str, status: int) -> None:
    number = desk.engineering_case()
    how = {"user": "engineering-1", "headers": {"If-Match": match}}
    assert desk.command(number, "sign", {"signature": "甲"}, **how).status_code == status


def test_whoever_gives_a_case_away_is_not_shown_it(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    answer = desk.command(number, "decline", {"reason": "不在班"}, user="engineering-1")
    assert answer.json_body == {
        "community": "riverside",
        "number": number,
        "state": "registered",
        "version": 3,
    }
    assert desk.get(f"{CASES}/{number}", user="engineering-1").status_code == 404


BAD_COMMANDS = [
    ("sign", {}, "signature", 400),
    ("sign", {"signature": ""}, "signature", 400),
    ("sign", {"signature": 5}, "signature", 400),
    ("sign", {"signature": "x", "colour": "red"}, "colour", 400),
    ("sign", [], "object", 400),
    ("progress", {"note": None}, "note", 400),
    ("propose", {"cause": "c", "plan": "p", "price_fen": 10**30}, "price_fen", 400),
    ("propose", {"cause": "c", "plan": "p", "price_fen": 1.5}, "price_fen", 400),
    ("propose", {"cause": "c", "plan": "p", "price_fen": True}, "price_fen", 400),
    ("pause", {"reason": "r", "evidence": "e", "until": "9999-12-31T23:59:59-12:00"}, "until", 400),
    ("pause", {"reason": "r", "evidence": "e", "until": "soon"}, "until", 400),
    ("juggle", {}, "juggle", 400),
    ("register", {}, "register", 400),
    ("fire_timers", {}, "cannot", 403),
    ("grant_extension", {"reason": "x"}, "manager", 403),
    ("complete", {"result": "done"}, "not possible", 409),
]


@pytest.mark.parametrize(("name", "body", "said", "status"), BAD_COMMANDS)
def test_a_command_that_cannot_be(desk: ApiDesk, name: str, body: object, said: str, status: int) -> None:
    answer = desk.command(desk.engineering_case(), name, body, user="engineering-1")
    assert answer.status_code == status, answer.body
    assert said in answer.json_body["Message"]


@pytest.mark.req("B6", "E1")
def test_which_timer_fired_is_text_in_the_history(desk: ApiDesk) -> None:
    """As in the events of before 0.2, whatever a key is inside."""
    number = desk.engineering_case()
    assert desk.command(number, "escalate", {"reason": "住户着急"}, user="engineering-1").status_code == 200
    *_, last = desk.get(f"{CASES}/{number}/events", user="agent-1").json_body["items"]
    rank = last["details"]["role"]
    assert (last["type"], last["details"]["key"]) == ("escalated", f"by_hand:{rank}")


@pytest.mark.req("E8")
def test_a_handler_sees_the_phone_only_while_the_case_is_open_and_theirs(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    seen = desk.get(f"{CASES}/{number}", user="engineering-1").json_body
    assert (seen["phone"], seen["contact_hidden"]) == ("+8613900001234", False)
    spoken = {"spoken_to": "王芳", "spoken_at": "2026-11-23T09:00:00+08:00", "manner": "phone"}
    by_word = {**spoken, "reason": "好了"}
    assert desk.command(number, "record_withdrawal", by_word, user="agent-1").status_code == 200
    closed = desk.get(f"{CASES}/{number}", user="engineering-1")
    events = desk.get(f"{CASES}/{number}/events", user="engineering-1")
    assert (closed.json_body["phone"], closed.json_body["contact_hidden"]) == ("139****1234", True)
    assert b"13900001234" not in closed.body + events.body
    assert b"13900001234" in desk.get(f"{CASES}/{number}/events", user="agent-1").body


def test_staff_see_what_was_sent_and_what_failed(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    place = desk.office
    place.sms.failures = [DeliveryError("OptedOut", final=True)]
    delivery = Delivery(place.desk, place.stores.notices, place.sms, place.mail, BASE_URL, texts)
    place.clock.advance(timedelta(minutes=5))
    assert delivery.sweep(place.clock()) == Swept(left=1, failed=1)
    found = desk.get(f"/v1/communities/riverside/cases/{number}", user="engineering-1").json_body["notices"]
    seen = [
        (
            entry["kind"],
            entry["channel"],
            entry["recipient"],
            entry["status"],
            entry["error"],
            bool(entry["sent_at"]),
        )
        for entry in found
    ]
    assert seen == [
        ("registered", "sms", "resident", "failed", "OptedOut", False),
        ("assigned", "sms", "engineering-1", "sent", None, True),
    ]
    assert "13900001234" not in str(found)


@pytest.mark.req("E8")
def test_every_look_is_on_record(desk: ApiDesk, caplog: pytest.LogCaptureFixture) -> None:
    number = desk.engineering_case()
    caplog.clear()
    with caplog.at_level("INFO"):
        desk.get(f"{CASES}/{number}", user="supervisor-1")
    records = [record for record in caplog.records if record.message == "case opened"]
    assert [(record.actor, record.number) for record in records] == [("supervisor-1", number)]  # type: ignore[attr-defined]
    assert "王芳" not in caplog.text
    assert "13900001234" not in caplog.text


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    ("user", "path"),
    [("engineering-2", CASES), ("supervisor-1", "/v1/communities/hilltop/cases")],
    ids=["a case of a colleague", "another community"],
)
def test_a_refused_look_is_a_line_of_its_own(
    desk: ApiDesk, caplog: pytest.LogCaptureFixture, user: str, path: str
) -> None:
    number = desk.engineering_case()
    caplog.clear()
    with caplog.at_level("WARNING"):
        assert desk.get(f"{path}/{number}", user=user).status_code == 404
    (record,) = (record for record in caplog.records if record.message == "look refused")
    assert record.actor == user  # type: ignore[attr-defined]
    assert "王芳" not in caplog.text


def test_what_is_offered_can_be_done_and_nothing_else_is(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    offered = desk.get(f"{CASES}/{number}", user="engineering-1").json_body["commands"]
    assert offered == [
        *("add_files", "sign", "decline", "answer", "draft_reply", "propose_appointment", "verify"),
        *("escalate", "record_outside_call"),
    ]
    by_agent = desk.get(f"{CASES}/{number}", user="agent-1").json_body["commands"]
    assert sorted(by_agent) == sorted(
        [
            *("add_files", "fill_in", "join_incident", "open_incident", "record_outside_call"),
            "classify",
            *("answer", "draft_reply"),
            "propose_appointment",
            "agree_appointment",
            "verify",
            "record_withdrawal",
            "record_urge",
            "record_loss",
            "escalate",
        ]
    )


def test_open_work_is_what_the_role_works_on(desk: ApiDesk) -> None:
    mine = desk.engineering_case()
    other = desk.report(matter="cleaning").json_body["number"]

    def numbers(user: str, query: str = "") -> list[str]:
        answer = desk.get(f"{CASES}{query}", user=user)
        assert answer.status_code == 200, answer.body
        return sorted(item["number"] for item in answer.json_body["items"])

    assert numbers("agent-1") == sorted([mine, other])
    assert numbers("agent-1", "?scope=department&department=cleaning") == [other]
    assert numbers("agent-1", "?month=2026-11") == [mine, other]
    assert numbers("agent-1", "?month=202610") == []
    assert numbers("agent-1", "?unit=3-1201") == [mine, other]
    assert numbers("engineering-1") == [mine]
    assert numbers("engineering-2") == []
    assert numbers("engineering-head") == [mine]
    assert numbers("cleaning-head") == [other]
    assert numbers("cleaning-head", "?scope=mine") == []


@pytest.mark.parametrize(
    ("user", "query", "status"),
    [
        ("engineering-1", "?scope=department", 403),
        ("engineering-1", "?scope=community", 403),
        ("engineering-1", "?month=2026-11", 403),
        ("engineering-1", "?unit=3-1201", 403),
        ("engineering-head", "?department=cleaning", 403),
        ("engineering-head", "?scope=community", 403),
        ("agent-1", "?scope=galaxy", 400),
        ("agent-1", "?scope=department&department=magic", 400),
        ("agent-1", "?scope=mine&month=2026-11", 400),
        ("agent-1", "?month=2026-13", 400),
        ("agent-1", "?month=2026-00", 400),
        ("agent-1", "?month=", 400),
        ("agent-1", "?colour=red", 400),
        ("agent-1", "?limit=0", 400),
        ("agent-1", "?limit=101", 400),
        ("agent-1", "?limit=ten", 400),
        ("agent-1", "?limit=1&limit=2", 400),
        ("agent-1", "?limit=99999999999999999999", 400),
    ],
)
def test_lists_that_cannot_be(desk: ApiDesk, user: str, query: str, status: int) -> None:
    assert desk.get(f"{CASES}{query}", user=user).status_code == status


def test_lists_are_paged_by_cursors_that_fit_no_other_list(desk: ApiDesk) -> None:
    for _ in range(5):
        desk.report()
    found, cursor = [], ""
    for _ in range(3):
        page = desk.get(f"{CASES}?month=2026-11&limit=2{cursor}", user="agent-1").json_body
        found += [item["number"] for item in page["items"]]
        cursor = f"&cursor={page['cursor']}"
    assert found == [f"202611-000{serial}" for serial in range(1, 6)]
    assert page["cursor"] is None

    good = desk.get(f"{CASES}?month=2026-11&limit=2", user="agent-1").json_body["cursor"]
    assert desk.get(f"{CASES}?month=2026-11&cursor={good}", user="agent-1").status_code == 200
    flipped = good[:-1] + ("A" if good[-1] != "A" else "B")
    for query, user in (
        (f"month=2026-12&cursor={good}", "agent-1"),
        (f"cursor={good}", "agent-1"),
        (f"unit=3-1201&cursor={good}", "agent-1"),
        (f"month=2026-11&cursor={good}", "agent-2"),
        (f"month=2026-11&cursor={flipped}", "agent-1"),
        (f"month=2026-11&cursor={good[:10]}", "agent-1"),
        ("month=2026-11&cursor=", "agent-1"),
        ("month=2026-11&cursor=%E4%B8%AD", "agent-1"),
    ):
        answer = desk.get(f"{CASES}?{query}", user=user)
        assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput"), query


@pytest.mark.req("E1", "G17")
def test_the_figures_of_a_month(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    desk.report(matter="cleaning")
    desk.command(number, "sign", {"signature": "甲"}, user="engineering-1")
    desk.office.clock.advance(timedelta(hours=1))
    desk.command(number, "complete", {"result": "好了", "cause": "老化"}, user="engineering-1")
    body = desk.get(FIGURES, user="supervisor-1").json_body
    assert body["month"] == "2026-11"
    total = body["rows"][0]
    assert (total["dimension"], total["value"]) == ("total", None)
    assert total["counters"]["registered"] == 2
    assert total["counters"]["solved_in_time"] == 1
    assert total["rates"]["on_time"] == 1.0
    assert total["rates"]["average_rating"] is None
    assert desk.get(f"{FIGURES}?month=2026-11", user="manager-1").status_code == 200
    empty = desk.get(f"{FIGURES}?month=2026-01", user="manager-1").json_body["rows"]
    assert [row["counters"]["registered"] for row in empty] == [0]


@pytest.mark.req("E4", "E8")
@pytest.mark.parametrize(
    ("user", "handlers"),
    [
        ("manager-1", {"engineering-1", "cleaning-1"}),
        ("engineering-head", {"engineering-1"}),
        ("agent-1", set()),
        ("committee-1", set()),
    ],
)
def test_how_single_handlers_do_is_for_their_leaders(desk: ApiDesk, user: str, handlers: set[str]) -> None:
    desk.engineering_case()
    number = desk.report(matter="cleaning").json_body["number"]
    desk.command(number, "assign", {"handler": "cleaning-1", "reason": "on duty"}, user="manager-1")
    answer = desk.get(FIGURES, user=user)
    rows = answer.json_body["rows"]
    assert {row["value"] for row in rows if row["dimension"] == "handler"} == handlers
    assert b"3-1201" not in answer.body
    assert "王芳".encode() not in answer.body


@pytest.mark.parametrize("month", ["2026-13", "2026-0", "26-11", "2026-11-01", "x", "2026-１１", "9999-01"])
def test_an_impossible_month(desk: ApiDesk, month: str) -> None:
    assert desk.get(f"{FIGURES}?month={month}", user="manager-1").status_code == 400


@pytest.mark.req("G2")
def test_whoever_asks_for_a_case_is_told_why_and_the_answer_to_a_command_is_brief(desk: ApiDesk) -> None:
    path = f"/v1/communities/riverside/cases/{desk.engineering_case()}"
    asked = desk.get(path, user="agent-1").json_body["deadlines"]
    spoken = {"spoken_to": "王芳", "spoken_at": "2026-11-23T09:00:00+08:00", "manner": "phone"}
    told = desk.post(f"{path}/commands/record_urge", spoken, user="agent-1").json_body["deadlines"]
    assert all(deadline["reasons"] for deadline in asked)
    assert [deadline["reasons"] for deadline in told] == [None] * len(asked)
    assert [deadline["due_at"] for deadline in told] == [deadline["due_at"] for deadline in asked]
