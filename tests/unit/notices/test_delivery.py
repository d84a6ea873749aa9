"""Each notice leaves once, whatever is delivered twice or breaks off (A11, B3, D1, E8, G3, G8)."""

import logging
from collections import Counter
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome, WorkerNotified
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.case.links import CODE_LENGTH, Purpose, link_for
from chalicelib.domain.case.spoken import WordForm
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.intake.forms import ClassifyForm, MergeForm
from chalicelib.domain.notices.kinds import Notice, NoticeChannel, NoticeKind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.services.errors import UNKNOWN_WHETHER_SENT, DeliveryError
from chalicelib.services.notices.delivery import ATTEMPTS, CLAIM_GRACE, Delivery
from chalicelib.services.records import StoredNotice
from tests.builders import AGENT, MANAGER, MONDAY, SUPERVISOR, Office, community, office
from tests.fakes.memory import CrashError
from tests.sending import send
from tests.words import texts

BASE = "https://suda.example.com"
HANDLER = Actor(Role.HANDLER, "engineering-1")
HANDLER_PHONE = "+8613800000099"
TO_ENGINEER = AssignForm(handler="engineering-1", reason="on duty")


def delivery(place: Office) -> Delivery:
    return Delivery(place.desk, place.stores.notices, place.sms, place.mail, BASE, texts)


def stored(place: Office, case: Case, kind: NoticeKind, channel: str = "sms") -> StoredNotice:
    found = [
        notice
        for notice in place.stores.notices.of_case(case.community, case.number)
        if notice.notice.kind is kind and notice.notice.channel == channel
    ]
    return found[-1]


def deliver(place: Office, case: Case, kind: NoticeKind, channel: str = "sms") -> bool:
    return delivery(place).deliver(stored(place, case, kind, channel))


def registered(place: Office, **changes: object) -> Case:
    return place.register(**{"matter": "lighting_lock", "kind": "repair", **changes}).case


def completed(place: Office, **changes: object) -> Case:
    case = place.do(registered(place, **changes), "assign", TIMER, TO_ENGINEER)
    place.do(case, "sign", HANDLER, SignForm(signature="甲"))
    return place.do(case, "complete", HANDLER, CompleteForm(result="已更换灯泡。"))


@pytest.mark.req("B6", "B7")
def test_who_asks_for_help_or_urges_is_named_and_why_is_in_the_mail() -> None:
    place = office()
    case = place.do(registered(place), "assign", TIMER, TO_ENGINEER)
    place.do(case, "escalate", Actor(Role.DEPARTMENT_HEAD, "engineering-head"), ReasonForm("阀门锈死"))
    assert deliver(place, case, NoticeKind.ESCALATED)
    assert deliver(place, case, NoticeKind.ESCALATED, "mail")
    name = place.desk.context_of(case).community.member("engineering-head").name
    assert place.sms.sent[-1][1].startswith(f"【诉达】{name}请求支援：3-1201")
    assert place.sms.sent[-1][1].endswith(f"/w/{case.number}")
    assert "理由：阀门锈死" in place.mail.sent[-1][2]
    place.do(case, "record_urge", AGENT, WordForm(place.clock(), "王芳", "phone"))
    assert deliver(place, case, NoticeKind.URGED)
    assert place.sms.sent[-1][1].startswith("【诉达】安佳催办：")
    place.clock.advance(timedelta(hours=3))
    place.do(case, "urge", RESIDENT, NoteForm())
    assert deliver(place, case, NoticeKind.URGED)
    assert place.sms.sent[-1][1].startswith("【诉达】住户催办：")


@pytest.mark.req("A11")
def test_the_resident_of_a_merged_case_learns_where_it_goes_on() -> None:
    place = office()
    goes_on, case = registered(place), registered(place)
    place.do(case, "merge", SUPERVISOR, MergeForm(goes_on.number, "同一盏灯"))
    assert deliver(place, case, NoticeKind.MERGED)
    phone, text = place.sms.sent[-1]
    assert phone == case.report.phone
    assert f"{case.number}并入{goes_on.number}" in text


