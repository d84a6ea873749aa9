"""Work at a common part is accepted by a colleague; and what nobody accepts is given up (B9, B13)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import DomainError
from chalicelib.domain.figures.counters import amounts_of
from chalicelib.domain.notices.details import COMMON
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.possible import possible
from chalicelib.domain.waiting import asks_of, waits_of
from chalicelib.domain.work.acceptance_forms import AcceptanceDayForm, AcceptForm
from chalicelib.domain.work.common_acceptance import SeenForm
from chalicelib.services.case_line import line_of
from tests.stories import AGENT, DRAWN, HANDLER, MANAGER, RESIDENT, SUPERVISOR, Story, in_state

OTHER_AGENT = Actor(Role.AGENT, "agent-2")
HOLDS = SeenForm(True, "看了十分钟，水流畅通")


def done(matter: str = "drain_blocked", handler: Actor = HANDLER, state: State = State.COMPLETED) -> Story:
    """A repair at a common part that its handler has completed."""
    return in_state(state, handler, matter=matter, report={"unit": None})


def refused(story: Story, command: str, actor: Actor, form: object = None) -> str | None:
    with pytest.raises(DomainError) as caught:
        story.do(command, actor, form)
    return caught.value.reason


def told(story: Story) -> set[tuple[NoticeKind, str, str | None]]:
    return {
        (notice.kind, notice.recipient, notice.detail) for notice in due(story.outcomes[-1], story.context)
    }


def asked(story: Story, actor: Actor) -> set[str]:
    """What somebody's first page asks them for on the case."""
    person = story.context.community.member(actor.id)
    assert person is not None
    member = Member(person.username, person.name, person.role, person.departments, story.context.community)
    return {ask.what for ask in asks_of(story.case, member, story.context, story.at)}


@pytest.mark.req("B13", "B9")
def test_a_common_drain_is_accepted_by_a_colleague_who_saw_it_flow() -> None:
    story = done()
    acceptance = story.case.work.acceptance
    assert (acceptance.by, acceptance.common, acceptance.waits) == ("flows", True, True)
    assert line_of(story.case, story.context, None).unaccepted
    assert "acceptance_common" in asked(story, AGENT)
    assert refused(story, "accept_common_work", AGENT, SeenForm(False)) == "unproved_flows"
    story.do("accept_common_work", AGENT, HOLDS, "the key")
    now = story.case.work.acceptance
    assert (now.how, now.taken_by, now.resident_name, now.waits) == ("seen", "agent-1", None, False)
    assert told(story) == set(), "nothing is done in the name of whoever reported it"
    assert (amounts_of(story.case)["accepted"], amounts_of(story.case)["unaccepted"]) == (1, 0)
    version = story.case.version
    assert story.do("accept_common_work", AGENT, HOLDS, "the key").case.version == version
    assert refused(story, "accept_common_work", OTHER_AGENT, HOLDS) == "accepted_already"
    assert refused(story, "refuse_common_work", OTHER_AGENT) == "accepted_already"
    assert fold(story.events, "riverside", "202611-0001") == story.case


@pytest.mark.req("B13", "G6")
@pytest.mark.parametrize("command", ["accept_common_work", "refuse_common_work"])
def test_whoever_had_a_part_in_the_work_does_not_accept_it(command: str) -> None:
    story = done(handler=AGENT)
    assert story.case.assignment.handler == "agent-1"
    assert refused(story, command, AGENT) == "accepts_own"
    assert "acceptance_common" not in asked(story, AGENT)
    assert "acceptance_common" in asked(story, OTHER_AGENT)
    story.do(command, OTHER_AGENT)


@pytest.mark.req("B13")
@pytest.mark.parametrize("actor", [RESIDENT, AGENT, HANDLER])
def test_nobody_signs_for_a_common_part_and_no_colleague_accepts_a_home(actor: Actor) -> None:
    assert refused(done(), "accept_work", actor, AcceptForm("王芳", DRAWN, True)) == "common_part"
    can = {row.command for row in possible(done().case, RESIDENT, done().context, done().at)}
    assert not can & {"accept_work", "refuse_work"}
    home = in_state(State.COMPLETED, matter="drain_blocked")
    assert refused(home, "accept_common_work", AGENT, HOLDS) == "household_signs"
    assert refused(home, "refuse_common_work", SUPERVISOR) == "household_signs"


@pytest.mark.req("B13", "D7")
def test_what_does_not_hold_goes_back_however_often() -> None:
    story = done()
    for nth in range(2, 6):
        story.do("refuse_common_work", SUPERVISOR, ReasonForm("还在冒水"))
        assert (story.case.state, story.case.round) == (State.REGISTERED, nth)
        assert (NoticeKind.REOPENED, RESIDENT_ID, None) in told(story)
        assert story.case.follow_up.returned_because == "还在冒水"
        story.do("assign", SUPERVISOR).wait(minutes=1)
        handler = str(story.case.assignment.handler)
        person = story.context.community.member(handler)
        assert person is not None
        actor = Actor(person.role, handler)
        story.do("sign", actor).do("start", actor).do("complete", actor)
        assert story.case.work.acceptance.waits, "and is accepted anew"


