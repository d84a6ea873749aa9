"""Whoever took a case in follows it to its end (A9): list, reminders, lateness."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.kept_away import context_for
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.first_asked import follower
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.work.forms import CompleteForm
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, browsing, text
from tests.builders import AGENT, SUPERVISOR, community, office
from tests.stories import Story, context

AGENT_2, GUARD = Actor(Role.AGENT, "agent-2"), Actor(Role.HANDLER, "security-1")
ENGINEER = Actor(Role.HANDLER, "engineering-1")


def told_when_late(story: Story) -> dict[str, set[str]]:
    """Whom each kind of message of the timers reached, once the case is late."""
    found: dict[str, set[str]] = {}
    for _ in range(3):
        story.wait(hours=24).fire()
        for notice in due(story.outcomes[-1], story.context):
            found.setdefault(notice.kind, set()).add(notice.recipient)
    return found


@pytest.mark.req("A9")
def test_reminders_and_lateness_reach_whoever_took_it_in_beside_the_handler() -> None:
    story = Story().register(actor=AGENT)
    story.do("assign", SUPERVISOR, AssignForm("engineering-1", "派")).do("sign", ENGINEER)
    told = told_when_late(story)
    assert {"agent-1", "engineering-1"} <= told[NoticeKind.OVERDUE]
    assert "agent-1" in told[NoticeKind.REMINDER]
    late = [one for one in due(story.outcomes[-1], story.context) if one.recipient == "agent-1"]
    assert all(why_suppressed(one, story.case) is None for one in late), "and they leave"


@pytest.mark.req("A9")
@pytest.mark.parametrize("actor", [RESIDENT, Actor(Role.MACHINE, "ivr-1")])
def test_nobody_follows_what_residents_and_machines_filed(actor: Actor) -> None:
    story = Story().register(actor=actor)
    assert follower(story.case, story.context.community) is None
    story.do("assign", SUPERVISOR, AssignForm("engineering-1", "派")).do("sign", ENGINEER)
    assert told_when_late(story)[NoticeKind.OVERDUE] == {"engineering-1"}


@pytest.mark.req("A9", "G13")
def test_not_who_has_left_nor_whom_the_complaint_is_about() -> None:
    about = Story().register(actor=AGENT, kind="complaint", report={"against": "前台安佳态度差"})
    assert follower(about.case, context_for(about.case, about.context).community) is None
    gone = community()
    staff = tuple(one for one in gone.staff if one.username != "agent-1")
    left = Story(context()).register(actor=AGENT)
    assert follower(left.case, community(staff=staff)) is None


@pytest.mark.req("A9", "G3")
def test_off_duty_somebody_stands_in_when_it_is_late() -> None:
    """`agent-1` is on duty from 8 to 20; the case is late at night."""
    story = Story().register(actor=AGENT, urgency="urgent")
    story.do("assign", SUPERVISOR, AssignForm("engineering-2", "派"))
    story.at = story.at.replace(hour=14) + timedelta(hours=23, minutes=30)
    story.fire()
    told = {one.recipient for one in due(story.outcomes[-1], story.context) if one.kind is NoticeKind.OVERDUE}
    assert "agent-1" not in told
    assert "desk-head" in told


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office()) as made:
        yield made


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("A9")
def test_the_case_stands_in_the_list_of_whoever_took_it_until_it_is_closed(browser: Browser) -> None:
    place = browser.office
    case = place.register(actor=AGENT, matter="lighting_lock", kind="repair").case
    place.register(actor=AGENT_2, matter="elevator", kind="repair")
    browser.sign_in("agent-1")

    def taken() -> str:
        return text(browser.get("/desk/riverside?list=taken"))

    assert "我受理的" in taken()
    assert "首问：安佳" in taken(), "until somebody has signed, whoever took it in answers alone"
    assert taken().count("202611-") == 1
    place.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "派"))
    place.do(case, "sign", ENGINEER, SignForm("甲"))
    assert "首问：安佳" not in taken()
    place.do(case, "complete", ENGINEER, CompleteForm("好了"))
    assert case.number in taken(), "done, and not closed"
    place.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    assert place.case(case).state is State.CLOSED
    assert case.number not in taken()


@pytest.mark.req("A9", "E8")
def test_by_api_too_and_a_guard_may_open_what_the_guard_took_in(desk: ApiDesk) -> None:
    place = desk.office
    case = place.register(actor=GUARD, matter="elevator", kind="repair").case
    place.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "派"))
    place.do(case, "sign", ENGINEER, SignForm("甲"))
    found = desk.get("/v1/communities/riverside/cases?scope=taken", user="security-1").json_body["items"]
    assert [(one["number"], one["followed_by"]) for one in found] == [(case.number, "security-1")]
    address = f"/v1/communities/riverside/cases/{case.number}"
    assert desk.get(address, user="security-1").status_code == 200, "though somebody else has signed"
    assert desk.get(address, user="security-2").status_code in {403, 404}
    assert desk.get("/v1/communities/riverside/cases?scope=taken", user="agent-1").json_body["items"] == []
