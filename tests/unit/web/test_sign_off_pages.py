"""A result that the head of the department signs off, on the pages and on paper (B9)."""

import pytest

from chalicelib.domain.case.links import Purpose
from tests.browser import Browser, Form, html, link, signed, text
from tests.builders import Office

HEAD = "engineering-head"


@pytest.mark.req("B9")
def test_the_head_finds_it_on_the_first_page_and_the_handler_reads_who_is_waited_for(
    browser: Browser, desk: Office
) -> None:
    case = signed(desk)
    address = link(desk, case, Purpose.WORK)
    handed_in = browser.follow(browser.post(f"{address}/complete", {"result": "灯已换好。", "once": "c"}))
    assert "等待工程部负责人签字" in text(handed_in)
    assert "/complete" not in html(handed_in)
    track = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "灯已换好" not in track
    assert "正在内部核对" in track
    browser.sign_in(HEAD)
    first = browser.get("/desk/riverside")
    assert "签字前不会告知住户：灯已换好。" in text(first)
    assert {"sign_off_result", "return_result"} <= {
        act for act in ("sign_off_result", "return_result") if act in html(first)
    }
    waiting = text(browser.get("/desk/riverside?list=department&sign_off=waits"))
    assert case.number in waiting
    assert "结果待签字" in waiting
    where = f"/desk/riverside/cases/{case.number}"
    assert "签字前不会告知住户：灯已换好。" in text(browser.get(where)), "what is signed is read first"
    forms = Form(html(browser.get(where))).forms
    action = next(action for action in forms if action.endswith("/return_result"))
    refused = browser.post(f"{where}/return_result", {**_typed(forms[action]), "reason": ""})
    assert refused.status_code == 400
    sent = browser.post(f"{where}/return_result", {**_typed(forms[action]), "reason": "没拍完工照片"})
    assert "工程部负责人于" in text(browser.follow(sent))
    again = browser.get(address)
    assert "没拍完工照片" in text(again)
    form = html(again).partition("/complete")[2].partition("</form>")[0]
    assert "灯已换好。</textarea>" in form, "what was handed in stands there, to be mended"
    browser.follow(browser.post(f"{address}/complete", {"result": "换好，附照片。", "once": "d"}))
    forms = Form(html(browser.get(where))).forms
    action = next(action for action in forms if action.endswith("/sign_off_result"))
    page = text(browser.follow(browser.post(f"{where}/sign_off_result", _typed(forms[action]))))
    assert "结果签字认可" in page
    for sheet in ("order", "file", "contact"):
        paper = text(browser.get(f"{where}/paper?sheet={sheet}"))
        assert "结果签字认可" in paper
        assert "工程部负责人于" in paper
    assert "结果签字认可" not in text(browser.get(f"{where}/paper?sheet=original"))
    assert "换好，附照片。" in text(browser.get(link(desk, case, Purpose.TRACK)))


def _typed(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if not name.endswith("?")}
