"""The manager keeps the staff by page: add, change, out of service and back, each with its rules (F, E8)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.community.community import Member, Staff, Steward
from chalicelib.domain.community.roles import Role
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.notices.templates import fits_one_part
from chalicelib.services.duty.photos import keep_photo
from chalicelib.services.errors import DeliveryError
from chalicelib.services.people.staffing import Keeping, set_active
from chalicelib.services.staff_port import Keepers
from tests import content as made
from tests.browser import Browser, assigned, completed, html, text
from tests.unit.people.conftest import STAFF, Place

NEW = "+8613911112222"
PASSWORD = "Zhongwen2026good"


@pytest.mark.req("F", "E8")
def test_somebody_new_is_added_chooses_a_password_and_works(place: Place) -> None:
    assert place.add().status_code == 303
    person = place.person("wang.fang")
    assert (person.role, person.departments, person.phone, person.by) == (
        Role.HANDLER,
        ("engineering",),
        NEW,
        "manager-1",
    )
    newcomer = Browser(place.browser.client, place.office)
    shown = newcomer.get(place.link())
    assert "wang.fang" in text(shown)
    assert "滨江花园" in text(shown)
    typed = {"new_password": PASSWORD, "again": PASSWORD}
    chosen = newcomer.post(newcomer.at, typed)
    assert (chosen.status_code, newcomer.cookie) == (200, ""), "and nobody is signed in by it"
    signed_in = newcomer.post("/desk", {"username": "wang.fang", "password": PASSWORD})
    assert signed_in.status_code == 303
    assert newcomer.get("/desk/riverside").status_code == 200
    assert newcomer.get(STAFF).status_code == 403
    record = text(place.browser.get(STAFF))
    for said in ("添加", "发送设置密码的链接", "通过链接设置了密码"):
        assert said in record
    assert "王芳" in record


def test_the_same_form_sent_again_adds_nobody_twice_and_sends_one_link(place: Place) -> None:
    assert place.add(once="the same").status_code == 303
    again = place.add(once="the same")
    assert (again.status_code, "已经提交过" in text(again)) == (409, True)
    assert len(place.office.sms.sent) == 1
    assert [act.done for act in place.store.done["riverside"]] == ["added", "link_sent"]


def test_an_account_that_could_not_be_made_is_made_when_the_form_is_sent_again(place: Place) -> None:
    original = place.accounts.make
    calls: list[str] = []

    def fails_once(username: str) -> bool:
        calls.append(username)
        if len(calls) == 1:
            raise TimeoutError("the pool does not answer")
        return original(username)

    place.accounts.make = fails_once  # type: ignore[method-assign]
    assert place.add(once="k").status_code in {500, 503}
    assert place.person("wang.fang") is not None, "the directory was first"
    assert "wang.fang" not in place.office.identity.roles
    assert place.add(once="k").status_code == 303
    assert place.office.identity.roles["wang.fang"] == {Role.HANDLER}
    assert len(place.office.sms.sent) == 1
    assert [act.done for act in place.store.done["riverside"]] == ["added", "link_sent"]


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"username": "王芳"}, 400, "小写字母"),
        ({"username": "agent-1"}, 409, "已被使用"),
        ({"username": "hill-agent-1"}, 403, "其他小区"),
        ({"role": "company_head"}, 403, "高于您自己的角色"),
        ({"role": "machine"}, 403, "高于您自己的角色"),
        ({"role": "resident"}, 400, "请选择角色"),
        ({"role": "emperor"}, 400, "请选择角色"),
        ({"department.engineering": ""}, 400, "至少选一个部门"),
        ({"duty.cashier": "yes"}, 400, "服务中心人员"),
        ({"phone": "0571-88001234"}, 400, "收不到短信"),
        ({"phone": ""}, 400, "收不到短信"),
        ({"phone": "12"}, 400, ""),
        ({"email": "nobody"}, 400, ""),
        ({"name": "\u3164"}, 400, ""),
    ],
)
def test_what_cannot_be_is_refused_and_stays_as_typed(
    place: Place, typed: dict[str, str], status: int, said: str
) -> None:
    refused = place.add(**typed)
    assert refused.status_code == status, text(refused)
    assert said in text(refused)
    assert "<script" not in html(refused).partition("<main")[2]
    given = {"name": "王芳", **typed}["name"]
    assert f'value="{given}"' in html(refused)
    assert place.office.sms.sent == []
    assert not place.store.done


@pytest.mark.req("F")
def test_every_wrong_field_is_marked_with_its_own_mistake_at_once(place: Place) -> None:
    wrong = {"username": "Zhang San", "phone": "138", "email": "zhang", "department.engineering": ""}
    refused = place.add(**wrong)
    assert refused.status_code == 400
    page = html(refused)
    for name in ("username", "departments", "phone", "email"):
        assert f'href="#add-{name}"' in page, "the way to the field"
        assert f'id="add-{name}"' in page
        assert f'id="add-{name}-mistake"' in page
    assert 'id="add-name-mistake"' not in page
    assert page.count('aria-invalid="true"') == 4
    assert 'value="Zhang San"' in page
    assert "3 到 32 位小写字母" in text(refused)
    assert "至少选一个部门" in text(refused)


def test_whoever_is_brought_back_is_promised_no_password(place: Place) -> None:
    assert place.add().status_code == 303
    assert place.about("deactivate", "wang.fang").status_code == 303
    shown = text(place.browser.get(f"{STAFF}?who=wang.fang"))
    assert "原来的密码" not in shown
    assert "请再发送链接" in shown


def test_a_hostile_name_is_a_name(place: Place) -> None:
    assert place.add(name='<script>alert(1)</script>"').status_code == 303
    for page in (STAFF, f"{STAFF}?who=wang.fang"):
        assert "<script>alert" not in html(place.browser.get(page))


def test_an_account_that_no_directory_knows_is_nobody_s_to_take_over(place: Place) -> None:
    place.office.identity.roles["monitor"] = frozenset({Role.MACHINE})
    assert place.add(username="monitor").status_code == 409
    assert place.person("monitor") is None


def test_a_manager_changes_nobody_above_no_machine_and_not_the_own_role(place: Place) -> None:
    for who in ("company-head-1", "ivr-1"):
        shown = place.browser.get(f"{STAFF}?who={who}")
        assert "不能修改" in text(shown)
        for act in ("change", "deactivate", "link", "activate"):
            typed = {"username": who, "name": "x", "role": "agent", "csrf": csrf(place)}
            assert place.browser.post(f"{STAFF}/{act}", typed).status_code == 403, act
    own = {"name": "丁国栋", "role": "agent", "email": "manager@example.com", "phone": "13800000001"}
    assert place.about("change", "manager-1", **own).status_code == 403
    typed = {"username": "manager-1", "csrf": csrf(place)}
    assert place.browser.post(f"{STAFF}/deactivate", typed).status_code == 403
    assert place.person("manager-1").role is Role.MANAGER
    renamed = place.about("change", "manager-1", **{**own, "role": "manager", "name": "丁经理"})
    assert renamed.status_code == 303


def csrf(place: Place) -> str:
    return html(place.browser.get(STAFF)).partition('name="csrf" value="')[2].partition('"')[0]


def test_nobody_else_keeps_staff_and_a_form_needs_its_session(place: Place) -> None:
    typed = {"username": "agent-1", "csrf": csrf(place)}
    assert place.browser.post(f"{STAFF}/deactivate", {**typed, "csrf": "forged"}).status_code == 403
    assert place.browser.post("/desk/hilltop/staff/deactivate", typed).status_code == 404
    assert place.browser.get("/desk/hilltop/staff").status_code == 404
    for user in ("agent-1", "supervisor-1", "engineering-1", "committee-1"):
        other = Browser(place.browser.client, place.office)
        other.sign_in(user)
        assert other.get(STAFF).status_code == 403, user
        assert other.post(f"{STAFF}/deactivate", typed).status_code == 403, user


def test_the_last_manager_stays_whoever_asks(place: Place) -> None:
    head = Place(Browser(place.browser.client, place.office), place.office, place.store, place.accounts)
    head.browser.sign_in("company-head-1")
    refused = head.about("deactivate", "manager-1")
    assert (refused.status_code, "至少要有一位" in text(refused)) == (409, True)
    change = {"role": "agent", "name": "丁国栋", "phone": "13800000004", "department.desk": "yes"}
    assert head.about("change", "manager-1", **change).status_code == 409
    made = place.add(username="second.manager", role="manager")
    assert made.status_code == 303
    assert head.about("deactivate", "manager-1").status_code == 303
    assert not place.person("manager-1").active


def test_two_managers_who_take_each_other_out_leave_one(place: Place) -> None:
    place.add(username="second.manager", role="manager")
    desk, here = place.office.desk, place.office.desk.directory.community("riverside")

    def keeping(username: str) -> Keeping:
        member = Member(username, "x", Role.MANAGER, (), here)
        return Keeping(desk, Keepers(place.store, place.accounts, 24, place.store.prices), member)

    real = place.store.put_person

    def other_first(*given: object) -> bool:
        place.store.put_person = real  # type: ignore[method-assign]
        set_active(keeping("second.manager"), "manager-1", active=False)
        return real(*given)  # type: ignore[arg-type]

    place.store.put_person = other_first  # type: ignore[assignment, method-assign]
    with pytest.raises(Exception, match="at least one active manager"):
        set_active(keeping("manager-1"), "second.manager", active=False)
    assert [person.username for person in desk.directory.community("riverside").with_role(Role.MANAGER)] == [
        "second.manager"
    ]


def test_nobody_overwrites_what_they_have_not_seen(place: Place) -> None:
    change = {"role": "agent", "name": "安佳", "phone": "13800000001", "department.desk": "yes"}
    before = html(place.browser.get(f"{STAFF}?who=agent-1")).partition('name="seen" value="')[2][:16]
    assert place.about("change", "agent-1", **{**change, "phone": "13911110000"}).status_code == 303
    late = place.about("change", "agent-1", **{**change, "name": "安大佳"}, seen=before)
    assert (late.status_code, "刚刚修改" in text(late)) == (409, True)
    assert "安大佳" in html(late)
    person = place.person("agent-1")
    assert (person.name, person.phone) == ("安佳", "+8613911110000")
    same = {**change, "phone": "13911110000"}
    assert place.about("change", "agent-1", **same, seen=before).status_code == 303, "nothing is changed"


@pytest.mark.req("E8")
def test_whoever_had_the_old_number_is_told_once_that_it_was_changed(place: Place) -> None:
    """Who gets the messages can choose the password: a manager's session that was taken is noticed."""
    before, change = place.person("agent-1"), {"role": "agent", "name": "安佳", "department.desk": "yes"}
    assert place.about("change", "agent-1", **change, phone="13911110000").status_code == 303
    told = [said for number, said in place.office.sms.sent if number == before.phone]
    assert len(told) == 1
    assert "已更改" in told[0]
    assert "13911110000" not in told[0]
    assert before.name not in told[0]
    assert fits_one_part(told[0])
    assert place.about("change", "agent-1", **change, phone="13911110000").status_code == 303
    assert (
        place.about("change", "agent-1", **{**change, "name": "安大佳"}, phone="13911110000").status_code
        == 303
    )
    assert len(place.office.sms.sent) == 1, "nothing else is told"


