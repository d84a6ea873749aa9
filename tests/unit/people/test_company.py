"""The company head adds, changes and closes communities by page; a first manager follows (F)."""

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import NotAllowedError
from tests.browser import REPORT, Browser, Form, html, text
from tests.unit.people.conftest import Place

COMPANY = "/desk/riverside/company"
NEW = {
    "place": "lakeside",
    "name": "湖畔居",
    "phone": "0571-88002233",
    "households": "300",
    "regulation": "S4",
    "zone": "Asia/Shanghai",
    "department.engineering": "工程部",
    "department.desk": "客服中心",
}


@pytest.fixture
def head(place: Place) -> Browser:
    browser = Browser(place.browser.client, place.office)
    browser.sign_in("company-head-1")
    return browser


def send(browser: Browser, act: str, **typed: str) -> HTTPResponse:
    """A form of the page as it stands there, with what is typed instead."""
    forms = Form(html(browser.get(COMPANY))).forms
    given = next(form for action, form in forms.items() if action.endswith(f"/{act}"))
    return browser.post(f"{COMPANY}/{act}", {"csrf": given["csrf"], **typed})


def fields(place: Place, which: str = "riverside", **changes: str) -> dict[str, str]:
    """The form of a community as it stands, with its own mark of what was seen."""
    now = place.office.desk.directory.community(which)
    departments = {f"department.{key}": name for key, name in now.departments.items()}
    plain = {"place": which, "name": now.name, "phone": now.phone or "", "regulation": now.regulation}
    return {**plain, "households": str(now.households), **departments, **changes}


def seen(browser: Browser) -> str:
    return html(browser.get(COMPANY)).partition('name="seen" value="')[2].partition('"')[0]


@pytest.mark.req("F")
def test_a_new_community_gets_its_first_manager_and_takes_reports(place: Place, head: Browser) -> None:
    assert send(head, "add", **NEW).status_code == 303
    made = place.office.desk.directory.community("lakeside")
    assert (made.name, made.regulation, made.households) == ("湖畔居", "S4", 300)
    assert [(person.username, person.role) for person in made.staff] == [
        ("company-head-1", Role.COMPANY_HEAD)
    ]
    shown = text(head.get(COMPANY))
    assert "湖畔居" in shown
    assert "还没有，请在员工页面添加" in shown
    staff = head.get("/desk/lakeside/staff")
    csrf = html(staff).partition('name="csrf" value="')[2].partition('"')[0]
    manager = {"username": "lake.manager", "name": "湖经理", "role": "manager", "phone": "13911113333"}
    added = head.post("/desk/lakeside/staff/add", {**manager, "csrf": csrf, "once": "k"})
    assert added.status_code == 303
    assert place.office.identity.roles["lake.manager"] == {Role.MANAGER}
    assert send(head, "add", **NEW).status_code == 303, "sent again it is there"
    other = send(head, "add", **{**NEW, "name": "别的"})
    assert other.status_code == 409
    visitor = Browser(place.browser.client, place.office)
    assert visitor.get("/c/lakeside").status_code == 200


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"place": "a#b"}, 400),
        ({"place": "account"}, 400),
        ({"place": "x" * 25}, 400),
        ({"place": "riverside"}, 409),
        ({"place": "hilltop"}, 409),
        ({"name": "\u3164"}, 400),
        ({"phone": "call us"}, 400),
        ({"households": "many"}, 400),
        ({"households": "0"}, 400),
        ({"regulation": "S99"}, 400),
        ({"zone": "Europe/Nowhere"}, 400),
        ({"zone": "../../etc/passwd"}, 400),
        ({"department.engineering": "", "department.desk": " "}, 400),
    ],
)
def test_what_cannot_be_a_community_is_refused_and_stays_typed(
    place: Place, head: Browser, typed: dict[str, str], status: int
) -> None:
    before = dict(place.office.desk.directory.names())
    refused = send(head, "add", **{**NEW, **typed})
    assert refused.status_code == status, text(refused)
    assert "0571-88002233" in html(refused) or "phone" in typed
    assert place.office.desk.directory.names() == before


def test_a_community_is_changed_and_who_saw_less_overwrites_nothing(place: Place, head: Browser) -> None:
    marked = seen(head)
    change = fields(place, name="滨江新园", households="1300", **{"department.greenery": ""})
    in_use = send(head, "change", **change, seen=marked)
    assert (in_use.status_code, "绿化部还有人员" in text(in_use)) == (409, True)
    change["department.greenery"] = "园林部"
    assert send(head, "change", **change, seen=marked).status_code == 303
    now = place.office.desk.directory.community("riverside")
    assert (now.name, now.households, now.departments["greenery"], now.by) == (
        "滨江新园",
        1300,
        "园林部",
        "company-head-1",
    )
    assert len(now.staff) > 5
    late = send(head, "change", **fields(place, name="旧园"), seen=marked)
    assert (late.status_code, "刚刚修改" in text(late)) == (409, True)
    record = text(place.browser.get("/desk/riverside/staff"))
    assert "修改小区资料：名称、户数、部门" in record


@pytest.mark.req("F")
def test_a_closed_community_takes_no_report_and_its_open_cases_go_on(place: Place, head: Browser) -> None:
    case = place.office.register().case
    mute = send(head, "close", place="riverside")
    assert (mute.status_code, "应联系谁" in text(mute)) == (400, True), "it has no number that could be said"
    assert send(head, "add", **NEW).status_code == 303
    told = "现由翠湖物业负责"
    for _ in range(2):  # pressed twice
        assert send(head, "close", place="lakeside").status_code == 303
    assert send(head, "close", place="riverside", instead=told).status_code == 303
    shown = head.get(COMPANY)
    assert told in text(shown)
    assert f"cases/{case.number}" in html(shown), "what is still open is named"
    visitor = Browser(place.browser.client, place.office)
    for which, whom in (("riverside", told), ("lakeside", "0571-88002233")):
        assert visitor.get(f"/c/{which}").status_code == 403
        sent = visitor.post(f"/c/{which}", {**REPORT, "once": "k"})
        assert (sent.status_code, whom in text(sent)) == (403, True)
    with pytest.raises(NotAllowedError):
        place.office.register("lakeside", actor=Actor(Role.MACHINE, "ivr"))
    assert place.office.do(case, "withdraw", RESIDENT, ReasonForm("已经好了")).version > case.version
    assert send(head, "open", place="lakeside").status_code == 303
    assert visitor.get("/c/lakeside").status_code == 200
    assert [act.done for act in place.store.done["lakeside"]] == ["community_added", "closed", "opened"]


def test_whoever_heads_one_community_touches_no_other(place: Place, head: Browser) -> None:
    assert "hilltop" not in html(head.get(COMPANY))
    for act in ("change", "close", "open"):
        csrf = html(head.get(COMPANY)).partition('name="csrf" value="')[2].partition('"')[0]
        refused = head.post(f"{COMPANY}/{act}", {**fields(place, "hilltop"), "csrf": csrf})
        assert refused.status_code == 404, act
    assert not place.office.desk.directory.community("hilltop").closed
    for user in ("manager-1", "supervisor-1"):
        other = Browser(place.browser.client, place.office)
        other.sign_in(user)
        assert other.get(COMPANY).status_code == 403
        assert other.post(f"{COMPANY}/add", NEW).status_code == 403
