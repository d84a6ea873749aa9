"""What a form says beside its fields: who reads it, when it is needed, in whose time it is."""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.history_rules import RULES
from chalicelib.domain.work.measures import PlanMeasureForm
from chalicelib.web.form_fields import Shape, fields_of, fields_on
from chalicelib.web.words import words
from tests.browser import Browser, Form, html, link, signed, text
from tests.builders import Office, office
from tests.stories import HANDLER
from tests.words import LANGUAGES

OFFICE = office()
SETTING = OFFICE.desk.context(OFFICE.desk.directory.community("riverside"))

WRITES: Mapping[str, type[ev.Payload]] = {
    "propose": ev.Proposed,
    "find_infeasible": ev.NotFeasible,
    "compare_item": ev.ItemCompared,
    "use_material": ev.MaterialUsed,
    "bill": ev.Billed,
    "refuse_payment": ev.PaymentRefused,
    "refuse_on_site": ev.Disagreed,
    "nobody_home": ev.NobodyHome,
    "set_acceptance_day": ev.AcceptanceDaySet,
    "replan": ev.Replanned,
    "record_agreement": ev.Agreed,
    "record_price_request": ev.PriceAsked,
    "progress": ev.Progressed,
    "arrive": ev.Arrived,
    "start": ev.Started,
    "complete": ev.Completed,
    "reject": ev.Rejected,
    "refer": ev.Referred,
    "answer": ev.AnswerGiven,
    "grant_extension": ev.ExtensionGranted,
    "confirm_malicious": ev.MaliciousConfirmed,
    "decide_appeal": ev.AppealDecided,
    "propose_appointment": ev.AppointmentProposed,
    "agree_appointment": ev.AppointmentAgreed,
}
"""Commands by which staff write what a resident reads → their event."""

SAYS_SO = re.compile(
    "住[户戶](会看到|會看到|可见|可見)|[双雙]方可[见見]|(告诉|告知|通知|告訴)住[户戶]"
    "|resident (sees|is told)|to the resident|other side sees"
)


@pytest.mark.req("B8", "E5")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", WRITES)
def test_a_text_that_the_resident_reads_says_so_where_it_is_written(command: str, language: str) -> None:
    told = RULES[WRITES[command]].resident or ()
    shown = fields_of(TABLE[command].form, command, SETTING, words(language))
    read_by_them = [field for field in shown if field.name in told and field.shape is Shape.TEXT]
    if command != "compare_item":  # a line
        assert read_by_them
    for field in read_by_them:
        assert SAYS_SO.search(field.label), field.label


@pytest.mark.req("A8")
def test_the_desk_finds_now_where_it_records_what_a_caller_says(browser: Browser, desk: Office) -> None:
    case = signed(desk)
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{case.number}"
    page = browser.get(f"{where}?act=record_urge")
    form = Form(html(page)).forms[f"../../..{where}/record_urge"]
    now = desk.clock().astimezone(ZoneInfo("Asia/Shanghai"))
    assert form["spoken_at"] == f"{now:%Y-%m-%dT%H:%M}"
    assert "按北京时间填写 · 已填打开本页的时间" in text(page), "its zone stands before its own hint"
    said = {**form, "spoken_to": "王芳", "manner": "phone"}
    assert browser.post(f"{where}/record_urge", said).status_code == 303


@pytest.mark.req("B11")
def test_a_visit_that_is_recorded_as_agreed_waits_for_no_answer() -> None:
    for command, waits in (("agree_appointment", False), ("propose_appointment", True)):
        fields = fields_of(TABLE[command].form, command, SETTING, words("zh-CN"))
        hint = next(field.hint for field in fields if field.name == "visit_at")
        assert ("对方同意后才算约定" in hint) == waits


@pytest.mark.req("A14")
def test_an_answer_asks_nobody_for_the_mark_of_an_entry(browser: Browser, desk: Office) -> None:
    case = signed(desk)
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{case.number}"
    page = html(browser.get(f"{where}?act=answer"))
    assert 'name="said"' in page
    assert 'name="entry"' not in page


@pytest.mark.req("B4")
def test_the_cause_is_marked_as_needed_where_it_is_owed(desk: Office) -> None:
    form = TABLE["complete"].form
    for kind, owed in (("complaint", True), ("inquiry", False)):
        case = signed(desk, kind=kind)
        fields = fields_on(case, form, "complete", SETTING, words("zh-CN"))
        assert next(field.required for field in fields if field.name == "cause") is owed
    assert not any(field.required for field in fields_on(None, form, "complete", SETTING, words("en"))[1:])


@pytest.mark.req("B10")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_fields_of_a_form_have_one_label(language: str) -> None:
    for row in (row for row in TABLE.values() if row.roles != {Role.SYSTEM} and row.command != "add_files"):
        labels = [field.label for field in fields_of(row.form, row.command, SETTING, words(language))]
        assert len(set(labels)) == len(labels), row.command


@pytest.mark.req("B10")
@pytest.mark.parametrize("language", LANGUAGES)
def test_money_that_goes_back_is_not_called_money_that_came_in(language: str) -> None:
    paid, back = (
        next(f.label for f in fields_of(TABLE[c].form, c, SETTING, words(language)) if f.name == "paid_fen")
        for c in ("record_payment", "give_back")
    )
    assert paid != back


@pytest.mark.req("B12", "E5")
def test_whoever_is_asked_for_the_number_of_a_measure_finds_it_on_the_page(
    browser: Browser, desk: Office
) -> None:
    case = signed(desk)
    planned = PlanMeasureForm("prevention", "每月清理地漏", HANDLER.id, desk.clock().date())
    case = desk.do(case, "plan_measure", HANDLER, planned)
    page = browser.get(link(desk, case, Purpose.WORK))
    assert "本页“补救与预防措施”里的序号" in text(page)
    assert "补救与预防措施 1. 预防再发：每月清理地漏" in text(page)


@pytest.mark.req("B16", "G4")
def test_a_form_asks_what_it_is_about_before_how_much_and_how_long() -> None:
    for command, asked in (("record_loss", ["what", "amount_fen"]), ("pause", ["reason", "until"])):
        fields = fields_of(TABLE[command].form, command, SETTING, words("zh-CN"))
        assert [field.name for field in fields][:2] == asked
