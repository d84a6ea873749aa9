"""What waits on the first page and stands in no case: held mails, findings and appeals (A1, B15)."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from chalicelib import wiring
from chalicelib.channels.mail_in import INBOX, mail_in
from chalicelib.domain.community.beside import MOST_HELD
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.services.findings.records import forget_findings
from chalicelib.services.intake.held_names import KEPT
from infra.mail import received
from tests.browser import Browser, Form, assigned, html, text
from tests.builders import MONDAY, Office
from tests.mails import PASSED, written

PAGE, HELD = "/desk/riverside", "/desk/riverside/held"
FINDINGS, RECORD = f"{PAGE}/findings", f"{PAGE}/my-record"


def page_of(browser: Browser, username: str, address: str = PAGE) -> str:
    browser.cookie = ""
    browser.sign_in(username)
    return html(browser.get(address))


def spam(nth: int, times: int = 1) -> None:
    """A mail that is held, and told of as often."""
    raw, message = written(f"广告{nth}", message_id=f"<{nth}@example.com>"), f"{nth:040x}"
    event = received(message, ["riverside@mail.example.com"], {**PASSED, "spam": "FAIL"})
    for _ in range(times):
        wiring.desk().recordings.keep(INBOX + message, raw)
        assert mail_in(event)["held"] == 1


def act(browser: Browser, address: str, end: str, **typed: str) -> None:
    """Fill in and send the form of a page whose address ends so."""
    shown = browser.get(address)
    action, fields = next(
        (action, fields) for action, fields in Form(html(shown)).forms.items() if action.endswith(end)
    )
    there = {name: value for name, value in fields.items() if not name.endswith("?")}
    assert browser.follow(browser.post(action, {**there, **typed})).status_code == 200, action


def waiting(browser: Browser, username: str) -> str:
    """How many mails the first page of somebody names, with where it leads; empty for none."""
    page = page_of(browser, username).partition("<main")[2]
    line = next((part for part in page.split("<section")[1:] if "待核邮件" in part), "")
    assert not line or 'href="../desk/riverside/held"' in line
    return line.partition("待核邮件")[2].partition("：")[0]


@pytest.mark.req("A1", "B7")
def test_held_mails_wait_on_the_first_page_of_whoever_may_look_at_them(browser: Browser) -> None:
    assert waiting(browser, "agent-1") == ""
    assert "没有等您办的事" in text(browser.get(PAGE))
    spam(1, times=2)
    spam(2)
    for username in ("agent-1", "agent-2", "supervisor-1"):
        assert waiting(browser, username) == "2封", username
        assert "没有别的事等您办" in text(browser.get(PAGE))
    for username in ("manager-1", "company-head-1", "engineering-1", "engineering-head"):
        assert waiting(browser, username) == "", username
        assert browser.get(HELD).status_code == 403, "one rule: whoever opens them is told of them"
    browser.cookie = ""
    browser.sign_in("agent-1")
    act(browser, HELD, ".eml", act="drop")
    assert waiting(browser, "agent-1") == "1封"
    act(browser, HELD, ".eml", act="take")
    assert waiting(browser, "agent-1") == ""


@pytest.mark.req("A1", "B7")
def test_a_count_that_has_drifted_is_set_right_by_whoever_opens_the_mails(browser: Browser) -> None:
    spam(1)
    beside = wiring.desk().directory.beside
    (name,) = beside.of("riverside").held
    beside.let_go("riverside", [name])
    beside.hold("riverside", [name.replace("spam", "machine")])
    beside.hold("riverside", [name.replace("spam", "large")])
    assert waiting(browser, "agent-1") == "2封"
    browser.get(HELD)
    assert waiting(browser, "agent-1") == "1封"
    assert beside.of("riverside").held == (name,)


@pytest.mark.req("A1")
def test_mails_that_the_bucket_has_deleted_are_counted_no_more(browser: Browser, desk: Office) -> None:
    resources = yaml.safe_load(Path("infra/resources.yaml").read_text("utf-8"))["Resources"]
    rules = [
        rule
        for found in resources.values()
        for rule in found.get("Properties", {}).get("LifecycleConfiguration", {}).get("Rules", ())
    ]
    (deleted,) = [rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "held/"]
    assert timedelta(days=deleted) == KEPT
    spam(1)
    desk.clock.advance(2 * KEPT)
    assert waiting(browser, "agent-1") == ""
    spam(2)
    assert len(wiring.desk().directory.beside.of("riverside").held) == 1, "they take no room"


@pytest.mark.req("A1", "C3")
def test_a_flood_of_mails_makes_no_first_page_dear(browser: Browser) -> None:
    beside = wiring.desk().directory.beside
    for nth in range(MOST_HELD + 5):
        beside.hold("riverside", [f"{int(MONDAY.timestamp() * 1000):013d}-spam-{nth:032x}.eml"])
    assert len(beside.of("riverside").held) == MOST_HELD
    assert waiting(browser, "agent-1") == f"{MOST_HELD}封以上"


def record(browser: Browser, number: str, **typed: str) -> None:
    browser.cookie = ""
    browser.sign_in("manager-1")
    said = {
        "number": number,
        "about": "engineering-1",
        "what": "no-ignored",
        "words": "三天没有回电",
    }
    act(browser, FINDINGS, "/findings", **{**said, **typed})


def asked(browser: Browser, username: str) -> list[str]:
    """What somebody is asked for on findings; each leads to its place on its page, where the act is."""
    page = page_of(browser, username).partition("<main")[2]
    found = []
    for part in page.split("<section")[1:]:
        if "#f-" not in part:
            continue
        where = part.partition('href="../')[2].partition('"')[0]
        address, _, place = where.partition("#")
        button = part.partition('"button')[2].partition(">")[2].partition("<")[0]
        assert "三天没有回电" not in part, "the words are on its own page alone"
        assert f'id="{place}"' in html(browser.get(f"/{address}"))
        found.append(button)
    return found


@pytest.mark.req("B7", "B15")
def test_a_finding_waits_for_its_measure_its_reader_and_the_decision_on_its_appeal(
    browser: Browser, desk: Office
) -> None:
    number = assigned(desk).number
    record(browser, number)
    everybody = ("agent-1", "supervisor-1", "engineering-head", "engineering-2", "company-head-1")
    assert asked(browser, "manager-1") == ["记录处理"]
    assert [asked(browser, username) for username in everybody] == [[]] * len(everybody)
    assert asked(browser, "engineering-1") == ["查看我的记录"]
    assert asked(browser, "engineering-1") == [], "it was read: the page has just opened it"
    act(browser, RECORD, "/appeal", appeal="当天回过电话")
    assert asked(browser, "engineering-1") == []
    assert asked(browser, "manager-1") == [], "first the appeal is decided"
    assert asked(browser, "company-head-1") == ["裁定申诉"]
    act(browser, FINDINGS, "/decision", lifted="no", decision="没有通话记录")
    assert asked(browser, "company-head-1") == []
    assert asked(browser, "engineering-1") == ["查看我的记录"], "the decision is for its person to read"
    browser.cookie = ""
    browser.sign_in("manager-1")
    act(browser, FINDINGS, "/measure", measure="oral_warning")
    assert asked(browser, "manager-1") == []


@pytest.mark.req("B15")
def test_merit_asks_nobody_and_what_is_forgotten_asks_no_more(browser: Browser, desk: Office) -> None:
    number = assigned(desk).number
    record(browser, number, what="yes-praised")
    assert [asked(browser, username) for username in ("manager-1", "engineering-1")] == [[], []]
    record(browser, number)
    assert asked(browser, "manager-1") == ["记录处理"]
    desk.clock.advance(timedelta(days=1100))
    forget_findings(wiring.desk(), wiring.findings(), "riverside")
    assert asked(browser, "manager-1") == []


@pytest.mark.req("B15")
def test_many_findings_leave_room_for_the_cases(browser: Browser, desk: Office) -> None:
    for nth in range(7):
        finding = Finding(f"f{nth}", "202611-0001", "agent-1", False, "other", "晚", "manager-1", MONDAY)
        wiring.findings().put("riverside", finding)
    assert len(asked(browser, "manager-1")) == 5
    assert "还有2条过失记录等您处理" in text(browser.get(PAGE))


@pytest.mark.req("A11", "B15")
def test_readers_of_english_are_asked_in_english(browser: Browser, desk: Office) -> None:
    number = assigned(desk).number
    record(browser, number)
    spam(1)
    assert f"(case {number}) has no measure yet" in page_of(browser, "manager-1", f"{PAGE}?lang=en")
    assert "Held emails to look at: 1" in page_of(browser, "agent-1", f"{PAGE}?lang=en")
