"""One command, one transaction: carried out once, whoever else is at it (B2, G3, G17)."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import (
    CommandRefusedError,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm, ExtensionForm
from chalicelib.domain.work.sign_off import SignOffForm
from chalicelib.services.desk import ATTEMPTS
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office, community, office
from tests.fakes.memory import CrashError, Memory
from tests.threads import at_once

HANDLER = Actor(Role.HANDLER, "engineering-1")
HEAD = Actor(Role.DEPARTMENT_HEAD, "engineering-head")
TO_ENGINEER = AssignForm(handler="engineering-1", reason="on duty")


def memory(place: Office) -> Memory:
    assert place.memory is not None
    return place.memory


def assigned(place: Office) -> Case:
    case = place.register(matter="lighting_lock", kind="repair").case
    return place.do(case, "assign", TIMER, TO_ENGINEER)


def sign(place: Office, actor: Actor = HANDLER, command_id: str = "sign") -> Command:
    return Command("sign", actor, place.clock(), command_id, SignForm(signature=actor.id))


def note(place: Office, command_id: str, text: str = "配件已到。") -> Command:
    return Command("progress", HANDLER, place.clock(), command_id, RequiredNoteForm(note=text))


def versions(place: Office, case: Case) -> list[int]:
    return [event.version for event in place.stores.cases.events(case.community, case.number)]


def check_whole(place: Office) -> None:
    """Every case is its history's fold, its versions have no gaps, and the figures are those of a recount."""
    cases = memory(place).whole_cases()
    for case in cases:
        history = place.stores.cases.events(case.community, case.number)
        assert fold(history, case.community, case.number) == case
        assert versions(place, case) == list(range(1, case.version + 1))
    stored = place.stores.figures.month("riverside", "202611")
    counted = {(row, name): amount for row, found in stored.items() for name, amount in found.items()}
    assert counted == {key: amount for key, amount in recount(cases).items() if amount}


@pytest.mark.req("G17")
def test_a_command_reads_nothing_more_and_writes_once() -> None:
    place = office()
    case = assigned(place)
    memory(place).calls.clear()
    after = place.desk.carry_out(case, sign(place)).case
    assert memory(place).calls == {"cases.save": 1}
    assert after.state is State.SIGNED
    assert place.case(case) == after
    check_whole(place)


@pytest.mark.req("G3")
def test_the_same_command_is_carried_out_once() -> None:
    place = office()
    case = assigned(place)
    signed = place.desk.carry_out(case, sign(place)).case
    noted = place.desk.carry_out(signed, note(place, "note 1")).case
    memory(place).calls.clear()
    assert place.desk.carry_out(noted, sign(place)).case == noted
    assert place.desk.carry_out(noted, note(place, "note 1")).case == noted
    assert not memory(place).calls
    check_whole(place)


@pytest.mark.req("G3")
@pytest.mark.parametrize(("fault", "written"), [("before", 2), ("after", 3)])
def test_a_command_whose_answer_was_lost_can_be_sent_again(fault: str, written: int) -> None:
    place = office()
    case = assigned(place)
    memory(place).faults["cases.save"] = [fault]
    with pytest.raises(CrashError):
        place.desk.carry_out(case, sign(place))
    assert place.case(case).version == written
    again = place.desk.carry_out(place.case(case), sign(place)).case
    assert (again.version, again.state, again.assignment.signed_by) == (3, State.SIGNED, "engineering-1")
    check_whole(place)


def test_somebody_who_was_faster_does_not_make_a_command_fail_that_is_still_possible() -> None:
    place = office()
    stale = place.desk.carry_out(assigned(place), sign(place)).case
    place.desk.carry_out(stale, note(place, "note 1"))
    after = place.desk.carry_out(stale, note(place, "note 2")).case
    assert after.version == stale.version + 2
    check_whole(place)


def test_the_repeat_of_a_command_that_another_copy_just_carried_out_changes_nothing() -> None:
    place = office()
    stale = assigned(place)
    signed = place.desk.carry_out(stale, sign(place)).case
    assert place.desk.carry_out(stale, sign(place)).case == signed
    check_whole(place)


@pytest.mark.req("B2")
def test_of_two_people_who_sign_one_wins_and_the_other_learns_who() -> None:
    place = office()
    case = assigned(place)

    def try_to_sign(turn: int) -> str:
        try:
            place.desk.carry_out(case, sign(place, (HANDLER, HEAD)[turn], f"sign {turn}"))
        except CommandRefusedError as refusal:
            return refusal.message
        return "signed"

    answers = at_once(2, try_to_sign)
    winner = place.case(case).assignment.signed_by
    name = {"engineering-1": "工程部甲", "engineering-head": "工程部负责人"}[str(winner)]
    assert sorted(answer == "signed" for answer in answers) == [False, True]
    (refused,) = [answer for answer in answers if answer != "signed"]
    assert f"signed for by {name}" in refused
    check_whole(place)


def test_whoever_insists_on_a_version_is_told_that_it_is_gone() -> None:
    place = office()
    case = assigned(place)
    with pytest.raises(ConflictError, match="version 2 now, not 1"):
        place.desk.carry_out(case, sign(place), expected_version=1)
    stale = place.desk.carry_out(case, sign(place), expected_version=2).case
    place.desk.carry_out(stale, note(place, "note 1"))
    with pytest.raises(ConflictError, match="version 4 now, not 3"):
        place.desk.carry_out(stale, note(place, "note 2"), expected_version=3)
    assert place.case(case).version == 4
    check_whole(place)


