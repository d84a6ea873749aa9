"""Photos and voices on their way: broken off, loaded anew, in two tabs, said into the telephone (A3, A4)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Route, expect

from tests.content import jpeg, pdf
from tests.in_browser.people import (
    COMMUNITY,
    fill_in_report,
    new_phone,
    new_unit,
    number_on,
    send_report,
    wait_for_page,
)
from tests.in_browser.visitor import PHONE, Look, Visitor, visitor
from tests.local_cloud.conftest import RunningDesk

ON_A_PHONE = Look(PHONE, scripts=True, language="zh-CN")
PHOTO = FilePayload(name="漏水.jpg", mimeType="image/jpeg", buffer=jpeg())
PAPER = FilePayload(name="合同.pdf", mimeType="application/pdf", buffer=pdf())
CHOOSER = "#report-files"
SUBMIT = "form:has([name=text]) button:not([name]):not([type=button])"
BROKE, ARRIVED = "还没有传完", "已上传"


@pytest.fixture
def resident(browser: Browser, desk: RunningDesk) -> Iterator[Visitor]:
    with visitor(browser, ON_A_PHONE, desk) as opened:
        opened.expects("net::ERR_")
        yield opened


class Line:
    """The line between a telephone and the bucket: counts what goes through; `cut`, or `deaf` to answers."""

    def __init__(self, who: Visitor) -> None:
        self.cut, self.deaf, self.sent = False, False, 0
        who.page.context.route(f"{who.bucket}/**", self._comes)

    def _comes(self, route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        if self.cut:
            return route.abort("connectionreset")
        self.sent += 1
        if self.deaf:
            route.fetch()
            return route.abort("connectionreset")
        return route.continue_()


def files_of_case(resident: Visitor) -> int:
    """How many files the tracking page of a report shows, which was sent just now."""
    assert "/receipt" in resident.page.url, resident.text
    with resident.page.expect_navigation():
        resident.page.locator("main a[href*='/l/']").first.click()
    return resident.page.locator("ul.files li").count()


@pytest.mark.req("A3", "A4")
def test_an_upload_that_broke_goes_on_by_itself_and_is_there_once(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    line, lines = Line(resident), resident.page.locator("ul.sending li")
    line.cut = True
    resident.page.set_input_files(CHOOSER, [PHOTO, PAPER])
    expect(lines).to_contain_text([BROKE, BROKE])
    resident.looks_well(still=False)
    line.cut = False
    expect(lines).to_contain_text([ARRIVED, ARRIVED])
    send_report(resident)
    assert (files_of_case(resident), line.sent) == (2, 2)


@pytest.mark.req("A3", "A4")
def test_what_arrived_though_nobody_said_so_is_there_once(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    line, lines = Line(resident), resident.page.locator("ul.sending li")
    line.deaf = True
    resident.page.set_input_files(CHOOSER, PAPER)
    expect(lines).to_contain_text([BROKE])
    resident.page.reload()
    expect(lines).to_contain_text([BROKE])
    line.deaf = False
    lines.get_by_role("button", name="重新上传").click()
    expect(lines).to_contain_text([ARRIVED])
    fill_in_report_again(resident)
    send_report(resident)
    assert line.sent > 1
    assert files_of_case(resident) == 1


@pytest.mark.req("A3", "A4")
def test_over_a_new_load_what_arrived_is_there_and_what_broke_goes_on(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    line, lines = Line(resident), resident.page.locator("ul.sending li")
    resident.page.set_input_files(CHOOSER, PHOTO)
    expect(lines).to_contain_text([ARRIVED])
    line.cut = True
    resident.page.set_input_files(CHOOSER, PAPER)
    expect(lines).to_contain_text([ARRIVED, BROKE])
    resident.page.reload()
    expect(lines).to_contain_text([ARRIVED, BROKE])
    line.cut = False
    expect(lines).to_contain_text([ARRIVED, ARRIVED])
    assert line.sent == 2, "the photo is not sent again"
    fill_in_report_again(resident)
    send_report(resident)
    assert number_on(resident)
    assert files_of_case(resident) == 2
    resident.open(f"/c/{COMMUNITY}")
    resident.page.wait_for_timeout(500)
    assert lines.count() == 0, "what has left with a report is no other's"


def fill_in_report_again(resident: Visitor) -> None:
    """Fills in the form that is open."""
    typed = {"text": "厨房水龙头一直滴水", "unit": new_unit(), "phone": new_phone(), "name": "周先生"}
    resident.fill(**typed, kind="repair", matter="home_other")


@pytest.mark.req("A3")
def test_a_form_that_is_sent_waits_for_its_files(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    line = Line(resident)
    line.cut = True
    resident.page.set_input_files(CHOOSER, PAPER)
    expect(resident.page.locator("ul.sending li")).to_contain_text([BROKE])
    resident.page.locator(SUBMIT).first.click()
    expect(resident.page.locator(".files-field [role=status]").last).to_contain_text("表单会自动提交")
    line.cut = False
    resident.page.wait_for_url("**/receipt*")
    assert files_of_case(resident) == 1


@pytest.mark.req("A3")
def test_a_second_tab_takes_nothing_of_the_first(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    lines = resident.page.locator("ul.sending li")
    resident.page.set_input_files(CHOOSER, PAPER)
    expect(lines).to_contain_text([ARRIVED])
    second = resident.page.context.new_page()
    second.goto(f"{resident.base_url}/c/{COMMUNITY}")
    second.set_input_files(CHOOSER, PHOTO)
    expect(second.locator("ul.sending li")).to_contain_text([f"漏水.jpg：{ARRIVED}"])
    assert lines.count() == 1


@pytest.mark.req("A3")
def test_what_was_removed_is_not_sent_and_does_not_come_back(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    lines = resident.page.locator("ul.sending li")
    resident.page.set_input_files(CHOOSER, [PHOTO, PAPER])
    expect(lines).to_contain_text([ARRIVED, ARRIVED])
    lines.first.get_by_role("button", name="移除").click()
    assert lines.count() == 1
    resident.page.reload()
    expect(lines).to_contain_text([f"合同.pdf：{ARRIVED}"])
    fill_in_report_again(resident)
    send_report(resident)
    assert files_of_case(resident) == 1


@pytest.mark.req("A3", "D1")
def test_it_is_said_by_voice_heard_and_sent(resident: Visitor) -> None:
    fill_in_report(resident, new_unit())
    field = resident.page.locator(".files-field")
    field.get_by_role("button", name="录音说明").click()
    stop = field.get_by_role("button", name="停止")
    expect(stop).to_contain_text("0:01")
    resident.looks_well()
    stop.click()
    expect(field.locator("ul.sending li")).to_contain_text([ARRIVED])
    expect(field.locator("ul.sending audio")).to_have_count(1)
    resident.looks_well()
    field.get_by_role("button", name="移除").click()
    field.get_by_role("button", name="录音说明").click()
    expect(field.get_by_role("button", name="停止")).to_contain_text("0:01")
    resident.page.locator(SUBMIT).first.click()  # while it is being said
    resident.page.wait_for_url("**/receipt*")
    assert files_of_case(resident) == 1
    wait_for_page(resident, resident.page.url, "录音1")


@pytest.mark.req("A3")
def test_where_nothing_can_be_recorded_a_recording_is_chosen(resident: Visitor) -> None:
    resident.page.add_init_script("delete window.MediaRecorder")
    fill_in_report(resident, new_unit())
    resident.page.locator(".files-field").get_by_role("button", name="录音说明").click()
    instead = resident.page.get_by_label("这里无法使用麦克风")
    expect(instead).to_have_attribute("accept", "audio/*")
    resident.looks_well()
    instead.set_input_files(
        FilePayload(name="说明.mp3", mimeType="audio/mpeg", buffer=b"\xff\xfb\x90\x00sound")
    )
    expect(resident.page.locator("ul.sending li")).to_contain_text([ARRIVED])