@pytest.mark.req("B13")
def test_a_common_roof_is_looked_at_after_the_rain_and_whoever_reported_it_is_asked_for_nothing() -> None:
    story = done("seepage")
    assert {"@agent", "@supervisor"} <= set(waits_of(story.case, story.context)), "the desk sets the day"
    assert refused(story, "accept_common_work", AGENT, HOLDS) == "rain_day_missing"
    story.do("set_acceptance_day", AGENT, AcceptanceDayForm((story.at + timedelta(days=2)).date()))
    assert told(story) == set(), "the resident does not have to look after the rain"
    assert refused(story, "accept_common_work", AGENT, HOLDS) == "rain_not_yet"
    story.wait(days=2).do("accept_common_work", OTHER_AGENT, HOLDS)


@pytest.mark.req("B13", "B9")
def test_a_colleague_is_chased_then_the_supervisor() -> None:
    story = done().wait(days=1, minutes=1)
    story.fire()
    assert (NoticeKind.UNACCEPTED, "agent-1", COMMON) in told(story)
    (notice, *_) = (kept for kept in due(story.outcomes[-1], story.context) if kept.detail == COMMON)
    assert "@supervisor" not in waits_of(story.case, story.context)
    story.wait(days=2).fire()
    assert (NoticeKind.UNACCEPTED, "supervisor-1", COMMON) in told(story)
    assert "@supervisor" in waits_of(story.case, story.context)
    assert not any(kind is NoticeKind.ACCEPT for outcome in story.outcomes for kind, _, _ in told(story))
    assert why_suppressed(notice, story.case) is None
    story.do("accept_common_work", SUPERVISOR, HOLDS)
    assert why_suppressed(notice, story.case) == "answered"


@pytest.mark.req("B13")
def test_whoever_did_the_work_is_not_chased_to_accept_it() -> None:
    story = done(handler=AGENT).wait(days=1, minutes=1)
    story.fire()
    people = {recipient for kind, recipient, _ in told(story) if kind is NoticeKind.UNACCEPTED}
    assert people
    assert "agent-1" not in people


@pytest.mark.req("B9", "B13")
@pytest.mark.parametrize("about", [{}, {"report": {"unit": None}}])
def test_the_rain_may_come_after_the_closing(about: dict[str, object]) -> None:
    """What was sealed is asked for then: of whoever accepts it and of the supervisor, and that is the end."""
    story = in_state(State.COMPLETED, matter="seepage", **about)
    day = (story.at + timedelta(days=30)).date()
    story.do("set_acceptance_day", AGENT, AcceptanceDayForm(day))
    story.do("record_revisit", AGENT)
    assert story.case.state is State.CLOSED
    assert story.case.is_listed
    assert not story.case.goes_on, "its personal data are needed no longer for that"
    asked_for = []
    for _ in range(40):
        story.wait(days=1).fire()
        asked_for += [kind for kind, _, _ in told(story) if story.outcomes[-1].events]
    wanted = NoticeKind.UNACCEPTED if about else NoticeKind.ACCEPT
    assert asked_for.count(NoticeKind.UNACCEPTED) == (2 if about else 1)
    assert wanted in asked_for
    assert not story.case.is_listed
    assert not asked(story, SUPERVISOR) | asked(story, AGENT)
    story.do("set_acceptance_day", AGENT, AcceptanceDayForm((story.at + timedelta(days=9)).date()))
    assert story.case.is_listed, "it had not rained: another day, and once more"


@pytest.mark.req("B9")
def test_a_leader_gives_up_what_nobody_accepts_and_a_late_signature_is_taken() -> None:
    story = in_state(State.CLOSED, matter="home_other")
    assert not story.case.is_listed, "closed, it is open work for nobody"
    assert amounts_of(story.case)["unaccepted"] == 1
    assert refused(story, "give_up_acceptance", AGENT) is None, "an agent does not"
    story.do("give_up_acceptance", SUPERVISOR, ReasonForm("三次联系不上"), "the key")
    counted = amounts_of(story.case)
    assert (counted["unaccepted"], counted["acceptance_given_up"]) == (0, 1)
    assert not line_of(story.case, story.context, None).unaccepted
    assert told(story) == set()
    assert refused(story, "give_up_acceptance", MANAGER) == "given_up_already"
    story.do("accept_work", RESIDENT, AcceptForm("王芳"))
    counted = amounts_of(story.case)
    assert (counted["accepted"], counted["acceptance_given_up"]) == (1, 0)
    assert refused(story, "give_up_acceptance", MANAGER) == "accepted_already"
    assert fold(story.events, "riverside", "202611-0001") == story.case


@pytest.mark.req("B9", "G6")
def test_nobody_gives_up_the_acceptance_of_their_own_work() -> None:
    story = in_state(State.CLOSED, SUPERVISOR, matter="home_other")
    assert refused(story, "give_up_acceptance", SUPERVISOR) == "gives_up_own"
    story.do("give_up_acceptance", MANAGER)
