"""What a complaint turns out to be: valid, or communicative in one of four ways (A7, S4)."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo.documents import read, stored
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import facts_of
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import InvalidInputError, NotAllowedError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.rules import NATURES
from chalicelib.web.words import words
from tests.api_desk import ApiDesk, api_desk
from tests.builders import community, office
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story
from tests.words import LANGUAGES

MACHINE = Actor(Role.MACHINE, "ivr-1")
CASES = "/v1/communities/riverside/cases"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def complaint(**about: str) -> Story:
    return Story().register(kind="complaint", matter="staff_attitude", **about)


@pytest.mark.req("A7")
def test_a_complaint_is_valid_until_somebody_has_found_otherwise(desk: ApiDesk) -> None:
    for user in (None, "agent-1", "ivr-1"):
        number = desk.report(user=user, kind="complaint", matter="staff_attitude").json_body["number"]
        about = desk.get(f"{CASES}/{number}", user="agent-1").json_body["classification"]
        assert about["nature"] == "valid", user


@pytest.mark.req("A7")
@pytest.mark.parametrize("nature", NATURES)
def test_the_desk_says_at_the_intake_of_what_nature_a_complaint_is(desk: ApiDesk, nature: str) -> None:
    said = {"kind": "complaint", "matter": "staff_attitude", "nature": nature, "complexity": "complex"}
    number = desk.report(user="agent-1", **said).json_body["number"]
    about = desk.get(f"{CASES}/{number}", user="agent-1").json_body["classification"]
    assert about["nature"] == nature
    assert about["complexity"] == "complex"


@pytest.mark.req("A7")
def test_neither_resident_nor_machine_judges_that(desk: ApiDesk) -> None:
    answer = desk.report(user=None, kind="complaint", nature="venting")
    assert answer.status_code == 400
    assert "nature" in answer.json_body["Message"]
    taken = desk.report(user="ivr-1", kind="complaint", nature="venting").json_body
    assert taken["left_out"] == ["nature: venting"], "a machine's report is taken without it"
    about = desk.get(f"{CASES}/{taken['number']}", user="agent-1").json_body["classification"]
    assert about["nature"] == "valid"


def test_nor_does_a_machine_that_reaches_the_service_itself() -> None:
    with pytest.raises(InvalidInputError, match="Only staff"):
        office().register(actor=MACHINE, kind="complaint", nature="venting")


@pytest.mark.req("A7")
def test_what_is_no_nature_is_refused_with_those_that_there_are(desk: ApiDesk) -> None:
    number = desk.report(user="agent-1", kind="complaint").json_body["number"]
    for answer in (
        desk.report(user="agent-1", kind="complaint", nature="rude"),
        desk.command(number, "classify", {"reason": "问过", "nature": "rude"}, user="agent-1"),
    ):
        assert answer.status_code == 400
        for nature in NATURES:
            assert nature in answer.json_body["Message"]


@pytest.mark.req("A7")
def test_only_a_complaint_can_be_anything_but_valid(desk: ApiDesk) -> None:
    number = desk.report(user="agent-1", kind="repair").json_body["number"]
    for answer in (
        desk.report(user="agent-1", kind="repair", nature="asking"),
        desk.command(number, "classify", {"reason": "问过", "nature": "asking"}, user="agent-1"),
    ):
        assert answer.status_code == 400
        assert "Only a complaint" in answer.json_body["Message"]
    given = {"reason": "问过", "kind": "complaint", "nature": "asking"}
    answer = desk.command(number, "classify", given, user="agent-1")
    assert answer.json_body["classification"]["nature"] == "asking"


@pytest.mark.req("A7", "A8")
def test_a_correction_says_why_moves_no_deadline_and_stands_in_the_history() -> None:
    story = complaint()
    before = story.case.clocks.deadlines
    story.do("classify", AGENT, ClassifyForm("误会，已解释清楚", nature="venting"))
    assert story.case.classification.nature == "venting"
    assert story.case.clocks.deadlines == before
    payload = story.events[-1].payload
    assert isinstance(payload, ev.Classified)
    assert payload.reason == "误会，已解释清楚"
    assert facts_of(payload.classification) == facts_of(replace(payload.classification, nature="valid"))


@pytest.mark.req("A7")
def test_what_is_no_complaint_any_more_is_valid_again() -> None:
    story = complaint(nature="asking")
    story.do("classify", SUPERVISOR, ClassifyForm("是咨询", kind="inquiry"))
    assert (story.case.classification.kind, story.case.classification.nature) == ("inquiry", "valid")
    story.do("classify", SUPERVISOR, ClassifyForm("还是投诉", kind="complaint"))
    assert story.case.classification.nature == "valid", "what was found before is not found again"


@pytest.mark.req("A7")
def test_only_the_desk_corrects_it() -> None:
    story = complaint().do("assign", SUPERVISOR)
    for actor in (RESIDENT, HANDLER, MACHINE):
        with pytest.raises(NotAllowedError):
            story.do("classify", actor, ClassifyForm("不该由我定", nature="venting"))


@pytest.mark.req("A7")
def test_what_was_stored_before_there_were_natures_is_valid() -> None:
    about = complaint().case.classification
    old = stored(about).replace(b',"nature":"valid"', b"")
    assert b"nature" not in old
    assert read(old, ev.Classification) == about


@pytest.mark.req("A7", "E8")
def test_a_resident_is_not_told_what_the_desk_takes_the_complaint_for(desk: ApiDesk) -> None:
    receipt = desk.report(user="agent-1", kind="complaint", nature="venting").json_body
    page = desk.get(f"/v1/links/{receipt['tracking_url'].rpartition('/')[2]}").body.decode()
    assert "venting" not in page
    assert "nature" not in page


@pytest.mark.req("A7")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_nature_has_a_name(language: str) -> None:
    assert set(words(language).groups["natures"]) == set(NATURES)


def counted(story: Story) -> int:
    return contribution(story.case)[TOTAL, "valid_complaints"]


@pytest.mark.req("A7", "E2", "G17")
def test_what_counts_as_a_valid_complaint() -> None:
    assert counted(complaint()) == 1
    assert counted(Story().register(kind="repair")) == 0
    assert counted(complaint(nature="suggesting")) == 0
    talked = complaint().do("classify", AGENT, ClassifyForm("是建议", nature="suggesting"))
    assert counted(talked) == 0
    assert counted(talked.do("classify", AGENT, ClassifyForm("确有其事", nature="valid"))) == 1


@pytest.mark.req("A7", "B1", "G17")
def test_a_complaint_found_untrue_is_not_valid_unless_the_manager_takes_it_up_again() -> None:
    story = complaint().do("reject", SUPERVISOR)
    assert counted(story) == 0
    story.do("object", RESIDENT)
    assert counted(story) == 0
    upheld = complaint().do("reject", SUPERVISOR).do("object", RESIDENT).do("uphold", MANAGER)
    assert counted(upheld) == 0
    assert counted(story.do("reopen", MANAGER)) == 1


@pytest.mark.req("A7", "G17")
def test_a_withdrawal_does_not_talk_the_figure_down_and_a_merger_counts_once() -> None:
    for name, actor in (("withdraw", RESIDENT), ("record_withdrawal", AGENT)):
        assert counted(complaint().do(name, actor)) == 1
    assert counted(complaint().do("merge", SUPERVISOR)) == 0


@pytest.mark.req("A7", "E2")
def test_valid_complaints_stand_beside_their_target_of_the_households(desk: ApiDesk) -> None:
    for _ in range(12):
        desk.report(user="agent-1", kind="complaint", matter="staff_attitude")
    desk.report(user="agent-1", kind="complaint", nature="venting")
    desk.report(user="agent-1", kind="repair")
    goal = goal_of(desk, "valid_complaints")
    assert (goal["goal"], goal["at_most"]) == (0.01, True)
    assert (goal["actual"], goal["of"], goal["reached"]) == (0.01, 1200, True)
    desk.report(user="agent-1", kind="complaint")
    assert goal_of(desk, "valid_complaints")["reached"] is False
    total = desk.get("/v1/communities/riverside/figures", user="agent-1").json_body["rows"][0]["counters"]
    assert (total["registered"], total["valid_complaints"]) == (15, 13)


@pytest.mark.req("E2")
def test_without_households_there_is_no_rate() -> None:
    with api_desk(community("empty", prefix="e-", households=0)) as desk:
        found = desk.get("/v1/communities/empty/figures", user="e-manager-1").json_body
    goal = next(goal for goal in found["goals"] if goal["what"] == "valid_complaints")
    assert (goal["actual"], goal["of"], goal["reached"]) == (None, 0, None)


def goal_of(desk: ApiDesk, what: str) -> dict[str, Any]:
    found = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body["goals"]
    goals: dict[str, Any] = {target["what"]: target for target in found}
    return goals[what]