@pytest.mark.req("A11")
def test_the_resident_gets_number_deadline_and_a_link_that_is_the_one_on_record() -> None:
    place = office()
    receipt = place.register(email="wang@example.com")
    case = receipt.case
    assert deliver(place, case, NoticeKind.REGISTERED)
    assert deliver(place, case, NoticeKind.REGISTERED, "mail")
    ((phone, text),) = place.sms.sent
    assert phone == case.report.phone
    assert case.number in text
    assert "17:00前到场" in text, "the promise that comes first"
    link = f"{BASE}/l/{receipt.track_code}"
    assert f" {link}" in text, "with a seal behind it"
    assert place.stores.links.find(place.codes.hash(receipt.track_code)) is not None
    ((address, subject, body),) = place.mail.sent
    assert address == "wang@example.com"
    assert case.number in subject
    assert link in body
    done = stored(place, case, NoticeKind.REGISTERED)
    assert (done.status, done.provider_id, done.attempts) == ("sent", "sms-1", 1)
    assert done.sent_at == place.clock()


@pytest.mark.req("B2", "D1")
def test_every_link_that_leaves_opens_what_it_is_for() -> None:
    place = office()
    case = place.do(registered(place), "assign", TIMER, TO_ENGINEER)
    deliver(place, case, NoticeKind.ASSIGNED)
    place.do(case, "sign", HANDLER, SignForm(signature="甲"))
    case = place.do(case, "complete", HANDLER, CompleteForm(result="已更换"))
    deliver(place, case, NoticeKind.COMPLETED)
    case = place.do(case, "rate", RESIDENT, RateForm(score=1))
    deliver(place, case, NoticeKind.REOPENED)
    purposes = []
    for _, text in place.sms.sent:
        link = place.stores.links.find(place.codes.hash(text.rpartition("/")[2][:CODE_LENGTH]))
        assert link is not None
        purposes.append(link.purpose)
    assert purposes == [Purpose.WORK, Purpose.RATE, Purpose.TRACK]


@pytest.mark.req("G3")
def test_delivered_twice_it_is_sent_once() -> None:
    place = office()
    case = registered(place)
    assert deliver(place, case, NoticeKind.REGISTERED)
    assert not deliver(place, case, NoticeKind.REGISTERED)
    assert len(place.sms.sent) == 1


def test_somebody_else_who_has_claimed_it_sends_it() -> None:
    place = office()
    case = registered(place)
    notice = stored(place, case, NoticeKind.REGISTERED)
    assert place.stores.notices.claim(notice, place.clock())
    assert not deliver(place, case, NoticeKind.REGISTERED)
    assert not place.sms.sent


def test_a_failure_gives_it_back_and_asks_for_another_try() -> None:
    place = office()
    case = registered(place)
    place.sms.failures = [DeliveryError("Throttled", final=False)]
    with pytest.raises(DeliveryError, match="Throttled"):
        deliver(place, case, NoticeKind.REGISTERED)
    waiting = stored(place, case, NoticeKind.REGISTERED)
    assert (waiting.status, waiting.error, waiting.attempts) == ("pending", "Throttled", 1)
    assert deliver(place, case, NoticeKind.REGISTERED)
    done = stored(place, case, NoticeKind.REGISTERED)
    assert (done.status, done.attempts) == ("sent", 2)


def test_a_number_that_does_not_exist_fails_at_once_and_visibly(caplog: pytest.LogCaptureFixture) -> None:
    place = office()
    case = registered(place)
    place.sms.failures = [DeliveryError("InvalidParameter", final=True)]
    with caplog.at_level(logging.ERROR), pytest.raises(DeliveryError) as refused:
        deliver(place, case, NoticeKind.REGISTERED)
    assert refused.value.final
    failed = stored(place, case, NoticeKind.REGISTERED)
    assert (failed.status, failed.error) == ("failed", "InvalidParameter")
    assert [record.message for record in caplog.records] == ["notice failed"]
    assert case.report.phone not in str(vars(caplog.records[0]))
    assert delivery(place).sweep(place.clock() + timedelta(days=1)).left == 0


def test_in_the_end_it_has_failed_for_good() -> None:
    place = office()
    case = registered(place)
    place.sms.failures = [DeliveryError("InternalError", final=False)] * ATTEMPTS
    for _ in range(ATTEMPTS - 1):
        with pytest.raises(DeliveryError):
            deliver(place, case, NoticeKind.REGISTERED)
    for _ in range(3):
        with pytest.raises(DeliveryError, match="InternalError"):
            deliver(place, case, NoticeKind.REGISTERED)
    failed = stored(place, case, NoticeKind.REGISTERED)
    assert (failed.status, failed.attempts) == ("failed", ATTEMPTS)
    assert not place.sms.failures


