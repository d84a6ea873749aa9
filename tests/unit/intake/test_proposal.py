"""What the triage proposes stands on the case, wakes whoever must know, and people decide (A6, A7, A8)."""

import pytest

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.intake.danger import LONGEST_SIGN, danger_of
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.intake.triage.answers import Answer, Triage
from chalicelib.domain.intake.triage.lexicon import Lexicon
from chalicelib.domain.intake.triage.proposal import corrected
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.case_line import line_of
from chalicelib.services.intake.triage import Model, Reader
from tests.builders import AGENT, Office, office
from tests.reading import lexicon, read
from tests.sending import send


def reported(place: Office, text: str, **changes: object) -> Case:
    return place.register(actor=RESIDENT, **{"kind": None, "matter": None, "text": text, **changes}).case


def alerted(place: Office) -> list[str]:
    send(place)
    return [text for _, text in place.sms.sent if "险情" in text]


@pytest.mark.req("A8")
def test_a_report_without_a_matter_is_unsorted_with_a_proposal_beside_it() -> None:
    place = office(reads=read)
    case = reported(place, "走廊的灯不亮了，麻烦来修")
    assert case.classification.matter == UNSORTED, "a person decides"
    assert case.proposal is not None
    assert (case.proposal.kind, case.proposal.matter) == ("repair", "lighting_lock")
    assert case.proposal.words
    assert corrected(case) == ()
    assert line_of(case, place.desk.context_of(case), None).proposed == "lighting_lock"
    assert place.case(case).proposal == case.proposal


@pytest.mark.req("A8")
def test_what_was_proposed_and_what_was_decided_are_both_kept() -> None:
    place = office(reads=read)
    case = reported(place, "走廊的灯不亮了，麻烦来修")
    agreed = place.do(case, "classify", AGENT, ClassifyForm("看过", kind="repair", matter="lighting_lock"))
    assert corrected(agreed) == ()
    case = reported(place, "走廊的灯不亮了，麻烦来修", another=True)
    case = place.do(case, "classify", AGENT, ClassifyForm("是门禁", kind="complaint", matter="intruder_gate"))
    assert corrected(case) == ("kind", "matter")
    assert case.proposal is not None
    assert case.proposal.matter == "lighting_lock"
    assert line_of(case, place.desk.context_of(case), None).corrected == ("kind", "matter")


@pytest.mark.req("A8")
def test_the_desk_that_says_the_matter_itself_corrects_as_well() -> None:
    case = office(reads=read).register(text="走廊的灯不亮了", kind="repair", matter="parking").case
    assert "matter" in corrected(case)


@pytest.mark.req("A6", "A7")
def test_a_sign_that_is_in_no_list_wakes_whoever_is_on_duty() -> None:
    said = "三楼那个阿叔脸发紫，倒在地上"
    without, place = office(), office(reads=read)
    reported(without, said)
    case = reported(place, said)
    assert alerted(without) == []
    assert alerted(place)
    assert danger_of(case, place.desk.context_of(case)) in (case.proposal.danger if case.proposal else ())


@pytest.mark.req("A6", "A7")
@pytest.mark.parametrize("text", ["没有着火，只是问问", "楼道着火了", "上次困在电梯里的事怎么样了"])
def test_a_word_of_the_list_wakes_as_before_whatever_the_triage_makes_of_it(text: str) -> None:
    place = office(reads=read)
    reported(place, text)
    assert alerted(place)


@pytest.mark.req("G24")
def test_what_a_sign_is_called_in_an_sms_is_nothing_that_was_typed() -> None:
    cues = {"…".join(cue.parts) for cues in lexicon_cues() for cue in cues}
    found = read("张伟在3栋电梯里面被困，门打不开")
    assert found.danger
    assert set(found.danger) <= cues


def lexicon_cues() -> list[tuple]:  # type: ignore[type-arg]
    cues = lexicon().cues
    return [cues[first] for first in cues._written]  # type: ignore[attr-defined]


@pytest.mark.req("A7")
def test_a_report_is_taken_when_the_triage_fails() -> None:
    def broken() -> Lexicon:
        raise OSError("no such file")

    case = reported(office(reads=Reader(broken)), "门关不严")
    assert case.proposal is None


def answers(item: str, urgency: str, asked: list[str]) -> Model:
    """A model that says that of everything, and keeps what it was asked."""

    def model(text: str, read: Triage) -> Triage:
        asked.append(text)
        found = Answer(item, 0.99)
        return Triage(
            read.kind, Answer("safety", 0.99), found, Answer(urgency, 0.99), Answer("general", 0.99)
        )

    return model


@pytest.mark.req("A8")
def test_a_model_may_think_otherwise_but_is_not_asked_of_a_fire() -> None:
    asked: list[str] = []
    place = office(reads=Reader(lexicon, answers("parking", "normal", asked)))
    burning, lamp = reported(place, "楼道里浓烟滚滚"), reported(place, "路灯不亮")
    assert burning.proposal is not None
    assert (burning.proposal.matter, burning.proposal.urgency) == ("fire", "emergency")
    assert lamp.proposal is not None
    assert lamp.proposal.matter == "parking"
    assert asked == ["路灯不亮"], "whoever must know of a fire waits for no model"


@pytest.mark.req("A8", "G24")
def test_a_model_reads_nothing_of_who_reported_or_is_named() -> None:
    asked: list[str] = []
    place = office(reads=Reader(lexicon, answers("parking", "normal", asked)))
    told = (
        "我是赵晓明，住3栋1201，电话 139 1234 5678，zhao@example.com。王师傅说沪A12345的车主"
        "是隔壁2单元502老陈家的，微信:lao_chen88，车挡路灯了，有3天"
    )
    reported(place, told, name="赵晓明", unit="3-1201", phone="+8613912345678")
    assert asked
    for said in ("赵晓明", "1201", "1234", "5678", "zhao", "王师傅", "沪A", "502", "老陈", "lao_chen88"):
        assert said not in asked[0], said
    for kept in ("车挡路灯", "3天"):
        assert kept in asked[0]
    place.desk.reads("车位被占")
    assert len(asked) == 1, "what is only proposed while somebody types is read by the lexicon alone"


@pytest.mark.req("A6", "A8")
def test_an_emergency_that_only_a_model_sees_wakes_somebody_too() -> None:
    place = office(reads=Reader(lexicon, answers("medical", "emergency", [])))
    reported(place, "他一直那样坐着，眼睛不眨")
    assert "急病" in alerted(place)[0]


@pytest.mark.req("A6", "A7")
def test_a_long_sign_wakes_as_a_short_one_does() -> None:
    place = office(reads=read)
    case = reported(place, "A man is lying on the ground behind the bins")
    assert case.proposal is not None
    assert min(map(len, case.proposal.danger)) > LONGEST_SIGN, "this tests no long sign any more"
    assert alerted(place)


@pytest.mark.req("A8")
@pytest.mark.parametrize("answer", [None, OSError("timed out")])
def test_a_model_without_an_answer_leaves_the_lexicon_s(answer: Exception | None) -> None:
    def silent(text: str, read: Triage) -> None:
        if answer is not None:
            raise answer

    place = office(reads=Reader(lexicon, silent))
    assert reported(place, "路灯不亮").proposal == reported(office(reads=read), "路灯不亮").proposal
