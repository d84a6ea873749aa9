"""What the pages claim is so: messages that left, whom to call, who reads what (E5, G7, G8)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.work.forms import RejectForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from chalicelib.services.notices.caps_per_person import DAILY_FOR_RESIDENT
from chalicelib.web.rendering import dialled
from chalicelib.web.words import words
from tests.browser import REPORT, Browser, Form, assigned, browsing, completed, html, link, text
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office, community, office
from tests.sending import at_work, send
from tests.words import LANGUAGES, WORDS

PHONE = "0571-88001100"
DIALS = f'<a href="tel:057188001100">{PHONE}</a>'
DESK_AND_MANAGEMENT = (("管理处", "客服"), ("管理處", "客服"), ("management", "service desk"))
ASK_THE_DESK = (
    "联系客服",
    "致电客服",
    "找客服",
    "ask the desk",
    "call the desk",
    "contact the desk",
    "ask the service desk",
    "call the service desk",
)


def texts(value: object, path: str = "") -> list[tuple[str, str]]:
    """Every text of a catalogue with its path."""
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, list):
        return [found for item in value for found in texts(item, path)]
    if isinstance(value, dict):
        return [found for name, item in value.items() for found in texts(item, f"{path}.{name}")]
    return []


@pytest.mark.req("E5")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_asks_people_to_call_the_desk_has_its_number(language: str) -> None:
    """By `{desk}`, which is the desk's name and number; its own two names are what that is made of."""
    found = texts({"page": WORDS.pages(language), "notice": WORDS.notices(language)})
    asks = [(path, said) for path, said in found if any(words in said for words in ASK_THE_DESK)]
    assert [path for path, said in asks if "{desk}" not in said and not path.startswith(".page.desk")] == []
    assert any("{desk}" in said for _, said in found)


@pytest.fixture
def with_phone() -> Office:
    return office(community(phone=PHONE))


@pytest.mark.req("E5")
def test_the_number_of_the_desk_dials_on_every_page_of_a_resident(with_phone: Office) -> None:
    case = completed(with_phone)
    track, survey = (link(with_phone, case, purpose) for purpose in (Purpose.TRACK, Purpose.RATE))
    with browsing(with_phone) as browser:
        for page in ("/c/riverside", track, survey, f"{track}/receipt", "/c/riverside/nothing"):
            shown = html(browser.get(page))
            assert (DIALS in shown) == ("nothing" not in page), page
        with_phone.clock.advance(timedelta(days=30))
        assert f"想说说办得怎么样，请联系客服中心（{DIALS}）" in html(browser.get(track))
        with_phone.clock.advance(-timedelta(days=30))
        with_phone.do(case, "rate", RESIDENT, RateForm(5))
        ended = browser.get(survey)
        assert ended.status_code == 410
        assert f"需要帮助请联系客服中心（{DIALS}），并报上工单编号。" in html(ended)
        refused = browser.post("/c/riverside", {**REPORT, "phone": ""})
        assert DIALS in html(refused)


