"""Each building has a steward: residents see who it is, and dispatch prefers them (B2)."""

from datetime import timedelta

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.community import Steward
from chalicelib.domain.community.households import Household
from chalicelib.domain.community.places import steward_of
from chalicelib.domain.community.roster import LEAVE, DutyChange
from chalicelib.domain.dispatch.handler_choice import choose_handler
from chalicelib.services.households.loading import Sheet, carried_out, compared
from tests import content as made
from tests.browser import Browser, Form, browsing, html, link, text
from tests.builders import MONDAY, community, office

STEWARDS = (Steward("3号楼", "engineering-2"), Steward("3-2", "agent-2"), Steward("13", "agent-1"))
PAGE = "/desk/riverside/stewards"


@pytest.mark.req("B2")
@pytest.mark.parametrize(
    ("unit", "who"),
    [
        ("3-1-1201", "engineering-2"),
        ("3号楼1单元1201室", "engineering-2"),
        ("3-2-1201", "agent-2"),
        ("13-1-101", "agent-1"),
        ("33-1-101", None),
        ("1-3-101", None),
        (None, None),
    ],
)
def test_the_steward_of_a_unit_is_that_of_its_entrance_or_building(unit: str | None, who: str | None) -> None:
    found = steward_of(unit, community(stewards=STEWARDS))
    assert (found.username if found else None) == who


@pytest.mark.req("B2")
def test_dispatch_prefers_the_steward_for_the_own_department_while_they_are_there() -> None:
    plain = community(stewards=STEWARDS)
    steward = plain.member("engineering-2")  # in no turn of the roster: never off duty
    load = {"engineering-2": 50}
    chosen = choose_handler(plain, "engineering", MONDAY, load, (), steward)
    assert chosen is not None
    assert (chosen.username, chosen.reason) == ("engineering-2", "steward of the building")
    for department, avoid, at, place in (
        ("security", (), MONDAY, plain),
        ("engineering", ("engineering-2",), MONDAY, plain),
        ("engineering", (), MONDAY, community(duty_changes=(on_leave("engineering-2"),))),
    ):
        other = choose_handler(place, department, at, {}, avoid, steward)
        assert other is not None
        assert other.username == f"{department}-1"


def on_leave(username: str) -> DutyChange:
    begins = MONDAY.replace(tzinfo=None) - timedelta(days=1)
    return DutyChange("c1", LEAVE, username, begins, begins + timedelta(days=3))


@pytest.mark.req("B2")
def test_the_manager_sets_one_and_the_resident_sees_name_and_number() -> None:
    with browsing(office()) as browser:
        browser.sign_in("manager-1")
        form = Form(html(browser.get(PAGE))).forms
        (given,) = form.values() if len(form) == 1 else [next(f for f in form.values() if "building" in f)]
        for building in ("3", "3号楼"):  # the same building, written otherwise
            typed = {**given, "building": building, "username": "engineering-2"}
            browser.follow(browser.post(PAGE, typed))
        assert [(known.building, known.by) for known in stewards(browser.office)] == [("3", "manager-1")]
        case = browser.office.register(unit="3-1-1201").case
        track = link(browser.office, case, Purpose.TRACK)
        browser.cookie = ""
        member = browser.office.desk.directory.community("riverside").member("engineering-2")
        assert member is not None
        for at in (track, f"{track}/receipt"):
            seen = browser.get(at)
            assert "您的楼栋管家： 工程部乙" in text(seen).replace("：工", "： 工")
            assert f"tel:{member.phone}" in html(seen)
        elsewhere = browser.office.register(unit="4-1-1201", phone="+8613900009999").case
        assert "楼栋管家" not in text(browser.get(link(browser.office, elsewhere, Purpose.TRACK)))
        named = {"unit": "3-1-1202", "phone": "+8613900008888", "about_staff": "engineering-2"}
        about = browser.office.register(**named).case
        assert "楼栋管家" not in text(browser.get(link(browser.office, about, Purpose.TRACK)))


def stewards(place: object) -> tuple[Steward, ...]:
    return place.desk.directory.community("riverside").stewards  # type: ignore[attr-defined,no-any-return]


@pytest.mark.req("B2", "E8")
def test_what_cannot_be_is_said_and_only_the_manager_sets() -> None:
    with browsing(office(community(stewards=STEWARDS))) as browser:
        browser.sign_in("manager-1")
        given = next(f for f in Form(html(browser.get(PAGE))).forms.values() if "csrf" in f)
        for wrong in (
            {"building": "", "username": "agent-1"},
            {"building": "—", "username": "agent-1"},
            {"building": "3" * 21, "username": "agent-1"},
            {"building": "3", "username": "nobody"},
            {"building": "3", "username": "committee-1"},
        ):
            answer = browser.post(PAGE, {"csrf": given["csrf"], **wrong})
            assert answer.status_code == 400, wrong
        browser.follow(browser.post(PAGE, {"csrf": given["csrf"], "remove": "13"}))
        assert len(stewards(browser.office)) == 2
        browser.cookie = ""
        browser.sign_in("agent-1")
        assert "工程部乙" in text(browser.get(PAGE))
        assert "设为管家" not in text(browser.get(PAGE))
        answer = browser.post(PAGE, {"building": "3", "username": "agent-1"})
        assert answer.status_code == 403


