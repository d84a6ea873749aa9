"""A case on paper: each sheet, what it leads to, and who reads it (B4, B9, E6)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.follow_up.forms import ArchiveForm, RateForm, RevisitForm
from chalicelib.domain.work.acceptance_forms import AcceptForm
from chalicelib.domain.work.common_acceptance import SeenForm
from chalicelib.domain.work.forms import ProposeForm
from chalicelib.web.qr import qr
from chalicelib.web.sheet_signers import SIGNED_BY
from tests.browser import BASE, HANDLER, Browser, completed, html, link, signed, text
from tests.builders import AGENT, RESIDENT, SUPERVISOR, Office, community, office
from tests.content import drawn
from tests.paid_repair import CASHIER, WARNING, paid_repair


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.mark.req("B4", "B9", "E6")
def test_each_sheet_says_its_part_and_has_lines_to_sign(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{case.number}/paper"
    sheets = {name: text(browser.get(f"{where}?sheet={name}")) for name in SIGNED_BY}
    assert all(case.number in page and "滨江花园" in page for page in sheets.values())
    assert "收款人" in sheets["order"]
    assert "材料费" in sheets["order"]
    assert "部门负责人" in sheets["contact"]
    assert "首问责任人" not in sheets["original"], "what is the company's own"
    assert "灯已换好" in sheets["file"]
    assert sheets["file"].index("登记") < sheets["file"].rindex("灯已换好"), "the oldest first"
    assert text(browser.get(where)) == sheets["file"], "without a name it is the whole file"
    looks = desk.desk.looks.page("riverside", "person", "agent-1", 50, None).items
    assert sum(look.what is LookAt.EXPORT and look.number == case.number for look in looks) == 5


@pytest.mark.req("E6", "E8")
def test_only_the_resident_s_own_sheet_leads_to_the_tracking_page(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{case.number}/paper"
    own = str(qr(f"{BASE}{link(desk, desk.case(case), Purpose.TRACK)}"))
    ours = str(qr(f"{BASE}/w/{case.number}"))
    for name in SIGNED_BY:
        page = html(browser.get(f"{where}?sheet={name}"))
        assert (own in page, ours in page) == (name == "original", name != "original"), name


@pytest.mark.req("E8")
def test_paper_masks_as_the_page_does(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    browser.sign_in("manager-1")
    page = text(browser.get(f"/desk/riverside/cases/{case.number}/paper?sheet=order"))
    assert "王**" in page
    assert "13900001234" not in page


@pytest.mark.req("B9", "B10", "G11")
def test_the_work_order_says_what_is_known_and_leaves_the_rest_to_be_filled_in(
    browser: Browser, desk: Office
) -> None:
    case = paid_repair(desk)
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{case.number}/paper"
    order = text(browser.get(f"{where}?sheet=order"))
    known = (
        "更换水龙头 ×1", "王芳本人签字，当面", "KEY-7", "厨房冷水龙头", WARNING, "80 元：人工 60", "SJ-0042",
    )  # fmt: skip
    assert [said for said in known if said not in order] == []
    assert "材料费" not in order.partition("现场填写")[2], "it is on the bill"
    assert "住户验收意见" in order.partition("现场填写")[2]
    browser.sign_in("manager-1")
    unnamed = text(browser.get(f"{where}?sheet=order"))
    assert ("王**本人签字，当面" in unnamed, "王芳" in unnamed) == (True, False), (
        "as with all else that is signed"
    )
    browser.sign_in("agent-1")
    original = text(browser.get(f"{where}?sheet=original"))
    assert "SJ-0042" in original
    assert "更换水龙头 ×1" in original
    open_case = text(browser.get(f"{where.replace(case.number, completed(desk).number)}?sheet=order"))
    assert "材料费" in open_case.partition("现场填写")[2], "nobody has billed anything"


@pytest.mark.req("B9")
def test_the_signature_under_the_work_stands_on_the_order_with_its_picture(
    browser: Browser, desk: Office
) -> None:
    case = desk.do(completed(desk), "accept_work", RESIDENT, AcceptForm("王芳", drawn(), proved=True))
    browser.sign_in("agent-1")
    for sheet in ("order", "original", "file"):
        page = browser.get(f"/desk/riverside/cases/{case.number}/paper?sheet={sheet}")
        assert "签字：王芳" in text(page), sheet
        assert "住户验收意见" not in text(page)


@pytest.mark.req("B13", "B9")
def test_an_order_at_a_common_part_has_a_line_for_the_company_and_its_reporter_is_asked_for_nothing(
    browser: Browser, desk: Office
) -> None:
    case = completed(desk, kind="repair", matter="drain_blocked", unit=None)
    track = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "由未参与维修的同事现场查看" in track
    assert "签字" not in track.partition("验收")[0]
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{case.number}"
    assert "公共部位已完工：请到现场查看" in text(browser.get("/desk/riverside"))
    before = text(browser.get(f"{where}/paper?sheet=order"))
    assert "公司验收人" in before
    assert "系统内确认" not in before[before.rindex("公司验收人") :][:20]
    case = desk.do(case, "accept_common_work", AGENT, SeenForm(True))
    after = text(browser.get(f"{where}/paper?sheet=order"))
    names = {member.username: member.name for member in community().staff}
    assert f"{names['agent-1']}（系统内确认）" in after[after.rindex("公司验收人") :]
    assert f"{names['agent-1']}现场查看" in after
    told = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "已现场查看，验收通过" in told
    assert "您" not in told[told.index("已现场查看，验收通过") :][:30]


@pytest.mark.req("E6")
def test_the_file_of_a_long_case_is_whole_with_the_messages_about_it(browser: Browser, desk: Office) -> None:
    case = signed(desk)
    for place in range(150):
        desk.clock.advance(timedelta(minutes=1))
        case = desk.do(case, "progress", HANDLER, RequiredNoteForm(f"第{place}次查看"))
    browser.sign_in("agent-1")
    page = text(browser.get(f"/desk/riverside/cases/{case.number}/paper"))
    assert [place for place in range(150) if f"第{place}次查看" not in page] == []
    assert page.index("签收，签名") < page.index("第0次查看") < page.index("第149次查看")
    assert "短信" in page.partition("通知记录")[2]


@pytest.mark.req("B9", "D1")
def test_the_work_order_names_who_has_signed_in_the_system_and_how_the_resident_found_it(
    browser: Browser, desk: Office
) -> None:
    case = paid_repair(desk)
    case = desk.do(case, "sign_account", SUPERVISOR, NoteForm())
    case = desk.do(case, "accept_work", RESIDENT, AcceptForm("王芳", drawn()))
    case = desk.do(case, "rate", RESIDENT, RateForm(5, "师傅很细心"))
    browser.sign_in("agent-1")
    order = text(browser.get(f"/desk/riverside/cases/{case.number}/paper?sheet=order"))
    assert "师傅很细心" in order
    foot = order[order.rindex("维修人员") :]
    names = {member.username: member.name for member in community().staff}
    for who in (HANDLER.id, CASHIER.id, SUPERVISOR.id, "engineering-head"):
        assert f"{names[who]}（系统内确认）" in foot
    assert "王芳（系统内确认）" in foot
    assert "系统内确认" not in text(
        browser.get(f"/desk/riverside/cases/{signed(desk).number}/paper?sheet=order")
    )


@pytest.mark.req("D10", "E6")
def test_the_file_names_who_has_filed_it_once_somebody_has(browser: Browser, desk: Office) -> None:
    revisited = RevisitForm(RevisitOutcome.SATISFIED, "phone")
    case = desk.do(completed(desk), "record_revisit", AGENT, revisited)
    browser.sign_in("agent-1")
    where = f"/desk/riverside/cases/{case.number}/paper?sheet=file"
    before = text(browser.get(where))
    assert "系统内确认" not in before[before.rindex("归档人") :]
    desk.do(desk.case(case), "archive", SUPERVISOR, ArchiveForm("老化", "更换", "亮了", "定期检查"))
    after = text(browser.get(where))
    names = {member.username: member.name for member in community().staff}
    assert f"{names[SUPERVISOR.id]}（系统内确认）" in after[after.rindex("归档人") :]


@pytest.mark.req("B10")
def test_a_price_refused_by_link_stands_on_the_printed_order(browser: Browser, desk: Office) -> None:
    case = signed(desk, matter="home_other")
    case = desk.do(case, "propose", HANDLER, ProposeForm("阀芯老化", "更换水龙头", price_item="tap"))
    case = desk.do(case, "disagree", RESIDENT, ReasonForm("太贵"))
    browser.sign_in("agent-1")
    order = text(browser.get(f"/desk/riverside/cases/{case.number}/paper?sheet=order"))
    assert "住户本人通过链接不同意：太贵" in order


@pytest.mark.req("B9", "E6")
def test_what_is_filed_waits_for_nobody_s_signature_any_more(browser: Browser, desk: Office) -> None:
    case = completed(desk, matter="home_other")
    browser.sign_in("supervisor-1")
    page = f"/desk/riverside/cases/{case.number}"
    pages = (page, f"{page}/paper?sheet=order", f"{page}/paper?sheet=file")
    waits, ended = "已完工，待住户验收签字", "已完工，未验收"

    def said(address: str) -> set[str]:
        return {line for line in (waits, ended) if line in text(browser.get(address))}

    assert [said(address) for address in pages[:2]] == [{waits}, {waits}]
    case = desk.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    assert said(page) == {waits}, "it can still be signed for"
    desk.do(desk.case(case), "archive", SUPERVISOR, ArchiveForm("老化", "更换", "亮了", "定期检查"))
    assert [said(address) for address in pages[:2]] == [{ended}, {ended}]
    assert waits not in text(browser.get(pages[2]))
