"""Who revisits: a rank as its quota asks for, the manager for the sample, never the handler (D5, D6, G6)."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.figure_rows import Row
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import AskAgainForm, RateForm, RevisitForm
from chalicelib.domain.follow_up.quotas import draw_revisitor
from chalicelib.domain.follow_up.revisitor import draw
from chalicelib.domain.follow_up.sampling import owed_to_sample
from chalicelib.domain.timers import next_step
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.services.figures.month import figures_of
from chalicelib.services.figures.quotas import QuotaView
from chalicelib.services.workflows.tasks import Workflows
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office, community, office, regulations
from tests.stories import HANDLER, Story, context, in_state

RANKS = ("manager", "supervisor", "department_head")
SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "visit")
AGREES = AskAgainForm(ev.RevisitOutcome.SATISFIED, "phone")
NOT_REACHED = RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone")
SERIOUS = {"kind": "complaint", "matter": "noise_public", "severity": "serious"}


def completed(place: Office, **about: str) -> Case:
    """A case whose work is done."""
    case = place.register(**about).case
    case = place.do(case, "assign", TIMER, AssignForm(handler_of(case), "轮到"))
    worker = Actor(Role.HANDLER, handler_of(case))
    case = place.do(case, "sign", worker, SignForm("甲"))
    return place.do(case, "complete", worker, CompleteForm("好了", cause="疏忽"))


def handler_of(case: Case) -> str:
    return f"{case.classification.department}-1"


def fire(place: Office, case: Case) -> Case:
    flows = Workflows(place.desk, place.stores.waiting, place.workflow)
    return flows.fire_due(place.case(case)).case


def drawn_of(place: Office, case: Case) -> ev.RevisitDrawn:
    history = place.desk.cases.events(case.community, case.number)
    return next(entry.payload for entry in reversed(history) if isinstance(entry.payload, ev.RevisitDrawn))


def revisited(place: Office, case: Case, outcome: RevisitForm = SATISFIED) -> Case:
    """Whoever was drawn makes the revisit."""
    person = drawn_of(place, case).revisitor
    assert person is not None
    member = place.desk.directory.community("riverside").member(person)
    assert member is not None
    return place.do(case, "record_revisit", Actor(member.role, person), outcome)


def quotas(place: Office, month: str = "202611") -> dict[tuple[str, str | None], QuotaView]:
    community = place.desk.directory.community("riverside")
    member = Member("manager-1", "丁国栋", Role.MANAGER, (), community)
    return {
        (quota.rank if quota.what == "revisits" else quota.what, quota.severity): quota
        for quota in figures_of(place.desk, member, month).quotas
    }


@pytest.mark.req("D5", "G6")
def test_the_quotas_hold_over_a_month_of_silent_repairs() -> None:
    place = office()
    cases = [completed(place, kind="repair", matter="lighting_lock") for _ in range(20)]
    place.clock.advance(timedelta(days=5))
    for case in cases:
        fire(place, case)
    stand = quotas(place)
    assert [stand[rank, None].awaited for rank in RANKS] == [2, 6, 12]
    ended = [revisited(place, case) for case in cases]
    assert {case.state for case in ended} == {State.CLOSED}
    again = [case for case in ended if case.follow_up.ask_again_after is not None]
    assert [case.number[-4:] for case in again] == ["0009", "0015", "0016"], "to be asked again, by lot (G6)"
    for case in again:
        member = place.desk.directory.community("riverside").member(case.follow_up.revisitor or "")
        assert member is not None
        place.do(case, "ask_again", Actor(member.role, member.username), AGREES)
    stand = quotas(place)
    assert [stand[rank, None].done for rank in RANKS] == [2, 6, 12], "asking again is nobody's quota"
    assert {standing.missing for (rank, _), standing in stand.items() if rank != "sample"} == {0}
    assert [stand[rank, None].share for rank in RANKS] == [
        0.1,
        0.3,
        0.6,
    ]


@pytest.mark.req("D5")
def test_a_draw_stands_on_record_with_all_that_it_takes_to_repeat_it() -> None:
    place = office()
    cases = [completed(place, kind="repair", matter="lighting_lock") for _ in range(4)]
    place.clock.advance(timedelta(days=5))
    for case in cases:
        before = place.case(case)
        drawn_case = fire(place, case)
        drawn = drawn_of(place, case)
        assert drawn.seed == "riverside:202611"
        around = replace(
            place.desk.context_of(before),
            month_counters={
                Row("kind", "repair"): {
                    "solved": drawn.pool,
                    **{f"revisit_due_{rank}": count for rank, count in drawn.so_far.items()},
                }
            },
        )
        assert draw(before, drawn.key, drawn.due_at, place.clock(), around) == drawn
        assert drawn_case.follow_up.revisit_rank == drawn.rank


@pytest.mark.req("D5")
def test_a_revisit_that_another_rank_makes_leaves_the_quota_missing() -> None:
    place = office()
    for _ in range(10):
        case = completed(place, kind="repair", matter="lighting_lock")
        place.do(case, "record_revisit", AGENT, SATISFIED)
    stand = quotas(place)
    assert [stand[rank, None].missing for rank in RANKS] == [1, 3, 6]
    assert stand["manager", None].total == 10


@pytest.mark.req("D5", "G7")
def test_an_attempt_that_reached_nobody_fills_no_quota_and_the_rank_tries_again() -> None:
    place = office()
    case = completed(place, kind="repair", matter="lighting_lock")
    place.clock.advance(timedelta(days=5))
    fire(place, case)
    first = drawn_of(place, case)
    case = revisited(place, case, NOT_REACHED)
    assert quotas(place)["department_head", None].done == 0
    place.clock.advance(timedelta(days=1))
    fire(place, case)
    again = drawn_of(place, case)
    assert (again.rank, str(again.key)) == (first.rank, "revisit:draw:2")


@pytest.mark.req("G6", "D5")
def test_a_rank_that_did_the_work_passes_its_turn_on() -> None:
    """The head signed in the handler's place: the head has a part in the work and is not drawn."""
    story = in_state(State.ASSIGNED).do("sign", Actor(Role.DEPARTMENT_HEAD, "engineering-head"))
    story.do("start", HANDLER).do("complete", HANDLER)
    drawn = draw(story.case, TimerKey("revisit", "draw", nth=1), story.at, story.at, story.context)
    assert (drawn.rank, drawn.because) == ("supervisor", "quota")


