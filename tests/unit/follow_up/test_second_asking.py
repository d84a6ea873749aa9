"""A second person asks a small part of the satisfied residents again; what comes of it is counted (G6)."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.who_sees import sees_contact
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, TIMER, VISITORS, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.figures.contribution import contribution, recount
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.follow_up.forms import AskAgainForm, RevisitForm
from chalicelib.domain.follow_up.schedule import due_within
from chalicelib.domain.follow_up.second_asking import is_asked_again
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.timers import next_step
from chalicelib.domain.work.forms import CompleteForm
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import Office, community, office, regulations
from tests.histories import summed
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, context, in_state

SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone")
AGREES = AskAgainForm(ev.RevisitOutcome.SATISFIED, "phone")
DIFFERS = AskAgainForm(ev.RevisitOutcome.DISSATISFIED, "phone", note="没人来过")
NOBODY = AskAgainForm(ev.RevisitOutcome.NOT_REACHED, "phone")
AGENT_2 = Actor(Role.AGENT, "agent-2")
DRAWN_SERIAL = 9
"""The ninth case of `riverside` in November 2026 is one of those drawn; a test below holds that."""


def asking_all(pack: str = "default", share: float = 1.0) -> Context:
    """A regulation under which that share is asked again."""
    found = regulations().get(pack)
    return context(regulation=replace(found, sampling=replace(found.sampling, asked_again=share)))


def solved(around: Context | None = None, handler: Actor = HANDLER, **about: str) -> Story:
    story = Story(around or asking_all()).register(**about)
    story.do("assign", SUPERVISOR, AssignForm(handler.id, "他熟悉")).do("sign", handler)
    return story.do("start", handler).do("complete", handler)


def counted(story: Story) -> dict[str, int]:
    return {
        name: amount
        for (row, name), amount in contribution(story.case).items()
        if row == TOTAL and name.startswith("asked_again")
    }


@pytest.mark.req("G6")
def test_a_satisfied_answer_that_is_drawn_closes_the_case_and_somebody_else_asks_again() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED)
    case = story.case
    assert (case.state, case.ending.close_reason) == (State.CLOSED, ev.CloseReason.SATISFIED)
    assert case.follow_up.ask_again_after == AGENT.id
    assert case.follow_up.revisits[-1].asked_again is True, "the lot stands on the event"
    assert counted(story) == {"asked_again_due": 1}
    asked = story.do("ask_again", SUPERVISOR, AGREES).case
    assert (asked.state, asked.round, asked.ending) == (State.CLOSED, 1, case.ending)
    assert asked.follow_up.ask_again_after is None
    assert counted(story) == {"asked_again": 1}
    assert asked.tally.revisited_by == {"agent": 1}, "asking again is nobody's quota"


@pytest.mark.req("G6")
def test_whoever_wrote_the_first_answer_or_did_the_work_does_not_ask_again() -> None:
    story = solved(handler=Actor(Role.SUPERVISOR, SUPERVISOR.id)).do("record_revisit", AGENT, SATISFIED)
    for actor, reason in ((AGENT, "second_person_asks"), (SUPERVISOR, "revisits_own_work")):
        with pytest.raises(NotAllowedError) as refused:
            story.do("ask_again", actor, AGREES)
        assert refused.value.reason == reason
    story.do("ask_again", AGENT_2, AGREES)


@pytest.mark.req("G6")
def test_the_second_person_is_drawn_and_told_that_it_is_a_second_asking() -> None:
    """In the time of a revisit, but with no timer: the case has closed. Quotas don't choose the person."""
    story = solved(matter="home_other").do("record_revisit", AGENT_2, SATISFIED)
    *_, drawn = (event.payload for event in story.events)
    assert isinstance(drawn, ev.RevisitDrawn)
    assert drawn.revisitor not in {None, AGENT_2.id, HANDLER.id}
    assert (drawn.because, drawn.seed) == ("again", "riverside:202611")
    assert drawn.due_at == due_within(story.case, story.at, story.context)
    (notice,) = (
        notice for notice in due(story.outcomes[-1], story.context) if notice.recipient == drawn.revisitor
    )
    assert (notice.kind, notice.detail) == ("revisit", "again")
    assert why_suppressed(notice, story.case) is None
    assert next_step(story.case, story.context).wake_at is None
    assert not [name for _, name in contribution(story.case) if name.startswith("revisit_due_")]
    story.do("ask_again", MANAGER, AGREES)
    assert why_suppressed(notice, story.case) == "revisited"


@pytest.mark.req("G6", "D7", "G17")
def test_another_answer_is_a_disagreement_and_staff_may_take_the_case_up() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED).do("ask_again", SUPERVISOR, DIFFERS)
    assert (story.case.state, story.case.round) == (State.CLOSED, 1), "not by itself"
    assert counted(story) == {"asked_again": 1, "asked_again_differs": 1}
    assert rates(counted(story)).disagreement == 1.0
    case = story.do("reopen", SUPERVISOR).case
    assert (case.state, case.round) == (State.REGISTERED, 2)
    assert counted(story) == {"asked_again": 1, "asked_again_differs": 1}
    assert summed(story) == recount([fold(story.events, case.community, case.number)])