def sent(browser: Browser, typed: dict[str, str], photo: bytes = b"") -> HTTPResponse:
    """The form as a browser sends it with a photo."""
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in typed.items()
    )
    file = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="me.jpg"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Cookie": browser.cookie}
    body = fields.encode() + file + photo + b"\r\n--b--\r\n"
    return browser.client.http.post(PAGE, body=body, headers=headers)


@pytest.mark.req("B2", "A3")
def test_residents_see_the_photo_of_their_steward_and_it_goes_with_the_steward() -> None:
    with browsing(office(community())) as browser:
        held = browser.office.desk.files.held  # type: ignore[attr-defined]
        browser.sign_in("manager-1")
        csrf = next(f for f in Form(html(browser.get(PAGE))).forms.values() if "csrf" in f)["csrf"]
        typed = {"csrf": csrf, "building": "3", "username": "agent-2"}
        end = made.chunk(b"IEND", b"")
        large = made.png().replace(end, made.chunk(b"IDAT", bytes(310 * 1024)) + end)
        for wrong in (made.pdf(), made.heic(), b"MZ program", made.jpeg()[:99], large):
            assert sent(browser, typed, wrong).status_code == 400, wrong[:9]
            assert held == {}
        assert sent(browser, typed, made.jpeg()).status_code == 303
        assert sent(browser, {**typed, "building": "4"}).status_code == 303, "the photo is the person's"
        assert {steward.photo for steward in stewards(browser.office)} == {
            next(iter(held)).removeprefix("files.kept/")
        }
        ((data, _),) = held.values()
        assert made.PLACE not in data
        case = browser.office.register(unit="4-1201").case
        track = link(browser.office, case, Purpose.TRACK)
        for path in (track, f"{track}/receipt"):
            page = browser.get(path)
            said = html(page)
            assert "https://files.example.com/files.kept/riverside/" in said
            assert 'width="96" height="96"' in said, "nothing moves once it is there"
            assert "img-src 'self' data: https://files.example.com" in page.headers["Content-Security-Policy"]
        assert sent(browser, {**typed, "building": "4"}, made.png()).status_code == 303
        assert len(held) == 1, "the new one in place of the old, in each of their buildings"
        for building in ("3", "4"):
            browser.post(PAGE, {"csrf": csrf, "remove": building})
        assert held == {}
        assert "files.kept" not in html(browser.get(track))


@pytest.mark.req("B2")
def test_a_photo_is_deleted_by_itself_and_a_complaint_about_the_steward_does_not_show_it() -> None:
    with browsing(office(community())) as browser:
        held = browser.office.desk.files.held  # type: ignore[attr-defined]
        browser.sign_in("manager-1")
        csrf = next(f for f in Form(html(browser.get(PAGE))).forms.values() if "csrf" in f)["csrf"]
        assert (
            sent(browser, {"csrf": csrf, "building": "3", "username": "agent-2"}, made.jpeg()).status_code
            == 303
        )
        about = browser.office.register(unit="3-1201", about_staff="agent-2").case
        assert "files.kept" not in html(browser.get(link(browser.office, about, Purpose.TRACK)))
        assert "的照片" in html(browser.get(PAGE))
        browser.post(PAGE, {"csrf": csrf, "remove_photo": "agent-2"})
        assert held == {}
        assert [steward.photo for steward in stewards(browser.office)] == [None]


@pytest.mark.req("B2", "E9")
def test_buildings_without_a_steward_are_named_on_the_page_and_to_the_manager() -> None:
    units = ("2-101", "3栋1单元1201", "3-2-1202", "10-101", "4-1-101", "4-2-101", "别墅")
    with browsing(office(community(stewards=STEWARDS))) as browser:
        desk = browser.office.desk
        browser.sign_in("manager-1")
        assert "还没有管家：" not in text(browser.get("/desk/riverside")), "nobody knows the buildings"
        sheet = Sheet(tuple(Household(unit) for unit in units))
        place = desk.directory.community("riverside")
        carried_out(desk, place, compared(desk, place, sheet), removes=False)
        assert desk.households.buildings("riverside") == ("2", "3-1", "3-2", "4-1", "4-2", "10")
        page = html(browser.get(PAGE))
        assert "尚无管家：3 处" in page, "2, 4 and 10; that of building 3 is set"
        assert "有 3 处楼栋（单元）还没有管家：2、4、10。" in text(browser.get("/desk/riverside"))
        form = Form(html(browser.get(f"{PAGE}?building=4"))).forms["../../desk/riverside/stewards"]
        assert form["building"] == "4", "the act stands beside it"
        csrf = {"csrf": form["csrf"]}
        browser.post(PAGE, {**csrf, "building": "4-1", "username": "engineering-2"})
        assert "还没有管家：2、4-2、10。" in text(browser.get("/desk/riverside")), "of 4 one entrance is left"
        for building in ("2", "4-2", "10栋"):
            browser.post(PAGE, {**csrf, "building": building, "username": "agent-2"})
        assert "还没有管家：" not in text(browser.get("/desk/riverside"))
        assert "尚无管家" not in text(browser.get(PAGE))
        browser.cookie = ""
        browser.sign_in("agent-1")
        assert "还没有管家：" not in text(browser.get("/desk/riverside")), "it is the manager's to set"
