"""Signing is ahead of what nobody can do before it (B3)."""

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import msgspec
import pytest

from chalicelib.adapters.holidays import calendar_for
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, replay
from chalicelib.domain.deadlines.deadline_timers import timers_for
from chalicelib.domain.deadlines.signing_limit import NEEDS_SIGNATURE, with_signing_limit
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.kinds import Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.phrases import Speech
from chalicelib.domain.regulation.limits import Clock, Limit, Unit
from chalicelib.domain.regulation.rules import KINDS, URGENCIES, Facts
from tests.builders import MONDAY, regulations
from tests.stories import AGENT, HANDLER, SUPERVISOR, Story, context
from tests.words import explain, texts

SHANGHAI = calendar_for("Asia/Shanghai")
AT_NIGHT = datetime(2026, 11, 25, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FRIDAY_EVENING = datetime(2026, 11, 27, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BEFORE_NATIONAL_DAY = datetime(2026, 9, 30, 17, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def deadlines(pack: str, facts: Facts, at: datetime) -> dict[Clock, Deadline]:
    counted = [deadline_for(rule, at, SHANGHAI) for rule in regulations().get(pack).rules_for(facts)]
    return {deadline.clock: deadline for deadline in with_signing_limit(counted, (), SHANGHAI)}


@pytest.mark.req("B3", "G3")
@pytest.mark.parametrize("pack", regulations().ids())
def test_nobody_is_due_to_sign_when_the_promise_is_over(pack: str) -> None:
    regulation = regulations().get(pack)
    matters = [matter.id for matter in regulation.sortable]
    every = [
        Facts(kind, matter, urgency, "general")
        for kind, matter, urgency in product(KINDS, matters, URGENCIES)
    ]
    of_each_rules = {tuple(rule.id for rule in regulation.rules_for(facts)): facts for facts in every}
    moments = (AT_NIGHT, FRIDAY_EVENING, BEFORE_NATIONAL_DAY, TUESDAY)
    for facts, at in product(of_each_rules.values(), moments):
        found = deadlines(pack, facts, at)
        sign = found[Clock.SIGN]
        first = min(found[clock].due_at for clock in NEEDS_SIGNATURE if clock in found)
        assert at < sign.due_at < first, (facts, at)
        assert replay(sign) == sign.due_at
        assert msgspec.convert(msgspec.to_builtins(sign), Deadline) == sign


@pytest.mark.req("B3", "C5", "C10", "C12", "G2")
@pytest.mark.parametrize(
    ("facts", "minutes", "because"),
    [
        (Facts("repair", "power_outage", "urgent", "general"), 5, "11月25日（周三）02:10前须到场"),
        (Facts("complaint", "neighbour", "normal", "general"), 7, "11月25日（周三）02:15前须到场"),
        (Facts("inquiry", "activity", "normal", "general"), 15, "11月25日（周三）02:30前须答复"),
    ],
)
def test_a_power_cut_at_night_is_signed_for_before_somebody_must_be_there(
    facts: Facts, minutes: int, because: str
) -> None:
    sign = deadlines("S2", facts, AT_NIGHT)[Clock.SIGN]
    assert sign.due_at == AT_NIGHT + timedelta(minutes=minutes)
    assert sign.first_due_at == sign.due_at
    assert sign.limit == Limit(minutes, Unit.MINUTES)
    told = explain(sign, SHANGHAI, "zh-CN")
    assert because in told[0]
    assert f"为{minutes}分钟" in told[0]
    assert told[1].startswith(f"自2026年11月25日（周三）02:00起{minutes}分钟")
    assert "half of that time" in explain(sign, SHANGHAI, "en")[0]


@pytest.mark.req("B3")
def test_the_limit_of_the_regulation_stands_where_it_is_in_time() -> None:
    sign = deadlines("S1", Facts("repair", "seepage", "normal", "general"), TUESDAY)[Clock.SIGN]
    assert sign.limit == Limit(2, Unit.HOURS, around_the_clock=False)
    assert sign.due_at == TUESDAY + timedelta(hours=2)


@pytest.mark.req("A6", "B3", "G3")
@pytest.mark.parametrize("pack", [pack_id for pack_id in regulations().ids() if pack_id != "demo"])
def test_an_emergency_is_signed_for_then_answered_then_reached(pack: str) -> None:
    """One after the other, so that each message asks for what is to be done next."""
    found = deadlines(pack, Facts("help", "fire", "emergency", "general"), AT_NIGHT)
    assert [found[clock].due_at - AT_NIGHT for clock in (Clock.SIGN, Clock.RESPOND, Clock.ON_SITE)] == [
        timedelta(minutes=3),
        timedelta(minutes=5),
        timedelta(minutes=10),
    ]


@pytest.mark.req("A6", "B3")
def test_the_dispatch_of_an_emergency_asks_for_the_signature() -> None:
    story = Story(context(pack="S2")).register(kind="help", matter="fire", urgency="emergency")
    story.wait(seconds=0.3).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派"))
    speech = Speech(story.case, story.context, story.at, texts("zh-CN"), brief=True)
    dispatch = Notice("a key", NoticeKind.ASSIGNED, NoticeChannel.SMS, HANDLER.id, 2, story.at)
    assert speech.clock_of(dispatch) is Clock.SIGN


@pytest.mark.req("B3", "C5", "C12", "G2")
@pytest.mark.parametrize(
    ("facts", "minutes"),
    [
        (Facts("repair", "public_hazard", "urgent", "general"), 5),
        (Facts("inquiry", "fee_query", "normal", "general"), 15),
    ],
)
def test_a_case_is_signed_for_within_half_of_what_is_left_from_its_assignment_on(
    facts: Facts, minutes: int
) -> None:
    asked = deadlines("S2", facts, MONDAY)[Clock.SIGN]
    about = {"kind": facts.kind, "matter": facts.matter, "urgency": facts.urgency}
    story = Story(context(pack="S2")).register(**about)
    sign = story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).case.clocks.deadlines[Clock.SIGN]
    assert sign.limit == asked.limit == Limit(minutes, Unit.MINUTES), "as the regulation is asked"
    assert sign.due_at == story.at + timedelta(minutes=minutes)
    for seconds in (0.3, 120):
        late = Story(context(pack="S2")).register(**about).wait(seconds=seconds)
        sign = late.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).case.clocks.deadlines[Clock.SIGN]
        assert sign.limit == Limit(minutes - 1, Unit.MINUTES), "half of what is left, to whole minutes"


@pytest.mark.req("B3")
def test_of_a_promise_of_seconds_the_signature_never_takes_all_that_is_left() -> None:
    story = Story(context(pack="demo")).register()
    first = min(
        story.case.clocks.deadlines[deadline].due_at
        for deadline in NEEDS_SIGNATURE
        if deadline in story.case.clocks.deadlines
    )
    story.wait(seconds=(first - story.at).total_seconds() - 3)
    case = story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).case
    assert story.at < case.clocks.deadlines[Clock.SIGN].due_at < first