@pytest.mark.req("E5")
def test_without_a_number_the_desk_is_named_without_one(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    track = link(desk, case, Purpose.TRACK)
    desk.clock.advance(timedelta(days=30))
    page = html(browser.get(track))
    assert "请联系客服中心。" in page
    assert "tel:" not in page


@pytest.mark.req("E5")
def test_a_mail_that_says_whom_to_call_has_the_number(with_phone: Office) -> None:

    case = with_phone.register(phone=None, email="wang@example.com", matter="seepage", kind="repair").case
    now = with_phone.clock()
    agreed = AgreedVisitForm(now + timedelta(hours=2), now, "王芳", "phone")
    with_phone.do(case, "agree_appointment", AGENT, agreed)
    send(with_phone)
    assert any(f"请打开链接提出，或联系客服中心（{PHONE}）：" in mail for _, __, mail in with_phone.mail.sent)


@pytest.mark.req("E5")
def test_what_people_typed_never_becomes_a_mark_beside_the_number() -> None:
    made = str(dialled(f"<b>{PHONE}</b> & {PHONE}", PHONE))
    assert made == f"&lt;b&gt;{DIALS}&lt;/b&gt; &amp; {DIALS}"
    assert str(dialled("<b>", None)) == "&lt;b&gt;"


@pytest.mark.req("A11", "G7")
def test_the_receipt_says_of_a_message_only_what_became_of_it(browser: Browser, desk: Office) -> None:
    browser.follow(browser.post("/c/riverside", REPORT))
    assert "将用短信发到您留的号码" in text(browser.get(browser.at))
    send(desk)
    assert "已用短信发到您留的号码" in text(browser.get(browser.at))


@pytest.mark.req("A11", "C3", "G7")
@pytest.mark.parametrize("swept", [False, True], ids=["at once", "after the sweep"])
def test_a_number_that_had_its_one_receipt_is_promised_no_other(
    browser: Browser, desk: Office, swept: bool
) -> None:
    """Whoever types a number that never answered is not told that the number gets another SMS."""
    stranger = {**REPORT, "phone": "13955556666"}
    browser.follow(browser.post("/c/riverside", stranger))
    assert "将用短信发到您留的号码" in text(browser.get(browser.at)), "the first is on its way"
    send(desk)
    assert "已用短信发到您留的号码" in text(browser.get(browser.at))
    browser.follow(browser.post("/c/riverside", {**stranger, "text": "另一件：楼道灯不亮"}))
    if swept:
        send(desk)
    said = text(browser.get(browser.at))
    assert "编号和链接没有另行发送，请保存本页链接" in said
    assert "将用短信" not in said
    desk.answered("+8613955556666")
    browser.follow(browser.post("/c/riverside", {**stranger, "text": "再一件：门关不上"}))
    assert "将用短信发到您留的号码" in text(browser.get(browser.at))


@pytest.mark.req("B1")
def test_the_page_of_an_objection_says_by_when_it_is_decided(browser: Browser, desk: Office) -> None:
    case = assigned(desk, kind="complaint", matter="noise_public")
    case = desk.do(case, "reject", SUPERVISOR, RejectForm("去听过，没有声音"))
    track = link(desk, case, Purpose.TRACK)
    page = browser.get(track)
    [action] = [action for action in Form(html(page)).forms if action.endswith("/object")]
    browser.follow(browser.post(action, {**Form(html(page)).forms[action], "reason": "夜里才响"}))
    said = text(browser.get(track))
    assert "裁定异议 ：最晚 2026年11月26日" in said, "three working days from Monday"
    case = desk.do(case, "uphold", MANAGER, RequiredNoteForm("夜里也去听过"))
    assert "已于 11月23日 周一 09:00 完成" in text(browser.get(track))


@pytest.mark.req("G5", "B8")
@pytest.mark.parametrize("by", ["track", "desk"])
def test_why_a_command_was_not_carried_out_stands_above_all_else(
    browser: Browser, desk: Office, by: str
) -> None:
    """On a telephone its form is screens further down: whoever sent it saw a page that said nothing.

    The handler's page begins with the act itself, and says it there (test_work_page).
    """
    case = at_work(desk, matter="home_other", kind="repair")
    browser.sign_in("supervisor-1")
    where = {
        "track": link(desk, case, Purpose.TRACK),
        "desk": f"/desk/riverside/cases/{case.number}?act=propose_appointment",
    }[by]
    page = browser.get(where)
    [action] = [action for action in Form(html(page)).forms if action.endswith("/propose_appointment")]
    late = {**Form(html(page)).forms[action], "visit_at": "2030-01-01T10:00"}
    refused = html(browser.post(action, late))
    first, _, rest = refused.partition('class="card')
    assert "“提议上门时间”没有提交成功" in first
    assert "最晚" in first
    assert 'href="#do-propose_appointment"' in first
    opened = ('id="do-propose_appointment" open', '<section class="next" id="do-propose_appointment"')
    assert any(way in rest for way in opened)
    assert "没有提交成功" not in html(browser.get(where))


@pytest.mark.req("A13", "A11")
def test_the_receipt_of_a_suggestion_names_who_decides_on_it(browser: Browser, desk: Office) -> None:
    """By page and message: the manager, not the desk that has its department."""
    idea = {**REPORT, "kind": "suggestion", "matter": "other", "email": "wang@example.com"}
    browser.follow(browser.post("/c/riverside", idea))
    said = text(browser.get(browser.at))
    assert "由管理处经理审阅决定；是否采纳及理由会告知您" in said
    assert "责任人" not in said
    send(desk)
    [mail] = [body for to, _, body in desk.mail.sent if to == "wang@example.com"]
    assert "由管理处经理办理" in mail
    assert "客服中心" not in mail.split("您反映的内容")[0]
    assert "责任人 管理处经理" in text(browser.get(browser.at.removesuffix("/receipt")))


@pytest.mark.req("A11", "G7", "G8")
def test_a_message_that_a_cap_puts_off_has_not_left_yet(browser: Browser, desk: Office) -> None:
    for number in range(DAILY_FOR_RESIDENT):
        desk.register(text=f"第{number}件", phone="+8613900001234")
    send(desk)
    desk.clock.advance(timedelta(hours=1))
    case = completed(desk)
    send(desk)
    shown = text(browser.get(f"{link(desk, case, Purpose.TRACK)}/receipt"))
    assert "将用短信发到您留的号码" in shown
    assert "已用短信" not in shown


@pytest.mark.req("A11", "C3", "G7")
def test_a_receipt_that_a_number_does_not_get_was_not_sent(browser: Browser, desk: Office) -> None:
    for _ in range(2):
        browser.follow(browser.post("/c/riverside", {**REPORT, "phone": "13900007777", "another": "yes"}))
        send(desk)
    assert "编号和链接没有另行发送，请保存本页链接。" in text(browser.get(browser.at))


@pytest.mark.req("B11", "E5")
def test_a_visit_that_was_agreed_on_stands_beside_no_other_time(browser: Browser, desk: Office) -> None:
    case = assigned(desk, matter="leak_pipe", urgency="urgent")
    track = link(desk, case, Purpose.TRACK)
    assert "有人到场" in text(browser.get(track)).partition("经过")[0]
    now = desk.clock()
    agreed = AgreedVisitForm(now + timedelta(days=1), now, "王芳", "phone")
    desk.do(case, "agree_appointment", AGENT, agreed)
    first = text(browser.get(track)).partition("经过")[0]
    assert ("明天 09:00 上门" in first, "有人到场" in first) == (True, False)
    desk.clock.advance(timedelta(days=1, hours=1))
    assert "上门" not in text(browser.get(track)).partition("经过")[0], (
        "nobody came: no promise is left of it"
    )


@pytest.mark.req("D1")
def test_a_survey_whose_time_is_over_is_not_said_to_be_unsent(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    track = link(desk, case, Purpose.TRACK)
    assert "办得怎么样？请您评价。" in text(browser.get(track))
    desk.clock.advance(timedelta(days=desk.desk.context_of(case).regulation.survey.link_days, hours=1))
    shown = text(browser.get(track))
    assert "网上评价的时间已过。想说说办得怎么样，请联系客服中心" in shown
    assert "请您评价" not in shown


@pytest.mark.req("G8")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_claims_that_only_the_handler_reads_what_a_resident_writes(language: str) -> None:
    """The desk and the management read every case (`COMMUNITY_WIDE`); the form says so."""
    said = words(language)("report.privacy")
    assert (
        ("管理处" in said and "客服" in said)
        or ("管理處" in said and "客服" in said)
        or ("management" in said and "service desk" in said)
    )


@pytest.mark.req("E5")
@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_says_that_it_is_the_same_report_is_led_on(with_phone: Office, language: str) -> None:
    said = {**REPORT, "asked": "202611-0001", "another": "no"}
    with browsing(with_phone) as browser:
        browser.language = language
        page = browser.post("/c/riverside", said)
    told = words(language)
    assert (page.status_code, told("report.same_title") in text(page)) == (200, True)
    way_on = told("report.same_way_on")
    assert f'<a class="button" href="../c/riverside">{way_on}</a>' in html(page)
    assert DIALS in html(page)


@pytest.mark.req("B9", "E5")
@pytest.mark.parametrize(("matter", "asked"), [("lighting_lock", False), ("drain_blocked", True)])
def test_the_resident_signs_first_and_is_asked_of_water_only_where_it_is_about_water(
    browser: Browser, desk: Office, matter: str, asked: bool
) -> None:
    case = completed(desk, matter=matter)
    page = browser.get(link(desk, case, Purpose.TRACK))
    assert '<details id="do-accept_work" open>' in html(page)
    assert 'class="button other"' in html(page), "rating comes after it"
    assert ("通水顺畅" in text(page)) == asked
    assert "只填姓名提交，也算本人验收" in text(page)
    assert "签字单据" not in text(page), "a choice that only staff have"
