"""An agreed price is not work begun; a new round says nothing of the visit of the last (B5, B10, D7)."""

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.community.roles import RESIDENT, TIMER
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.notices.history_readers import Line
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.web.history import told
from chalicelib.web.history_details import in_words
from chalicelib.web.words import words
from tests.builders import MONDAY
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, context, in_state
from tests.words import LANGUAGES


@pytest.mark.req("B5", "B10")
@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_price_was_agreed_nobody_has_begun_and_the_arrival_is_still_told(language: str) -> None:
    story = in_state(State.PROPOSED).do("agree", RESIDENT)
    newest = told(story.case, story.events, story.context, words(language))[0]
    assert newest.title in {"方案已同意", "The plan is agreed"}
    story.do("arrive", HANDLER)
    with pytest.raises(CommandRefusedError, match="on record as there"):
        story.do("arrive", HANDLER)


@pytest.mark.req("B11", "D7")
def test_a_new_round_tells_of_no_visit_that_was_dropped() -> None:
    story = in_state(State.SIGNED, kind="complaint").do("agree_appointment", AGENT)
    story.do("reject", SUPERVISOR).do("object", RESIDENT).do("reopen", MANAGER)
    kinds = [notice.kind for notice in due(story.outcomes[-1], story.context)]
    assert NoticeKind.REOPENED in kinds
    assert NoticeKind.VISIT_DROPPED not in kinds


@pytest.mark.req("B8")
def test_nobody_is_asked_twice_for_the_same_call() -> None:
    story = in_state(State.WORKING).do("progress", HANDLER).told(left=False)
    assert [notice.kind for notice in due(story.outcomes[-1], story.context)] == [NoticeKind.TO_CALL]
    story.do("progress", HANDLER).told(left=False)
    assert due(story.outcomes[-1], story.context) == ()
    story.do("answer", AGENT).do("progress", HANDLER).told(left=False)
    assert [notice.kind for notice in due(story.outcomes[-1], story.context)] == [NoticeKind.TO_CALL]


@pytest.mark.req("B8", "C17", "E5")
def test_a_history_has_no_labels_of_forms_and_no_usernames() -> None:
    line = Line(2, "worker_notified", MONDAY, 1, TIMER.role, TIMER, {"note": f"sms: {HANDLER.id}"})
    assert in_words(line, "note", context(), words("zh-CN")) == "短信：工程部甲"
    story = in_state(State.REJECTED)
    newest = told(story.case, story.events, story.context, words("zh-CN"))[0]
    assert ("核实情况", "是楼上拖地的水") in newest.details
