"""A result that nobody signs off is chased by the workflow, and told to nobody outside (B9)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.sign_off import SignOffForm
from tests.workflow.world import World, handler_of


@pytest.mark.req("B9", "G3")
def test_an_unsigned_result_climbs_from_the_head_to_the_manager_and_then_leaves(world: World) -> None:
    case = world.sign(world.register())
    handler = handler_of(case)
    world.office.do(case, "complete", handler, CompleteForm("换好了灯", cause="老化"), signed_off=False)
    world.relay()
    case = world.case(case)
    assert case.state is State.WORKING
    head = case.work.sign_off.waiting.asked[0] if case.work.sign_off.waiting else ""
    world.wait(timedelta(days=2))
    told = [(chased.told, chased.person) for chased in world.happened(case, ev.SignOffChased)]
    assert told == [("department_head", head), ("supervisor", "supervisor-1"), ("manager", "manager-1")]
    sent = world.office.stores.notices.of_case(case.community, case.number)
    left = {
        (notice.notice.recipient, notice.status)
        for notice in sent
        if notice.notice.kind in {"sign_off", "completed"}
    }
    assert left == {(head, "sent"), ("supervisor-1", "sent"), ("manager-1", "sent")}, "and no resident"
    signer = Actor(Role.DEPARTMENT_HEAD, head)
    case = world.do(world.case(case), "sign_off_result", signer, SignOffForm())
    assert case.state is State.COMPLETED
    assert "riverside-202611-0001-revisit-1-0" in world.executions("revisit")
    sent = world.office.stores.notices.of_case(case.community, case.number)
    assert "completed" in {notice.notice.kind for notice in sent}