@pytest.mark.req("G6", "G9")
def test_after_the_window_a_disagreement_is_counted_and_takes_nothing_up() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED)
    story.wait(days=story.context.regulation.reopen.window_days + 1).do("ask_again", SUPERVISOR, DIFFERS)
    with pytest.raises(CommandRefusedError) as refused:
        story.do("reopen", SUPERVISOR)
    assert refused.value.reason == "returned_too_late"


def test_nothing_asked_again_is_no_rate() -> None:
    assert rates({"asked_again_due": 3}).disagreement is None


@pytest.mark.req("G6", "G7")
def test_a_second_person_who_reaches_nobody_has_no_answer_and_it_is_still_to_come() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED)
    before = story.case.follow_up
    story.do("ask_again", SUPERVISOR, NOBODY).wait(days=1)
    assert story.case.follow_up == before
    assert counted(story) == {"asked_again_due": 1}
    assert rates(counted(story)).disagreement is None
    story.do("archive", SUPERVISOR).do("ask_again", AGENT_2, AGREES)
    assert (story.case.state, counted(story)) == (State.ARCHIVED, {"asked_again": 1})


@pytest.mark.req("G6")
def test_a_case_is_asked_about_again_once_and_only_if_it_was_drawn() -> None:
    asked = solved().do("record_revisit", AGENT, SATISFIED).do("ask_again", SUPERVISOR, AGREES)
    spared = solved(asking_all(share=0.0)).do("record_revisit", AGENT, SATISFIED)
    for story in (asked, spared, in_state(State.CLOSED)):
        with pytest.raises(CommandRefusedError, match="waits for no second asking") as refused:
            story.do("ask_again", MANAGER, AGREES)
        assert refused.value.reason == "not_drawn_again"


@pytest.mark.req("G6")
def test_a_case_that_is_taken_up_before_has_no_second_asking_left() -> None:
    story = solved().do("record_revisit", AGENT, SATISFIED).do("reopen", RESIDENT)
    assert (story.case.follow_up.ask_again_after, counted(story)) == (None, {})


@pytest.mark.req("G6")
def test_at_a_second_asking_nothing_is_promised() -> None:
    with pytest.raises(InvalidInputError, match="satisfied, neutral, dissatisfied, not_reached"):
        AskAgainForm(ev.RevisitOutcome.PROMISED, "phone")
    with pytest.raises(InvalidInputError, match="'manner' is one of"):
        AskAgainForm(ev.RevisitOutcome.SATISFIED, "letter")


@pytest.mark.req("G6", "E8")
def test_a_head_who_is_to_ask_again_sees_whom_to_call_until_it_is_done() -> None:
    around = asking_all()
    staff = tuple(
        member
        for member in around.community.staff
        if member.role is Role.DEPARTMENT_HEAD or member.role not in VISITORS
    )
    story = solved(replace(around, community=replace(around.community, staff=staff)))
    (head, *_) = around.community.with_role(Role.DEPARTMENT_HEAD)
    story.do("record_revisit", Actor(head.role, head.username), SATISFIED)
    asked = story.case.follow_up.revisitor
    member = around.community.member(asked or "")
    assert member is not None
    reader = Member(member.username, member.name, member.role, member.departments, around.community)
    assert sees_contact(reader, story.case)
    story.do("ask_again", reader.actor(), AGREES)
    assert not sees_contact(reader, story.case)


@pytest.mark.req("G6", "D2")
def test_only_the_answer_that_would_close_the_case_is_drawn() -> None:
    story = solved(asking_all("S3"), kind="complaint").do("record_revisit", AGENT, SATISFIED)
    assert story.case.follow_up.revisits[-1].asked_again is None, "S3 wants a second revisit anyway"
    story.do("record_revisit", SUPERVISOR, SATISFIED)
    assert (story.case.state, story.case.follow_up.ask_again_after) == (State.CLOSED, SUPERVISOR.id)


@pytest.mark.req("G6", "D6")
def test_the_manager_s_sample_comes_first() -> None:
    around = asking_all("S2")
    story = solved(around, kind="complaint", matter="noise_public", severity="serious")
    assert story.case.tally.sample is not None
    assert story.case.tally.sample.taken
    assert story.do("record_revisit", AGENT, SATISFIED).case.follow_up.ask_again_after is None
    assert story.do("record_revisit", MANAGER, SATISFIED).case.follow_up.ask_again_after == MANAGER.id
    assert story.case.state is State.CLOSED