def test_a_number_stays_changed_where_the_old_one_cannot_be_told(place: Place) -> None:
    place.office.sms.failures.append(DeliveryError("NoSuchNumber", final=True))
    change = {"role": "agent", "name": "安佳", "phone": "13911110000", "department.desk": "yes"}
    assert place.about("change", "agent-1", **change).status_code == 303
    assert place.person("agent-1").phone == "+8613911110000"


@pytest.mark.req("E8")
def test_another_role_ends_sessions_and_is_told_in_the_record(place: Place) -> None:
    agent = Browser(place.browser.client, place.office)
    agent.sign_in("agent-1")
    change = {"role": "supervisor", "name": "安佳", "phone": "13800000001", "department.desk": "yes"}
    assert place.about("change", "agent-1", **change).status_code == 303
    assert place.office.identity.roles["agent-1"] == {Role.SUPERVISOR}
    assert agent.get("/desk/riverside").status_code == 401
    agent.sign_in("agent-1")
    assert agent.get("/desk/riverside/board").status_code == 200
    assert "角色由客服改为客服主管" in text(place.browser.get(STAFF))


@pytest.mark.req("E8")
def test_whoever_is_out_of_service_is_out_at_once_and_comes_back(place: Place) -> None:
    agent = Browser(place.browser.client, place.office)
    agent.sign_in("agent-2")
    done = place.browser.follow(place.about("deactivate", "agent-2"))
    assert "已停用" in text(done)
    assert agent.get("/desk/riverside").status_code == 401
    refused = agent.post("/desk", {"username": "agent-2", "password": place.office.identity.PASSWORD})
    assert refused.status_code == 401
    assert "agent-2" in place.office.identity.disabled
    assert place.about("activate", "agent-2").status_code == 303
    agent.sign_in("agent-2")
    assert agent.get("/desk/riverside").status_code == 200