@pytest.mark.req("B3")
def test_a_warning_is_sent_again_when_nobody_knows_whether_it_left() -> None:
    place = office()
    case = place.do(registered(place), "assign", TIMER, TO_ENGINEER)
    assert place.memory is not None
    place.memory.faults["notices.mark_sent"] = ["before"]
    with pytest.raises(CrashError):
        deliver(place, case, NoticeKind.ASSIGNED)
    assert stored(place, case, NoticeKind.ASSIGNED).status == "sending"
    assert not deliver(place, case, NoticeKind.ASSIGNED)
    deliver(place, case, NoticeKind.REGISTERED)
    sweep = delivery(place).sweep
    place.clock.advance(CLAIM_GRACE - timedelta(seconds=1))
    assert sweep(place.clock()).left == 0
    place.clock.advance(timedelta(seconds=1))
    assert sweep(place.clock()).left == 1
    assert sweep(place.clock()).left == 0
    assert [phone for phone, _ in place.sms.sent].count(place.sms.sent[0][0]) == 2
    assert stored(place, case, NoticeKind.ASSIGNED).status == "sent"


@pytest.mark.req("D1", "G8")
def test_a_survey_is_not_sent_again_when_nobody_knows_whether_it_left() -> None:
    place = office()
    case = completed(place)
    assert place.memory is not None
    place.memory.faults["notices.mark_sent"] = ["before"]
    with pytest.raises(CrashError):
        deliver(place, case, NoticeKind.COMPLETED)
    place.clock.advance(CLAIM_GRACE)
    delivery(place).sweep(place.clock())
    lost = stored(place, case, NoticeKind.COMPLETED)
    assert (lost.status, lost.error) == ("failed", UNKNOWN_WHETHER_SENT)
    assert sum("评价" in text for _, text in place.sms.sent) == 1


@pytest.mark.req("G8")
def test_a_lost_answer_ends_a_survey_but_not_a_warning() -> None:
    place = office()
    case = completed(place)
    lost = DeliveryError(UNKNOWN_WHETHER_SENT, final=False)
    place.sms.failures = [lost]
    with pytest.raises(DeliveryError) as refused:
        deliver(place, case, NoticeKind.COMPLETED)
    assert refused.value.final
    assert stored(place, case, NoticeKind.COMPLETED).status == "failed"
    place.sms.failures = [lost]
    with pytest.raises(DeliveryError):
        deliver(place, case, NoticeKind.REGISTERED)
    assert stored(place, case, NoticeKind.REGISTERED).status == "pending"


def test_a_sweep_sends_what_the_stream_lost_and_goes_on_past_failures(
    caplog: pytest.LogCaptureFixture,
) -> None:
    place = office()
    cases = [registered(place) for _ in range(4)]
    assert place.memory is not None
    place.clock.advance(timedelta(minutes=3))
    place.sms.failures = [DeliveryError("Throttled", final=False)]
    place.memory.faults["notices.claim"] = ["", "before"]
    with caplog.at_level(logging.WARNING):
        assert delivery(place).sweep(place.clock()).left == 2
    assert [record.message for record in caplog.records] == ["notice not sent yet", "notice cannot be sent"]
    assert delivery(place).sweep(place.clock()).left == 2
    assert len(place.sms.sent) == len(cases)


def test_a_sweep_leaves_alone_what_is_newer() -> None:
    place = office()
    registered(place)
    assert delivery(place).sweep(place.clock()).left == 0
    assert not place.sms.sent


@pytest.mark.req("G8")
def test_a_survey_rated_meanwhile_is_skipped_and_says_why() -> None:
    place = office()
    case = completed(place)
    place.do(case, "rate", RESIDENT, RateForm(score=5))
    assert not deliver(place, case, NoticeKind.COMPLETED)
    skipped = stored(place, case, NoticeKind.COMPLETED)
    assert (skipped.status, skipped.error) == ("skipped", "rated")
    assert not place.sms.sent


@pytest.mark.req("B2")
def test_the_link_of_a_handler_replaced_meanwhile_is_not_sent() -> None:
    place = office()
    case = place.do(registered(place), "assign", TIMER, TO_ENGINEER)
    first = stored(place, case, NoticeKind.ASSIGNED)
    place.do(case, "assign", SUPERVISOR, AssignForm(handler="engineering-2", reason="换人"))
    assert not delivery(place).deliver(first)
    skipped = place.stores.notices.get(case.community, case.number, first.notice.key)
    assert skipped is not None
    assert (skipped.status, skipped.error) == ("skipped", "reassigned")


