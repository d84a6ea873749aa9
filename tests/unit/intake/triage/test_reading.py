"""What the triage makes of a message, and which words it names for it (A7, A8)."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.intake.triage.clauses import clauses
from chalicelib.domain.intake.triage.emergency import LIKELY
from chalicelib.domain.intake.triage.lexicon import ANSWERS, CATEGORY_OF
from chalicelib.domain.intake.triage.normal import normal
from tests.reading import lexicon, read


@pytest.mark.req("A7", "A8")
@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("厨房水龙头关不紧，一直漏水", "leak"),
        ("廚房水龍頭關不緊，一直漏水", "leak"),
        ("水喉漏水呀，唔該嚟睇下", "leak"),
        ("The kitchen tap is leaking", "leak"),
        ("厨房楼水了", "leak"),
        ("店梯坏了", "elevator"),
        ("部𨋢又壞咗", "elevator"),
        ("楼道里有张螂", "pests"),
        ("廁所塞咗", "drain_blocked"),
        ("ＮＯ ＷＡＴＥＲ in the flat", "water_outage"),
    ],
)
def test_script_variety_width_and_typing_make_no_difference(text: str, item: str) -> None:
    assert read(text).item.value == item


@pytest.mark.req("A7")
@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("不是漏水，是马桶堵了", "drain_blocked"),
        ("不是楼上吵，就是水泵房嗡嗡响", "equipment_noise"),
        ("喇叭里天天循环“请不要高空抛物”，吵死了", "noise_public"),
    ],
)
def test_what_is_denied_or_quoted_is_not_what_it_is_about(text: str, item: str) -> None:
    assert read(text).item.value == item


@pytest.mark.req("A6", "A7")
@pytest.mark.parametrize(
    "text",
    [
        "三楼浓烟，快来人",
        "闻到很浓的煤气味",
        "我被困电梯里了",
        "困咗喺𨋢度，快啲嚟",
        "有人晕倒在大堂，叫不醒",
        "有人在撬我家门，我不敢出声",
        "水管爆了，水往外喷，关不住水",
        "井盖没了，刚有人掉进去",
        "充电桩摸上去麻手",
        "刚满两岁的孩子一个人在屋里，锅上还烧着水，门打不开",
        "Two of us are stuck in the lift",
        "There is smoke coming from the riser",
        "我家用制氧机，刚才突然停电了",
    ],
)
def test_an_emergency_is_one_whatever_else_is_unsure(text: str) -> None:
    found = read(text)
    assert found.urgency.value == "emergency"
    assert found.urgency.confidence >= LIKELY
    assert found.danger
    assert found.urgency.words


@pytest.mark.req("A6", "A7")
@pytest.mark.parametrize(
    "text",
    [
        "上次电梯困人，后来放出来了，人没事，想问问是什么毛病",
        "如果半夜着火了应该打谁的电话",
        "建议每半年搞一次消防演练",
        "万一楼道着火怎么跑，请问逃生图贴在哪",
        "没有着火，就是问问灭火器怎么用",
        "急急急，什么时候能开发票",
        "昨天我爸晕倒，门岗小吴救了他，特别感谢，送锦旗",
        "Is there a fire drill tomorrow?",
        "煤气灶打不着火，没有煤气味",
    ],
)
def test_what_is_past_supposed_denied_or_practised_is_no_emergency(text: str) -> None:
    assert read(text).urgency.value != "emergency"


@pytest.mark.req("A7")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问补一张门禁卡多少钱", "inquiry"),
        ("建议在广场多放几张长椅", "suggestion"),
        ("谢谢门岗大叔帮我搬箱子，给他点个赞", "praise"),
        ("路灯不亮了，麻烦来修", "repair"),
        ("垃圾三天没人收，你们集体放假了吗", "complaint"),
        ("有个陌生人在楼道转悠，请保安上来看看", "help"),
    ],
)
def test_the_kind_follows_from_how_it_is_said(text: str, kind: str) -> None:
    assert read(text).kind.value == kind


@pytest.mark.req("A8")
def test_the_second_matter_is_offered_beside_the_main_one() -> None:
    found = read("垃圾桶爆满三天没人收，臭死了。另外物业费微信能交吗")
    assert found.item.value == "garbage"
    assert found.second is not None
    assert found.second.value == "fee_query"
    assert read("路灯不亮").second is None


@pytest.mark.req("A8")
def test_the_words_are_those_that_were_typed() -> None:
    found = read("部𨋢壞咗，卡咗喺三樓")
    assert any("𨋢" in word for word in found.item.words)
    assert found.category.words == found.item.words


@pytest.mark.req("A7")
def test_what_says_nothing_is_not_sure() -> None:
    for text in ("", "。。。", "你好", "3-1201", "asdf"):
        found = read(text)
        assert not found.is_sure, text
        assert found.item.words == ()


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_and_the_same_each_time(text: str) -> None:
    found = read(text)
    assert found == read(text)
    for question, answers in ANSWERS.items():
        answer = getattr(found, question)
        assert answer.value in answers
        assert 0 <= answer.confidence <= 1
        assert all(word in text for word in answer.words)
    assert found.category.value == CATEGORY_OF[found.item.value]


@given(st.text(alphabet="漏水电梯，。？“”不是如果昨天 \nabc.", max_size=80))
@settings(deadline=None)
def test_clauses_lie_in_their_order_within_the_text(text: str) -> None:
    said = normal(text, lexicon())
    ends = [(clause.start, clause.end) for clause in clauses(said.text, lexicon().lights)]
    assert all(start < end for start, end in ends)
    assert [place for pair in ends for place in pair] == sorted(place for pair in ends for place in pair)


@pytest.mark.req("A7")
def test_a_message_is_read_in_milliseconds() -> None:
    """Of the processor's time, which a busy machine does not change; the longest text of a form too."""
    lexicon()
    begun = time.process_time()
    for _ in range(20):
        read("楼上漏水，滴到我床上了，报了三次没人来，麻烦今天派师傅看看，谢谢")
    assert (time.process_time() - begun) / 20 < 0.005
    begun = time.process_time()
    read("电梯漏水了，" * 400)
    assert time.process_time() - begun < 0.2


@pytest.mark.req("B5")
@pytest.mark.parametrize(
    "text",
    [
        "3号楼电梯按钮坏了，按了没反应",
        "3号楼电费怎么查",
        "5号楼电表箱的门没关好",
        "水管报修三天了，没人来",
        "我已经报管理处了，一直没人管",
        "报管家也没用，前台小姐态度差",
        "楼道里堆着货，挡路",
        "电梯被快递员占着货运，等了半天",
        "卖家叫我提起货物损坏的事",
        "取消放行条怎么办",
        "请联系接触店家",
    ],
)
def test_two_words_that_meet_are_no_word_of_danger_misspelt(text: str) -> None:
    """A word that is often misspelt so must not be what two ordinary words make side by side."""
    assert read(text).danger == ()
