"""Whoever has left keeps the name by which cases, lists, notices and figures know them (E1, E8)."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from tests.api_desk import ApiDesk, api_desk
from tests.browser import link
from tests.fakes.directory import FakeDirectory

CASES = "/v1/communities/riverside/cases"
HANDLER = Actor(Role.HANDLER, "engineering-1")


def left(desk: ApiDesk) -> Case:
    """A case whose handler has signed, and left the company since; its directory keeps who was there."""
    place = desk.office
    case = place.register(matter="lighting_lock", kind="repair").case
    place.do(case, "assign", TIMER, AssignForm(handler="engineering-1", reason="on duty"))
    case = place.do(case, "sign", HANDLER, SignForm(signature="甲"))
    before = place.desk.directory.community("riverside")
    staff = tuple(
        replace(member, active=False) if member.username == "engineering-1" else member
        for member in before.staff
    )
    directory = place.stores.directory
    assert isinstance(directory, FakeDirectory)
    directory.put(replace(before, staff=staff))
    return case


@pytest.mark.req("E8")
def test_the_name_of_somebody_who_left_is_shown_everywhere() -> None:
    with api_desk() as desk:
        case = left(desk)
        number = case.number
        member = desk.office.desk.directory.community("riverside").person("engineering-1")
        assert member is not None
        name = member.name
        seen = desk.get(f"{CASES}/{number}", user="manager-1").json_body
        assert seen["handler_name"] == name
        assert name in {notice["recipient_name"] for notice in seen["notices"]}
        events = desk.get(f"{CASES}/{number}/events", user="manager-1").json_body["items"]
        assert name in {event["actor_name"] for event in events}
        cookie = {"Cookie": f"__Host-session={desk.token_of('manager-1')}"}
        for path in (
            f"/desk/riverside/cases/{number}",
            "/desk/riverside?list=community",
            "/desk/riverside/figures",
            link(desk.office, case, Purpose.TRACK),
        ):
            page = desk.call("GET", path, headers=cookie).body.decode()
            assert name in page, path
            assert "engineering-1" not in page.replace('value="engineering-1"', ""), path
        head = desk.get("/v1/communities/riverside/figures?month=2026-11", user="engineering-head").json_body
        assert "engineering-1" in {row["value"] for row in head["rows"]}
