"""Links for a password, the own password, and a temporary one of an operator's (E8)."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.community.passwords import SHORTEST, check_password
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.errors import DeliveryError
from infra.places import RESOURCES
from tests.browser import Browser, html, text
from tests.unit.people.conftest import STAFF, Place

PASSWORD = "Zhongwen2026good"
TYPED = {"new_password": PASSWORD, "again": PASSWORD}


def stranger(place: Place) -> Browser:
    return Browser(place.browser.client, place.office)


def link_for(place: Place, who: str = "agent-1") -> str:
    phone = place.person(who).phone
    assert place.about("link", who).status_code == 303
    return place.link(phone)


@pytest.mark.req("E8")
def test_a_reset_ends_password_and_sessions_and_the_link_is_good_once(place: Place) -> None:
    agent = stranger(place)
    agent.sign_in("agent-1")
    path = link_for(place)
    assert agent.get("/desk/riverside").status_code == 401
    old = {"username": "agent-1", "password": place.office.identity.PASSWORD}
    assert agent.post("/desk", old).status_code == 401
    for _ in range(3):  # whoever scans links uses nothing up
        assert agent.get(path).status_code == 200
    assert agent.post(path, TYPED).status_code == 200
    assert agent.post("/desk", {**old, "password": PASSWORD}).status_code == 303
    used = agent.post(path, {**TYPED, "new_password": "Another2026good", "again": "Another2026good"})
    assert (used.status_code, "已经用过" in text(used)) == (410, True)
    assert agent.get(path).status_code == 410
    assert place.office.identity.passwords["agent-1"] == PASSWORD


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"new_password": "short1A", "again": "short1A"}, "至少12位"),
        ({"new_password": "alllowercase2026", "again": "alllowercase2026"}, "至少12位"),
        ({"new_password": f" {PASSWORD}", "again": f" {PASSWORD}"}, "至少12位"),
        ({"new_password": PASSWORD, "again": PASSWORD + "x"}, "不一样"),
        ({}, "至少12位"),
    ],
)
def test_a_password_that_cannot_be_leaves_the_link_good(
    place: Place, typed: dict[str, str], said: str
) -> None:
    path, agent = link_for(place), stranger(place)
    refused = agent.post(path, typed)
    assert (refused.status_code, said in text(refused)) == (400, True)
    assert PASSWORD not in html(refused)
    assert agent.post(path, TYPED).status_code == 200


def test_only_the_newest_link_is_good_and_none_for_ever(place: Place) -> None:
    first, second, agent = link_for(place), link_for(place), stranger(place)
    assert (agent.get(first).status_code, agent.get(second).status_code) == (410, 200)
    place.office.clock.advance(timedelta(hours=24))
    over = agent.post(second, TYPED)
    assert (over.status_code, "已过有效期" in text(over)) == (410, True)


def test_a_link_ends_with_the_person_s_service(place: Place) -> None:
    path = link_for(place, "agent-2")
    place.about("deactivate", "agent-2")
    assert stranger(place).post(path, TYPED).status_code == 410


def test_links_are_stored_as_digests_and_shown_to_nobody(place: Place) -> None:
    path = link_for(place)
    code = path.rpartition("/")[2]
    assert len(code) == 22
    assert place.office.memory is not None
    assert code not in repr(vars(place.office.memory))
    for page in (STAFF, f"{STAFF}?who=agent-1"):
        assert code not in html(place.browser.get(page))


def test_whoever_guesses_links_is_braked(place: Place) -> None:
    guesser = stranger(place)
    found = {guesser.get(f"/p/{serial:022d}").status_code for serial in range(31)}
    assert found == {410, 429}


def test_links_to_a_person_are_few(place: Place) -> None:
    found = [place.about("link", "agent-1").status_code for _ in range(6)]
    assert found == [303] * 5 + [429]


def test_a_link_that_did_not_leave_is_sent_by_the_same_form(place: Place) -> None:
    place.office.sms.failures.append(DeliveryError("Throttled", final=False))
    refused = place.about("link", "agent-1", once="k")
    assert (refused.status_code, "没有发出" in text(refused)) == (503, True)
    assert place.about("link", "agent-1", once="k").status_code == 303
    assert place.about("link", "agent-1", once="k").status_code == 409
    assert len(place.office.sms.sent) == 1


def test_who_has_neither_telephone_nor_mail_is_handed_the_link(place: Place) -> None:
    shown = place.add(username="xu.wenhua", name="许文华", role="committee", phone="")
    assert shown.status_code == 200
    path = re.findall(r"https://suda\.cn(/p/[\w-]{22})", html(shown))[0]
    assert place.office.sms.sent == []
    assert place.office.mail.sent == []
    assert stranger(place).post(path, TYPED).status_code == 200
    assert path not in html(place.browser.get(f"{STAFF}?who=xu.wenhua"))
    assert place.store.done["riverside"][-2].done == "link_shown"


@pytest.mark.req("E8")
def test_everybody_changes_their_own_password_and_is_signed_out_everywhere(place: Place) -> None:
    here, there = stranger(place), stranger(place)
    for browser in (here, there):
        browser.sign_in("agent-1")
    typed = {"password": place.office.identity.PASSWORD, **TYPED, "csrf": csrf(here)}
    assert here.post("/desk/account/password", {**typed, "csrf": "forged"}).status_code == 403
    wrong = here.post("/desk/account/password", {**typed, "password": "guess"})
    assert (wrong.status_code, "原密码不对" in text(wrong)) == (400, True)
    weak = here.post("/desk/account/password", {**typed, "new_password": "weak", "again": "weak"})
    assert (weak.status_code, "至少12位" in text(weak)) == (400, True)
    assert here.post("/desk/account/password", typed).status_code == 200
    for browser in (here, there):
        assert browser.get("/desk/riverside").status_code in {401, 200}
        assert "密码" in text(browser.get("/desk/riverside"))
        assert browser.get("/desk/riverside").status_code == 401
    again = {"username": "agent-1", "password": PASSWORD}
    assert here.post("/desk", again).status_code == 303


def test_whoever_guesses_the_old_password_at_an_open_desk_is_braked(place: Place) -> None:
    here = stranger(place)
    here.sign_in("agent-1")
    typed = {"password": "guess", **TYPED, "csrf": csrf(here)}
    found = [here.post("/desk/account/password", typed).status_code for _ in range(11)]
    assert found == [400] * 10 + [429]


def test_a_form_with_a_password_is_carried_on_by_no_page(place: Place) -> None:
    here = stranger(place)
    sent = here.post("/desk/account/password", {"password": "my old secret", **TYPED})
    assert sent.status_code == 401
    assert PASSWORD not in html(sent)
    assert "my old secret" not in html(sent)


def csrf(browser: Browser) -> str:
    return html(browser.get("/desk/account")).partition('name="csrf" value="')[2].partition('"')[0]


def test_a_temporary_password_is_good_for_choosing_another(place: Place) -> None:
    identity, agent = place.office.identity, stranger(place)
    identity.temporary.add("agent-1")
    given = {"username": "agent-1", "password": identity.PASSWORD}
    asked = agent.post("/desk", given)
    assert (asked.status_code, agent.cookie) == (200, "")
    assert "设置自己的密码" in text(asked)
    assert identity.PASSWORD not in html(asked)
    page = "/desk/account/first-password"
    assert agent.post(page, {**given, "password": "guess", **TYPED}).status_code == 401
    assert agent.post(page, {**given, **TYPED, "again": "x"}).status_code == 400
    assert agent.post(page, {**given, **TYPED}).status_code == 200
    assert agent.post("/desk", {**given, "password": PASSWORD}).status_code == 303
    assert agent.post(page, {**given, "password": PASSWORD, **TYPED}).status_code == 401, "not asked for"


def test_the_rules_are_those_of_the_pool() -> None:
    pool = RESOURCES.read_text("utf-8").partition("PasswordPolicy:")[2].partition("Schema:")[0]
    assert f"MinimumLength: {SHORTEST}" in pool
    for kind in ("Lowercase", "Uppercase", "Numbers"):
        assert f"Require{kind}: true" in pool
    assert "RequireSymbols: false" in pool
    check_password("aB3" + "字" * 9)
    with pytest.raises(InvalidInputError):
        check_password("字" * 12)
