"""A second person asks a small part of the satisfied residents again; what comes of it is counted (G6)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.fold import fold
from chalicelib.domain.community.roles import RESIDENT, TIMER, VISITORS, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.figures.counters import contribution, recount
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.follow_up.sampling import is_asked_again
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.timers import next_step
from chalicelib.domain.work.forms import CompleteForm
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import Office, community, office, regulations
from tests.histories import summed
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, setting

SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone")
DISSATISFIED = RevisitForm(ev.RevisitOutcome.DISSATISFIED, "phone", note="没人来过")
FAULTY = RevisitForm(ev.RevisitOutcome.SATISFIED, "visit", fault="接口处仍渗水")
NOT_REACHED = RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone")
AGENT_2 = Actor(Role.AGENT, "agent-2")
DRAWN_SERIAL = 9
"""The ninth case of `riverside` in November 2026 is one of those drawn; a test below holds that."""


def asking_all(pack: str = "default", share: float = 1.0) -> Setting:
    """A regulation under which that share is asked again."""
    found = regulations().get(pack)
    return setting(regulation=replace(found, sampling=replace(found.sampling, asked_again=share)))


def solved(around: Setting | None = None, **about: str) -> Story:
    story = Story(around or asking_all()).register(**about)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉")).do("sign", HANDLER)
    return story.do("start", HANDLER).do("complete", HANDLER)


def counted(story: Story) -> dict[str, int]:
    return {
        name: amount
        for (row, name), amount in contribution(story.case).items()
        if row == "total" and name.startswith("asked_again")
    }


@pytest.mark.req("G6")
def test_a_satisfied_answer_that_is_drawn_does_not_close_the_case_until_a_second_person_has_asked() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED)
    case = story.case
    assert (case.state, case.follow_up.checked_revisitor, case.ending.close_reason) == (
        State.COMPLETED,
        AGENT.id,
        None,
    )
    assert case.follow_up.revisits[-1].asked_again is True, "the lot stands on the event"
    assert revisits_needed(case, story.setting) == 1
    assert counted(story) == {"asked_again_due": 1}
    case = story.do("record_revisit", SUPERVISOR, SATISFIED).case
    assert (case.state, case.ending.close_reason) == (State.CLOSED, ev.CloseReason.SATISFIED)
    assert case.follow_up.revisits[-1].asked_again is None, "one lot a round"
    assert counted(story) == {"asked_again": 1}


@pytest.mark.req("G6")
def test_whoever_wrote_the_first_answer_cannot_give_the_second() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED)
    for form in (SATISFIED, NOT_REACHED):
        with pytest.raises(NotAllowedError, match="A second person") as refused:
            story.do("record_revisit", AGENT, form)
        assert refused.value.reason == "second_person_asks"
    story.do("record_revisit", AGENT_2, SATISFIED)


@pytest.mark.req("G6")
def test_the_second_person_is_drawn_asked_and_told_that_it_is_a_second_asking() -> None:
    """In another's place, in time, with reminder and ladder like any revisit; quotas don't choose it."""
    story = solved().do("record_revisit", AGENT_2, SATISFIED)
    policy = story.setting.regulation.revisits
    assert next_step(story.case, story.setting).wake_at == story.at + policy.retry_after
    story.at += policy.retry_after
    (drawn,) = story.fire()
    assert isinstance(drawn, ev.RevisitDrawn)
    assert drawn.revisitor not in {None, AGENT_2.id, HANDLER.id}
    assert (drawn.because, drawn.seed) == ("again", "riverside:202611")
    (notice,) = due(story.outcomes[-1], story.setting)
    assert (notice.kind, notice.recipient, notice.detail) == ("revisit", drawn.revisitor, "again")
    assert counted(story) == {"asked_again_due": 1}
    assert not [one for row, one in contribution(story.case) if one.startswith("revisits_due_")]
    story.at = drawn.due_at
    (reminded,) = story.fire()
    assert isinstance(reminded, ev.Reminded)
    assert reminded.person == drawn.revisitor


@pytest.mark.req("G6", "D7", "G17")
@pytest.mark.parametrize("form", [DISSATISFIED, FAULTY])
def test_another_answer_is_a_disagreement_and_begins_a_new_round(form: RevisitForm) -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED).do("record_revisit", SUPERVISOR, form)
    case = story.case
    assert (case.state, case.round, case.follow_up.checked_revisitor) == (State.REGISTERED, 2, None)
    assert counted(story) == {"asked_again": 1, "asked_again_differs": 1}
    assert summed(story) == recount([fold(story.events, case.community, case.number)])
    assert rates(counted(story)).disagreement == 1.0


def test_nothing_asked_again_is_no_rate() -> None:
    assert rates({"asked_again_due": 3}).disagreement is None


@pytest.mark.req("G6", "G7")
def test_a_second_person_who_reaches_nobody_leaves_the_answer_that_stands() -> None:
    """With attempts of their own, whatever the first needed; nobody has given a second answer."""
    story = solved().do("record_revisit", AGENT, NOT_REACHED).do("record_revisit", AGENT, SATISFIED)
    for _ in range(story.setting.regulation.revisits.attempts):
        assert story.case.state is State.COMPLETED
        story.do("record_revisit", SUPERVISOR, NOT_REACHED).wait(days=1)
    story.wait(days=9).fire()
    assert story.case.ending.close_reason is ev.CloseReason.SATISFIED
    assert counted(story) == {}


@pytest.mark.req("G6")
def test_a_good_rating_does_not_stand_for_the_second_asking() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED).do("rate", RESIDENT, RateForm(5))
    assert story.case.state is State.COMPLETED
    assert story.do("record_revisit", MANAGER, SATISFIED).case.state is State.CLOSED


@pytest.mark.req("G6", "D8")
def test_a_promise_at_the_second_asking_is_kept_before_the_case_closes() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED)
    until = story.at + timedelta(hours=5)
    asked = RevisitForm(ev.RevisitOutcome.PROMISED, "phone", promised_until=until)
    case = story.do("record_revisit", SUPERVISOR, asked).case
    assert (case.state, case.follow_up.revisitor, case.follow_up.checked_revisitor) == (
        State.COMPLETED,
        SUPERVISOR.id,
        AGENT.id,
    )
    assert story.do("record_revisit", SUPERVISOR, SATISFIED).case.state is State.CLOSED
    assert counted(story) == {"asked_again": 1}


@pytest.mark.req("G6", "D2")
def test_only_the_answer_that_would_close_the_case_is_drawn() -> None:
    story = solved(asking_all("S3"), kind="complaint").do("record_revisit", AGENT, SATISFIED)
    assert story.case.follow_up.revisits[-1].asked_again is None, "S3 wants a second revisit anyway"
    story.do("record_revisit", SUPERVISOR, SATISFIED)
    assert story.case.follow_up.checked_revisitor == SUPERVISOR.id
    assert story.do("record_revisit", AGENT, SATISFIED).case.state is State.CLOSED


@pytest.mark.req("G6", "D6")
def test_the_manager_s_sample_comes_first() -> None:
    around = asking_all("S2")
    story = solved(around, kind="complaint", matter="noise_public", severity="serious")
    assert story.case.tally.sample is not None
    assert story.case.tally.sample.taken
    assert story.do("record_revisit", AGENT, SATISFIED).case.follow_up.checked_revisitor is None
    assert story.do("record_revisit", MANAGER, SATISFIED).case.follow_up.checked_revisitor == MANAGER.id
    assert story.do("record_revisit", SUPERVISOR, SATISFIED).case.state is State.CLOSED


@pytest.mark.req("G6", "G3")
def test_where_nobody_else_is_left_no_lot_is_drawn_and_nothing_stays_open() -> None:
    """Neither when the answer is given, nor when everybody else has gone by the time."""
    alone = asking_all()
    few = tuple(one for one in alone.community.staff if one.role not in VISITORS or one.username == "agent-1")
    small = replace(alone, community=replace(alone.community, staff=few))
    story = solved()
    story.setting = small
    assert story.do("record_revisit", AGENT, SATISFIED).case.state is State.CLOSED
    assert story.case.follow_up.revisits[-1].asked_again is None
    left = solved().do("record_revisit", AGENT, SATISFIED)
    left.setting = small
    wake_at = next_step(left.case, left.setting).wake_at
    assert wake_at is not None
    left.at = wake_at
    left.fire()
    assert left.case.ending.close_reason is ev.CloseReason.SATISFIED


@pytest.mark.req("G6")
def test_no_share_is_no_lot() -> None:
    story = solved(asking_all(share=0.0)).do("record_revisit", AGENT, SATISFIED)
    assert (story.case.state, story.case.follow_up.revisits[-1].asked_again) == (State.CLOSED, None)


@pytest.mark.req("G6")
def test_one_in_twenty_is_drawn_each_round_anew_and_can_be_drawn_again_by_anybody() -> None:
    numbers = [f"202611-{serial:04d}" for serial in range(1, 4001)]
    drawn = [
        {one for one in numbers if is_asked_again("riverside:202611", one, round_number, 0.05)}
        for round_number in (1, 2)
    ]
    for some in drawn:
        assert 0.04 < len(some) / len(numbers) < 0.06
    assert drawn[0] != drawn[1]
    assert f"202611-{DRAWN_SERIAL:04d}" in drawn[0]
    assert not drawn[0] & {f"202611-{serial:04d}" for serial in range(1, DRAWN_SERIAL)}


# --- as people see it ---------------------------------------------------------------------------------------


def asked_once(place: Office) -> Case:
    """The case that is drawn, after its first revisit, by `agent-1`."""
    for _ in range(DRAWN_SERIAL):
        case = place.register(matter="lighting_lock", kind="repair").case
    case = place.do(case, "assign", TIMER, AssignForm(HANDLER.id, "轮到"))
    case = place.do(case, "sign", HANDLER, SignForm("甲"))
    place.do(case, "complete", HANDLER, CompleteForm("好了"))
    answered = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone", conduct="师傅很客气")
    return place.do(case, "record_revisit", AGENT, answered)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office(community())) as made:
        yield made


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def revisit_form(browser: Browser, number: str, username: str) -> tuple[dict[str, str] | None, str]:
    """The form for a revisit as that person sees it, if there is one, and the page's words."""
    browser.cookie = ""
    browser.sign_in(username)
    page = browser.get(f"/desk/riverside/cases/{number}")
    drawn = Form(html(page)).forms
    found = (fields for action, fields in drawn.items() if action.endswith("/record_revisit"))
    return next(found, None), text(page)


