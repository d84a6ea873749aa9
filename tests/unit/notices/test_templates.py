"""Every SMS fits into one part and says what its reader needs, and nothing that is not theirs."""

import re
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import facts_of
from chalicelib.domain.case.follow_up import Rating
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.notices.changed_times import PROMISED_TO_RESIDENT
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind, purpose_of
from chalicelib.domain.notices.placeholders import Addresses, values_of
from chalicelib.domain.notices.templates import (
    Texts,
    clipped,
    fits_one_part,
    length,
    no_link,
    one_line,
    write_mail,
    write_sms,
)
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock
from chalicelib.services.duty.chase import KIND as UNSIGNED
from chalicelib.services.duty.mornings import KIND as DAY_LIST
from chalicelib.services.duty.unwritten import KIND as UNWRITTEN
from chalicelib.services.duty.watch import FOUND, SOON
from chalicelib.services.notices.unaccepted import KIND as UNACCEPTED_WEEKLY
from chalicelib.services.notices.weekly import KIND
from chalicelib.services.people.password_links import KIND as PASSWORD_LINK
from chalicelib.services.people.reach import KIND as REACH_CHANGED
from tests.builders import community, office
from tests.cases import with_fields
from tests.notice_samples import (
    CODE,
    LETTERS,
    LOCAL,
    LONG_NAME,
    LONGEST_UNIT,
    NOON,
    OTHER_DETAILS,
    OWN_DOMAIN,
    RECIPIENTS,
    SEALED,
    STAGE,
    a_case,
    a_context,
    a_notice,
    code_for,
    every_matter,
    every_notice,
    mail,
    matters_of_each_length,
    pressing,
    sms,
    values_for,
)
from tests.words import WORDS, WRITTEN_IN, texts


@pytest.mark.req("A11", "B3", "B7", "D1")
@pytest.mark.parametrize(
    ("language", "matter"),
    [(language, matter) for language in WRITTEN_IN for matter in matters_of_each_length(language)],
)
def test_every_sms_is_one_part_with_the_longest_values(language: str, matter: str) -> None:
    cases = [a_case(matter, due=due) for due in (NOON + timedelta(hours=30), NOON - timedelta(minutes=59))]
    for case, notice in product(cases, every_notice()):
        for shown in (case, with_fields(case, plan=None, classification=pressing(case))):
            text = sms(notice, shown, OWN_DOMAIN, language=language)
            assert fits_one_part(text), (length(text), text)
            assert text.startswith(texts(language).words["mail"]["sender"])
            assert not set("{}\n") & set(text)
            linked = purpose_of(notice.kind, notice.recipient, shown) is not None
            assert text.endswith(f" {OWN_DOMAIN}/l/{code_for(notice)}") == linked, text


@pytest.mark.req("A11", "B3", "B7", "D1")
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_its_texts_and_every_wording_can_be_filled_in(kind: NoticeKind) -> None:
    found = texts()
    case = a_case()
    for notice in (notice for notice in every_notice() if notice.kind is kind):
        assert sms(notice, case)
        letter = mail(notice, case)
        assert letter.subject
        assert "\n" not in letter.subject
        assert letter.body.endswith("请勿直接回复。\n")
    for key in (kind, *(f"{kind}_{detail}" for detail in OTHER_DETAILS.get(kind, ()))):
        for wording in found.sms.get(key, ()):
            wording.format_map(values_for(a_notice(kind), case, LOCAL))


def test_no_text_stands_in_the_file_that_nothing_uses() -> None:
    used = set(NoticeKind) | {
        f"{kind}_{detail}" for kind, details in OTHER_DETAILS.items() for detail in details
    }
    apart = {KIND, FOUND, SOON, UNSIGNED, UNWRITTEN, DAY_LIST}  # no notices of a case
    apart |= {PASSWORD_LINK, REACH_CHANGED, UNACCEPTED_WEEKLY}
    assert set(texts().sms) <= used | apart
    assert set(texts().mail) <= used | apart
    of_notices = texts().mail.keys() - apart
    assert {kind for kind in NoticeKind if any(key.startswith(kind) for key in of_notices)} == LETTERS
    assert set(texts().words["clocks"]) == set(Clock)


