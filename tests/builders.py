"""Samples for tests: a community with staff of every role, reports, and a desk made of fakes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from itertools import count
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.adapters.unwanted_file import unwanted_from_file
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.prices import PriceItem
from chalicelib.domain.community.roles import RESIDENT, Actor, Duty, Role
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.regulation.rules import DEPARTMENTS
from chalicelib.domain.work.plan_check import ConfirmPlanForm
from chalicelib.domain.work.sign_off import SignOffForm
from chalicelib.services.desk import Desk
from chalicelib.services.directory_port import Directory
from chalicelib.services.intake.register import Receipt, register
from chalicelib.services.link_port import LinkStore
from chalicelib.services.ports import (
    CaseStore,
    FigureStore,
    NoticeStore,
    PersonStore,
    SearchStore,
    WaitingStore,
)
from chalicelib.services.proof import prove
from chalicelib.services.providers import Codes, LookStore, Reads, reads_nothing
from tests.fakes.cases import FakeCases
from tests.fakes.clocks import PlainCalendars, SettableClock
from tests.fakes.directory import FakeDirectory
from tests.fakes.files import FakeFiles
from tests.fakes.households import FakeHouseholds
from tests.fakes.identity import FakeIdentity, fake_codes
from tests.fakes.links import FakeLinks
from tests.fakes.looks import FakeLooks
from tests.fakes.memory import Memory
from tests.fakes.recordings import FakeRecordings
from tests.fakes.search import FakeSearch
from tests.fakes.senders import FakeMail, FakeSms
from tests.fakes.stores import FakeFigures, FakeNotices, FakePeople
from tests.fakes.waiting import FakeWaiting
from tests.fakes.workflows import FakeWorkflow
from tests.signing import lets_through

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 23 November 2026, 09:00 in Shanghai: an ordinary working morning."""

AGENT = Actor(Role.AGENT, "agent-1")
SUPERVISOR = Actor(Role.SUPERVISOR, "supervisor-1")
MANAGER = Actor(Role.MANAGER, "manager-1")

ANSWERED = ("+8613900001234", "wang@example.com")
"""Where 王芳 is reached: she has opened a link in a message before. Any other number may be anybody's."""

_names = {
    "engineering": "工程部",
    "security": "秩序部",
    "cleaning": "保洁部",
    "greenery": "绿化部",
    "desk": "客服中心",
}


def staff(prefix: str = "") -> tuple[Staff, ...]:
    """Somebody of every role, in the order of usernames.

    `agent-1`, `agent-2`, `supervisor-1`, `manager-1`, `company-head-1`, `committee-1`, `ivr-1` (a machine),
    and for each department `engineering-head`, `engineering-1`, `engineering-2`. `prefix` goes before each
    username, so that two communities have different people.
    """
    phones = (f"+86138000{number:05d}" for number in count(1))

    def one(
        username: str,
        name: str,
        role: Role,
        *departments: str,
        email: str | None = None,
        duties: tuple[Duty, ...] = (),
    ) -> Staff:
        return Staff(f"{prefix}{username}", name, role, departments, next(phones), email, duties=duties)

    members = [
        one("agent-1", "安佳", Role.AGENT, "desk"),
        one("agent-2", "白露", Role.AGENT, "desk", duties=(Duty.CASHIER,)),
        one(
            "supervisor-1",
            "陈思远",
            Role.SUPERVISOR,
            "desk",
            email="supervisor@example.com",
            duties=(Duty.STATISTICIAN,),
        ),
        one("manager-1", "丁国栋", Role.MANAGER, email="manager@example.com"),
        one("company-head-1", "方正", Role.COMPANY_HEAD, email="head@example.com"),
        one("committee-1", "高业主", Role.COMMITTEE),
        one("ivr-1", "热线", Role.MACHINE),
    ]
    for department in DEPARTMENTS:
        members += [
            one(f"{department}-head", f"{_names[department]}负责人", Role.DEPARTMENT_HEAD, department),
            one(f"{department}-1", f"{_names[department]}甲", Role.HANDLER, department),
            one(f"{department}-2", f"{_names[department]}乙", Role.HANDLER, department),
        ]
    return tuple(sorted(members, key=lambda member: member.username))


def community(
    community_id: str = "riverside", regulation: str = "default", prefix: str = "", **changes: Any
) -> Community:
    """A community in Shanghai. By day the first handler of each department and `agent-1` are on duty."""
    every_day = tuple(range(7))
    by_day = [
        Shift(department, f"{prefix}{department}-1", every_day, time(8), time(20))
        for department in DEPARTMENTS
    ]
    shifts = (*by_day, Shift("desk", f"{prefix}agent-1", every_day, time(8), time(20)))
    plain = Community(
        id=community_id,
        name="滨江花园",
        zone="Asia/Shanghai",
        regulation=regulation,
        households=1200,
        staff=staff(prefix),
        shifts=shifts,
        prices=(PriceItem("tap", "更换水龙头", 8000, "个"),),
        departments=dict(_names),
    )
    return replace(plain, **changes)


