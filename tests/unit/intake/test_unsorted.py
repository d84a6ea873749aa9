"""A report of which nobody has said what it is about: sorted by the desk before anybody gets it (A7)."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.events import Channel
from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.decide import decide
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.figures.what_if import judged, past_case
from chalicelib.domain.intake.danger import word_of_danger
from chalicelib.domain.intake.forms import ClassifyForm, MergeForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.possible import possible
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import KINDS, UNSORTED
from chalicelib.domain.timers import Await, TimersForm, next_step
from chalicelib.domain.work.forms import ChargeForm, ReferForm, RejectForm, SuggestionForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm, AppointmentForm
from chalicelib.services.case_line import line_of
from chalicelib.services.notices.caps_per_person import ALARMS_FROM_ONE
from chalicelib.services.workflows.executions import Execution
from chalicelib.services.workflows.tasks import Workflows
from tests.builders import AGENT, MONDAY, SUPERVISOR, Office, community, office, regulations
from tests.sending import phone_of, send
from tests.stories import ACTORS, MANAGER, Story, sample_form

NIGHT = datetime(2026, 11, 23, 18, 2, tzinfo=UTC)
"""Tuesday 24 November 2026, 02:02 in Shanghai."""

SORTED = ClassifyForm("致电核实", kind="repair", matter="door_window")
WORDS = regulations().get("default").danger_words


def unsorted(place: Office, actor: Actor = RESIDENT, **changes: object) -> Case:
    return place.register(actor=actor, **{"kind": None, "matter": None, **changes}).case


def said(place: Office) -> list[str]:
    return [text for _, text in place.sms.sent]


def alerted(place: Office) -> list[str]:
    return [phone for phone, text in place.sms.sent if "险情" in text]


@pytest.mark.req("A7", "A3")
@pytest.mark.parametrize("pack", regulations().ids())
def test_nothing_is_promised_but_what_is_true(pack: str) -> None:
    """Neither that somebody comes nor that it is solved: the desk sorts it and answers."""

    case = unsorted(office(community(regulation=pack), at=NIGHT))
    assert (case.classification.matter, case.classification.kind) == (UNSORTED, UNSORTED)
    assert case.classification.category == UNSORTED
    assert set(case.deadlines) == {Clock.RESPOND, Clock.SORT}
    assert (case.clocks.solve_due_at, case.clocks.arrival_due_at) == (None, None)


@pytest.mark.req("A7")
def test_the_time_to_sort_runs_in_the_hours_of_the_desk() -> None:
    assert unsorted(office()).deadlines[Clock.SORT].due_at == MONDAY + timedelta(minutes=15)
    opening = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert unsorted(office(at=NIGHT)).deadlines[Clock.SORT].due_at == opening + timedelta(minutes=15)


@pytest.mark.req("A7", "B2")
def test_nobody_gets_it_by_hand_or_by_rule_before_it_is_sorted() -> None:
    place = office()
    case = unsorted(place)
    flows = Workflows(place.desk, place.stores.waiting, place.workflow)
    flows.assign(Execution(case.community, case.number, "dispatch", 1, 0), 0)
    assert place.case(case).state is State.REGISTERED
    assert next_step(case, place.desk.context_of(case)).awaiting is Await.COMPLETION
    refused = (
        ("assign", AssignForm("engineering-1", "懂行")),
        ("reject", RejectForm("没有这回事")),
        ("refer", ReferForm("供水公司", "总管由供水公司维修")),
    )
    for name, form in refused:
        with pytest.raises(CommandRefusedError, match="sort it first"):
            place.do(case, name, SUPERVISOR, form)
    case = place.do(case, "classify", AGENT, SORTED)
    assert next_step(case, place.desk.context_of(case)).awaiting is Await.ASSIGNMENT
    flows.assign(Execution(case.community, case.number, "dispatch", 1, 0), 0)
    assert place.case(case).assignment.handler == "engineering-1"


BEFORE_SORTING = {
    *("classify", "answer", "withdraw", "merge", "urge", "escalate", "replan", "fire_timers", "join"),
    *("record_delivery", "record_withdrawal", "record_urge", "propose_malicious"),
    *("ask_erasure", "identify", "part", "fill_in", "hear", "join_incident", "add_files"),
    *("add_words", "choose_language", "draft_reply", "record_loss", "find_payer"),
}
"""What can be done about a report before anybody has said what it is about; all else waits for that."""


@pytest.mark.req("A7", "A13", "B1", "B11", "G11")
@pytest.mark.parametrize("kind", [None, *KINDS])
def test_nobody_judges_it_prices_it_or_promises_a_visit_before_it_is_sorted(kind: str | None) -> None:
    place = office()
    case = unsorted(place, kind=kind)
    context = place.desk.context_of(case)
    offered = {
        row.command for actor in ACTORS.values() for row in possible(case, actor, context, place.clock())
    }
    assert offered == BEFORE_SORTING
    tomorrow = place.clock() + timedelta(days=1)
    visit = AppointmentForm(tomorrow)
    refused: list[tuple[str, Actor, object]] = [
        ("propose_appointment", RESIDENT, visit),
        ("propose_appointment", AGENT, visit),
        ("agree_appointment", AGENT, AgreedVisitForm(tomorrow, place.clock(), "王芳", "phone")),
        ("refer", SUPERVISOR, ReferForm("供水公司", "总管归其维修")),
    ]
    if kind == "repair":
        refused.append(("declare_charge", AGENT, ChargeForm(True, "过保")))
    if kind == "suggestion":
        refused.append(("decide_suggestion", MANAGER, SuggestionForm(True, "采纳")))
    for name, actor, form in refused:
        with pytest.raises(CommandRefusedError, match="sort it first"):
            place.do(case, name, actor, form)


@pytest.mark.req("A7", "B11", "A13")
@pytest.mark.parametrize("kind", [None, "complaint", "repair", "suggestion"])
def test_every_command_on_it_is_taken_or_refused_in_words(kind: str | None) -> None:
    """Its clocks are two: nothing that asks for the time to solve, or ends it, gets as far as that."""
    story = Story().register(matter=None, kind=kind)
    for (role, actor), name in product(ACTORS.items(), TABLE):
        command = Command(name, actor, story.at, "command", sample_form(name, story))
        with suppress(DomainError):
            ended = decide(story.case, command, story.context).after.state not in IN_DISPATCH
            assert not ended or name in {"merge", "withdraw", "record_withdrawal", "join_incident"}, (
                role,
                name,
            )
    for name, actor in (("propose_appointment", RESIDENT), ("agree_appointment", AGENT)):
        with pytest.raises(CommandRefusedError, match="sort it first"):
            story.do(name, actor)


@pytest.mark.req("A7", "B7", "G17")
def test_once_sorted_its_clocks_run_from_the_registration() -> None:
    place = office()
    as_sorted = place.register(kind="repair", matter="door_window").case
    case = unsorted(place)
    place.clock.advance(timedelta(minutes=10))
    case = place.do(case, "classify", AGENT, SORTED)
    assert case.met[Clock.SORT] == place.clock()
    for clock, deadline in as_sorted.deadlines.items():
        assert case.deadlines[clock].due_at == deadline.due_at, clock
    assert case.classification.department == "engineering"


@pytest.mark.req("A7", "A6", "G17")
def test_what_has_run_out_before_it_is_sorted_counts_from_the_sorting() -> None:
    """Nobody is sent to a flood with a promise that was broken before."""
    place = office()
    case = unsorted(place)
    place.clock.advance(timedelta(minutes=14))
    case = place.do(case, "classify", AGENT, ClassifyForm("水漫出来了", kind="repair", matter="flooding"))
    assert case.classification.urgency == "emergency", "as the matter has it"
    assert case.deadlines[Clock.ON_SITE].due_at == place.clock() + timedelta(minutes=10)


@pytest.mark.req("A7", "A8")
@pytest.mark.parametrize(
    "form",
    [
        ClassifyForm("不详", urgency="urgent"),
        ClassifyForm("不详", kind="repair"),
        ClassifyForm("不详", matter="leak"),
        ClassifyForm("不详", kind="repair", matter=UNSORTED),
    ],
)
def test_sorting_says_the_matter_and_a_kind_that_nobody_has_said(form: ClassifyForm) -> None:
    place = office()
    with pytest.raises(InvalidInputError, match="'matter'"):
        place.do(unsorted(place), "classify", AGENT, form)


@pytest.mark.req("A7")
def test_a_sorted_case_is_not_made_unsorted() -> None:
    place = office()
    with pytest.raises(InvalidInputError, match="'matter'"):
        place.do(place.register().case, "classify", AGENT, ClassifyForm("不详", matter=UNSORTED))


@pytest.mark.req("A7", "A6")
def test_whoever_says_that_it_is_an_emergency_has_sorted_it_far_enough() -> None:
    case = unsorted(office(), actor=AGENT, channel=Channel.HOTLINE_OPERATOR, urgency="emergency")
    assert case.classification.matter == "other"
    assert Clock.ON_SITE in case.deadlines


@pytest.mark.req("A10", "A7")
def test_what_was_solved_on_the_spot_has_a_matter() -> None:
    with pytest.raises(InvalidInputError, match="'matter'"):
        unsorted(office(), actor=AGENT, channel=Channel.WALK_IN, solved_with="已换好")


@pytest.mark.req("A7", "A6")
def test_words_of_danger_wake_whoever_is_on_duty_at_night() -> None:
    place = office(at=NIGHT)  # nobody of the roster is there: the head stands in
    unsorted(place, text="五楼楼道有浓烟，快来人")
    send(place)
    assert alerted(place) == [phone_of("desk-head")]
    (text,) = (text for text in said(place) if "险情" in text)
    assert "“浓烟”：3-1201" in text
    assert "五楼" not in text, "what residents wrote stays out of SMS"


@pytest.mark.req("A7", "A6")
def test_a_guard_on_duty_looks_where_the_desk_is_closed() -> None:

    plain = community()
    night = Shift("security", "security-2", tuple(range(7)), time(20), time(8))
    place = office(replace(plain, shifts=(*plain.shifts, night)), at=NIGHT)
    unsorted(place, text="有人晕倒在大堂")
    send(place)
    assert alerted(place) == [phone_of("security-2")]


@pytest.mark.req("A7")
def test_without_them_nobody_is_woken_and_what_the_desk_has_sorted_is_judged() -> None:
    place = office(at=NIGHT)
    unsorted(place, text="门关不严")
    place.register(actor=AGENT, text="着火了", kind="repair", matter="door_window")
    send(place)
    assert alerted(place) == []


@pytest.mark.req("A6", "A7")
@pytest.mark.parametrize("at", [NIGHT, MONDAY])
@pytest.mark.parametrize(
    "chosen",
    [
        {"kind": "complaint", "matter": "other"},
        {"kind": "repair", "matter": "door_window"},
        {"kind": "repair", "matter": "seepage", "urgency": "urgent"},
    ],
)
@pytest.mark.parametrize("by", [RESIDENT, ACTORS[Role.MACHINE]])
def test_words_of_danger_wake_somebody_whatever_the_reporter_has_chosen(
    by: Actor, chosen: dict[str, str], at: datetime
) -> None:
    place = office(at=at)
    channel = Channel.WEB if by == RESIDENT else Channel.HOTLINE_IVR
    case = place.register(actor=by, text="三楼浓烟滚滚", channel=channel, **chosen).case
    assert case.alarm is not None
    assert case.alarm.danger
    send(place)
    assert phone_of(case.alarm.told[0]) in alerted(place)
    assert line_of(case, place.desk.context_of(case), None).danger
    case = place.do(case, "classify", AGENT, ClassifyForm("是隔壁烧烤", matter="odour", kind="complaint"))
    assert not line_of(case, place.desk.context_of(case), None).danger
    assert case.alarm is not None
    assert case.alarm.over


@pytest.mark.req("A7", "G8")
def test_strangers_cannot_empty_the_purse_with_words_of_danger() -> None:
    place = office(at=NIGHT)
    for _ in range(ALARMS_FROM_ONE + 5):
        unsorted(place, text="着火了")
    send(place)
    assert len(alerted(place)) == ALARMS_FROM_ONE, "the rest stands in a digest"


@pytest.mark.req("A7")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("厨房着火了", "火"),
        ("樓道冒煙", "冒煙"),
        ("闻到煤气味", "煤气"),
        ("老人被困电梯", "被困"),
        ("There is a FIRE in the hall", "fire"),
        ("ＦＩＲＥ", "fire"),
        ("没有着火，只是问问", "火"),
        ("Las Vegas", None),
        ("门关不严", None),
        ("有人在楼道抽烟", None),
    ],
)
def test_a_word_of_danger_is_found_whatever_is_said_of_it(text: str, word: str | None) -> None:
    assert word_of_danger(text, WORDS) == word


@pytest.mark.req("A7", "B3")
def test_what_is_not_sorted_in_time_climbs_the_ladder_of_the_desk() -> None:
    place = office()
    case = unsorted(place)
    for minutes, kind, person in (
        (8, NoticeKind.REMINDER, "agent-1"),
        (8, NoticeKind.OVERDUE, "supervisor-1"),
        (15, NoticeKind.ESCALATED, "manager-1"),
    ):
        place.clock.advance(timedelta(minutes=minutes))
        case = place.do(case, "fire_timers", TIMER, TimersForm())
        told = place.stores.notices.of_case(case.community, case.number)
        assert (kind, person) in {(stored.notice.kind, stored.notice.recipient) for stored in told}
    send(place)
    assert any("核实分类已超" in text for text in said(place))


@pytest.mark.req("A7", "A11")
def test_the_resident_is_told_what_is_true_and_once_sorted_the_promise() -> None:
    place = office()
    case = unsorted(place)
    send(place)
    (first,) = said(place)
    assert "9:15前核实" in first
    assert "办结" not in first
    assert "到场" not in first
    place.do(case, "classify", AGENT, SORTED)
    send(place)
    assert "前办结" in said(place)[-1]
    assert len(place.sms.sent) == 2


@pytest.mark.req("A7", "A11")
def test_a_case_that_is_sorted_before_its_receipt_has_left_has_one() -> None:
    place = office()
    case = unsorted(place)
    place.clock.advance(timedelta(seconds=5))
    place.do(case, "classify", AGENT, SORTED)
    send(place)
    (only,) = said(place)
    assert "前办结" in only


@pytest.mark.req("A7")
def test_an_unsorted_case_can_be_passed_up_withdrawn_and_merged() -> None:

    place = office()
    other = place.register().case
    up = unsorted(place)
    place.do(up, "escalate", AGENT, ReasonForm("看不出是什么事"))
    place.do(up, "urge", RESIDENT, NoteForm("快点"))
    assert place.do(up, "withdraw", RESIDENT, ReasonForm("好了")).state is State.WITHDRAWN
    again = unsorted(place)
    assert place.do(again, "merge", SUPERVISOR, MergeForm(other.number, "同一件")).state is State.MERGED
    send(place)


@pytest.mark.req("A7", "E1", "G17", "G23")
def test_it_stands_in_a_row_of_its_own_until_it_is_sorted() -> None:
    place = office()
    case = unsorted(place)
    rows = {row for row, name in contribution(case) if name == "registered"}
    assert {Row("category", "unsorted"), Row("matter", "unsorted"), Row("kind", "unsorted")} <= rows
    assert contribution(case)[TOTAL, "valid_complaints"] == 0, "nobody has complained yet"
    figures = place.stores.figures.month
    assert figures("riverside", "202611")[Row("category", "unsorted")]["registered"] == 1
    place.clock.advance(timedelta(minutes=1))
    place.do(case, "classify", AGENT, SORTED)
    assert not figures("riverside", "202611").get(Row("category", "unsorted"), {}).get("registered")
    assert figures("riverside", "202611")[Row("category", "facility")]["registered"] == 1
    left = unsorted(place)
    past = past_case(place.desk.cases.events(left.community, left.number))
    found = judged(
        regulations().get("S1"),
        place.desk.calendars.of(place.desk.directory.community("riverside")),
        past,
        place.clock(),
    )
    assert {verdict.clock for verdict in found.verdicts} == {Clock.RESPOND, Clock.SORT}


@pytest.mark.req("A7")
def test_unsorted_is_no_kind_and_no_choice() -> None:
    assert UNSORTED not in KINDS
    assert UNSORTED not in {matter.id for matter in regulations().get("default").sortable}
    with pytest.raises(InvalidInputError, match="kind"):
        unsorted(office(), kind=UNSORTED)


@pytest.mark.req("A7", "A1")
def test_a_machine_that_knows_no_matter_files_an_unsorted_report() -> None:
    machine = Actor(Role.MACHINE, "ivr-1")
    case = unsorted(office(), actor=machine, channel=Channel.HOTLINE_IVR)
    assert not case.classification.is_sorted
    assert case.report.contacted_at is None