@pytest.mark.req("G6", "G3")
def test_where_nobody_else_is_left_no_lot_is_drawn() -> None:
    alone = asking_all()
    few = tuple(
        member
        for member in alone.community.staff
        if member.role not in VISITORS or member.username == "agent-1"
    )
    story = solved()
    story.context = replace(alone, community=replace(alone.community, staff=few))
    assert story.do("record_revisit", AGENT, SATISFIED).case.state is State.CLOSED
    assert story.case.follow_up.revisits[-1].asked_again is None
    assert story.case.follow_up.ask_again_after is None


@pytest.mark.req("G6")
def test_no_share_is_no_lot() -> None:
    story = solved(asking_all(share=0.0)).do("record_revisit", AGENT, SATISFIED)
    assert (story.case.state, story.case.follow_up.revisits[-1].asked_again) == (State.CLOSED, None)
    assert counted(story) == {}


@pytest.mark.req("G6")
def test_one_in_twenty_is_drawn_each_round_anew_and_can_be_drawn_again_by_anybody() -> None:
    numbers = [f"202611-{serial:04d}" for serial in range(1, 4001)]
    drawn = [
        {number for number in numbers if is_asked_again("riverside:202611", number, round_number, 0.05)}
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


def form_to_ask_again(browser: Browser, number: str, username: str) -> tuple[dict[str, str] | None, str]:
    """The form of the second asking as that person sees it, if there is one, and the page's words."""
    browser.cookie = ""
    browser.sign_in(username)
    page = browser.get(f"/desk/riverside/cases/{number}?act=ask_again")
    drawn = Form(html(page)).forms
    found = (fields for action, fields in drawn.items() if action.endswith("/ask_again"))
    return next(found, None), text(page)


@pytest.mark.req("G6")
def test_the_page_says_that_it_is_a_second_asking_and_leads_nobody(browser: Browser) -> None:
    case = asked_once(browser.office)
    form, page = form_to_ask_again(browser, case.number, "agent-1")
    assert form is None, "whoever wrote the first answer has no button"
    assert "请独立再问一次住户" not in page
    assert "复核回访 抽中：结案后由另一位同事再问一次" in page
    form, page = form_to_ask_again(browser, case.number, "agent-2")
    assert form is not None
    assert "本单抽中复核。请独立再问一次住户，按住户这次的答复填写。" in page
    filled = {name for name, value in form.items() if value and not name.endswith("?")}
    assert filled == {"once", "csrf", "version"}, "nothing of the first answer stands in the form"
    asked = browser.office.desk.directory.community("riverside").member(case.follow_up.revisitor or "")
    assert asked is not None
    assert f"复核回访：{asked.name}，最晚" in page


@pytest.mark.req("G6")
def test_the_answer_is_sent_by_the_page_and_stands_in_the_history(browser: Browser) -> None:
    case = asked_once(browser.office)
    form, _ = form_to_ask_again(browser, case.number, "agent-2")
    assert form is not None
    answer = {**form, "outcome": "dissatisfied", "manner": "phone", "note": "没人来过"}
    place = f"/desk/riverside/cases/{case.number}"
    sent = {name: value for name, value in answer.items() if not name.endswith("?")}
    browser.post(f"{place}/ask_again", sent)
    page = text(browser.get(place))
    assert "电话复核回访：不满意" in page
    assert "没人来过" in page
    assert browser.office.case(case).state is State.CLOSED


@pytest.mark.req("G6", "G17")
def test_the_figures_show_the_rate_of_disagreement(browser: Browser) -> None:
    case = asked_once(browser.office)
    browser.sign_in("manager-1")
    figures = "/desk/riverside/figures?month=2026-11"
    assert "已复核0件，其中0件与第一次不一致，不一致率–；待复核1件。" in text(browser.get(figures))
    browser.office.do(case, "ask_again", AGENT_2, DIFFERS)
    said = text(browser.get(figures))
    assert "已复核1件，其中1件与第一次不一致，不一致率100%；待复核0件。" in said


@pytest.mark.req("G6", "G17")
def test_the_api_shows_whose_answer_is_asked_about_again_and_the_rate(desk: ApiDesk) -> None:
    case = asked_once(desk.office)
    place = f"/v1/communities/riverside/cases/{case.number}"
    seen = desk.get(place, user="agent-2").json_body
    assert (seen["state"], seen["ask_again_after"]) == ("closed", "agent-1")
    assert seen["revisits"][-1]["asked_again"] is True
    assert "ask_again" in seen["commands"]
    assert "ask_again" not in desk.get(place, user="agent-1").json_body["commands"]
    answer = {"outcome": "dissatisfied", "manner": "phone", "note": "没人来过"}
    sent = desk.post(f"{place}/commands/ask_again", answer, user="agent-2")
    assert (sent.status_code, sent.json_body["ask_again_after"]) == (200, None)
    figures = desk.get("/v1/communities/riverside/figures?month=2026-11", user="manager-1").json_body
    (total, *_) = figures["rows"]
    assert total["counters"]["asked_again_differs"] == 1
    assert total["rates"]["disagreement"] == 1.0
