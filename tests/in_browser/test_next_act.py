"""The next act of a handler lies on the first screen of a telephone, however urgent it is (A6, B2)."""

import pytest
from playwright.sync_api import Browser

from infra.local.messages import Messages
from tests.in_browser.people import link_in, new_phone, new_unit
from tests.in_browser.visitor import HEIGHTS, PHONE, Look, visitor
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import report

LONG = (
    "前天开始有点不对，昨天晚上又来了一次，我们自己试着处理过但是没有用，希望今天下午六点以后能派师傅过来看一下，"
    "家里有人，来之前麻烦打个电话。"
)
KINDS = {
    "emergency": {"matter": "flooding"},
    "urgent": {"matter": "drain_blocked"},
    "normal": {"matter": "lighting_lock"},
    "complaint": {"matter": "equipment_noise", "kind": "complaint"},
}
MEASURED = {"sign", "arrive", "verify", "confirm_alarm"}
LANGUAGES = ("zh-CN", "zh-TW", "en")


def link_of_work(messages: Messages, unit: str) -> str:
    return link_in(messages, f"{unit}[^\n]*签收")


@pytest.mark.req("A6", "B2", "B9")
@pytest.mark.parametrize("kind", KINDS)
def test_the_button_of_the_next_act_is_whole_on_the_first_screen(
    browser: Browser, desk: RunningDesk, kind: str
) -> None:
    messages, unit = desk.messages(), new_unit()
    report(desk, unit=unit, phone=new_phone(), name="欧阳建国先生", text=LONG, **KINDS[kind])
    work, lowest, seen = link_of_work(messages, unit), dict[str, float](), set[str]()
    done = ""
    while True:
        for language in LANGUAGES:
            with visitor(browser, Look(PHONE, scripts=language == "en", language=language), desk) as handler:
                assert handler.open(f"{work}{done}") == 200
                button = handler.page.locator(".next form > button").first
                act = str(button.evaluate("button => button.form.action")).rpartition("/")[2]
                box = button.bounding_box()
                assert box
                lowest[f"{act} {language}"] = box["y"] + box["height"]
                first = handler.page.locator("p.notice.wrong a").first
                assert kind != "emergency" or (first.is_visible() and first.bounding_box()["y"] < box["y"])  # type: ignore[index]
                if language == LANGUAGES[-1] and act in MEASURED:
                    handler.send(f"form[action$='/{act}']")
                    done = f"?done={act}"
        if act not in MEASURED or act in seen:
            break
        seen.add(act)
    assert seen
    assert {act: y for act, y in lowest.items() if act.split()[0] in MEASURED and y > HEIGHTS[PHONE]} == {}