def new_case(**changes: Any) -> NewCase:
    """What a resident reports on the web form: a broken lamp in the corridor, as something other.

    Each time it is another lamp. With `matter=None, kind=None` nobody has said what it is about: an unsorted
    report.
    """
    plain = NewCase(
        another=True,
        text="三楼走廊的灯不亮了，晚上很黑。",
        unit="3-1201",
        name="王芳",
        phone="+8613900001234",
        kind="complaint",
        matter="other",
    )
    return replace(plain, **changes)


@cache
def regulations() -> RegulationFiles:
    """The real packs."""
    return RegulationFiles()


@dataclass
class Stores:
    """The stores of one register, whichever they are: fakes, or PynamoDB over moto."""

    cases: CaseStore
    waiting: WaitingStore
    notices: NoticeStore
    links: LinkStore
    figures: FigureStore
    directory: Directory
    people: PersonStore
    looks: LookStore
    search: SearchStore


class Office(Struct):
    """A desk with everything around it, and short ways to work with it in a test."""

    desk: Desk
    stores: Stores
    clock: SettableClock
    codes: Codes
    workflow: FakeWorkflow
    sms: FakeSms
    mail: FakeMail
    identity: FakeIdentity
    memory: Memory | None = None
    """What the fakes store, to look at or to plan faults; None on PynamoDB."""
    _numbers: Callable[[], int] = count(1).__next__

    def register(
        self,
        community_id: str = "riverside",
        actor: Actor = RESIDENT,
        key: str | None = None,
        left_out: tuple[str, ...] = (),
        sent_from: str | None = None,
        **changes: Any,
    ) -> Receipt:
        """Register a report (see `new_case`); without a key each call is a report of its own."""
        context = self.desk.context(self.desk.directory.community(community_id))
        new = new_case(**changes)
        key = key or f"key {self._numbers()}"
        return register(self.desk, context, actor, new, key, repr(new).encode(), left_out, sent_from)

    def next_number(self) -> int:
        """A number that no report, phone or key of this desk has had."""
        return self._numbers()

    def answered(self, address: str) -> None:
        """Somebody has opened a link that was sent to this number or mail address."""
        prove(self.desk, address, self.clock())

    def case(self, case: Case) -> Case:
        """The case as it is stored now."""
        return self.desk.cases.get(case.community, case.number)

    def do(
        self,
        case: Case,
        name: str,
        actor: Actor,
        form: Any,
        command_id: str | None = None,
        *,
        signed_off: bool = True,
    ) -> Case:
        """Carry a command out on the case as it is stored now; the case afterwards.

        What is handed in is let through at once, unless the test is about just that.
        """
        command = Command(name, actor, self.clock(), command_id or f"command {self._numbers()}", form)
        after = self.desk.carry_out(self.case(case), command).case
        waits = lets_through(name, after, self.desk.context_of(after)) if signed_off else None
        if waits is None:
            return after
        form = SignOffForm() if name == "complete" else ConfirmPlanForm()
        return self.do(after, *waits, form)


def office(
    *communities: Community,
    at: datetime = MONDAY,
    stores: Callable[[SettableClock], Stores] | None = None,
    reads: Reads = reads_nothing,
) -> Office:
    """A desk for these communities (one `riverside` if none is given).

    It is made of fakes unless `stores` makes others; those must know the communities already. `reads` is its
    triage; without one it proposes nothing.
    """
    communities = communities or (community(),)
    clock, memory, codes = SettableClock(at), None, fake_codes()
    if stores is None:
        memory = Memory()
        made = fake_stores(memory, clock, *communities)
    else:
        made = stores(clock)
    desk = Desk(
        cases=made.cases,
        directory=made.directory,
        figures=made.figures,
        links=made.links,
        people=made.people,
        looks=made.looks,
        search=made.search,
        regulations=regulations(),
        calendars=PlainCalendars(),
        codes=codes,
        now=clock,
        recordings=FakeRecordings(),
        files=FakeFiles(),
        households=FakeHouseholds(),
        reads=reads,
        unwanted=unwanted_from_file,
    )
    roles = {member.username: frozenset({member.role}) for place in communities for member in place.staff}
    identity = FakeIdentity(roles)
    for address in ANSWERED:
        prove(desk, address, at)
    return Office(desk, made, clock, codes, FakeWorkflow(), FakeSms(), FakeMail(), identity, memory)


def fake_stores(memory: Memory, clock: SettableClock, *communities: Community) -> Stores:
    """The stores of one memory."""
    directory = FakeDirectory(*communities)
    return Stores(
        FakeCases(memory, clock),
        FakeWaiting(memory),
        FakeNotices(memory),
        FakeLinks(memory),
        FakeFigures(memory),
        directory,
        FakePeople(memory, directory),
        FakeLooks(memory),
        FakeSearch(memory),
    )
