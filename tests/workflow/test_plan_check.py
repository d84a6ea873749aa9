"""A plan that nobody confirms is chased by the workflow, and told to nobody outside (B5, S3)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.notices.kinds import RESIDENT_ID
from chalicelib.domain.work.forms import ProposeForm
from chalicelib.domain.work.plan_check import ConfirmPlanForm
from tests.builders import AGENT
from tests.workflow.world import World, handler_of


@pytest.mark.req("B5", "G3")
def test_an_unconfirmed_plan_climbs_from_the_desk_to_the_manager_and_then_is_put(world: World) -> None:
    case = world.sign(world.register(kind="complaint"))
    world.office.do(case, "propose", handler_of(case), ProposeForm("轴承老化", "周五更换"), signed_off=False)
    world.relay()
    case = world.case(case)
    assert case.state is State.SIGNED
    assert case.work.plan_check.waiting
    (first,) = case.work.plan_check.waiting.asked
    world.wait(timedelta(days=2))
    told = [(chased.told, chased.person) for chased in world.happened(case, ev.PlanChased)]
    assert told == [("agent", first), ("supervisor", "supervisor-1"), ("manager", "manager-1")]
    sent = world.office.stores.notices.of_case(case.community, case.number)
    left = {
        (notice.notice.recipient, notice.status)
        for notice in sent
        if notice.notice.kind in {"plan_check", "proposed"}
    }
    assert left == {(first, "sent"), ("supervisor-1", "sent"), ("manager-1", "sent")}, "and no resident"
    case = world.do(world.case(case), "confirm_plan", AGENT, ConfirmPlanForm())
    assert case.state is State.PROPOSED
    world.wait(timedelta(days=2))
    assert len(world.happened(case, ev.PlanChased)) == 3, "what is confirmed is not chased"
    sent = world.office.stores.notices.of_case(case.community, case.number)
    assert RESIDENT_ID in {notice.notice.recipient for notice in sent if notice.notice.kind == "proposed"}