@pytest.mark.req("D5")
def test_a_repair_is_completed_without_figures_and_no_rating_stands_for_its_quota() -> None:
    """Ten, thirty and sixty of a hundred repairs are all of them: each is revisited by a person."""
    place = office()
    case = completed(place, kind="repair", matter="lighting_lock")
    assert place.memory is not None
    assert place.memory.calls["figures.month"] == 0
    assert place.do(case, "rate", RESIDENT, RateForm(5)).state is State.COMPLETED
    drawn = drawn_of(place, fire(place, case))
    assert (drawn.because, drawn.rank, drawn.pool) == ("quota", "department_head", 1)
    assert revisited(place, case).state is State.CLOSED


@pytest.mark.req("D5")
def test_quotas_of_a_part_of_the_repairs_leave_the_rest_to_the_desk() -> None:
    people = {"manager": ["m"], "supervisor": ["s"]}
    quotas_of_some, drawn = {"manager": 0.1, "supervisor": 0.3}, Counter[str]()
    for pool in range(1, 41):
        found = draw_revisitor("seed", str(pool), quotas_of_some, drawn, people, frozenset(), pool)
        drawn[found.role if found else "desk"] += 1
    assert drawn == {"manager": 4, "supervisor": 12, "desk": 24}


@pytest.mark.req("D5")
def test_no_pack_has_quotas_of_what_a_survey_may_close() -> None:
    for pack in regulations().ids():
        found = regulations().get(pack)
        if found.sampling.quotas:
            assert not set(found.sampling.quota_kinds) & set(found.revisits.survey_counts), pack


@pytest.mark.req("D6")
def test_every_serious_complaint_is_seen_by_the_manager_whatever_the_survey_says() -> None:
    place = office()
    case = completed(place, **SERIOUS)
    assert case.tally.sample is not None
    assert (case.tally.sample.taken, case.tally.sample.share) == (True, 1.0)
    case = place.do(case, "rate", RESIDENT, RateForm(5))
    assert case.state is State.COMPLETED, "the manager has still to ask"
    assert next_step(case, place.desk.context_of(case)).wake_at == place.clock(), "and is asked to at once"
    case = fire(place, case)
    assert (case.follow_up.revisitor, case.follow_up.revisit_rank, drawn_of(place, case).because) == (
        "manager-1",
        "manager",
        "sample",
    )
    stand = quotas(place)["sample", "serious"]
    assert (stand.goal, stand.total, stand.done, stand.awaited, stand.missing) == (1.0, 1, 0, 1, 1)
    case = place.do(case, "record_revisit", MANAGER, SATISFIED)
    assert (case.state, case.ending.close_reason) == (State.CLOSED, ev.CloseReason.SATISFIED)
    assert quotas(place)["sample", "serious"].share == 1.0


