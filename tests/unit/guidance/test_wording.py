"""No text that reaches a resident says what is not said to residents (A14, S0)."""

import tomllib
from collections.abc import Iterator

import pytest

from chalicelib.adapters.unwanted_file import unwanted_from_file
from chalicelib.adapters.word_files import FOLDER
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.case.spoken import ReasonedWordForm
from chalicelib.domain.community.roles import RESIDENT, Actor
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.follow_up.forms import AnswerPointForm, RevisitForm
from chalicelib.domain.notices.wording_told import check_told
from chalicelib.domain.wording import UnwantedWord, unwanted_in
from chalicelib.domain.work.forms import CompleteForm, ProposeForm, ReferForm, RejectForm, VerifyForm
from chalicelib.domain.work.resident_forms import AnswerForm
from tests.api_desk import api_desk
from tests.builders import community, office
from tests.stories import AGENT, HANDLER, SUPERVISOR, Story, in_state

UNWANTED = unwanted_from_file()


def said(text: str) -> str | None:
    found = unwanted_in(text, UNWANTED)
    return found.word if found else None


@pytest.mark.req("A14")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("这个我不懂。", "不懂"),
        ("这样不行", "不行"),
        ("不对，是您自己弄坏的", "不对"),
        ("不会。", "不会"),
        ("我也不知道什么时候修好", "不知道"),
        ("这不是我管的", "不是我管"),
        ("可以修，不过要等", "不过"),
        ("不可能漏水", "不可能"),
        ("真的吗？我去看看", "真的吗"),
        ("已派人，可是人手少", "可是"),
        ("水已停但是还要晾干", "但是"),
        ("不", "不"),
        ("不的。", "不"),
        ("不對！", "不對"),
        ("Sorry, i DON'T know.", "I don't know"),
    ],
)
def test_each_word_of_s0_is_found(text: str, word: str) -> None:
    assert said(text) == word


@pytest.mark.req("A14")
@pytest.mark.parametrize(
    "text",
    [
        "不锈钢水槽已换好，不会再漏了。",
        "对不起，让您久等了，不好意思。",
        "您看明天上午行不行？",
        "不知道您几点方便，我们按您的时间上门。",
        "电梯不行驶的原因是门锁触点老化，已更换。",
        "大门不对外开放，请走东门。",
        "食品不过期就可以代存。",
        "已经许可，是明天施工。",
        "您说“不知道找谁”，以后请直接找我。",
        "住户反映「维修工说不行」，已批评教育。",
        "We did not find a leak; it is sealed now.",
    ],
)
def test_what_only_looks_like_it_is_left_alone_and_so_is_a_quotation(text: str) -> None:
    assert said(text) is None


TELLING = [
    ("progress", State.WORKING, HANDLER, RequiredNoteForm("我不知道还要多久")),
    (
        "propose",
        State.WORKING,
        HANDLER,
        ProposeForm("密封圈老化", "换密封圈，但是要等配件", price_item="tap"),
    ),
    ("complete", State.WORKING, HANDLER, CompleteForm("已修好，不过您要少用")),
    ("answer", State.WORKING, HANDLER, AnswerForm("这不是我管的", "phone")),
    ("reject", State.REGISTERED, SUPERVISOR, RejectForm("现场查看，不可能漏水")),
    ("refer", State.REGISTERED, SUPERVISOR, ReferForm("供水公司", "不归我们管，请找供水公司")),
    ("answer_point", State.COMPLETED, SUPERVISOR, AnswerPointForm(1, "已请保洁清理", "这个我不懂")),
]


@pytest.mark.req("A14")
@pytest.mark.parametrize(
    ("command", "state", "actor", "form"), TELLING, ids=[command for command, *_ in TELLING]
)
def test_a_text_for_the_resident_is_refused_with_the_word_and_what_is_right(
    command: str, state: State, actor: Actor, form: object
) -> None:
    story = (
        Story().register(kind="complaint", matter="staff_attitude")
        if command == "reject"
        else in_state(state)
    )
    if command == "answer_point":
        story.do(
            "record_revisit", AGENT, RevisitForm(ev.RevisitOutcome.SATISFIED, "visit", points="楼道堆物")
        )
    if command == "reject":
        story.do("verify", SUPERVISOR, VerifyForm("untrue", "监控看过"))
    events = story.do(command, actor, form).outcomes[-1].events
    with pytest.raises(InvalidInputError, match=r"is not said to residents; .* quotation marks") as refused:
        check_told(events, UNWANTED)
    assert refused.value.reason == "unwanted_word"


@pytest.mark.req("A14")
def test_what_residents_write_and_what_stays_inside_is_not_looked_at() -> None:
    said = ReasonForm("但是我不知道找谁")
    withdrawn = in_state(State.WORKING).do("withdraw", RESIDENT, said)
    check_told(withdrawn.outcomes[-1].events, UNWANTED)
    by_word = ReasonedWordForm(Story().at, "王芳", "phone", "但是我不知道找谁")
    check_told(in_state(State.WORKING).do("record_withdrawal", AGENT, by_word).outcomes[-1].events, UNWANTED)
    check_told(in_state(State.ASSIGNED).do("decline", HANDLER, said).outcomes[-1].events, UNWANTED)


@pytest.mark.req("A14")
def test_the_api_refuses_it_changes_nothing_and_takes_the_right_words() -> None:
    own = UnwantedWord("小事一桩", {"zh-CN": "请说具体办了什么"})
    with api_desk(community(unwanted=(own,))) as desk:
        number = desk.report(user="agent-1", kind="inquiry", matter="fee_query").json_body["number"]
        for said, word in (("这不归我管", "不归我管"), ("小事一桩", "小事一桩")):
            refused = desk.command(number, "answer", {"said": said, "manner": "phone"}, user="agent-1")
            assert refused.status_code == 400
            assert word in refused.json_body["Message"]
        body = {"said": "您说“不归我管”的那位同事已道歉，收费标准已告知。", "manner": "phone"}
        taken = desk.command(number, "answer", body, user="agent-1")
        assert taken.status_code == 200, taken.json_body
        assert taken.json_body["version"] == 3, "answered, and with that done"


@pytest.mark.req("A14", "A10")
def test_what_was_done_on_the_spot_is_looked_at_before_a_number_is_used_up() -> None:
    place = office()
    with pytest.raises(InvalidInputError, match="not said to residents"):
        place.register(actor=AGENT, solved_with="修好了，但是别再弄坏")
    assert place.register(actor=AGENT).case.number.endswith("-0001")


@pytest.mark.req("A14")
def test_our_own_words_to_residents_say_none_of_them() -> None:
    document = tomllib.loads((FOLDER / "zh-CN.toml").read_text(encoding="utf-8"))
    ours = {
        "notices": document["notices"],
        "track": document["pages"]["track"],
        "told": document["pages"]["told"],
    }
    assert [(text, word) for text in _texts(ours) if (word := said(text))] == []


def _texts(held: object) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict | list):
        for part in held.values() if isinstance(held, dict) else held:
            yield from _texts(part)