def test_it_is_tried_so_often_and_no_oftener() -> None:
    place = office()
    signed = place.desk.carry_out(assigned(place), sign(place)).case
    calm = place.stores.cases.save
    saves: list[int] = []

    def always_beaten(change: object) -> None:
        saves.append(1)
        raise ConflictError("Somebody else again.")

    place.stores.cases.save = always_beaten  # type: ignore[method-assign]
    with pytest.raises(ConflictError):
        place.desk.carry_out(signed, note(place, "note 1"))
    assert len(saves) == ATTEMPTS
    place.stores.cases.save = calm  # type: ignore[method-assign]
    check_whole(place)


def test_many_at_once_all_get_through_or_are_told_to_try_again() -> None:
    place = office()
    signed = place.desk.carry_out(assigned(place), sign(place)).case

    def write(turn: int) -> bool:
        try:
            place.desk.carry_out(signed, note(place, f"note {turn}"))
        except ConflictError:
            return False
        return True

    done = Counter(at_once(10, write))
    assert place.case(signed).version == signed.version + done[True]
    assert done[True] >= ATTEMPTS
    check_whole(place)


@pytest.mark.parametrize(
    ("name", "actor", "form", "error", "says"),
    [
        ("dance", AGENT, NoteForm(), InvalidInputError, "assign"),
        ("rate", AGENT, RateForm(score=5), NotAllowedError, "resident"),
        ("complete", HANDLER, CompleteForm(result="好了"), CommandRefusedError, "sign"),
        (
            "sign",
            Actor(Role.HANDLER, "engineering-2"),
            SignForm(signature="乙"),
            NotAllowedError,
            "工程部甲",
        ),
    ],
)
def test_a_refused_command_writes_nothing_and_says_what_would_be_right(
    name: str, actor: Actor, form: object, error: type[Exception], says: str
) -> None:
    place = office()
    case = assigned(place)
    memory(place).calls.clear()
    with pytest.raises(error, match=says):
        place.desk.carry_out(case, Command(name, actor, place.clock(), "command", form))
    assert not memory(place).calls
    assert place.case(case) == case


def test_timers_that_have_nothing_to_do_write_nothing() -> None:
    place = office()
    case = assigned(place)
    memory(place).calls.clear()
    timers = Command("fire_timers", TIMER, place.clock(), "timers", TimersForm())
    assert place.desk.carry_out(case, timers).case == case
    assert not memory(place).calls


@pytest.mark.req("G17")
def test_everything_of_a_command_is_written_together() -> None:
    place = office()
    case = place.desk.carry_out(assigned(place), sign(place)).case
    case = place.do(case, "complete", HANDLER, CompleteForm(result="已更换"), signed_off=False)
    notices = len(memory(place).notices)
    links = len(memory(place).links)
    done = place.do(case, "sign_off_result", Actor(Role.DEPARTMENT_HEAD, "engineering-head"), SignOffForm())
    assert len(memory(place).notices) == notices + 1
    assert len(memory(place).links) == links + 1
    assert memory(place).lines["riverside", case.number].state is State.COMPLETED
    total = place.stores.figures.month("riverside", "202611")[TOTAL]
    assert (total["solved"], total["surveys"], total.get("open", 0)) == (1, 1, 0)
    place.do(done, "rate", RESIDENT, RateForm(score=5))
    check_whole(place)


@pytest.mark.req("D7", "G17")
def test_a_case_that_comes_back_leaves_the_figures_right() -> None:
    place = office()
    case = place.desk.carry_out(assigned(place), sign(place)).case
    place.clock.advance(timedelta(days=5))
    case = place.do(case, "complete", HANDLER, CompleteForm(result="已更换"))
    case = place.do(case, "rate", RESIDENT, RateForm(score=1))
    assert case.round == 2
    check_whole(place)
    place.do(case, "assign", SUPERVISOR, AssignForm(handler="engineering-2", reason="换人"))
    place.do(case, "withdraw", RESIDENT, ReasonForm(reason="算了"))
    check_whole(place)


@pytest.mark.req("E8")
def test_the_key_of_a_unit_does_not_show_the_unit() -> None:
    desk, place = office().desk, community()
    assert desk.unit_key("3-1201a", place) == desk.unit_key("3栋1201A室", place)
    assert desk.unit_key("3-1201a", place) != desk.unit_key("3-1202a", place)
    assert "1201" not in desk.unit_key("3-1201", place)


@pytest.mark.req("G2")
def test_a_case_keeps_its_regulation_when_its_community_takes_another() -> None:
    place = office()
    case = assigned(place)
    community = place.stores.directory.community("riverside")
    assert place.desk.context(community, "S3").regulation.id == "S3"
    assert place.desk.context_of(case).regulation.id == case.regulation == "default"


def test_a_case_that_is_not_there_is_not_found() -> None:
    place = office()
    with pytest.raises(NotFoundError):
        place.desk.cases.get("riverside", "202611-0404")


@pytest.mark.req("G5")
def test_an_extension_moves_the_deadline_and_keeps_the_first() -> None:
    place = office()
    case = place.desk.carry_out(assigned(place), sign(place)).case
    first = case.clocks.solve_due_at
    later = first + timedelta(hours=2)
    place.do(case, "request_extension", HANDLER, ExtensionForm(until=later, reason="等配件"))
    after = place.do(case, "grant_extension", MANAGER, ReasonForm(reason="同意"))
    deadline = next(deadline for clock, deadline in after.clocks.deadlines.items() if clock == "solve")
    assert (deadline.due_at, deadline.first_due_at) == (later, first)
    check_whole(place)
