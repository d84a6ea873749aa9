"""The operator's file: checked before anything is written; written, it takes away nothing but its own."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from msgspec.structs import replace

from chalicelib.adapters.dynamo import directory_admin
from chalicelib.adapters.dynamo.directory import DynamoDirectory, read_community
from chalicelib.adapters.dynamo.people import DynamoPeople
from chalicelib.adapters.dynamo.tables import DirectoryRow
from chalicelib.domain.community.community import AmendedDay, Community, Hours
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from infra.accounts import Accounts, new_password
from infra.directory import write_accounts, write_communities
from infra.directory_file import DirectoryFile, read_directory
from infra.local.sample import FILE as SAMPLE
from infra.problems import CannotGoOnError

WRITTEN = """
[[communities]]
id = "hill"
name = "山庄"
zone = "Asia/Shanghai"
regulation = "S1"
households = 300
phone = "0571-88001234"
departments = { desk = "客服中心", engineering = "工程部" }
staff = [
  {username = "lin", name = "林", role = "agent", departments = ["desk"], phone = "+8613800110001"},
  {username = "wang", name = "王", role = "handler", phone = "+8613800110006", departments = ["engineering"]},
]
shifts = [{ department = "desk", username = "lin", weekdays = [0, 1], starts = "08:00", ends = "20:00" }]
prices = [{ id = "tap", name = "更换水龙头", fee_fen = 3000, unit_name = "次" }]
hours = [{ weekdays = [0, 1, 2, 3, 4], windows = [["09:00", "17:00"]] }]
staffed_hours = [{ weekdays = [0, 1, 2, 3, 4, 5, 6], windows = [["07:00", "21:00"]] }]
staffed_on_holidays = true
amendments = [{ date = "2026-12-31", windows = [["09:00", "12:00"]], reason = "盘点" }]
"""


def read(folder: Path, text: str = WRITTEN) -> DirectoryFile:
    file = folder / "hill.toml"
    file.write_text(text, "utf-8")
    return read_directory(file)


def test_all_that_belongs_to_a_community_is_read(tmp_path: Path) -> None:
    (hill,) = read(tmp_path).communities
    assert [member.role for member in hill.staff] == [Role.AGENT, Role.HANDLER]
    assert hill.is_off_duty("lin", datetime(2026, 11, 23, 13, tzinfo=UTC))
    assert not hill.is_off_duty("lin", datetime(2026, 11, 23, 3, tzinfo=UTC))
    assert hill.prices[0].fee_fen == 3000
    assert hill.phone == "0571-88001234"
    assert hill.hours[0].windows == (("09:00", "17:00"),)
    assert hill.staffed_hours[0].windows == (("07:00", "21:00"),)
    assert hill.staffed_on_holidays
    assert hill.amendments == (AmendedDay("2026-12-31", (("09:00", "12:00"),), "盘点"),)


def test_the_sample_is_such_a_file() -> None:
    assert len(read_directory(SAMPLE).communities) == 3


@pytest.mark.req("A7")
def test_the_desks_of_the_sample_are_staffed_by_day_and_the_one_of_seconds_says_nothing() -> None:
    staffed = {place.regulation: place.staffed_hours for place in read_directory(SAMPLE).communities}
    assert staffed["default"] == staffed["S4"] == (Hours(tuple(range(7)), (("08:00", "20:00"),)),)
    assert staffed["demo"] == ()


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('id = "hill"', 'id = "hill', "Illegal character"),
        ('zone = "Asia/Shanghai"\n', "", "missing required field `zone`"),
        ("households = 300", 'households = "300"', r"Expected `int`, got `str` - at `\$\[0\].households`"),
        ('"0571-88001234"', '"ask at the gate"', "community hill: its phone is 'ask at the gate'"),
        ("\nhours =", "\nopening =", "a community has opening, which is nothing"),
        ('reason = "盘点"', 'why = "盘点"', "one of hill's amendments has why"),
        ('regulation = "S1"', 'regulation = "S9"', "community hill: There is no regulation 'S9'"),
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"', "Asia/Nowhere"),
        ('"09:00", "17:00"', '"17:00", "09:00"', "closes before it opens"),
        ('["07:00", "21:00"]', '["21:00", "07:00"]', "closes before it opens"),
        ('"2026-12-31"', '"31.12.2026"', "31.12.2026"),
        ('"lin", name', '"timer", name', "Nobody can be called timer"),
        ('role = "agent"', 'role = "resident"', "lin is resident, which is no role of staff"),
        ('"+8613800110001"', '"13800110001"', r"lin's phone is written \+8613800110001"),
        ('"+8613800110001"', '"+861380011OOOl"', "lin: 'phone' has the letter 'O' at character 11"),
        ('name = "林"', 'name = "\u3164"', "'the name of lin' is empty"),
        ('name = "林"', 'name = "林\u202e"', "'the name of lin' holds characters that show nothing"),
        ('username = "lin", w', 'username = "lee", w', "lee has a shift, but is not among the staff"),
        ('["engineering"]', '["security"]', "wang works in security, which is no department of it"),
        ("weekdays = [0, 1],", "weekdays = [7],", "weekday that is not 0"),
        ('"08:00"', '"8 Uhr"', "8 Uhr"),
        ('"wang", name', '"lin", name', "lin stands twice among the staff"),
        ('"+8613800110006"', '"+8613800110006", duties = ["cashier"]', "wang is handler and has duties"),
        ("fee_fen = 3000", "fee_fen = -5", "the price of tap is -5 fen"),
        ('unit_name = "次"', 'unit_name = "次", valid_from = "1.1.2027"', "1.1.2027"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    assert WRITTEN.count(right) == 1
    with pytest.raises(CannotGoOnError, match=said):
        read(tmp_path, WRITTEN.replace(right, wrong))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOnError, match=r"none.toml cannot be read: No such file"):
        read_directory(tmp_path / "none.toml")


@pytest.fixture
def hill(tmp_path: Path) -> Iterator[Community]:
    """The community of the file, and a directory without anything in it."""
    (community,) = read(tmp_path).communities
    with mock_aws():
        DirectoryRow.create_table(wait=True)
        yield community


class UserPool:
    """As much of cognito-idp as accounts need."""

    class exceptions:  # noqa: N801
        UserNotFoundException = KeyError

    def __init__(self) -> None:
        self.passwords: dict[str, str | None] = {}
        self.groups: dict[str, set[str]] = {}
        self.disabled: set[str] = set()
        self.signed_out: list[str] = []

    def admin_get_user(self, UserPoolId: str, Username: str) -> Any:  # noqa: N803
        has_one = self.passwords[Username] is not None
        status = "CONFIRMED" if has_one else "FORCE_CHANGE_PASSWORD"
        return {"UserStatus": status, "Enabled": Username not in self.disabled}

    def admin_disable_user(self, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self.disabled.add(Username)

    def admin_enable_user(self, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self.disabled.remove(Username)

    def admin_user_global_sign_out(self, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self.signed_out.append(Username)

    def admin_create_user(self, UserPoolId: str, Username: str, MessageAction: str) -> None:  # noqa: N803
        assert Username not in self.passwords
        assert MessageAction == "SUPPRESS"
        self.passwords[Username], self.groups[Username] = None, set()

    def admin_set_user_password(
        self,
        UserPoolId: str,  # noqa: N803
        Username: str,  # noqa: N803
        Password: str,  # noqa: N803
        Permanent: bool,  # noqa: N803
    ) -> None:
        assert Permanent
        self.passwords[Username] = Password

    def admin_list_groups_for_user(self, UserPoolId: str, Username: str) -> Any:  # noqa: N803
        return {"Groups": [{"GroupName": group} for group in self.groups[Username]]}

    def admin_add_user_to_group(self, UserPoolId: str, Username: str, GroupName: str) -> None:  # noqa: N803
        self.groups[Username].add(GroupName)

    def admin_remove_user_from_group(
        self,
        UserPoolId: str,  # noqa: N803
        Username: str,  # noqa: N803
        GroupName: str,  # noqa: N803
    ) -> None:
        self.groups[Username].remove(GroupName)


@pytest.fixture
def pool() -> UserPool:
    return UserPool()


@pytest.fixture
def accounts(pool: UserPool) -> Accounts:
    return Accounts(pool, "pool")


def test_written_twice_is_written_once(hill: Community) -> None:
    write_communities([hill])
    write_communities([hill])
    assert read_community("hill") == hill


def test_whoever_is_not_in_the_file_any_more_stays_inactive(hill: Community) -> None:
    write_communities([hill])
    write_communities([replace(hill, staff=hill.staff[:1])])
    found = read_community("hill")
    assert {member.username: member.active for member in found.staff} == {"lin": True, "wang": False}


def test_whom_the_desk_wrote_down_the_file_leaves_alone_unless_the_operator_says_so(
    hill: Community, accounts: Accounts, pool: UserPool
) -> None:
    write_communities([hill])
    lin, wang = hill.staff
    own = (replace(lin, phone="+8613811112222", by="chen"), replace(wang, active=False, by="chen"))
    newcomer = replace(lin, username="zhao", name="赵", by="chen")
    for person in (*own, newcomer):
        directory_admin.put("hill", person)
    write_communities([hill])
    assert set(read_community("hill").staff) == {*own, newcomer}
    write_accounts([hill], accounts)
    assert "wang" not in pool.passwords, "out of service at the desk"
    write_communities([hill], staff_of_file=True)
    found = {member.username: member for member in read_community("hill").staff}
    assert (found["lin"], found["wang"], found["zhao"].active) == (lin, wang, False)


def test_a_file_without_a_manager_takes_the_last_one_from_no_community(hill: Community) -> None:
    chen = replace(hill.staff[0], username="chen", role=Role.MANAGER)
    write_communities([replace(hill, staff=(*hill.staff, chen))])
    with pytest.raises(CommandRefusedError, match="at least one active manager"):
        write_communities([hill])
    assert read_community("hill").member("chen")


def test_what_the_company_changed_of_a_community_stays(hill: Community) -> None:
    write_communities([hill])
    here = replace(read_community("hill"), name="山庄二期", closed=True, households=400, by="zheng")
    directory_admin.put_community(here)
    write_communities([replace(hill, name="山庄", households=300, alarm_minutes=5)])
    found = read_community("hill")
    assert (found.name, found.closed, found.households, found.by) == ("山庄二期", True, 400, "zheng")
    assert found.alarm_minutes == 5, "what the page does not know is the file's"


def test_days_that_the_manager_amended_stay(hill: Community) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    write_communities([hill])
    for date in ("2026-12-30", "2026-12-31"):
        DynamoDirectory().amend("hill", AmendedDay(date, (), "停电", "chen", now), now)
    write_communities([hill])
    assert [(day.date, day.reason) for day in read_community("hill").amendments] == [
        ("2026-12-30", "停电"),
        ("2026-12-31", "停电"),
    ]


def test_a_day_taken_out_of_the_file_is_gone(hill: Community) -> None:
    write_communities([hill])
    write_communities([replace(hill, amendments=())])
    assert read_community("hill").amendments == ()


def test_each_account_gets_a_first_password_once(hill: Community, accounts: Accounts, pool: UserPool) -> None:
    write_communities([hill])
    issued = write_accounts([hill], accounts)
    assert set(issued) == {"lin", "wang"}
    assert issued["lin"] != issued["wang"]
    assert issued == pool.passwords
    assert write_accounts([hill], accounts) == {}
    assert set(write_accounts([hill], accounts, reset=["lin"])) == {"lin"}


def test_an_account_that_got_no_password_gets_it_the_next_time(hill: Community, accounts: Accounts) -> None:
    write_communities([hill])
    assert accounts.make("lin")
    assert write_accounts([hill], accounts, "Given-first-1") == dict.fromkeys(
        ("lin", "wang"), "Given-first-1"
    )


@pytest.mark.req("E8")
def test_a_removal_another_role_and_a_reset_end_sessions_and_nothing_else_does(
    hill: Community, accounts: Accounts, pool: UserPool
) -> None:
    def ended_by(community: Community, reset: list[str] | None = None) -> list[str]:
        pool.signed_out.clear()
        write_communities([community])
        write_accounts([community], accounts, reset=reset or [])
        ended = {
            username
            for username in ("lin", "wang")
            if DynamoPeople().standing(username)[0].not_before >= began
        }
        assert ended >= set(pool.signed_out)
        return sorted(pool.signed_out)

    began = int(time.time())
    lin, wang = hill.staff
    assert ended_by(hill) == [], "nobody can be signed in to a new account"
    assert ended_by(hill) == []
    assert ended_by(hill, ["lin"]) == ["lin"]
    assert ended_by(replace(hill, staff=(replace(lin, role=Role.SUPERVISOR), wang))) == ["lin"]
    assert ended_by(replace(hill, staff=(lin,))) == ["lin", "wang"]
    assert pool.disabled == {"wang"}
    assert ended_by(replace(hill, staff=(lin,))) == [], "once is enough"
    ended_by(hill)
    assert pool.disabled == set(), "whoever comes back can sign in again"


@pytest.mark.parametrize("username", ["resident", "Timer", "system", "", "a b", "li#n", "林\u200b"])
def test_nobody_is_called_what_a_history_takes_for_somebody_else(hill: Community, username: str) -> None:
    named = replace(hill.staff[0], username=username)
    with pytest.raises(InvalidInputError):
        write_communities([replace(hill, staff=(named,))])
    with pytest.raises(InvalidInputError):
        directory_admin.put("hill", named)


def test_groups_follow_the_directory(hill: Community, accounts: Accounts, pool: UserPool) -> None:
    """Also the communities that this file does not name: somebody may work in several."""
    write_communities([replace(hill, id="lake", staff=(replace(hill.staff[0], role=Role.MANAGER),))])
    write_communities([hill])
    write_accounts([hill], accounts)
    assert pool.groups["lin"] == {"agent", "manager"}
    promoted = replace(hill, staff=(hill.staff[0], replace(hill.staff[1], role=Role.AGENT)))
    write_communities([promoted])
    write_accounts([promoted], accounts)
    assert pool.groups["wang"] == {"agent"}


def test_nobody_inactive_gets_an_account(hill: Community, accounts: Accounts) -> None:
    left = replace(hill, staff=(hill.staff[0], replace(hill.staff[1], active=False)))
    write_communities([left])
    assert set(write_accounts([left], accounts)) == {"lin"}


def test_passwords_are_what_the_pool_wants() -> None:
    for _ in range(50):
        password = new_password()
        assert len(password) >= 12
        assert any(map(str.islower, password))
        assert any(map(str.isupper, password))
        assert any(map(str.isdigit, password))
