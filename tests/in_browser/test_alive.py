"""Lists that look for what is new say when they cannot, and tell what is new in any case (A14, E8)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.in_browser.people import COMMUNITY, new_phone, new_unit, sign_in
from tests.in_browser.visitor import DESK, Look, Visitor, visitor
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, report, token_of, wait_until

FIRST, REGISTER = f"/desk/{COMMUNITY}", f"/desk/{COMMUNITY}?list=register"
COUNTS_SOUNDS = """
    window.sounds = 0
    const made = AudioContext.prototype.createOscillator
    AudioContext.prototype.createOscillator = function () { window.sounds += 1; return made.call(this) }
"""
OUT_OF_SIGHT = """() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
    document.dispatchEvent(new Event('visibilitychange'))
}"""
SAID = {
    "zh-CN": ("登录已失效", "重新登录", r"自\d\d:\d\d起未更新"),
    "zh-TW": ("登入已失效", "重新登入", r"自\d\d:\d\d起未更新"),
    "en": ("Signed out", "Sign in again", r"Not up to date since \d\d:\d\d"),
}


@pytest.fixture(params=["zh-CN"])
def agent(browser: Browser, desk: RunningDesk, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visitor(browser, Look(DESK, scripts=True, language=request.param), desk) as opened:
        opened.expects("Failed to load resource")
        sign_in(desk, opened, "agent")
        opened.page.add_init_script(COUNTS_SOUNDS)
        opened.page.clock.install()
        yield opened


def line(agent: Visitor) -> Locator:
    return agent.page.locator("#alive")


def looks_again(agent: Visitor, seconds: int = 16) -> None:
    """The time passes until the list asks, and it has its answer."""
    agent.page.clock.run_for(seconds * 1000)
    agent.page.wait_for_timeout(300)


def open_list(agent: Visitor, path: str) -> None:
    """Opens a list, and touches the page, after which it may sound."""
    agent.open(path)
    agent.page.locator("h1").first.click()
    expect(line(agent).locator("button").last).to_have_text(re.compile("开|開|on"))


def emergency(desk: RunningDesk) -> str:
    said = report(
        desk, unit=new_unit(), phone=new_phone(), text="楼道着火，烟很大", matter="fire", kind="help"
    )
    return str(said["number"])


def drip(desk: RunningDesk) -> str:
    return str(report(desk, unit=new_unit(), phone=new_phone())["number"])


def with_an_act(route: Route) -> None:
    """The list as it comes, with a form such as the acts of the first page have."""
    answer = route.fetch()
    act = '<details class="act"><summary>补充</summary><input type="text" id="note" aria-label="x"></details>'
    route.fulfill(response=answer, body=re.sub(r'(<div id="list"[^>]*>)', rf"\1{act}", answer.text()))


def told(agent: Visitor, words: str) -> None:
    """Waits until the line has the words: the index follows what was written within moments."""

    def has_come() -> bool:
        looks_again(agent, 61)
        return re.search(words, line(agent).inner_text()) is not None

    wait_until(has_come, f"{words} in {line(agent).inner_text()}", seconds=60)


@pytest.mark.req("A14", "E8")
@pytest.mark.parametrize("agent", SAID, indirect=True)
@pytest.mark.parametrize("path", [FIRST, REGISTER])
def test_a_list_says_that_it_is_signed_out_or_out_of_reach_and_when_it_works_again(
    agent: Visitor, path: str
) -> None:
    signed_out, again, stale = SAID[agent.look.language]
    open_list(agent, path)
    agent.page.context.set_offline(True)
    looks_again(agent)
    expect(line(agent)).not_to_contain_text(re.compile(stale))
    looks_again(agent)
    expect(line(agent)).to_contain_text(re.compile(stale))
    expect(line(agent)).to_be_in_viewport()
    agent.page.context.set_offline(False)
    looks_again(agent)
    expect(line(agent)).not_to_contain_text(re.compile(stale))
    agent.page.route("**/desk/**", lambda route: route.fulfill(status=503, body="busy"))
    looks_again(agent)
    looks_again(agent)
    expect(line(agent)).to_contain_text(re.compile(stale))
    agent.page.unroute("**/desk/**")
    cookies, before = agent.page.context.cookies(), agent.page.evaluate("window.sounds")
    agent.page.context.clear_cookies()
    for _ in range(3):
        looks_again(agent)
    expect(line(agent)).to_contain_text(signed_out)
    expect(line(agent)).not_to_contain_text(re.compile(stale))
    assert agent.page.evaluate("window.sounds") == before + 1, "it sounds once"
    way = line(agent).get_by_role("link", name=again)
    expect(way).to_be_in_viewport()
    agent.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they were given
    looks_again(agent)
    expect(line(agent)).not_to_contain_text(signed_out)
    expect(way).to_be_hidden()


@pytest.mark.req("A14", "E8")
def test_the_way_in_again_leads_to_the_same_list(agent: Visitor, desk: RunningDesk) -> None:
    open_list(agent, REGISTER)
    agent.page.context.clear_cookies()
    looks_again(agent)
    with agent.page.expect_navigation():
        line(agent).get_by_role("link", name="重新登录").click()
    sign_in(desk, agent, "agent")
    assert agent.page.url.endswith(REGISTER)


@pytest.mark.req("A14", "E8")
def test_an_emergency_is_told_while_somebody_is_in_the_list_which_waits_with_what_is_typed(
    agent: Visitor, desk: RunningDesk
) -> None:
    agent.page.route(f"**{REGISTER}", with_an_act)
    open_list(agent, REGISTER)
    agent.page.locator("#list details.act summary").click()
    agent.page.locator("#note").fill("住户说下午再来")
    before = agent.page.evaluate("window.sounds")
    number = emergency(desk)
    told(agent, f"新的紧急工单：.*{number}")
    assert agent.page.evaluate("window.sounds") > before
    expect(agent.page.locator(f"#list [data-number='{number}']")).to_have_count(0)
    line(agent).get_by_role("button", name="列表有更新").click()
    expect(agent.page.locator(f"#list [data-number='{number}']")).to_be_visible()
    expect(agent.page.locator("#note")).to_have_value("住户说下午再来")
    expect(agent.page.locator("#note")).to_be_visible()


@pytest.mark.req("A14", "E8")
@pytest.mark.parametrize("way", ["ticked", "focus", "hidden"])
def test_an_emergency_sounds_whatever_its_reader_does(agent: Visitor, desk: RunningDesk, way: str) -> None:
    drip(desk)
    open_list(agent, REGISTER)
    if way == "ticked":
        agent.page.locator("#list tbody tr a").first.evaluate(
            "link => link.insertAdjacentHTML('afterend', '<input type=checkbox checked aria-label=x>')"
        )
    elif way == "focus":
        agent.page.locator("#list tbody tr a").first.focus()
    else:
        agent.page.evaluate(OUT_OF_SIGHT)
    before = agent.page.evaluate("window.sounds")
    number = emergency(desk)
    told(agent, f"新的紧急工单：.*{number}")
    assert agent.page.evaluate("window.sounds") == before + 1
    shown = agent.page.locator(f"#list [data-number='{number}']")
    expect(shown).to_have_count(1 if way == "hidden" else 0)
    if way == "focus":
        agent.page.evaluate("document.activeElement.blur()")
        looks_again(agent)
        expect(shown).to_have_count(1)
    looks_again(agent)
    assert agent.page.evaluate("window.sounds") == before + 1, "nothing is told twice"


@pytest.mark.req("A14", "E8")
def test_what_was_there_before_is_not_called_a_new_emergency(agent: Visitor, desk: RunningDesk) -> None:
    number = drip(desk)
    wait_until(lambda: agent.open(REGISTER) == 200 and number in agent.text, number)
    open_list(agent, REGISTER)
    here, token = f"/v1/communities/{COMMUNITY}/cases/{number}", token_of(desk, "agent", COMMUNITY)
    graver = {"urgency": "emergency", "reason": "住户来电：水已漫到电表箱"}
    status, body = ask(
        desk, "POST", f"{here}/commands/classify", graver, token=token, headers={"Idempotency-Key": number}
    )
    assert status == 200, body
    told(agent, f"列表中现有紧急工单：.*{number}")
    assert "新的紧急工单" not in line(agent).inner_text()
    assert "新工单" not in line(agent).inner_text()
