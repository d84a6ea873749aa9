"""The malicious track: two people, evidence, an end date, one appeal, and nothing else that changes (G14)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.intake.forms import IdentifyForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.work.malicious import AppealDecisionForm, MaliciousForm
from chalicelib.http.sessions import cookie_name
from tests.api_desk import BASE_URL, api_desk
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, in_state

HEAD = Actor(Role.COMPANY_HEAD, "company-head-1")
DAYS = timedelta(days=30)


def confirmed(state: State = State.WORKING) -> Story:
    story = in_state(state)
    return story.do("propose_malicious", SUPERVISOR).do("confirm_malicious", MANAGER)


def told(story: Story) -> set[tuple[str, str, str | None]]:
    notices = due(story.outcomes[-1], story.context)
    return {(notice.kind, notice.recipient, notice.detail) for notice in notices}


@pytest.mark.req("A15", "G14")
def test_two_people_decide_with_evidence_and_an_end_date() -> None:
    story = in_state(State.WORKING)
    for form in (MaliciousForm(story.at, "虚报", "六件"), MaliciousForm(story.at + 4 * DAYS, "虚报", "六件")):
        with pytest.raises(InvalidInputError, match="90 days"):
            story.do("propose_malicious", SUPERVISOR, form)
    for actor in (AGENT, HANDLER, MANAGER):
        with pytest.raises(NotAllowedError):
            story.do("propose_malicious", actor)
    story.do("propose_malicious", SUPERVISOR)
    assert told(story) == {(NoticeKind.MALICIOUS, "manager-1", "proposed")}
    assert story.case.track is not None
    assert not story.case.track.stands(story.at)
    with pytest.raises(NotAllowedError, match="does not decide"):
        story.do("confirm_malicious", Actor(Role.MANAGER, SUPERVISOR.id))
    story.do("confirm_malicious", MANAGER)
    assert (NoticeKind.MARKED, "resident", None) in told(story)
    assert story.case.track.stands(story.case.track.until - timedelta(seconds=1))
    assert not story.case.track.stands(story.case.track.until)


@pytest.mark.req("A15", "G14")
@pytest.mark.parametrize("state", State)
def test_nothing_of_the_case_changes_but_who_answers(state: State) -> None:
    plain = in_state(state)
    story = confirmed(state)
    assert contribution(story.case) == contribution(plain.case)
    assert story.case.deadlines == plain.case.deadlines
    assert (story.case.state, story.case.assignment) == (plain.case.state, plain.case.assignment)


@pytest.mark.req("A15")
def test_the_supervisor_answers_and_in_an_emergency_anybody() -> None:
    story = confirmed()
    with pytest.raises(NotAllowedError, match="supervisor answers"):
        story.do("answer", HANDLER)
    story.do("answer", SUPERVISOR)
    story.wait(days=31).do("answer", HANDLER)
    fire = in_state(State.WORKING, matter="fire", urgency="emergency")
    fire.do("propose_malicious", SUPERVISOR).do("confirm_malicious", MANAGER).do("answer", HANDLER)


@pytest.mark.req("G14")
def test_an_appeal_is_made_once_and_decided_by_the_company_head() -> None:
    story = confirmed(State.CLOSED).do("appeal", RESIDENT, ReasonForm("灯确实不亮"))
    assert told(story) == {(NoticeKind.MALICIOUS, HEAD.id, "appealed")}
    for command, actor in (("appeal", RESIDENT), ("record_appeal", AGENT)):
        with pytest.raises(CommandRefusedError, match="made already"):
            story.do(command, actor)
    with pytest.raises(NotAllowedError):
        story.do("decide_appeal", MANAGER)
    story.do("decide_appeal", HEAD, AppealDecisionForm(True, "监控证实属实"))
    assert (NoticeKind.APPEAL_DECIDED, "resident", "lifted") in told(story)
    assert story.case.track is not None
    assert not story.case.track.stands(story.at)
    with pytest.raises(CommandRefusedError, match="final"):
        story.do("propose_malicious", SUPERVISOR)


@pytest.mark.req("G14")
@pytest.mark.parametrize("state", [State.WORKING, State.CLOSED])
def test_a_late_decision_is_asked_for_again_every_week_whatever_the_state(state: State) -> None:
    story = confirmed(state).do("appeal", RESIDENT, ReasonForm("灯确实不亮"))
    assert story.case.is_listed
    for week in range(1, 4):
        story.wait(days=5 if week == 1 else 7)
        chased = [payload for payload in story.fire() if isinstance(payload, ev.DecisionChased)]
        assert chased == [ev.DecisionChased(Role.COMPANY_HEAD, HEAD.id, week)]
        assert not [payload for payload in story.fire() if isinstance(payload, ev.DecisionChased)]
    story.do("decide_appeal", HEAD, AppealDecisionForm(False, "证据充分"))
    assert state is State.WORKING or not story.case.is_listed
    story.wait(days=30)
    assert not [payload for payload in story.fire() if isinstance(payload, ev.DecisionChased)]


@pytest.mark.req("G14")
def test_where_no_message_reaches_the_resident_the_supervisor_calls() -> None:
    story = Story().register(phone=None, email=None)
    story.do("propose_malicious", SUPERVISOR).do("confirm_malicious", MANAGER)
    assert told(story) == {
        (NoticeKind.MARKED, "resident", None),  # cannot leave, so the case asks for a call too
        (NoticeKind.MALICIOUS_DECIDED, SUPERVISOR.id, "confirmed_call"),
    }


@pytest.mark.req("A15", "E8", "G14")
def test_the_flag_is_on_every_case_of_the_resident_for_the_desk_and_its_leaders() -> None:
    with api_desk() as desk:
        place = desk.office
        marked = place.register(phone="+8613800138000", matter="elevator").case
        other = place.register(phone="+8613800138000", text="着火了", matter="fire", kind="help").case
        until = place.clock() + DAYS

        def read(number: str, user: str, more: str = "") -> dict[str, object]:
            return dict(desk.get(f"/v1/communities/riverside/cases/{number}{more}", user=user).json_body)

        body = {"until": until.isoformat(), "reason": "虚报", "evidence": "六件查无此事"}
        assert desk.command(marked.number, "propose_malicious", body, user="supervisor-1").status_code == 200
        assert read(other.number, "agent-1")["malicious"] is None
        confirmed = desk.command(marked.number, "confirm_malicious", {"reason": "属实"}, user="manager-1")
        assert confirmed.status_code == 200
        for number in (marked.number, other.number):
            for user in ("agent-1", "supervisor-1", "manager-1", "company-head-1"):
                assert marked.number in str(read(number, user)["malicious"])
        alerted = {stored.notice.kind for stored in place.stores.notices.of_case("riverside", other.number)}
        assert NoticeKind.ALERT in alerted, "a fire alerts like any"
        desk.command(
            marked.number, "assign", {"handler": "engineering-1", "reason": "轮到"}, user="manager-1"
        )
        assert read(marked.number, "engineering-1")["malicious"] is None
        said = str(read(marked.number, "engineering-1", "/events"))
        assert "assigned" in said
        assert "六件查无此事" not in said
        assert "malicious" not in said
        assert "六件查无此事" in str(read(marked.number, "agent-1", "/events"))
        place.clock.advance(DAYS)
        assert read(other.number, "agent-1")["malicious"] is None, "it ends by itself"


@pytest.mark.req("G13", "G14")
def test_the_flag_names_no_case_that_its_reader_is_kept_away_from() -> None:
    with api_desk() as desk:
        place = desk.office
        marked = place.register(phone="+8613800138000", matter="staff_attitude").case
        other = place.register(phone="+8613800138000", matter="elevator").case
        form = MaliciousForm(place.clock() + DAYS, "虚报", "六件查无此事")
        place.do(marked, "propose_malicious", SUPERVISOR, form)
        place.do(marked, "confirm_malicious", MANAGER, ReasonForm("属实"))
        place.do(marked, "identify", MANAGER, IdentifyForm("住户指的是他", "agent-1"))
        where = f"/v1/communities/riverside/cases/{other.number}"
        assert marked.number in str(desk.get(where, user="manager-1").json_body["malicious"])
        hidden = desk.get(where, user="agent-1").json_body["malicious"]
        assert hidden["number"] is None
        assert hidden["until"]
        session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of('agent-1')}"}
        page = desk.client.http.request("GET", f"/desk/riverside/cases/{other.number}", headers=session)
        assert "恶意投诉认定至" in page.body.decode()
        assert marked.number not in page.body.decode()


@pytest.mark.req("G14")
def test_the_resident_reads_why_and_until_when_and_appeals_by_the_link() -> None:
    with api_desk() as desk:
        place = desk.office
        receipt = place.register()
        until = place.clock() + DAYS
        place.do(receipt.case, "propose_malicious", SUPERVISOR, MaliciousForm(until, "虚报", "内部依据"))
        place.do(receipt.case, "confirm_malicious", MANAGER, ReasonForm("三次到场查无此事"))
        seen = desk.get(f"/v1/links/{receipt.track_code}").json_body
        assert seen["marked"]["reason"] == "三次到场查无此事"
        assert "appeal" in seen["commands"]
        assert "内部依据" not in str(seen)
        page = desk.client.http.get(f"/l/{receipt.track_code}").body.decode()
        assert "三次到场查无此事" in page
        assert "内部依据" not in page
        appealed = desk.post(f"/v1/links/{receipt.track_code}/appeal", {"reason": "灯确实不亮"})
        assert appealed.status_code == 200
        assert "appeal" not in appealed.json_body["commands"]
