"""Who reads what of a history is one rule: API and pages say the same, and what is inside stays (E5, E8)."""

from datetime import date, timedelta
from enum import Enum

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import fields, replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor
from chalicelib.domain.deadlines.deadline import Moved
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.history_readers import Audience, Line, read_by
from chalicelib.domain.notices.history_rules import RULES
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm, PauseForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from chalicelib.services.views.history import TimelineEntry, timeline
from chalicelib.web.history import Entry, happened, told, worked
from chalicelib.web.words import Words, words
from tests.browser import assigned, browsing, link, text
from tests.builders import office
from tests.histories import WANDERINGS, wandering
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, context


def by_type(language: str = "zh-CN") -> Words:
    """A catalogue whose sentence for an event is the name of its type."""
    plain = words(language)
    types = {
        group: {name: name for name in sentences}
        for group, sentences in plain.groups.items()
        if group in {"told", "happened"}
    }
    case = {**plain.groups["case"], "plan_put": "proposed"}  # its name where the desk has confirmed it
    return replace(plain, groups={**plain.groups, **types, "case": case})


def lines(story: Story, reader: Audience = Audience.RESIDENT) -> list[Line]:
    return list(read_by(reader, story.case, story.events))


def entries(story: Story, reader: Audience = Audience.RESIDENT) -> tuple[TimelineEntry, ...]:
    return timeline(reader, story.case, story.events, story.context)


def on_the_page(story: Story, catalogue: Words | None = None) -> tuple[Entry, ...]:
    return told(story.case, story.events, story.context, catalogue or words("zh-CN"))


def at_work() -> Story:
    story = Story(context(pack="S2")).register()
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到"))
    return story.do("sign", HANDLER).do("start", HANDLER)


@pytest.mark.req("E8")
def test_an_event_without_a_rule_is_read_by_staff_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    story = at_work()
    monkeypatch.delitem(RULES, ev.Signed)
    for reader in (Audience.RESIDENT, Audience.HANDLER):
        assert "signed" not in [line.type for line in read_by(reader, story.case, story.events)]
    assert "signed" in [line.type for line in read_by(Audience.STAFF, story.case, story.events)]


def test_each_rule_is_of_an_event_and_names_facts_that_it_has() -> None:
    assert RULES.keys() <= set(ev.EVENT_TYPES.values())
    for kind, rule in RULES.items():
        assert {*(rule.resident or ())} <= {field.name for field in fields(kind)}, kind
        inner = issubclass(kind, ev.MaliciousEvent)  # the desk's and its leaders' (G14)
        assert rule.handler or rule.resident is None or inner, "the handler reads what the resident reads"


@pytest.mark.req("E5", "E8")
@given(story=WANDERINGS)
@settings(max_examples=60)
def test_api_and_page_show_the_same_events_of_the_same_link(story: Story) -> None:
    for reader, page in ((Audience.RESIDENT, told), (Audience.HANDLER, worked)):
        of_the_api = [entry.type for entry in entries(story, reader)]
        on_page = [entry.title for entry in page(story.case, story.events, story.context, by_type())]
        assert of_the_api == list(reversed(on_page))


@pytest.mark.req("E5", "E8")
@given(story=WANDERINGS)
@settings(max_examples=60)
def test_an_inner_clock_is_nowhere_and_what_was_told_is_there(story: Story) -> None:
    shown = lines(story)
    promised = {Clock.RESPOND, Clock.ON_SITE, Clock.QUOTE, Clock.SOLVE}
    for line in shown:
        clocks = {change.clock for change in line.times} | {line.facts.get("clock", Clock.SOLVE)}
        assert clocks <= promised, line
    versions = {line.version for line in shown}
    versions |= {event.version for event in story.events if isinstance(event.payload, ev.AskedAgain)}  # inner
    for outcome in story.outcomes:
        for notice in due(outcome, story.context):
            if notice.recipient == RESIDENT_ID and notice.kind is not NoticeKind.SURVEY_REMINDER:
                assert notice.version in versions, notice.kind


@pytest.mark.req("B8", "G7")
@given(story=WANDERINGS)
@settings(max_examples=30)
def test_staff_read_every_event_and_the_handler_what_the_resident_reads_and_more(story: Story) -> None:
    whole = happened(story.case, story.events, story.context, by_type())
    assert [entry.title for entry in reversed(whole)] == [event.type for event in story.events]
    seen = {line.version for line in lines(story, Audience.HANDLER)}
    track = {event.version for event in story.events if isinstance(event.payload, ev.MaliciousEvent)}
    assert {line.version for line in lines(story)} - track <= seen