def test_what_broke_off_while_somebody_was_taken_out_is_mended_by_doing_it_again(place: Place) -> None:
    agent = Browser(place.browser.client, place.office)
    agent.sign_in("agent-2")
    forms = place.browser.get(f"{STAFF}?who=agent-2")
    assert forms.status_code == 200
    place.accounts.down = 1
    assert place.browser.post(f"{STAFF}/deactivate", deactivation(place, "agent-2")).status_code in {500, 503}
    assert agent.get("/desk/riverside").status_code in {401, 404}, "out all the same"
    assert "agent-2" not in place.office.identity.disabled
    assert place.browser.post(f"{STAFF}/deactivate", deactivation(place, "agent-2")).status_code == 303
    assert "agent-2" in place.office.identity.disabled
    assert [act.done for act in place.store.done["riverside"]] == ["deactivated"]


def deactivation(place: Place, who: str, **more: str) -> dict[str, str]:
    return {"username": who, "csrf": csrf(place), "once": f"d {who}", **more}


@pytest.mark.req("B3")
def test_whoever_holds_cases_hands_them_over_in_the_same_form(place: Place) -> None:
    desk = place.office
    held = [assigned(desk, unit=f"3-1{serial:02d}1") for serial in range(2)]
    completed(desk, unit="4-1201")  # waits for the resident alone
    refused = place.browser.post(f"{STAFF}/deactivate", deactivation(place, "engineering-1"))
    assert refused.status_code == 409
    shown = html(refused)
    for case in held:
        assert f"cases/{case.number}" in shown
    assert shown.count("pick=") == 2
    assert place.person("engineering-1").active
    wrong = deactivation(place, "engineering-1", handler="committee-1", reason="离岗")
    kept = place.browser.post(f"{STAFF}/deactivate", wrong)
    assert kept.status_code == 409
    assert place.person("engineering-1").active
    right = deactivation(place, "engineering-1", handler="engineering-2", reason="离岗", once="right")
    assert place.browser.post(f"{STAFF}/deactivate", right).status_code == 303
    assert {desk.case(case).assignment.handler for case in held} == {"engineering-2"}
    assert not place.person("engineering-1").active