@pytest.mark.req("B3", "G2")
@pytest.mark.parametrize(
    ("facts", "why_zh", "why"),
    [
        (
            Facts("repair", "public_hazard", "urgent", "general"),
            "有人签收才有人到场",
            "nobody is there before somebody has signed",
        ),
        (
            Facts("inquiry", "activity", "normal", "general"),
            "有人签收才有人答复",
            "nobody answers before somebody has signed",
        ),
    ],
)
def test_a_signature_ahead_gives_the_reason_of_that_not_of_the_limit_that_does_not_hold(
    facts: Facts, why_zh: str, why: str
) -> None:
    pack = regulations().get("S2")
    sign = deadlines("S2", facts, AT_NIGHT)[Clock.SIGN]
    told = explain(sign, SHANGHAI, "zh-CN", regulation=pack)
    assert told[-1] == f"依据：本公司自定，B3。理由：{why_zh}"
    assert explain(sign, SHANGHAI, regulation=pack)[-1] == f"our own rule, B3: {why}"
    assert why not in " ".join(explain(sign, SHANGHAI, sourced=False, regulation=pack))


@pytest.mark.req("B3", "G3")
def test_the_ladder_acts_before_the_promise_is_broken() -> None:
    """48 hours from Friday evening end on Sunday; two working hours would end on Monday."""
    facts = Facts("complaint", "garbage", "normal", "general")
    found = deadlines("S1", facts, FRIDAY_EVENING)
    sign, regulation = found[Clock.SIGN], regulations().get("S1")
    assert sign.due_at == FRIDAY_EVENING + timedelta(hours=24)
    rungs = {timer.role: timer.at for timer in timers_for(sign, regulation, facts, SHANGHAI) if timer.role}
    assert rungs["supervisor"] == FRIDAY_EVENING + timedelta(hours=36)
    assert rungs["supervisor"] < found[Clock.SOLVE].due_at


def urgent(pack: str = "S2") -> Story:
    return Story(context(pack=pack)).register(kind="repair", matter="power_outage", urgency="urgent")


@pytest.mark.req("B3", "D7")
def test_a_case_is_signed_for_ahead_of_what_is_still_open() -> None:
    story = urgent().do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派"))
    case = story.case
    on_site = case.clocks.deadlines[Clock.ON_SITE].due_at
    assert story.at < case.clocks.deadlines[Clock.SIGN].due_at < on_site
    story.wait(minutes=11).do("decline", HANDLER, ReasonForm("忙"))
    again = story.do("assign", SUPERVISOR, AssignForm("engineering-2", "派")).case
    assert again.clocks.deadlines[Clock.SIGN].due_at == story.at + timedelta(minutes=15), (
        "the promise is over"
    )


@pytest.mark.req("B3", "A5")
def test_a_corrected_case_is_signed_for_ahead_too() -> None:
    story = Story(context(pack="S2")).register(kind="repair", matter="public_other", urgency="normal")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派"))
    plain = story.case.clocks.deadlines[Clock.SIGN]
    case = story.do("classify", AGENT, ClassifyForm("设备", matter="equipment_noise")).case
    assert case.clocks.deadlines[Clock.ON_SITE].due_at - case.registered_at == timedelta(minutes=10)
    assert case.clocks.deadlines[Clock.SIGN].due_at < case.clocks.deadlines[Clock.ON_SITE].due_at
    assert case.clocks.deadlines[Clock.SIGN].first_due_at == plain.due_at