@pytest.mark.req("G8")
def test_why_no_survey_was_sent_is_on_record() -> None:
    place = office()
    case = completed(place, phone=None)
    assert not deliver(place, case, NoticeKind.COMPLETED)
    skipped = stored(place, case, NoticeKind.COMPLETED)
    assert (skipped.status, skipped.error) == ("skipped", "no_address")


def test_at_night_it_waits_for_the_morning() -> None:
    place = office()
    case = completed(place, matter="cleaning")
    place.clock.set(place.clock().replace(hour=15))  # 23:00 in Shanghai
    assert not deliver(place, case, NoticeKind.COMPLETED)
    delivery(place).sweep(place.clock())
    assert stored(place, case, NoticeKind.COMPLETED).status == "pending"
    place.clock.advance(timedelta(hours=9))
    assert delivery(place).sweep(place.clock()).left == 1
    assert stored(place, case, NoticeKind.COMPLETED).status == "sent"


@pytest.mark.req("E8")
def test_the_counters_do_not_show_the_number() -> None:
    place = office()
    case = registered(place)
    deliver(place, case, NoticeKind.REGISTERED)
    assert place.memory is not None
    assert place.memory.hits
    assert place.memory.taken
    assert case.report.phone is not None
    kept = [*(bucket for bucket, _ in place.memory.hits), *place.memory.taken]
    assert not [bucket for bucket in kept if case.report.phone[3:] in bucket]


def test_retries_are_not_counted_against_the_cap() -> None:
    place = office()
    case = registered(place)
    place.sms.failures = [DeliveryError("Throttled", final=False)] * 3
    for _ in range(3):
        with pytest.raises(DeliveryError):
            deliver(place, case, NoticeKind.REGISTERED)
    deliver(place, case, NoticeKind.REGISTERED)
    assert place.memory is not None
    assert set(place.memory.hits.values()) == {1}


def test_the_number_is_looked_up_when_it_leaves() -> None:
    place = office()
    case = place.do(registered(place), "assign", TIMER, TO_ENGINEER)
    community = place.stores.directory.community(case.community)
    staff = tuple(
        replace(member, phone=HANDLER_PHONE) if member.username == "engineering-1" else member
        for member in community.staff
    )
    place.stores.directory.put(replace(community, staff=staff))  # type: ignore[attr-defined]
    assert deliver(place, case, NoticeKind.ASSIGNED)
    assert place.sms.sent[0][0] == HANDLER_PHONE


def test_the_work_link_stays_the_same_while_the_handler_does() -> None:
    place = office()
    case = place.do(registered(place), "assign", TIMER, TO_ENGINEER)
    deliver(place, case, NoticeKind.ASSIGNED)
    signed = place.do(case, "sign", HANDLER, SignForm(signature="甲"))
    days = place.desk.context_of(case).regulation.survey.link_days
    assert place.sms.sent[0][1].endswith(place.codes.code(link_for(signed, Purpose.WORK, days)))


FOUND_FAULTY = RevisitForm(RevisitOutcome.DISSATISFIED, "visit", fault="接口处仍渗水")


def faulty(place: Office) -> Case:
    """A case whose revisit found fault with the work of `engineering-1`."""
    return place.do(completed(place), "record_revisit", AGENT, FOUND_FAULTY)


@pytest.mark.req("C17")
def test_the_written_notice_of_a_fault_stops_its_clock_when_it_leaves() -> None:
    place = office()
    case = faulty(place)
    assert Clock.CORRECT not in case.clocks.met
    place.clock.advance(timedelta(minutes=1))
    assert deliver(place, case, NoticeKind.FAULT)
    ((phone, text),) = place.sms.sent
    member = place.desk.directory.community("riverside").member(HANDLER.id)
    assert member is not None
    assert phone == member.phone
    assert "接口处仍渗水" in text
    assert place.case(case).clocks.met[Clock.CORRECT] == place.clock()
    (event,) = place.desk.cases.events(case.community, case.number)[case.version :]
    assert (event.command, event.actor) == ("notify_worker", TIMER)