@pytest.mark.req("D6")
def test_a_revisit_by_somebody_else_is_not_the_managers_sample() -> None:
    place = office()
    case = completed(place, **SERIOUS)
    case = place.do(case, "record_revisit", SUPERVISOR, SATISFIED)
    assert case.state is State.COMPLETED
    assert place.do(case, "record_revisit", MANAGER, SATISFIED).state is State.CLOSED


@pytest.mark.req("D6")
def test_at_least_half_of_the_general_complaints_are_in_the_sample_at_any_time() -> None:
    place = office(community(regulation="S2"))
    taken = 0
    about = itertools.cycle([("complaint", "garbage"), ("inquiry", "parking"), ("complaint", "leak")])
    for number in range(1, 31):
        kind, matter = next(about)
        case = completed(place, kind=kind, matter=matter)
        assert case.tally.sample is not None
        assert (case.tally.sample.pool, case.tally.sample.sampled) == (number - 1, taken)
        taken += case.tally.sample.taken
        assert taken >= number / 2
        case = place.do(case, "rate", RESIDENT, RateForm(4))
        assert (case.state is State.CLOSED) == (not case.tally.sample.taken)
    assert 15 <= taken < 30
    assert quotas(place)["sample", "general"].awaited == taken


@pytest.mark.req("D6")
def test_a_case_that_comes_back_is_not_drawn_again_unless_it_is_more_serious() -> None:
    story = in_state(State.COMPLETED, **{**SERIOUS, "severity": "general"})
    first = story.case.tally.sample
    story.do("rate", RESIDENT, RateForm(1))
    story.do("classify", SUPERVISOR).do("assign", SUPERVISOR, AssignForm("cleaning-1", "派"))
    assert first is not None
    worker = Actor(Role.HANDLER, "cleaning-1")
    story.do("sign", worker).do("complete", worker)
    again = story.case.tally.sample
    assert again is not None
    assert again.severity == ("general" if first.taken else "serious")


@pytest.mark.req("D6", "A10")
def test_what_is_solved_on_the_spot_is_sampled_as_well() -> None:
    place = office()
    case = place.register(actor=AGENT, solved_with="当场解释清楚", **SERIOUS).case
    assert case.tally.sample is not None
    assert case.tally.sample.taken
    assert quotas(place)["sample", "serious"].total == 1


@pytest.mark.req("D6", "G6")
def test_a_manager_who_did_the_work_is_not_asked_to_sample_it() -> None:
    story = in_state(State.COMPLETED, handler=Actor(Role.MANAGER, "manager-1"), **SERIOUS)
    assert story.case.tally.sample is not None
    assert owed_to_sample(story.case, story.context) is None
    assert story.do("record_revisit", SUPERVISOR, SATISFIED).case.state is State.CLOSED


@pytest.mark.req("D6")
def test_the_next_round_is_seen_by_the_manager_too() -> None:
    story = in_state(State.COMPLETED, **SERIOUS).do("record_revisit", MANAGER, RevisitForm(
        ev.RevisitOutcome.DISSATISFIED, "visit", note="还是吵"
    ))  # fmt: skip
    worker = Actor(Role.HANDLER, "security-1")
    story.do("assign", SUPERVISOR, AssignForm(worker.id, "派")).do("sign", worker).do("complete", worker)
    assert owed_to_sample(story.case, story.context) is Role.MANAGER


def test_a_regulation_without_sample_and_quotas_asks_the_desk_in_turn() -> None:
    story = Story(context(pack="S1")).register(kind="complaint")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER).do("complete", HANDLER)
    assert story.case.tally.sample is None
    drawn = draw(story.case, TimerKey("revisit", "draw", nth=1), story.at, story.at, story.context)
    assert (drawn.because, drawn.rank, drawn.seed) == ("turn", "agent", None)


@pytest.mark.req("D5")
def test_a_quota_asks_for_its_share_of_the_months_repairs_and_of_too_few_for_none() -> None:
    place = office()
    cases = [completed(place, kind="repair", matter="lighting_lock")]
    head = quotas(place)["department_head", None]
    assert (head.total, head.wanted, head.missing, head.share) == (1, 0, 0, 0.0), "60 % of one is none"
    place.do(cases[0], "record_revisit", AGENT, SATISFIED)
    head = quotas(place)["department_head", None]
    assert (head.total, head.done, head.share) == (1, 0, 0.0), "the desk's revisit is not the head's"
    cases += [completed(place, kind="repair", matter="lighting_lock") for _ in range(4)]
    place.clock.advance(timedelta(days=5))
    for case in cases[1:]:
        fire(place, case)
    stand = quotas(place)
    assert stand["manager", None].total == 5, "repairs, not revisits"
    assert [stand[rank, None].wanted for rank in RANKS] == [0, 1, 3]
    assert stand["department_head", None].missing == 3, "though none of the four that are drawn is late"