@pytest.mark.req("A11", "B3", "B7", "D1")
def test_each_reader_learns_what_they_need() -> None:
    """The words themselves, with everyday values."""
    case = with_fields(a_case("seepage", unit="3-1201"), number="202611-0042", plan=None, pause=None)
    late = replace(a_case("seepage", unit="3-1201", due=NOON - timedelta(hours=8)), number="202611-0042")
    link, own = f"{LOCAL}/l/{CODE}", f"{LOCAL}/l/{SEALED}"

    def shown(kind: NoticeKind, detail: str | None = None, about: Case = case) -> str:
        return sms(a_notice(kind, detail), about, LOCAL)

    seepage = "屋顶、墙面渗水"
    assert shown(NoticeKind.REGISTERED) == f"【诉达】202611-0042渗水已受理，24日18:00前办结 {own}"
    assert shown(NoticeKind.ASSIGNED) == f"【诉达】派单：3-1201{seepage}，请24日18:00前回应 {link}"
    assert shown(NoticeKind.REMINDER, "sign") == f"【诉达】提醒：3-1201{seepage}，须24日18:00前签收 {link}"
    assert (
        shown(NoticeKind.OVERDUE, "sign", late)
        == f"【诉达】超时：3-1201{seepage}，签收已超8小时，请立即处理 {link}"
    )
    assert shown(NoticeKind.ESCALATED, "solve", late) == (
        f"【诉达】上报：3-1201渗水办结已超8小时，责任人欧阳文静，请督办 {LOCAL}/w/202611-0042"
    )
    assert shown(NoticeKind.COMPLETED) == f"【诉达】202611-0042渗水已由欧阳文静办结，请评价 {own}"
    assert shown(NoticeKind.REOPENED) == f"【诉达】202611-0042重新处理，24日18:00前办结 {own}"
    assert shown(NoticeKind.CLOSED) == f"【诉达】202611-0042已结案，如有问题请点 {own}"


def test_the_number_stands_in_the_handler_s_sms_where_it_fits() -> None:
    case = replace(a_case("seepage", unit="3-1201"), number="202611-0042")
    assert sms(a_notice(NoticeKind.ASSIGNED), case, "https://suda.cn") == (
        f"【诉达】派单202611-0042：3-1201渗水，24日18:00前回应 https://suda.cn/l/{CODE}"
    )
    lamp = replace(a_case("fire", unit="3-1"), number="202611-0042")
    assert sms(a_notice(NoticeKind.ASSIGNED), lamp, "").startswith(
        "【诉达】派单202611-0042：3-1火警、燃气泄漏，请"
    )


def spoken_of(notice: Notice, case: Case, actor: Actor, payload: ev.Payload) -> dict[str, str]:
    """What a notice that speaks of its event can say."""
    event = ev.Event(2, NOON, actor, "command", "id", payload)
    addresses = Addresses(f"{OWN_DOMAIN}/l/{CODE}", "track", "desk", f"{OWN_DOMAIN}/w/202611-0042")
    return values_of(notice, case, SETTING, addresses, NOON, texts(), event)


def told(notice: Notice, case: Case, actor: Actor, payload: ev.Payload) -> str:
    """The SMS of such a notice."""
    return write_sms(texts(), notice.kind, notice.detail, spoken_of(notice, case, actor, payload))


@pytest.mark.req("B6")
def test_a_call_for_help_says_who_calls_and_why() -> None:
    case = with_fields(a_case("seepage"), extension_request=None)
    payload = ev.Escalated("by_hand:manager", None, "manager", "manager-1", "阀门锈死，需要停水")
    asker = Actor(Role.HANDLER, "engineering-1")
    notice = a_notice(NoticeKind.ESCALATED, "by_hand")
    text = told(notice, case, asker, payload)
    by_mail = replace(notice, channel=NoticeChannel.MAIL)
    letter = write_mail(texts(), notice.kind, notice.detail, spoken_of(by_mail, case, asker, payload))
    assert text.startswith(f"【诉达】{LONG_NAME}请求支援：")
    assert text.endswith(f"{OWN_DOMAIN}/w/202611-0042")
    assert fits_one_part(text)
    assert letter.subject.startswith(f"202611-12345 {LONG_NAME}请求支援：")
    assert "理由：阀门锈死，需要停水" in letter.body
    assert "阀门" not in text