@pytest.mark.req("C17", "G9")
def test_the_written_notice_of_a_fault_leaves_after_the_last_return_too() -> None:
    """The case is closed by then: its history says how and when the worker was told."""
    place = office()
    case = faulty(place)
    for _ in range(place.desk.context_of(case).regulation.reopen.returns):
        place.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉"))
        place.do(case, "sign", HANDLER, SignForm(signature="甲"))
        place.do(case, "complete", HANDLER, CompleteForm(result="又修过"))
        case = place.do(case, "record_revisit", AGENT, FOUND_FAULTY)
    assert case.state is State.CLOSED
    place.clock.advance(timedelta(minutes=1))
    assert deliver(place, case, NoticeKind.FAULT)
    ((_, text),) = place.sms.sent
    assert "最后一次回访仍有问题" in text
    assert "接口处仍渗水" in text
    (event,) = place.desk.cases.events(case.community, case.number)[case.version :]
    assert event.payload == WorkerNotified("sms: engineering-1")
    assert place.case(case).follow_up.fault.told_at == place.clock()


@pytest.mark.req("C17")
def test_a_notice_of_a_fault_that_cannot_be_sent_leaves_the_clock_running() -> None:
    place = office()
    case = faulty(place)
    place.sms.failures.append(DeliveryError("InvalidParameter", final=True))
    with pytest.raises(DeliveryError):
        deliver(place, case, NoticeKind.FAULT)
    assert Clock.CORRECT not in place.case(case).clocks.met


@pytest.mark.req("C17", "G3")
def test_a_worker_who_was_told_by_hand_meanwhile_is_told_once_more_and_nothing_breaks() -> None:
    place = office()
    case = faulty(place)
    told = place.do(case, "notify_worker", SUPERVISOR, RequiredNoteForm("当面交给他"))
    assert deliver(place, case, NoticeKind.FAULT)
    assert place.case(case).clocks.met[Clock.CORRECT] == told.clocks.met[Clock.CORRECT]


@pytest.mark.req("G3")
def test_of_two_clocks_that_end_together_one_message_leaves_and_the_record_says_why() -> None:
    """S2 has an inquiry solved when it is answered."""
    place = office(replace(community(), regulation="S2"))
    case = place.do(registered(place, kind="inquiry", matter="activity"), "assign", TIMER, TO_ENGINEER)
    place.do(case, "sign", HANDLER, SignForm(signature="甲"))
    case = place.do(case, "start", HANDLER, NoteForm())
    place.clock.set(case.clocks.solve_due_at)
    place.do(case, "fire_timers", TIMER, TimersForm())
    notices = place.stores.notices.of_case(case.community, case.number)
    late = [stored for stored in notices if stored.notice.kind is NoticeKind.OVERDUE]
    assert {Clock.SOLVE, Clock.ANSWER} <= {stored.notice.detail for stored in late}
    for overdue in late:
        delivery(place).deliver(overdue)
    became = {
        stored.notice.detail: (stored.status, stored.error)
        for stored in place.stores.notices.of_case(case.community, case.number)
        if stored.notice.kind is NoticeKind.OVERDUE
    }
    assert became[Clock.SOLVE] == ("sent", None)
    assert became[Clock.ANSWER] == ("skipped", "told_already")


@pytest.mark.req("B7", "G3")
def test_nobody_is_reminded_of_a_clock_that_a_correction_has_ended() -> None:
    """A fault that came in as an emergency and is none: nobody has to be at the door by then any more."""
    place = office()
    case = place.do(registered(place, urgency="emergency", matter="flooding"), "assign", TIMER, TO_ENGINEER)
    place.do(case, "sign", HANDLER, SignForm(signature="甲"))
    place.clock.set(case.clocks.deadlines[Clock.ON_SITE].due_at - timedelta(minutes=1))
    place.do(case, "fire_timers", TIMER, TimersForm())
    reminder = next(
        stored
        for stored in place.stores.notices.of_case(case.community, case.number)
        if (stored.notice.kind, stored.notice.detail) == (NoticeKind.REMINDER, Clock.ON_SITE)
    )
    case = place.do(case, "classify", MANAGER, ClassifyForm("误报", urgency="normal", matter="home_other"))
    assert Clock.ON_SITE not in case.deadlines
    assert not delivery(place).deliver(reminder)
    became = place.stores.notices.get(case.community, case.number, reminder.notice.key)
    assert became is not None
    assert (became.status, became.error) == ("skipped", "moved")