@pytest.mark.req("G6")
def test_the_page_says_that_it_is_a_second_asking_and_leads_nobody(browser: Browser) -> None:
    case = asked_once(browser.office)
    form, page = revisit_form(browser, case.number, "agent-1")
    assert form is None, "whoever wrote the first answer has no button"
    assert "请独立再问一次住户" not in page
    assert "复核回访 抽中：结案前由另一位同事再问一次" in page
    form, page = revisit_form(browser, case.number, "agent-2")
    assert form is not None
    assert "本单抽中复核。请独立再问一次住户，按住户这次的答复填写。" in page
    filled = {name for name, value in form.items() if value and not name.endswith("?")}
    assert filled == {"once", "csrf", "version"}, "nothing of the first answer stands in the form"


@pytest.mark.req("G6", "G17")
def test_the_figures_show_the_rate_of_disagreement(browser: Browser) -> None:
    case = asked_once(browser.office)
    browser.sign_in("manager-1")
    figures = "/desk/riverside/figures?month=2026-11"
    assert "已复核 0 件，其中 0 件与第一次不一致，不一致率 –；待复核 1 件。" in text(browser.get(figures))
    browser.office.do(case, "record_revisit", AGENT_2, DISSATISFIED)
    said = text(browser.get(figures))
    assert "已复核 1 件，其中 1 件与第一次不一致，不一致率 100%；待复核 0 件。" in said


@pytest.mark.req("G6", "G17")
def test_the_api_shows_whose_answer_is_checked_and_the_rate(desk: ApiDesk) -> None:
    case = asked_once(desk.office)
    place = f"/v1/communities/riverside/cases/{case.number}"
    seen = desk.get(place, user="agent-2").json_body
    assert seen["checked_revisitor"] == "agent-1"
    assert seen["revisits"][-1]["asked_again"] is True
    assert "record_revisit" in seen["commands"]
    assert "record_revisit" not in desk.get(place, user="agent-1").json_body["commands"]
    desk.office.do(case, "record_revisit", AGENT_2, DISSATISFIED)
    assert desk.get(place, user="agent-2").json_body["checked_revisitor"] is None
    figures = desk.get("/v1/communities/riverside/figures?month=2026-11", user="manager-1").json_body
    (total, *_) = figures["rows"]
    assert total["counters"]["asked_again_differs"] == 1
    assert total["rates"]["disagreement"] == 1.0
