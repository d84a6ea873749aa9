"""The packs against the five sources, as they were read a second time (issue 8, section B)."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters.holidays import calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.fold import fold
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for, replay
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import OURS, Facts, Rule
from chalicelib.domain.work.forms import VerifyForm
from chalicelib.domain.work.warranty import accepted_by
from infra import limits_table
from tests.stories import AGENT, HANDLER, OTHER_HANDLER, SUPERVISOR, Story, context
from tests.table_c import complaint, days, hours, inquiry, repair, working_days

FILES = RegulationFiles()
CHINA = calendar_for("Asia/Shanghai")
ROOT = Path(__file__).resolve().parents[3]
LEAKS = ("leak_fixture", "leak_pipe", "seepage")
SEEDS = ("S0", "S1", "S2", "S3", "S4")


def rule_of(pack: str, clock: Clock, facts: Facts) -> Rule | None:
    return next((rule for rule in FILES.get(pack).rules_for(facts) if rule.clock is clock), None)


def limit_of(pack: str, clock: Clock, facts: Facts) -> Limit | None:
    rule = rule_of(pack, clock, facts)
    return rule.limit if rule else None


def told_of(kind: str, matter: str, urgency: str = "normal") -> Facts:
    return Facts(kind, matter, urgency, "general")


# --- S3 -----------------------------------------------------------------------------------------------------


@pytest.mark.req("C3")
def test_s3_tells_the_remedy_in_three_days_and_gives_no_time_to_solve() -> None:
    """Its 5 working days for an answer were taken for the time to solve."""
    remedy = rule_of("S3", Clock.INFORM, complaint("garbage"))
    assert remedy is not None
    assert [part.limit for part in remedy.limits()] == [days(3), working_days(5)]
    solve = rule_of("S3", Clock.SOLVE, complaint("garbage"))
    assert solve is not None
    assert (solve.limit, solve.source) == (hours(48), OURS)
    assert limit_of("S3", Clock.ANSWER, complaint("garbage")) == working_days(3)


@pytest.mark.req("D2")
@pytest.mark.parametrize("kind", ["repair", "help"])
@pytest.mark.parametrize(
    ("matter", "days"), [*((leak, 3) for leak in (*LEAKS, "flooding")), ("elevator", 2), ("public_hazard", 2)]
)
def test_s3_revisits_leaks_and_safety_equipment_also_of_help_and_burst_pipes(
    kind: str, matter: str, days: int
) -> None:
    assert FILES.get("S3").revisit_rule_for(told_of(kind, matter)).within == Limit(days, Unit.DAYS)


def under_s3(**about: str) -> Story:
    return Story(context(pack="S3")).register(**{"kind": "complaint", "matter": "cleaning", **about})


@pytest.mark.req("B1")
def test_a_complaint_is_verified_on_the_day_it_comes() -> None:
    story = under_s3()
    deadline = story.case.deadlines[Clock.VERIFY]
    assert deadline.limit == Limit(1, Unit.WORKING_DAYS, CountFrom.END_OF_DAY, around_the_clock=False)
    calendar = story.context.calendar
    assert calendar.local_date(deadline.due_at) == calendar.local_date(story.at)
    story.at = deadline.due_at
    overdue = [event.clock for event in story.fire() if isinstance(event, ev.MarkedOverdue)]
    assert Clock.VERIFY in overdue
    for other in ("S0", "S1", "S2", "S4"):
        assert rule_of(other, Clock.VERIFY, complaint("cleaning")) is None
    assert rule_of("S3", Clock.VERIFY, repair("seepage")) is None


@pytest.mark.req("B1")
def test_a_finding_a_visit_or_a_rejection_is_the_verification() -> None:
    found = under_s3().do("verify", AGENT, VerifyForm("partly_true", "楼道监控看过"))
    assert Clock.VERIFY in found.case.met
    assert Clock.RESPOND not in found.case.met, "the resident has heard nothing yet"
    assert fold(found.events, "riverside", "202611-0001") == found.case
    assert Clock.VERIFY in under_s3().do("reject", SUPERVISOR).case.met
    story = under_s3().do("assign", SUPERVISOR).do("sign", OTHER_HANDLER)
    assert Clock.VERIFY not in story.case.met, "a signature has seen nothing"
    assert Clock.VERIFY in story.do("start", OTHER_HANDLER).case.met


@pytest.mark.req("B1")
def test_who_verifies_and_what_is_refused() -> None:
    story = under_s3().do("assign", SUPERVISOR)
    with pytest.raises(NotAllowedError):
        story.do("verify", HANDLER)
    assert Clock.VERIFY in story.do("verify", OTHER_HANDLER).case.met
    with pytest.raises(InvalidInputError, match="there are true, partly_true, untrue"):
        VerifyForm("maybe", "看过")
    elsewhere = Story(context(pack="S1")).register(kind="complaint")
    with pytest.raises(CommandRefusedError) as refused:
        elsewhere.do("verify", AGENT)
    assert refused.value.reason == "no_verification"


# --- S2 -----------------------------------------------------------------------------------------------------


@pytest.mark.req("C4")
def test_two_days_of_s2_are_two_days_also_over_a_weekend() -> None:
    story = Story(context(pack="S2"))
    story.at += timedelta(days=4)  # a Friday
    story.register(kind="complaint", matter="staff_attitude", severity="serious")
    assert story.case.clocks.solve_due_at == story.at + timedelta(hours=48)


@pytest.mark.req("C8")
@pytest.mark.parametrize("kind", ["complaint", "repair", "help"])
@pytest.mark.parametrize("urgency", ["normal", "urgent", "emergency"])
def test_somebody_is_at_a_stopped_lift_in_ten_minutes_in_every_kind(kind: str, urgency: str) -> None:
    """A complaint about it had no time at all, a repair none unless somebody was in it."""
    assert limit_of("S2", Clock.ON_SITE, told_of(kind, "elevator", urgency)) == Limit(10, Unit.MINUTES)
    rule = rule_of("S2", Clock.SOLVE, told_of(kind, "elevator", urgency))
    assert rule is not None
    assert rule.source == OURS, "'other common parts' are other than this"


@pytest.mark.req("C13", "B11")
def test_procedures_are_answered_by_the_time_agreed_within_two_working_days() -> None:
    rule = rule_of("S2", Clock.SOLVE, inquiry("renovation_permit"))
    assert rule is not None
    assert (rule.limit, rule.appointment) == (working_days(2), "within")


@pytest.mark.req("D6", "D5")
def test_what_is_sampled() -> None:
    """S2 counts what is broken among the complaints; in `default` the ranks share all repairs already."""
    assert FILES.get("S2").sampling.sample_kinds == ("complaint", "inquiry", "repair")
    default = FILES.get("default").sampling
    assert (default.sample_kinds, default.quota_kinds) == (("complaint", "inquiry"), ("repair",))


# --- S4 -----------------------------------------------------------------------------------------------------


@pytest.mark.req("C14")
@pytest.mark.parametrize("kind", ["repair", "help"])
def test_a_leaking_fixture_is_urgent_and_seepage_is_general(kind: str) -> None:
    assert limit_of("S4", Clock.ON_SITE, told_of(kind, "leak_fixture")) == hours(2)
    assert limit_of("S4", Clock.SOLVE, told_of(kind, "leak_fixture")) == hours(24)
    assert limit_of("S4", Clock.ON_SITE, told_of(kind, "seepage")) is None
    assert limit_of("S4", Clock.SOLVE, repair("seepage")) == hours(72)
    matters = FILES.get("S4").matters
    assert [matters[leak].urgency for leak in LEAKS] == ["urgent", "urgent", "normal"]


@pytest.mark.req("B13")
def test_only_what_was_sealed_waits_for_the_rain() -> None:
    policy = FILES.get("S4").warranty
    ways = [accepted_by(policy, leak) for leak in LEAKS]
    assert ways == ["signature", "signature", "next_rain"]


@pytest.mark.req("G2")
def test_a_leak_of_before_stays_one_and_whoever_still_sends_it_is_understood() -> None:
    old = Story(context(regulation=FILES.get("S4", 1))).register(matter="leak")
    assert old.case.classification.matter == "leak"
    sent = Story(context(pack="S4")).register(matter="leak")
    assert sent.case.classification.matter == "seepage"
    with pytest.raises(CommandRefusedError):
        sent.do("classify", AGENT, ClassifyForm("漏水", matter="leak"))
    names = FILES.get("S4").names_of_matter("leak")
    assert names is not None
    assert names["zh-CN"] == "漏水、渗水", "in a list an old case reads as it did"
    assert FILES.get("S4").names_of_matter("lift") is None


def quote_of(case: Case) -> Deadline | None:
    return case.deadlines.get(Clock.QUOTE)


@pytest.mark.req("C16")
def test_the_price_is_counted_from_the_receipt_of_the_order() -> None:
    """Asked before anybody had the order, the 15 minutes ran out on nobody."""
    story = Story(context(pack="S4")).register().do("record_price_request", AGENT)
    assert quote_of(story.case) is None
    story.wait(minutes=40).do("assign", SUPERVISOR)
    started = quote_of(story.case)
    assert started is not None
    assert (started.started_at, started.due_at) == (story.at, story.at + timedelta(minutes=15))
    assert fold(story.events, "riverside", "202611-0001") == story.case
    later = Story(context(pack="S4")).register().do("assign", SUPERVISOR).wait(minutes=9)
    asked = quote_of(later.do("record_price_request", AGENT).case)
    assert asked is not None
    assert asked.started_at == later.at


@pytest.mark.req("C16")
def test_the_price_is_the_matter_of_the_head_of_engineering() -> None:
    story = Story(context(pack="S4")).register().do("assign", SUPERVISOR).do("record_price_request", AGENT)
    started = quote_of(story.case)
    assert started is not None
    story.at = started.due_at
    told = [event.person for event in story.fire() if getattr(event, "clock", None) is Clock.QUOTE]
    assert told[-1] == "engineering-head"


# --- side by side -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", SEEDS)
def test_the_docs_have_every_number_of_every_seed(pack: str) -> None:
    """A reader finds each rule of a pack beside the words of its source."""
    told = (ROOT / "docs" / "regulations.md").read_text("utf-8")
    table = told[told.index("## The seeds side by side") :].split("\n## ")[0]
    regulation = FILES.get(pack)
    rules = [part for rule in regulation.rules for part in rule.limits() if part.source == pack]
    revisits = [revisit for revisit in regulation.revisits.rules if revisit.source == pack]
    for rule_id in {re.sub(r":\w+$", "", rule.id) for rule in (*rules, *revisits)}:
        assert f"`{rule_id}`" in table, rule_id


def test_the_docs_have_every_limit_in_numbers() -> None:
    """`python -m infra.limits_table --write` after a change; another number in either fails."""
    told = (ROOT / "docs" / "regulations.md").read_text("utf-8")
    assert limits_table.page(told) == told
    for pack in SEEDS:
        for rule in (part for whole in FILES.get(pack).rules for part in whole.limits()):
            assert f"| `{rule.id}` | `{rule.clock}` | {rule.limit.amount:g} " in told, rule.id


@pytest.mark.req("C4", "C6")
@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-28T09:00", "2026-11-28T14:30"),  # Saturday: the day is as long as a working day
        ("2026-10-01T09:00", "2026-10-01T14:30"),  # National Day
        ("2026-11-27T17:00", "2026-11-28T11:30"),  # Friday, half an hour before closing
    ],
)
def test_half_a_day_is_half_of_a_staffed_day_on_any_day(start: str, due: str) -> None:
    lamp = rule_of("S2", Clock.SOLVE, repair("lighting_lock"))
    assert lamp is not None
    shanghai = ZoneInfo("Asia/Shanghai")
    found = deadline_for(lamp, datetime.fromisoformat(start).replace(tzinfo=shanghai), CHINA)
    assert found.due_at.astimezone(shanghai) == datetime.fromisoformat(due).replace(tzinfo=shanghai)
    assert replay(found) == found.due_at


@pytest.mark.req("C3", "A7")
def test_three_days_of_s3_are_not_stretched_by_the_hours_of_the_desk() -> None:
    remedy = rule_of("S3", Clock.INFORM, complaint("garbage"))
    assert remedy is not None
    assert remedy.in_staffed_hours().limit == days(3)
