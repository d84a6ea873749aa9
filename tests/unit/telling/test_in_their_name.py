"""Whoever acts in a resident's name says by whose word, and the resident hears of it (A3, A8)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE, Purpose
from chalicelib.domain.case.spoken import ReasonedWordForm, WordForm
from chalicelib.domain.community.roles import RESIDENT, STAFF_ROLES, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.forms import AskAgainForm, RevisitForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.details import BY_WORD
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.possible import possible
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from tests.browser import Browser, Form, assigned, completed, html, link, text
from tests.builders import AGENT, Office, regulations
from tests.sending import send
from tests.stories import HANDLER, MANAGER, OTHER_HANDLER, SUPERVISOR, Story, context, in_state

EITHER_SIDE = {"propose_appointment", "accept_appointment", "decline_appointment"}
"""What both sides do, each in its own name."""
OF_AN_INCIDENT = {"join_incident", "leave_incident"}
"""The desk sees that many report one outage; the resident says it of one, and undoes it (A16)."""
ON_THEIR_OWN = {Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD}
"""The leaders, who take a case up again by their own decision; the resident hears of the new round.

The company head among them where no manager can act (G13).
"""
BY_THE_WORD = [
    name for name, row in TABLE.items() if row.form in {WordForm, ReasonedWordForm, AgreedVisitForm}
]
RESIDENTS_PHONE = "+8613900001234"


def page_of(case: Case) -> str:
    return f"/desk/riverside/cases/{case.number}"


@pytest.mark.req("A8")
def test_no_command_of_the_residents_is_given_by_staff_without_their_word() -> None:
    for name in (
        {*COMMANDS_BY_PURPOSE[Purpose.TRACK], *COMMANDS_BY_PURPOSE[Purpose.RATE]}
        - EITHER_SIDE
        - OF_AN_INCIDENT
        - {"add_files"}  # each side adds its own, and it is told whose they are
        - {"accept_work"}  # with their own signature; they are told (work/test_acceptance.py)
    ):
        assert TABLE[name].roles & STAFF_ROLES <= (ON_THEIR_OWN if name == "reopen" else set()), name


@pytest.mark.req("A8", "B1", "C16", "D7", "G11")
@pytest.mark.parametrize("name", BY_THE_WORD)
def test_the_resident_is_told_of_everything_done_by_their_word(name: str) -> None:
    row = TABLE[name]
    state = next(state for state in State if state in row.sources)
    story = in_state(state)
    if name == "record_appeal":
        story.do("propose_malicious", SUPERVISOR).do("confirm_malicious", MANAGER)
    actor = MANAGER if Role.MANAGER in row.roles else SUPERVISOR
    event = story.do(name, actor).events[-1]
    assert (event.payload.spoken_to, event.payload.manner) == ("王芳", "phone")
    assert event.payload.spoken_at is not None
    told = {(notice.kind, notice.detail) for notice in notices_of(story) if notice.recipient == RESIDENT_ID}
    assert told & {
        (NoticeKind.IN_YOUR_NAME, event.type),
        (NoticeKind.REOPENED, BY_WORD),
        (NoticeKind.APPOINTED, BY_WORD),
    }


@pytest.mark.req("A8", "D3", "D4", "G6")
@pytest.mark.parametrize("verdict", ["satisfied", "neutral", "dissatisfied"])
def test_an_answer_that_a_colleague_put_down_is_told_to_the_resident(
    verdict: str,
) -> None:
    """Nobody has to hear twice that the case is closed; who did not say so objects by the link."""
    story = in_state(State.COMPLETED, kind="inquiry", matter="fee_query")
    form = RevisitForm(RevisitOutcome(verdict), "phone", note="问过")
    story.do("record_revisit", SUPERVISOR, form)
    told = [(notice.kind, notice.detail) for notice in notices_of(story) if notice.recipient == RESIDENT_ID]
    ended = "_closed" if story.case.state is State.CLOSED else ""
    assert (NoticeKind.IN_YOUR_NAME, f"said_{verdict}{ended}") in told
    assert NoticeKind.CLOSED not in [kind for kind, _ in told]
    nobody = RevisitForm(RevisitOutcome.NOT_REACHED, "phone")
    vain = in_state(State.COMPLETED).do("record_revisit", SUPERVISOR, nobody)
    assert not [notice for notice in notices_of(vain) if notice.recipient == RESIDENT_ID]


@pytest.mark.req("A8", "G6")
def test_so_is_what_a_second_person_heard() -> None:
    found = regulations().get("default")
    asking_all = replace(found, sampling=replace(found.sampling, asked_again=1.0))
    story = Story(context(regulation=asking_all)).register()
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER).do("complete", HANDLER)
    story.do("record_revisit", SUPERVISOR, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    story.do("ask_again", Actor(Role.AGENT, "agent-2"), AskAgainForm(RevisitOutcome.DISSATISFIED, "visit"))
    [told] = [notice for notice in notices_of(story) if notice.recipient == RESIDENT_ID]
    assert (told.kind, told.detail) == (NoticeKind.IN_YOUR_NAME, "said_dissatisfied")


@pytest.mark.req("A8", "D3")
def test_the_message_says_what_was_put_down_when_and_how(desk: Office) -> None:
    case = completed(desk)
    desk.do(case, "record_revisit", SUPERVISOR, RevisitForm(RevisitOutcome.NEUTRAL, "visit", note="灯太暗"))
    send(desk)
    sms = [message for phone, message in desk.sms.sent if phone == RESIDENTS_PHONE][-1]
    assert "客服据您09:00上门代您登记一般，不符请点" in sms


def notices_of(story: Story) -> tuple[Notice, ...]:
    return due(story.outcomes[-1], story.context)


@pytest.mark.req("A8")
def test_words_of_the_future_or_of_before_the_case_are_refused() -> None:
    story = Story().register()
    for spoken_at in (story.at + timedelta(hours=1), story.at - timedelta(days=1)):
        form = ReasonedWordForm(spoken_at, "王芳", "phone", "好了")
        with pytest.raises(InvalidInputError) as refused:
            story.do("record_withdrawal", AGENT, form)
        assert refused.value.reason in {"spoken_in_future", "spoken_before"}


@pytest.mark.req("A8", "G7")
def test_whoever_has_the_work_does_not_withdraw_it_in_the_residents_name() -> None:
    story = in_state(State.SIGNED, handler=AGENT)
    with pytest.raises(NotAllowedError) as refused:
        story.do("record_withdrawal", AGENT)
    assert refused.value.reason == "own_word_for_resident"
    assert story.do("record_withdrawal", SUPERVISOR).case.state is State.WITHDRAWN


@pytest.mark.req("A8", "A16")
def test_a_withdrawal_by_word_is_told_shown_and_undone_by_the_residents_link(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk)
    send(desk)
    browser.sign_in("agent-1")
    page = browser.get(f"{page_of(case)}?act=record_withdrawal")
    [action] = [action for action in Form(html(page)).forms if action.endswith("/record_withdrawal")]
    typed = Form(html(page)).forms[action]
    refused = browser.post(action, {**typed, "reason": "住户说好了"})
    assert refused.status_code == 400, "a bare reason is not enough"
    spoken = {"spoken_to": "王芳的儿子", "spoken_at": "2026-11-23T09:00", "manner": "phone"}
    browser.get(page_of(case))
    browser.follow(browser.post(action, {**typed, **spoken, "reason": "住户说好了"}))
    assert desk.case(case).state is State.WITHDRAWN
    send(desk)
    sms = [message for phone, message in desk.sms.sent if phone == RESIDENTS_PHONE][-1]
    assert "代您撤回" in sms
    assert "电话" in sms
    assert "王芳" not in sms, "who spoke stands behind the link"
    track = link(desk, case, Purpose.TRACK)
    seen = browser.get(track)
    assert "王芳的儿子" in text(seen)
    [undo] = [action for action in Form(html(seen)).forms if action.endswith("/reopen")]
    browser.follow(browser.post(undo, {**Form(html(seen)).forms[undo], "reason": "我没有说过"}))
    after = desk.case(case)
    assert (after.state in {State.REGISTERED, State.ASSIGNED}, after.round) == (True, 2)


@pytest.mark.req("A8", "A16")
def test_what_a_resident_withdrew_stays_withdrawn_and_staff_undo_nothing() -> None:
    own = in_state(State.WITHDRAWN)
    for actor in (RESIDENT, SUPERVISOR, MANAGER):
        with pytest.raises(CommandRefusedError) as refused:
            own.do("reopen", actor, ReasonForm("还是要办"))
        assert refused.value.reason == "withdrawn_for_good"
    by_word = Story().register().do("record_withdrawal", AGENT)
    names = {row.command for row in possible(by_word.case, SUPERVISOR, by_word.context, by_word.at)}
    assert not names & {"reopen", "record_return"}
    with pytest.raises(CommandRefusedError):
        by_word.wait(days=31).do("reopen", RESIDENT)


@pytest.mark.req("A8", "G9")
def test_an_untrue_withdrawal_is_undone_also_when_no_return_is_left() -> None:
    story = in_state(State.COMPLETED)
    for _ in range(story.context.regulation.reopen.returns):
        story.do("reopen", RESIDENT).do("assign", SUPERVISOR).do("sign", OTHER_HANDLER)
        story.do("complete", OTHER_HANDLER)
    with pytest.raises(CommandRefusedError) as refused:
        story.do("reopen", RESIDENT)
    assert refused.value.reason == "returned_too_often"
    last = story.context.regulation.reopen.returns
    story = in_state(State.COMPLETED)
    for nth in range(last):
        story.do("reopen", RESIDENT)
        if nth < last - 1:
            story.do("assign", SUPERVISOR).do("sign", OTHER_HANDLER).do("complete", OTHER_HANDLER)
    rounds = story.do("record_withdrawal", AGENT).case.round
    assert story.do("reopen", RESIDENT).case.round == rounds + 1
