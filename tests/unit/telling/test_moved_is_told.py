"""Whoever was promised a time hears that it has moved or gone, whatever has done it (A8, B7, G1, G4)."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.changed_times import MOVED, PROMISED_TO_RESIDENT
from chalicelib.domain.notices.history_readers import Audience, read_by
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeChannel, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from tests.api_desk import api_desk
from tests.builders import MANAGER, SUPERVISOR, community, office
from tests.histories import wandering
from tests.sending import send
from tests.stories import HANDLER, Story, working

TELLS_OF_TIMES = MOVED | {NoticeKind.VISIT_DROPPED, NoticeKind.EXTENDED, NoticeKind.APPOINTED}


def told(story: Story, outcome: Outcome | None = None) -> list[tuple[NoticeKind, str | None]]:
    """(kind, detail) of what the last command tells the resident by SMS."""
    return [
        (notice.kind, notice.detail)
        for notice in due(outcome or story.outcomes[-1], story.context)
        if notice.recipient == RESIDENT_ID and notice.channel is NoticeChannel.SMS
    ]


def changed(before: Case, after: Case) -> Collection[Clock]:
    """The promises that a command has moved or taken away, of what was still to be kept before and after."""
    if after.state not in IN_DISPATCH or before.state not in IN_DISPATCH or before.round != after.round:
        return ()
    found = []
    for clock in PROMISED_TO_RESIDENT:
        was, now = before.clocks.deadlines.get(clock), after.clocks.deadlines.get(clock)
        if was is None or clock in before.clocks.met or clock in after.clocks.met:
            continue
        if now is None or now.due_at != was.due_at:
            found.append(clock)
    return found


@pytest.mark.req("A8", "B7", "G1", "G4")
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100_000))
def test_whatever_changes_a_promise_the_resident_is_told(seed: int) -> None:
    story = wandering(seed, steps=60)
    for outcome in story.outcomes:
        if outcome.before is not None and changed(outcome.before, outcome.after):
            kinds = {kind for kind, _ in told(story, outcome)}
            assert kinds & TELLS_OF_TIMES, (outcome.events[-1].type, changed(outcome.before, outcome.after))


@pytest.mark.req("A8", "B7")
def test_a_correction_that_takes_the_arrival_away_says_so_and_stands_in_the_history() -> None:
    story = Story().register(kind="repair", matter="leak", urgency="urgent")
    arrival = story.case.clocks.deadlines[Clock.ON_SITE].due_at
    story.do("classify", MANAGER, ClassifyForm("只是询问", kind="inquiry", urgency="normal"))
    assert Clock.ON_SITE not in story.case.clocks.deadlines
    assert told(story) == [(NoticeKind.TIME_DROPPED, Clock.ON_SITE)]
    line = list(read_by(Audience.RESIDENT, story.case, story.events))[-1]
    [gone] = [change for change in line.times if change.at is None]
    assert (gone.clock, gone.before) == (Clock.ON_SITE, arrival)


@pytest.mark.req("A8", "G8")
def test_it_is_taken_back_by_message_unless_it_comes_back_before_that() -> None:
    place = office()
    case = place.register(kind="repair", matter="leak", urgency="urgent").case
    send(place)
    drop, restore = (
        ClassifyForm("改", kind=kind, urgency=how)
        for kind, how in (("inquiry", "normal"), ("repair", "urgent"))
    )
    case = place.do(case, "classify", MANAGER, drop)
    send(place)
    assert [text for _, text in place.sms.sent if "到场" in text and ("取消" in text or "不再" in text)]
    other = place.register(kind="repair", matter="leak", urgency="urgent", unit="2-101").case
    send(place)
    sent = len(place.sms.sent)
    place.do(other, "classify", MANAGER, drop)
    place.do(other, "classify", MANAGER, restore)
    send(place)
    assert not [text for _, text in place.sms.sent[sent:] if "取消" in text or "不再" in text]


@pytest.mark.req("A8", "G8")
def test_it_is_taken_back_in_time_also_at_night_and_at_a_number_that_never_answered() -> None:
    """A promise that is gone is of no use in the digest of the next day, nor in the morning after it."""
    place = office(community(regulation="S2"))
    place.clock.advance(timedelta(hours=13))  # 22:00
    for phone, unit in (("+8613900001234", "2-101"), ("+8613955556666", "2-102")):
        case = place.register(kind="complaint", matter="other", phone=phone, unit=unit).case
        send(place)
        assert case.clocks.deadlines[Clock.ON_SITE].due_at == case.registered_at + timedelta(hours=8)
        place.clock.advance(timedelta(hours=3))
        sent = len(place.sms.sent)
        place.do(case, "classify", MANAGER, ClassifyForm("只是询问", kind="inquiry", urgency="normal"))
        send(place)
        assert [to for to, text in place.sms.sent[sent:] if "取消" in text or "不再" in text] == [phone]
        place.clock.advance(timedelta(hours=-3))


@pytest.mark.req("G4", "B7")
def test_a_pause_and_what_it_puts_off_are_told() -> None:
    story = working("default", kind="repair", matter="home_other").do("pause", HANDLER)
    assert (NoticeKind.PAUSED, None) in told(story)
    before = story.case.clocks.solve_due_at
    story.wait(hours=20).do("resume", HANDLER)
    assert story.case.clocks.solve_due_at > before
    assert told(story) == [(NoticeKind.TIME_MOVED, Clock.SOLVE)]
    line = list(read_by(Audience.RESIDENT, story.case, story.events))[-1]
    assert (line.type, line.times[0].before) == ("resumed", before)


@pytest.mark.req("G4", "D3", "E5")
def test_what_the_end_of_a_pause_moves_is_told_by_it_whatever_else_falls_due_then() -> None:
    """The climb of a late signature is the company's own; a message that stood beside it led nowhere."""
    story = working("default", kind="repair", matter="home_other").do("pause", HANDLER)
    story.do("assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    payloads = story.wait(days=6).fire()
    assert isinstance(payloads[-1], ev.Escalated | ev.MarkedOverdue | ev.Reminded)
    [moved] = [
        notice
        for notice in due(story.outcomes[-1], story.context)
        if notice.kind is NoticeKind.TIME_MOVED and notice.channel is NoticeChannel.SMS
    ]
    [resumed] = [event for event in story.outcomes[-1].events if isinstance(event.payload, ev.Resumed)]
    assert (moved.recipient, moved.detail, moved.version) == (RESIDENT_ID, Clock.SOLVE, resumed.version)


@pytest.mark.req("G4")
def test_a_pause_that_ends_with_the_work_tells_only_the_result() -> None:
    story = working("default", kind="repair", matter="home_other").do("pause", HANDLER)
    story.wait(hours=20).do("complete", HANDLER)
    assert [kind for kind, _ in told(story)] == [NoticeKind.COMPLETED]


@pytest.mark.req("B2")
def test_another_handler_moves_no_promise() -> None:
    story = working("default")
    story.do("assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    assert told(story) == []


@pytest.mark.req("A8", "E5")
def test_the_pages_and_the_api_say_that_a_time_is_off() -> None:
    with api_desk() as desk:
        place = desk.office
        case = place.register(kind="repair", matter="leak", urgency="urgent").case
        place.clock.advance(timedelta(minutes=1))
        place.do(case, "classify", MANAGER, ClassifyForm("改", kind="inquiry", urgency="normal"))
        code = place.codes.code(link_for(case, Purpose.TRACK, 7))
        chinese = {"Accept-Language": "zh-CN"}
        entry = desk.get(f"/v1/links/{code}", headers=chinese).json_body["timeline"][-1]
        assert [change for change in entry["times"] if change["at"] is None]
        assert "不再安排（原为" in desk.client.http.get(f"/l/{code}", headers=chinese).body.decode()
