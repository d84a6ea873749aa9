"""The script of a revisit: the regulation's questions on page and API, the answers on record (D4)."""

import pytest
from msgspec.structs import fields, replace

from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.files import SIGNATURE
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import RegulationError
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.regulation.pack_checks import check
from chalicelib.domain.regulation.regulation import QUESTIONS, Regulation
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.web.form_fields import fields_of
from chalicelib.web.history import happened
from chalicelib.web.words import words
from tests.api_desk import api_desk
from tests.builders import regulations
from tests.content import drawn as picture
from tests.stories import HANDLER, context
from tests.words import LANGUAGES

ALWAYS = ("outcome", "manner", "note", "promised_until", "fault", "points")
"""What a revisit records whatever the regulation asks."""


def asking(*questions: str) -> Regulation:
    pack = regulations().get("S3")
    return replace(pack, revisits=replace(pack.revisits, questions=questions))


def drawn(around: Context, language: str = "zh-CN") -> dict[str, str]:
    """Field → how the reader is told to ask it."""
    shown = fields_of(RevisitForm, "record_revisit", around, words(language))
    return {entry.name: f"{entry.label} {entry.hint}".strip() for entry in shown}


@pytest.mark.req("D4")
def test_what_can_be_asked_is_what_a_revisit_records() -> None:
    assert {entry.name for entry in fields(RevisitForm)} == {*QUESTIONS, *ALWAYS, "drawn", "device"}
    assert regulations().get("S3").revisits.questions == QUESTIONS


@pytest.mark.req("D4")
def test_the_form_asks_what_the_regulation_names_in_its_order() -> None:
    few = drawn(context(regulation=asking("charge_checked", "conduct")))
    assert list(few) == ["outcome", "manner", "charge_checked", "conduct", "note", *ALWAYS[-3:]]
    assert set(drawn(context(regulation=asking()))) == set(ALWAYS)
    signed = drawn(context(regulation=asking("signature", "conduct")))
    assert list(signed)[2:5] == ["signature", "drawn", "conduct"], "whose name it is, then the frame"


@pytest.mark.req("D4")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_says_how_to_ask_it(language: str) -> None:
    shown = drawn(context(pack="S3"), language)
    labels = words(language).groups["fields"]
    for question in set(QUESTIONS) - {"signature"}:
        assert shown[question].startswith(labels[question])
        assert len(shown[question]) > len(labels[question]) + 5
        told = shown[question].lower()
        assert not any(word in told for word in ("维修", "repair")), "a rude guard is revisited too"


@pytest.mark.req("D4")
@pytest.mark.parametrize("wrong", [("worker_conduct",), ("conduct", "conduct"), ("outcome",)])
def test_a_script_of_what_no_revisit_records_is_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises(RegulationError, match=wrong[0]):
        check(asking(*wrong))


@pytest.mark.req("D4")
def test_the_api_shows_the_script_and_the_answers_and_the_page_the_history() -> None:
    answers = {
        "work_inspected": "灯亮，灯罩已擦净",
        "conduct": "准时，有礼貌",
        "suggestions": "楼道再加一盏",
        "charge_checked": True,
        "signature": "王芳",
    }
    with api_desk() as desk:
        found = desk.get("/v1/regulations/default").json_body
        assert found["revisit_questions"] == list(answers)
        place = desk.office
        case = place.register(matter="lighting_lock", kind="repair").case
        case = place.do(case, "assign", TIMER, AssignForm(HANDLER.id, "轮到"))
        case = place.do(case, "sign", HANDLER, SignForm("甲"))
        case = place.do(case, "complete", HANDLER, CompleteForm("好了", cause="疏忽"))
        sent = {"outcome": "satisfied", "manner": "visit", **answers}

        def answered(**changes: object) -> tuple[int, str]:
            answer = desk.command(case.number, "record_revisit", {**sent, **changes}, user="agent-1")
            return answer.status_code, str(answer.json_body.get("Message"))

        refused = (
            answered(),  # a typed name is nobody's signature
            answered(manner="phone", drawn=picture()),
            answered(signature=None, drawn=picture()),
        )
        assert [status for status, _ in refused] == [400, 400, 400]
        whys = ("Let the resident sign here", "over the telephone", "who has signed")
        assert all(why in said for why, (_, said) in zip(whys, refused, strict=True))
        assert answered(drawn=picture())[0] == 200
        seen = desk.get(f"/v1/communities/riverside/cases/{case.number}", user="agent-1").json_body
        assert {name: seen["revisits"][0][name] for name in answers} == answers
        case = place.case(case)
        assert case.follow_up.revisits[0].outcome is RevisitOutcome.SATISFIED
        assert [file.stage for file in case.files] == [SIGNATURE], "what was drawn is a file of the case"
        events = place.desk.cases.events(case.community, case.number)
        history = happened(case, events, place.desk.context_of(case), words("zh-CN"))
        (entry,) = (entry for entry in history if entry.title == "上门回访：满意")
        assert entry.by == "安佳"
        assert entry.details == (
            ("查看工作情况", "灯亮，灯罩已擦净"),
            ("员工表现", "准时，有礼貌"),
            ("住户建议", "楼道再加一盏"),
            ("收费已核对", "是"),
            ("签名", "王芳"),
        )