def test_what_else_needs_somebody_is_named(place: Place) -> None:
    directory = place.office.desk.directory
    place.office.desk.directory.put_steward("riverside", Steward("3", "engineering-1"))
    shown = text(place.browser.get(f"{STAFF}?who=engineering-1"))
    assert "是3的楼栋管家" in shown
    turns = sum(isinstance(turn, Shift) and turn.username == "engineering-1" for turn in shifts(directory))
    assert f"还有{turns}个班次" in shown


def test_the_photo_of_a_steward_goes_with_whoever_leaves(place: Place) -> None:
    desk = place.office.desk
    photo = keep_photo(desk, "riverside", "agent-2", made.jpeg())
    desk.directory.put_steward("riverside", Steward("3", "agent-2", None, photo))
    assert place.about("deactivate", "agent-2").status_code == 303
    assert desk.files.held == {}  # type: ignore[attr-defined]
    assert [steward.photo for steward in desk.directory.community("riverside").stewards] == [None]


def shifts(directory: object) -> tuple[Shift, ...]:
    return directory.community("riverside").shifts  # type: ignore[attr-defined, no-any-return]


def test_a_person_of_two_communities_keeps_the_password_and_is_reset_by_whoever_keeps_both(
    place: Place,
) -> None:
    head = Staff("company-head-1", "方正", Role.COMPANY_HEAD, (), "+8613800000006")
    directory = place.office.desk.directory
    hilltop = directory.community("hilltop")
    directory.put(replace(hilltop, staff=(*hilltop.staff, head)))  # type: ignore[attr-defined]
    both = Browser(place.browser.client, place.office)
    both.sign_in("company-head-1")
    of_head = Place(both, place.office, place.store, place.accounts)
    added = of_head.add(username="hill-engineering-1", name="甲")
    assert added.status_code == 303
    assert "done=added" in added.headers["Location"]
    assert place.office.sms.sent == []
    refused = place.about("link", "hill-engineering-1")
    assert (refused.status_code, "其他小区" in text(refused)) == (403, True), "the manager keeps one of them"
    assert of_head.about("link", "hill-engineering-1").status_code == 303
    assert len(place.office.sms.sent) == 1
    assert place.about("deactivate", "hill-engineering-1").status_code == 303
    assert "hill-engineering-1" not in place.office.identity.disabled, "they still work on the hill"


def test_the_record_has_no_numbers_and_pages_back(place: Place) -> None:
    for serial in range(35):
        change = {"role": "agent", "name": f"安佳{serial}", "phone": f"139111100{serial:02d}"}
        assert place.about("change", "agent-1", **change, **{"department.desk": "yes"}).status_code == 303
        place.office.clock.advance(timedelta(seconds=1))
    first = place.browser.get(STAFF)
    record = text(first).partition("操作记录")[2]
    assert "13911" not in record
    older = html(first).partition("cursor=")[2].partition('"')[0]
    assert older
    assert record.count("修改") >= 30
    assert place.browser.get(f"{STAFF}?cursor={older}").status_code == 200
