"""`make screenshots`: the pictures of the README, from a desk that is opened for them."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from infra.places import PROJECT
from infra.problems import CannotGoOnError
from tests.in_browser.environment import chromium, missing
from tests.in_browser.people import COMMUNITY, fill_in_report, link_in, send_report, sign_in
from tests.in_browser.visitor import DESK, PHONE, Look, Visitor, visitor
from tests.local_cloud.conftest import RunningDesk, free_port

PICTURES = PROJECT / "docs" / "pictures"
ON_A_PHONE = Look(PHONE, scripts=True, language="zh-CN")
AT_THE_DESK = Look(DESK, scripts=True, language="zh-CN")
IN_THE_DARK = Look(PHONE, scripts=True, language="zh-CN", scheme="dark")
SAID = "厨房水龙头一直滴水，关不紧，麻烦师傅来看看。"


def take(browser: Browser, desk: RunningDesk) -> None:
    """Plays a repair and takes a picture where something is to be seen."""
    messages = desk.messages()
    with visitor(browser, ON_A_PHONE, desk) as resident:
        fill_in_report(resident, "6-2-1203", SAID)
        resident.page.locator("#proposal").scroll_into_view_if_needed()
        _picture(resident, "report")
        send_report(resident)
        _picture(resident, "receipt")
        track = str(resident.page.locator("main a[href*='/l/']").first.evaluate("link => link.href"))
    with visitor(browser, ON_A_PHONE, desk) as handler:
        handler.open(link_in(messages, "6-2-1203.*签收"))
        _picture(handler, "work")
        handler.give("sign", signature="王建军")
        handler.give("start")
    with visitor(browser, IN_THE_DARK, desk) as resident:
        resident.open(track)
        _picture(resident, "track")
    with visitor(browser, AT_THE_DESK, desk) as manager:
        sign_in(desk, manager, "manager")
        manager.open(f"/desk/{COMMUNITY}?list=register")
        _picture(manager, "register")


def _picture(who: Visitor, name: str) -> None:
    who.page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")  # noqa: T201


def main() -> None:
    """Opens a desk, takes the pictures, and closes it again."""
    if why := missing():
        raise CannotGoOnError(f"No picture can be taken here. {why}")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as drivers:
        desk = RunningDesk(Path(folder), free_port())
        desk.start()
        try:
            browser = drivers.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            take(browser, desk)
            browser.close()
        finally:
            desk.stop()


if __name__ == "__main__":
    try:
        main()
    except CannotGoOnError as problem:
        sys.exit(f"✗ {problem}")
