"""When a resident got in touch: known from the channel, from whoever types, or not known (A2)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.figures.rates import rates
from tests.api_desk import api_desk
from tests.browser import REPORT, Browser, Form, html, text
from tests.builders import AGENT, MONDAY, Office, office

HOTLINE = Actor(Role.MACHINE, "ivr-1")


def total(place: Office) -> dict[str, int]:
    return dict(place.stores.figures.month("riverside", "202611")[TOTAL])


@pytest.mark.req("A2")
def test_a_form_that_residents_send_is_the_contact_itself() -> None:
    place = office()
    case = place.register().case
    assert case.report.contacted_at == case.registered_at
    assert rates(total(place)).registered_in_time == 1.0


@pytest.mark.req("A2")
@pytest.mark.parametrize("actor", [AGENT, HOTLINE])
def test_where_nobody_said_the_case_counts_apart(actor: Actor) -> None:
    place = office()
    place.register(actor=actor)
    assert rates(total(place)).registered_in_time is None, "nothing is known, so nothing is claimed"
    place.register(actor=actor, contacted_at=MONDAY - timedelta(minutes=5))
    place.register(actor=actor, contacted_at=MONDAY - timedelta(minutes=20))
    assert (total(place)["registered"], total(place)["contact_unknown"]) == (3, 1)
    assert rates(total(place)).registered_in_time == 0.5


@pytest.mark.req("A2")
def test_the_public_form_asks_nobody_and_the_api_takes_it_from_nobody_unknown(browser: Browser) -> None:
    assert "contacted_at" not in html(browser.get("/c/riverside"))
    with api_desk() as desk:
        assert desk.report(contacted_at="2026-11-23T08:00:00+08:00").status_code == 400
        machine = desk.report(user="ivr-1", channel="hotline_ivr", contacted_at="2026-11-23T08:50:00+08:00")
        silent = desk.report(user="agent-1", channel="walk_in")
        numbers = [answer.json_body["number"] for answer in (machine, silent)]
        where = "/v1/communities/riverside/cases"
        shown = [desk.get(f"{where}/{number}", user="agent-1").json_body for number in numbers]
        assert [view["contacted_at"] for view in shown] == ["2026-11-23T00:50:00Z", None]


@pytest.mark.req("A2")
def test_the_form_of_the_desk_has_the_time_at_which_it_was_opened(browser: Browser, desk: Office) -> None:
    browser.sign_in("agent-1")
    desk.clock.advance(timedelta(seconds=40))
    page = html(browser.get("/desk/riverside/new"))
    form = page[page.index("<h1") :]
    assert form.index('name="contacted_at"') < form.index("<details"), "in sight, to be changed"
    sent = Form(page).forms["../../desk/riverside/new"]
    assert sent["contacted_at"] == "2026-11-23T09:00", "never later than it was"
    desk.clock.advance(timedelta(minutes=17))
    browser.follow(browser.post("/desk/riverside/new", {**sent, **REPORT, "channel": "walk_in"}))
    another = Form(html(browser.get("/desk/riverside/new"))).forms["../../desk/riverside/new"]
    by_fax = {**REPORT, "text": "楼道灯不亮", "channel": "fax", "contacted_at": ""}
    browser.post("/desk/riverside/new", {**another, **by_fax})
    assert "联系时间 2026年11月23日（周一）09:00" in text(browser.get("/desk/riverside/cases/202611-0001"))
    assert "联系时间 不详" in text(browser.get("/desk/riverside/cases/202611-0002"))
    assert (total(desk).get("registered_in_time", 0), total(desk)["contact_unknown"]) == (0, 1)
    browser.sign_in("manager-1")
    figures = text(browser.get("/desk/riverside/figures?month=2026-11"))
    assert "另有1件联系时间不详，不计入及时登记率。" in figures
    assert "知道联系时间的1件" in figures


@pytest.mark.req("A2")
@pytest.mark.parametrize("at", ["2026-11-23T09:30", "2026-08-01T09:00"])
def test_a_time_that_cannot_be_is_refused_and_what_was_typed_is_kept(browser: Browser, at: str) -> None:
    browser.sign_in("agent-1")
    sent = Form(html(browser.get("/desk/riverside/new"))).forms["../../desk/riverside/new"]
    page = browser.post("/desk/riverside/new", {**sent, **REPORT, "channel": "walk_in", "contacted_at": at})
    assert page.status_code == 400
    assert "联系的时间在" in text(page)
    assert "走廊的灯不亮" in html(page)