@pytest.mark.req("B7")
def test_an_urge_says_whose_it_is() -> None:
    notice, case = (
        a_notice(NoticeKind.URGED),
        with_fields(a_case("seepage", unit="3-1201"), extension_request=None),
    )
    text = told(notice, case, RESIDENT, ev.Urged("还在滴"))
    assert text.startswith("【诉达】住户催办：3-1201")
    text = told(notice, case, Actor(Role.AGENT, "agent-1"), ev.Urged(None))
    assert text.startswith(f"【诉达】{LONG_NAME}催办：3-1201")


@pytest.mark.req("D7")
def test_those_who_look_on_at_a_new_round_read_how_the_last_was_rated() -> None:
    case = with_fields(a_case("seepage"), round=2, result=None)
    assert "上次" not in mail(a_notice(NoticeKind.REVIEW), case).body.partition("反映内容")[2]
    rated = with_fields(case, ratings=(Rating(1, 2, False, "还在滴水", None, NOON),))
    assert "上次评价：2分（满分5分），意见：还在滴水" in mail(a_notice(NoticeKind.REVIEW), rated).body
    silent = with_fields(case, ratings=(Rating(1, 2, False, None, None, NOON),))
    assert "上次评价：2分（满分5分）\n" in mail(a_notice(NoticeKind.REVIEW), silent).body
    older = replace(rated, round=3)
    assert "上次评价" not in mail(a_notice(NoticeKind.REVIEW), older).body


@pytest.mark.req("G3")
def test_whoever_stands_in_for_a_missing_handler_is_asked_to_assign_the_case() -> None:
    case = with_fields(a_case("seepage", unit="3-1201", due=NOON - timedelta(hours=8)), handler=None)
    notice = a_notice(NoticeKind.OVERDUE, "respond", recipient="engineering-head")
    assert (
        sms(notice, case)
        == f"【诉达】3-1201渗水回应已超8小时，尚无责任人，请派单 {OWN_DOMAIN}/w/202611-12345"
    )


@pytest.mark.req("G3")
@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.OVERDUE])
def test_whoever_stands_in_for_a_handler_who_is_off_duty_learns_whose_work_it_is(kind: NoticeKind) -> None:
    for matter, clock in product(every_matter(), Clock):
        case = a_case(matter, due=NOON - timedelta(minutes=59))
        text = sms(a_notice(kind, clock, recipient="engineering-head"), case)
        assert fits_one_part(text), (length(text), text)
        assert LONG_NAME in text
        assert "/l/" not in text, "the work page is the handler's own"


@pytest.mark.req("E8")
def test_no_sms_names_the_resident_and_only_staff_learn_the_unit() -> None:
    case = a_case()
    for notice in every_notice():
        text = sms(notice, case)
        assert case.report.resident_name not in text
        assert case.report.text not in text
        letter = mail(notice, case)
        if notice.recipient == RESIDENT_ID:
            assert LONGEST_UNIT not in text + letter.subject + letter.body
            assert "/desk/" not in letter.body
        else:
            assert case.report.resident_name not in letter.subject + letter.body


def test_an_address_too_long_for_one_part_is_sent_whole() -> None:
    for notice in every_notice():
        case = a_case()
        if purpose_of(notice.kind, notice.recipient, case):
            assert sms(notice, case, STAGE).endswith(f" {STAGE}/l/{code_for(notice)}")


@pytest.mark.req("A11", "G2")
def test_a_mail_gives_the_deadlines_with_their_reasons() -> None:
    place = office()
    case = place.register(matter="seepage", kind="repair").case
    body = mail(a_notice(NoticeKind.REGISTERED), case).body
    assert case.report.text in body
    rules = place.desk.context_of(case).regulation.rules_for(facts_of(case.classification))
    for rule in rules:
        if BEGINS[rule.clock] is Begins.REGISTERED and rule.clock in PROMISED_TO_RESIDENT:
            assert texts().words["clocks"][rule.clock] in body
    assert "自2026年11月23日（周一）09:00起" in body
    assert f"{OWN_DOMAIN}/l/{CODE}" in body


