"""Who asks the resident: somebody who is there, and nobody is kept from it by an assignment (D6, G3, G6)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.fold import fold
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.timers import next_step, pending
from tests.stories import AGENT, HANDLER, HEAD, MANAGER, SUPERVISOR, Story, context

SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone")


def drawn(pack: str, **about: str) -> Story:
    """A case whose revisit somebody was asked to make."""
    story = Story(context(pack=pack)).register(**about)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到")).do("sign", HANDLER)
    story.do("complete", HANDLER)
    story.at = next(due.at for due in pending(story.case, story.context) if due.action == "draw_revisit")
    story.fire()
    assert story.case.follow_up.revisitor is not None
    return story


def leaves(story: Story, username: str) -> None:
    """The person leaves; another of the same rank comes."""
    place = story.context.community
    gone = place.member(username)
    assert gone is not None
    staff = [replace(member, active=False) if member == gone else member for member in place.staff]
    staff.append(replace(gone, username=f"{gone.username}-new", name="新同事"))
    story.context = replace(story.context, community=replace(place, staff=tuple(staff)))


@pytest.mark.req("D6", "G3")
@pytest.mark.parametrize(
    ("pack", "about"),
    [("S2", {"kind": "complaint", "severity": "serious"}), ("default", {"kind": "inquiry"})],
)
@pytest.mark.parametrize("days", [0, 30])
def test_a_revisit_of_somebody_who_has_left_is_drawn_anew(
    pack: str, about: dict[str, str], days: int
) -> None:
    story = drawn(pack, **about)
    first = str(story.case.follow_up.revisitor)
    if days:
        story.wait(days=days).fire()
    leaves(story, first)
    wake_at = next_step(story.case, story.context).wake_at
    assert wake_at is not None
    assert wake_at <= story.at, "at once, whenever somebody looks"
    payloads = story.fire()
    anew = next(payload for payload in payloads if isinstance(payload, ev.RevisitDrawn))
    assert anew.revisitor not in {None, first}
    assert anew.revisitor == story.case.follow_up.revisitor
    assert anew.rank == story.case.follow_up.revisit_rank
    assert anew.due_at > story.at
    reminder = next(due for due in pending(story.case, story.context) if due.action == "remind_revisit")
    assert reminder.at == anew.due_at, "who is new to it is reminded as anybody"
    draws = [str(event.payload.key) for event in story.events if isinstance(event.payload, ev.RevisitDrawn)]
    assert draws == ["revisit:draw:1"] * 2, "the ordinary draw, once more"
    assert story.fire() == ()
    assert fold(story.events, "riverside", story.case.number) == story.case


@pytest.mark.req("D6", "G3")
def test_with_nobody_left_of_the_rank_a_revisit_of_the_sample_passes_to_the_desk() -> None:
    story = drawn("S2", kind="complaint", severity="serious")
    assert story.case.follow_up.revisitor == MANAGER.id
    place = story.context.community
    staff = tuple(member for member in place.staff if member.username != MANAGER.id)
    story.context = replace(story.context, community=replace(place, staff=staff))
    story.fire()
    assert story.case.follow_up.revisit_rank in {Role.AGENT, Role.SUPERVISOR}


@pytest.mark.req("G3")
def test_where_everybody_has_left_the_draw_is_made_once_more_and_the_case_comes_to_rest() -> None:
    story = drawn("default", kind="inquiry")
    place = story.context.community
    alone = tuple(member for member in place.staff if member.username == HANDLER.id)
    story.context = replace(story.context, community=replace(place, staff=alone))
    (nobody,) = (payload for payload in story.fire() if isinstance(payload, ev.RevisitDrawn))
    assert nobody.revisitor is None
    assert story.fire() == ()
    (close,) = pending(story.case, story.context)
    assert (close.action, close.at > story.at) == ("close", True)
    story.at = close.at
    story.fire()
    assert story.case.ending.close_reason is ev.CloseReason.SILENT


@pytest.mark.req("G3")
def test_one_after_the_other_leaves_and_each_is_replaced_and_reminded() -> None:
    story = drawn("default", kind="inquiry")
    asked, reminded = [story.case.follow_up.revisitor], 0
    for _ in range(3):
        story.wait(days=30)
        reminded += sum(isinstance(payload, ev.Reminded) for payload in story.fire())
        leaves(story, str(asked[-1]))
        story.fire()
        asked.append(story.case.follow_up.revisitor)
    assert len(set(asked)) == 4
    assert reminded == 3
    rungs = [str(event.payload.key) for event in story.events if isinstance(event.payload, ev.Escalated)]
    assert len(rungs) == len(set(rungs)), "the rungs are the revisit's own, and come once"


@pytest.mark.req("D8", "G3")
def test_the_promise_of_somebody_who_has_left_is_another_s_to_keep() -> None:
    story = drawn("S3", kind="complaint")
    until = story.at + timedelta(hours=30)
    promise = RevisitForm(ev.RevisitOutcome.PROMISED, "phone", promised_until=until)
    story.do("record_revisit", AGENT, promise)
    assert story.case.follow_up.revisitor == AGENT.id
    leaves(story, AGENT.id)
    story.wait(hours=1).fire()
    assert story.case.follow_up.revisitor not in {None, AGENT.id}
    assert story.case.follow_up.revisit_due_at == until


@pytest.mark.req("G6")
def test_whoever_may_not_revisit_any_more_is_replaced_as_if_gone() -> None:
    story = drawn("default", kind="inquiry")
    place, first = story.context.community, story.case.follow_up.revisitor
    staff = tuple(
        replace(member, role=Role.HANDLER) if member.username == first else member for member in place.staff
    )
    story.context = replace(story.context, community=replace(place, staff=staff))
    story.fire()
    assert story.case.follow_up.revisitor not in {None, first}


@pytest.mark.req("D6", "G6")
def test_assigning_to_and_fro_takes_nobody_out_of_the_sample() -> None:
    story = Story(context(pack="S2")).register(kind="complaint", severity="serious")
    story.do("assign", SUPERVISOR, AssignForm(MANAGER.id, "请看"))
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "还是你来")).do("sign", HANDLER)
    story.do("complete", HANDLER).do("rate", RESIDENT, RateForm(5))
    case = story.case
    assert (case.state, MANAGER.id in case.assignment.everybody) == (State.COMPLETED, False)
    assert MANAGER.id in case.assignment.former_handlers, "that the case was there stays known"
    assert story.do("record_revisit", MANAGER, SATISFIED).case.state is State.CLOSED


@pytest.mark.req("D6", "G6")
def test_nor_does_the_signature_of_the_head_in_another_s_place() -> None:
    story = Story(context(pack="S2")).register(kind="complaint", severity="serious")
    story.do("assign", SUPERVISOR, AssignForm(MANAGER.id, "请看")).do("sign", HEAD)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "你来")).do("sign", HANDLER)
    story.do("complete", HANDLER)
    assert story.case.assignment.everybody == {HANDLER.id, HEAD.id}


@pytest.mark.req("G6")
@pytest.mark.parametrize("command", ["sign", "decline"])
def test_whoever_signed_or_declined_does_not_revisit(command: str) -> None:
    story = Story(context(pack="S2")).register(kind="complaint", severity="serious")
    story.do("assign", SUPERVISOR, AssignForm(MANAGER.id, "请看")).do(command, MANAGER)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "你来")).do("sign", HANDLER)
    story.do("complete", HANDLER)
    with pytest.raises(NotAllowedError):
        story.do("record_revisit", MANAGER, SATISFIED)