def marked(event: ev.Event) -> ev.Event:
    """The event with each of its texts saying which fact it is, as `completed.result`."""
    kept = {"regulation", "regulation_version", "zone", "key", "role", "rank", "stage"}
    kept |= {"cause"} if isinstance(event.payload, ev.Reopened) else set()
    texts = {
        field.name: f"‹{event.type}.{field.name}›"
        for field in fields(event.payload)
        if isinstance(value := getattr(event.payload, field.name), str)
        and not isinstance(value, Enum)
        and field.name not in kept
    }
    return replace(event, payload=replace(event.payload, **texts))


def facts_said(shown: object) -> set[str]:
    return {part.partition("›")[0] for part in str(shown).split("‹")[1:]}


@pytest.mark.req("E5", "E8")
def test_no_text_leaves_that_its_rule_does_not_name() -> None:
    """Every text of many histories says which fact it is: those that come out are those of the rules."""
    allowed = {
        f"{name}.{fact}"
        for name, kind in ev.EVENT_TYPES.items()
        for fact in RULES[kind].resident or ()
        if name != "reopened" or fact != "cause"
    }
    found: set[str] = set()
    for seed in range(150):
        story = wandering(seed)
        story.events = [marked(event) for event in story.events]
        of_api, of_page = facts_said(entries(story)), facts_said(on_the_page(story))
        assert of_api <= allowed
        assert of_page <= allowed
        found |= of_api & of_page
    assert {"completed.result", "progressed.note", "reopened.reason", "rejected.findings"} <= found