@pytest.mark.req("A11", "E8")
def test_a_mail_tells_the_resident_the_clocks_of_the_tracking_page_and_staff_all() -> None:
    """Of them is word to the resident, which under some regulations is owed to those who need care alone."""
    case = a_case()
    for clock, name in texts().words["clocks"].items():
        line = f"· {name}："
        assert (line in mail(a_notice(NoticeKind.REGISTERED), case).body) == (clock in PROMISED_TO_RESIDENT)
        assert line in mail(a_notice(NoticeKind.ALERT), case).body


@pytest.mark.req("A11")
def test_an_ordinary_receipt_says_by_when_it_is_solved() -> None:
    case = office().register(matter="lighting_lock", kind="complaint").case
    case = with_fields(case, deadlines={Clock.SOLVE: case.clocks.deadlines[Clock.SOLVE]})
    body = mail(a_notice(NoticeKind.REGISTERED), case).body.partition("您反映的内容")[0]
    assert "到场" not in body
    assert "前办结。" in body


@pytest.mark.req("G2")
def test_a_mail_names_the_rule_to_staff_and_spares_the_resident_its_number() -> None:
    case = office().register(matter="lighting_lock", kind="repair").case
    assert "依据：" not in mail(a_notice(NoticeKind.REGISTERED), case).body
    assert "依据：S2《礼宾助理》，C6" in mail(a_notice(NoticeKind.ALERT), case).body


def test_a_mail_that_is_read_another_day_still_says_which_day_it_means() -> None:
    assert (
        "请11月23日12:20前回应"
        in mail(a_notice(NoticeKind.ASSIGNED), a_case(due=NOON + timedelta(minutes=20))).body
    )


def test_a_line_of_a_mail_without_its_value_is_left_out() -> None:
    case = a_case()
    with_price = mail(a_notice(NoticeKind.PROPOSED), case).body
    assert "报价：12345元" in with_price
    without = mail(a_notice(NoticeKind.PROPOSED), with_fields(case, plan=ev.Proposed("老化", "更换"))).body
    assert "报价" not in without
    assert "方案：更换" in without


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(seconds=20), "12:00"),
        (timedelta(hours=5), "17:00"),
        (timedelta(hours=30), "24日18:00"),
        (timedelta(days=7), "30日12:00"),
        (timedelta(days=8), "12月1日12:00"),
        (timedelta(days=27), "12月20日12:00"),
        (timedelta(days=28), "12月21日"),
        (-timedelta(days=2), "21日12:00"),
    ],
)
def test_times_are_as_short_as_they_can_be_understood(ahead: timedelta, said: str) -> None:
    values = values_for(
        a_notice(NoticeKind.REGISTERED), with_fields(a_case(due=NOON + ahead), pause=None), LOCAL
    )
    assert values["solve"] == said


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(seconds=-1), "12:00前签收"),
        (timedelta(0), "签收已到时限"),
        (timedelta(seconds=59), "签收已到时限"),
        (timedelta(seconds=119), "签收已超1分钟"),
        (timedelta(minutes=2), "签收已超2分钟"),
        (timedelta(minutes=119), "签收已超119分钟"),
        (timedelta(hours=47), "签收已超47小时"),
        (timedelta(days=3), "签收已超3天"),
    ],
)
def test_lateness_is_told_in_a_unit_that_means_something(late: timedelta, said: str) -> None:
    values = values_for(a_notice(NoticeKind.OVERDUE, "sign"), a_case(due=NOON - late), LOCAL)
    assert values["lateness"] == said


ANYTHING = st.text(max_size=40) | st.sampled_from(
    [
        "{url}",
        "{0.__class__}",
        "{",
        "}}",
        "👨‍👩‍👧‍👦🏠" * 9,
        "a\nb\r\nc\u2028d",
        "【银行】请转账",
        "[Bank] pay now",
        "臺灣𠮷野家",
        "<b>",
    ]
)