def note_waiting(place: Office, number: int, at: datetime, recipient: str = "resident") -> None:
    """A message that waits, as a command of long ago has left it."""
    assert place.memory is not None
    case = next(iter(place.memory.cases.values()))
    notice = Notice(f"000001#alert#sms#{number:06d}", NoticeKind.NEWS, NoticeChannel.SMS, recipient, 1, at)
    key = (case.community, case.number, notice.key)
    place.memory.notices[key] = StoredNotice(*key[:2], notice, "pending", 0)


@pytest.mark.req("G3")
def test_a_sweep_sees_past_thousands_that_wait_for_the_morning() -> None:
    """A message to staff that was written after them is sent in the same sweep."""
    place = office(at=MONDAY + timedelta(hours=14))  # 23:00 in Shanghai
    registered(place)
    for number in range(1500):
        note_waiting(place, number, place.clock())
    place.clock.advance(timedelta(minutes=1))
    case = place.register(matter="fire", kind="help", name="李四").case
    place.clock.advance(timedelta(hours=3))
    sent = place.sms.sent.copy()
    delivery(place).sweep(place.clock())
    assert [text for _, text in place.sms.sent[len(sent) :] if case.number in text]


@pytest.mark.req("G3")
def test_what_a_sweep_has_no_time_for_the_next_one_begins_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each looks at 40 of 400 that wait for the morning; what is new meanwhile has its turn too."""
    place = office(at=MONDAY + timedelta(hours=14))
    registered(place)
    for number in range(400):
        note_waiting(place, number, place.clock())
    place.clock.advance(timedelta(minutes=30))
    seen: Counter[str] = Counter()
    monkeypatch.setattr(Delivery, "deliver", lambda _, stored: seen.update([stored.notice.key]) or False)
    monkeypatch.setattr("chalicelib.services.notices.queue.AT_ONCE", 15)
    for turn in range(15):
        left = iter(range(40))
        delivery(place).sweep(place.clock(), lambda left=left: next(left, None) is None)  # type: ignore[misc]
        if turn == 3:
            note_waiting(place, 999, place.clock())
        place.clock.advance(timedelta(minutes=5))
    assert len([key for key in seen if "alert" in key]) == 401
    assert max(seen.values()) <= 3, "the rounds are even"


@pytest.mark.req("G3")
def test_a_clock_that_was_ahead_holds_no_message_for_ever() -> None:
    place = office()
    case = registered(place)
    waiting = stored(place, case, NoticeKind.REGISTERED)
    assert place.stores.notices.claim(waiting, place.clock() + timedelta(days=1))
    place.clock.advance(timedelta(minutes=3))
    delivery(place).sweep(place.clock())
    assert stored(place, case, NoticeKind.REGISTERED).status == "sent"


@pytest.mark.req("B8", "G3")
def test_a_message_has_not_left_before_it_was_written() -> None:
    """The clock that sends it is behind the one that wrote it."""
    place = office()
    case = completed(place)
    place.clock.advance(timedelta(minutes=-10))
    assert deliver(place, case, NoticeKind.COMPLETED)
    sent = stored(place, case, NoticeKind.COMPLETED)
    assert sent.sent_at == sent.notice.created_at
    told = place.stores.cases.events("riverside", case.number)[-1]
    assert told.at >= sent.notice.created_at
    assert all(at >= case.clocks.started_at for at in place.case(case).met.values())


@pytest.mark.req("B6", "C3", "G3")
@pytest.mark.parametrize("bounced", [False, True])
def test_who_was_chased_by_sms_hears_the_rest_by_mail_unless_mails_are_lost(bounced: bool) -> None:
    """Nobody who must hear is left out: the first chase rings, and so does each while mails do not arrive."""
    place = office()
    case = place.register(actor=AGENT, kind="repair", matter="lighting_lock").case
    place.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "熟悉"))
    boss = community().member("supervisor-1")
    assert boss is not None
    rungs = []
    for hours in (4, 27):  # after the time to sign; and after those to respond and to solve
        place.clock.set(MONDAY + timedelta(hours=hours))
        place.do(case, "fire_timers", TIMER, TimersForm())
        send(place)
        rungs.append(sum(phone == boss.phone for phone, _ in place.sms.sent))
        mails = [
            stored
            for stored in place.stores.notices.of_case(case.community, case.number)
            if stored.notice.recipient == boss.username and stored.notice.channel is NoticeChannel.MAIL
        ]
        if bounced:
            place.stores.notices.came_to(mails[0], "bounced")
    assert [stored.status for stored in mails] == ["sent"] * 3
    assert rungs == ([1, 3] if bounced else [1, 1])