@pytest.mark.req("E5", "E8", "B3")
def test_the_resident_reads_neither_of_a_late_signature_nor_that_somebody_declined() -> None:
    place = office()
    case = assigned(place)
    case = place.do(case, "decline", HANDLER, ReasonForm("忙不过来"))
    case = place.do(case, "assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    place.clock.advance(case.clocks.deadlines[Clock.SIGN].due_at - place.clock())
    case = place.do(case, "fire_timers", TIMER, TimersForm())
    assert "marked_overdue" in [event.type for event in place.desk.cases.events("riverside", case.number)]
    with browsing(place) as browser:
        track = link(place, case, Purpose.TRACK)
        answer = browser.client.http.get(f"/v1/links/{track.rpartition('/')[2]}").json_body
        assert [entry["type"] for entry in answer["timeline"]] == ["registered", "assigned", "assigned"]
        page = text(browser.get(track))
        for inner in ("改派", "“签收”", "忙不过来", "换人"):
            assert inner not in page
        work = text(browser.get(link(place, case, Purpose.WORK)))
        assert "退单 原因 忙不过来" in work, "the handler reads it as a colleague"


@pytest.mark.req("B7", "E5")
def test_a_promise_that_is_not_kept_is_shown_and_nothing_of_who_hears_of_it() -> None:
    story = at_work()
    story.at = story.case.clocks.solve_due_at + timedelta(days=1)
    story.fire()
    assert any(isinstance(event.payload, ev.Escalated) for event in story.events)
    late = [entry for entry in entries(story) if entry.type == "marked_overdue"]
    assert [(entry.clock, entry.text, entry.name) for entry in late] == [(Clock.SOLVE, None, None)]
    assert {entry.title for entry in on_the_page(story) if entry.late} == {"“办结”已超过时限"}


@pytest.mark.req("G4", "G5", "E8")
def test_of_what_holds_a_promise_up_the_resident_reads_why_and_until_when() -> None:
    story = at_work()
    until = story.at + timedelta(days=1)
    story.do("pause", HANDLER, PauseForm(until, "waiting_for_parts", "订货单 17 号"))
    [paused] = [entry for entry in entries(story) if entry.type == "paused"]
    assert (paused.text, paused.until) == ("waiting_for_parts", until)
    assert "订货单" not in str(on_the_page(story))
    story.do("resume", HANDLER).do("request_extension", HANDLER)
    assert "extension_requested" not in {entry.type for entry in entries(story)}
    story.do("grant_extension", MANAGER, ReasonForm("配件缺货"))
    assert entries(story)[-1].text == "配件缺货"


@pytest.mark.req("D7", "E8")
@pytest.mark.parametrize(("actor", "is_shown"), [(RESIDENT, True), (SUPERVISOR, False)])
def test_why_a_case_was_taken_up_again_is_shown_if_the_resident_said_it(actor: Actor, is_shown: bool) -> None:
    story = at_work().do("complete", HANDLER, CompleteForm("已更换", "每季检查")).wait(hours=1)
    story.do("reopen", actor, ReasonForm("还在漏"))
    [entry] = [entry for entry in entries(story) if entry.type == "reopened"]
    assert entry.text == ("resident\n还在漏" if is_shown else "staff")
    assert ("还在漏" in str(on_the_page(story))) is is_shown
    assert "每季检查" not in str(on_the_page(story)), "written for the company, as its form says"
    assert "每季检查" in str(worked(story.case, story.events, story.context, words("zh-CN")))


@pytest.mark.req("D8", "E5")
def test_a_promise_made_at_a_revisit_is_shown_with_its_time() -> None:
    story = at_work().do("complete", HANDLER).wait(hours=1)
    until = story.at + timedelta(hours=6)
    story.do(
        "record_revisit",
        SUPERVISOR,
        RevisitForm(ev.RevisitOutcome.PROMISED, "phone", "态度不好", promised_until=until),
    )
    entry = entries(story)[-1]
    assert (entry.type, entry.text, entry.until) == ("revisit_recorded", "promised", until)
    assert dict(on_the_page(story)[0].details)["约定答复时间"]
    assert "态度" not in str(on_the_page(story))


@pytest.mark.req("A8", "B7", "B11")
def test_a_correction_that_has_somebody_come_at_once_is_shown_with_what_it_replaces() -> None:
    story = Story(context(pack="S1")).register(kind="repair", matter="home_other")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到")).do("sign", HANDLER)
    visit_at = story.at + timedelta(hours=4)
    agreed = AgreedVisitForm(visit_at, story.at, "王芳", "phone")
    story.do("agree_appointment", AGENT, agreed).wait(minutes=5)
    story.do("classify", SUPERVISOR, ClassifyForm("水漫了", urgency="emergency"))
    [line] = [line for line in lines(story) if line.type == "classified"]
    assert line.visit_dropped == visit_at
    assert line.actor is None
    assert Clock.ON_SITE in {change.clock for change in line.times}
    [entry] = [entry for entry in entries(story) if entry.type == "classified"]
    assert (entry.name, entry.text, entry.times) == (None, None, line.times)
    details = dict(on_the_page(story)[0].details)
    assert details["约定时间"].endswith("不再等到那时")
    assert "水漫了" not in str(on_the_page(story))


def replanned(reason: str, amended: date | None = None, actor: Actor = MANAGER) -> Story:
    """A case whose time to solve is an hour later, for that reason."""
    story = at_work()
    solve = story.case.clocks.deadlines[Clock.SOLVE]
    later = replace(solve, due_at=solve.due_at + timedelta(hours=1))
    moved = (Moved(Clock.SOLVE, solve.due_at, later.due_at),)
    version = story.events[-1].version + 1
    payload = ev.Replanned(reason, (later,), moved, amended)
    story.events.append(ev.Event(version, story.at, actor, "replan", "replan#1", payload))
    return story


def reasons(story: Story, language: str) -> list[str]:
    entry, *_ = on_the_page(story, words(language))
    return [said for heading, said in entry.details if heading == words(language)("fields.reason")]


@pytest.mark.req("E2", "G1")
@pytest.mark.parametrize(
    ("reason", "amended"), [("周六值班", date(2026, 11, 28)), ("2026-11-28: 周六值班", None)]
)
def test_the_day_that_moved_a_deadline_is_written_as_people_write_it(
    reason: str, amended: date | None
) -> None:
    """Also in events of before 2026-11-29, which had the day in the text of the reason."""
    story = replanned(reason, amended)
    assert reasons(story, "zh-CN") == ["11月28日（周六）：周六值班"]
    assert reasons(story, "en") == ["Sat 28 Nov: 周六值班"]
    entry = entries(story)[-1]
    assert (entry.amended, entry.text) == (date(2026, 11, 28), "周六值班")


@pytest.mark.req("G1")
def test_a_reason_that_names_no_day_stands_as_it_is_and_a_timer_s_is_told_to_nobody() -> None:
    assert reasons(replanned("停电检修: 全天"), "zh-CN") == ["停电检修: 全天"]
    by_itself = replanned("The calendar was amended.", actor=TIMER)
    assert reasons(by_itself, "zh-CN") == []
    assert entries(by_itself)[-1].text is None


def test_an_event_of_before_the_day_was_a_fact_is_read_back() -> None:
    old = msgspec.json.decode('{"reason": "2026-11-28: 周六值班", "deadlines": []}', type=ev.Replanned)
    assert old.amended is None
    assert ev.amended_day(old) == (date(2026, 11, 28), "周六值班")