@pytest.mark.req("G8")
@given(st.sampled_from(WRITTEN_IN), ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_whatever_people_write_stays_text(
    language: str, unit: str, name: str, said: str, handler: str
) -> None:
    found = texts(language)
    case = SAMPLE
    case = with_fields(
        case, report=replace(case.report, unit=unit, resident_name=name, text=said), result=said
    )
    staff = tuple(replace(member, name=handler) for member in SETTING.community.staff)
    context = replace(SETTING, community=replace(SETTING.community, staff=staff))
    addresses = Addresses(f"{OWN_DOMAIN}/l/{CODE}", "track", "desk", f"{OWN_DOMAIN}/w/202611-0042")
    for kind in (NoticeKind.ASSIGNED, NoticeKind.ESCALATED, NoticeKind.COMPLETED):
        notice = a_notice(kind, "solve" if kind is NoticeKind.ESCALATED else None)
        values = values_of(notice, case, context, addresses, NOON, found)
        text = write_sms(found, kind, notice.detail, values)
        assert fits_one_part(text)
        assert len(text.splitlines()) == 1
        assert len(re.findall(r"[【\[]", text)) == 1, "only the sender's"
        values = values_of(replace(notice, channel=NoticeChannel.MAIL), case, context, addresses, NOON, found)
        letter = write_mail(found, kind, notice.detail, values)
        assert len(letter.subject.splitlines()) == 1
        assert no_link(said) in letter.body


SAMPLE = a_case()
SETTING = a_context(SAMPLE)


@given(st.text(max_size=60), st.integers(2, 30))
def test_a_clipped_value_fits_and_is_whole_characters(value: str, longest: int) -> None:
    cut = clipped(value, longest)
    assert length(cut) <= longest
    assert cut == one_line(value) or (cut.endswith("…") and one_line(value).startswith(cut[:-1]))


def test_the_first_wording_that_is_known_and_fits_is_taken() -> None:
    found = Texts("zh-CN", {"a": ("{long}{unit}", "{unit}{name}", "{name}")}, {}, {}, WORDS.get("zh-CN"))
    assert write_sms(found, "a", None, {"long": "长" * 70, "unit": "3-1201", "name": "王"}) == "3-1201王"
    assert write_sms(found, "a", None, {"long": "", "unit": "", "name": "王"}) == "王"
    assert (
        write_sms(found, "a", None, {"long": "长" * 64, "unit": "3-1201", "name": ""}) == "长" * 64 + "3-1201"
    )


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("长" * 70, True),
        ("长" * 71, False),
        ("a" * 160, True),
        ("a" * 161, False),
        ("[]" + "é" * 156, True),  # a bracket takes two
        ("[]" + "é" * 157, False),
        ("’" + "a" * 69, True),
        ("’" + "a" * 70, False),  # one curly quote makes every character as large
        ("👍" * 35, True),
        ("👍" * 36, False),
    ],
)
def test_a_part_has_room_for_160_plain_characters_or_70_of_any(text: str, fits: bool) -> None:
    assert fits_one_part(text) == fits


@pytest.mark.req("A11", "G8")
def test_no_value_stands_as_a_sender_in_any_language() -> None:
    for value in ("【银行】转账", "[Bank]转账", "［Bank］转账", "〖银行〗转账"):
        assert not set(one_line(value)) & set("【】[]［］〖〗"), value
        for language in WRITTEN_IN:
            case = with_fields(a_case(), referred_to=value, pause=None)
            for notice in (a_notice(NoticeKind.REFERRED), a_notice(NoticeKind.FAULT)):
                text = sms(notice, case, language=language)
                ours = texts(language).words["mail"]["sender"]
                assert not set(text.removeprefix(ours)) & set("【】[]［］〖〗"), text


def test_in_letters_of_the_gsm_alphabet_a_value_has_twice_the_room() -> None:
    assert clipped("Wilhelmina Stokvis", 8) == "Wilhelm…"
    assert clipped("Wilhelmina Stokvis", 8, plain=True) == "Wilhelmina St..."
    assert clipped("欧阳文静女士和她的家人", 8, plain=True) == "欧阳文静女士和…"


def test_emoji_take_two_units() -> None:
    assert length("👍") == 2
    assert clipped("👍👍👍", 5) == "👍👍…"


def test_roles_in_these_tests_exist() -> None:
    named = {member.username: member.role for member in community().staff}
    assert named["manager-1"] is Role.MANAGER
    assert set(RECIPIENTS.values()) <= set(named)
