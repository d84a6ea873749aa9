"""The whole desk under whatever may happen, in any order: the eleven invariants of design section 9.

Residents and staff do what they like; the stream delivers late, twice and out of order; calls fail before or
after their effect; timers, tokens and executions get lost; everything restarts. At every step what is stored
is consistent; once things have come to rest nothing has been lost, and nothing was done twice.
"""

import contextlib
import logging
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.figure_rows import Row
from chalicelib.domain.case.fold import apply, fold
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.spoken import ReasonedWordForm, WordForm
from chalicelib.domain.community.roles import RESIDENT, WORKERS, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, ReportForm, SignForm
from chalicelib.domain.errors import ConflictError, DomainError
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.follow_up.forms import (
    SECOND_OUTCOMES,
    AnswerPointForm,
    ArchiveForm,
    AskAgainForm,
    RateForm,
    RevisitForm,
)
from chalicelib.domain.intake.audit import JudgeForm
from chalicelib.domain.intake.call_forms import (
    AddWordsForm,
    CallBackForm,
    FillInForm,
    HearForm,
    LanguageForm,
)
from chalicelib.domain.intake.care import WithdrawCareForm
from chalicelib.domain.intake.files import FilesForm
from chalicelib.domain.intake.forms import ClassifyForm, IdentifyForm, MergeForm
from chalicelib.domain.intake.leading import OpenIncidentForm
from chalicelib.domain.intake.merging import sets_free
from chalicelib.domain.intake.outside import OutsideCallForm
from chalicelib.domain.intake.same_incident import JoinIncidentForm, owed_to
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.kinds import ONCE_ONLY, NoticeChannel
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import NATURES
from chalicelib.domain.timers import next_step, pending
from chalicelib.domain.work.acceptance_forms import AcceptanceDayForm, AcceptForm, NobodyHomeForm
from chalicelib.domain.work.common_acceptance import SeenForm
from chalicelib.domain.work.cost_forms import (
    ClaimForm,
    CostForm,
    PriceCostForm,
    StrikeCostForm,
    WithdrawClaimForm,
)
from chalicelib.domain.work.forms import (
    FINDINGS,
    CauseForm,
    ChargeForm,
    CompleteForm,
    ExtensionForm,
    PauseForm,
    ProposeForm,
    ReferForm,
    RejectForm,
    SuggestionForm,
    VerifyForm,
)
from chalicelib.domain.work.malicious import AppealDecisionForm, MaliciousForm
from chalicelib.domain.work.measures import FinishMeasureForm, PlanMeasureForm
from chalicelib.domain.work.order_forms import (
    BillForm,
    ItemForm,
    KeyBackForm,
    KeyForm,
    MaterialForm,
    PaymentForm,
    RefusedForm,
    SignedForm,
)
from chalicelib.domain.work.payer import LossForm, PayerForm
from chalicelib.domain.work.replies import ApproveReplyForm, DraftReplyForm, PostReplyForm
from chalicelib.domain.work.resident_forms import (
    AgreedVisitForm,
    AnswerForm,
    AppointmentForm,
)
from chalicelib.services.errors import DeliveryError
from chalicelib.services.intake.merged import goes_on
from chalicelib.services.records import StoredNotice
from chalicelib.services.workflows.executions import LONGEST_WAIT, stage_of
from tests.builders import Office, community, office
from tests.fakes.memory import CrashError
from tests.machines import Machines, Run
from tests.stories import DRAWN

COMMUNITY = "riverside"
PEOPLE = (
    RESIDENT,
    Actor(Role.HANDLER, "engineering-1"),
    Actor(Role.HANDLER, "engineering-2"),
    Actor(Role.HANDLER, "desk-1"),
    Actor(Role.DEPARTMENT_HEAD, "engineering-head"),
    Actor(Role.AGENT, "agent-1"),
    Actor(Role.AGENT, "agent-2"),
    Actor(Role.SUPERVISOR, "supervisor-1"),
    Actor(Role.MANAGER, "manager-1"),
    Actor(Role.COMPANY_HEAD, "company-head-1"),
)
ABOUT = (
    {"matter": "seepage", "kind": "repair"},
    {"matter": "staff_attitude", "kind": "complaint"},
    {"matter": "fire", "kind": "help"},
    {"matter": "service_quality", "kind": "praise"},
    {"matter": "greening", "kind": "suggestion"},
    {"matter": None, "kind": None},  # unsorted (A7)
    {"matter": "power_outage", "kind": "repair"},
    {"matter": "power_outage", "kind": "repair"},  # of which some lead, and others join (A16)
)
NEXT_STEP = {
    State.ASSIGNED: "sign",
    State.SIGNED: "start",
    State.PROPOSED: "agree",
    State.WORKING: "complete",
    State.COMPLETED: "rate",
}
BY_MACHINES = {name for name, row in TABLE.items() if row.roles == {Role.SYSTEM}}
"""The commands that no person gives: the relay, the timers and the delivery give them here too."""
BRINGS_FORWARD = {"classified", "assigned", "reopened", "appointment_agreed", "replanned"}
"""Events that give a reason for an earlier deadline: a correction, an assignment, a round, a date agreed."""
FINAL = {"withdraw", "record_withdrawal", "merge", "reject", "refer"}
"""What ends a case early; given more rarely, so that the stories go on."""
FAULTY = (
    "cases.get",
    "cases.save",
    "waiting.begin",
    "waiting.put_token",
    "waiting.of_case",
    "waiting.clear_token",
    "notices.claim",
    "notices.get",
    *("notices.mark_sent",) * 4,
    "sms",
)
"""Calls that fail; `sms` is the provider, who refuses for now or, "after", for good. A message
that leaves without being marked is what most can go wrong with."""
SETTLED = {"sent", "failed", "skipped"}
"""What a notice has become for good."""
DIGEST_DAYS = 2
"""How long what a cap has put off may wait for a digest: a stranger gets one a day."""


class DeskMachine(RuleBasedStateMachine):
    """Rules are what people, machines and misfortune do; they share one office and its clock."""

    @initialize(pack=st.sampled_from(["default", "S3", "demo"]), spot=st.booleans())
    def open_the_desk(self, pack: str, spot: bool) -> None:
        """A desk with a first case: one that has been assigned, or one solved on the spot, not told yet."""
        self.office: Office = office(community(COMMUNITY, regulation=pack))
        self.machines = Machines(self.office)
        self.accepted: dict[str, tuple[str, str]] = {}
        self.old: list[Case] = []
        self.marks_failed = False
        """A message may have left without being marked: a warning may then be repeated, a survey never."""
        self.commands = 0
        self.report_anew(ABOUT[0], email=True, spot=spot)
        if not spot:
            self.machines.deliver_all()
            self.machines.run()

    # --- people -------------------------------------------------------------------------------------------

    @rule(
        key=st.integers(1, 4),
        kind=st.sampled_from(["repair", "complaint", "help", "praise", "suggestion"]),
        fault=st.sampled_from(["", "", "before", "after"]),
    )
    def report(self, key: int, kind: str, fault: str) -> None:
        """A report under one of a few keys: the first of a key makes a case, every other finds it."""
        text = f"报修 {key}"
        self._plan("cases.create", fault)
        for _ in range(2):
            try:
                receipt = self.office.register(
                    COMMUNITY, key=f"key {key}", text=text, matter="seepage", kind=kind
                )
                break
            except CrashError:
                self._calm()
            except ConflictError:
                self._calm()
                assert f"key {key}" in self.accepted, "only a used key is refused for another report"
                return
        first = self.accepted.setdefault(f"key {key}", (receipt.case.number, text))
        assert first == (receipt.case.number, text)
        self._calm()
        self.machines.collect()

    @rule(about=st.sampled_from(ABOUT), email=st.booleans(), spot=st.booleans())
    def report_anew(self, about: dict[str, str | None], email: bool, spot: bool) -> None:
        if len(self._cases()) >= 5:
            return
        key = f"own {len(self.accepted)}"
        extra: dict[str, Any] = {"email": "wang@example.com"} if email else {}
        actor = RESIDENT
        if spot and about["kind"] not in {None, "suggestion"}:
            extra["solved_with"], actor = "当场处理好了", Actor(Role.AGENT, "agent-1")
        receipt = self.office.register(COMMUNITY, actor, key, text=key, **about, **extra)
        assert not receipt.repeated
        self.accepted[key] = (receipt.case.number, key)
        self.machines.collect()

    @precondition(lambda self: self._cases())
    @rule(data=st.data(), fault=st.sampled_from(["", "", "", "before", "after"]))
    def the_work_goes_on(self, data: st.DataObject, fault: str) -> None:
        """The next step of a case, by whoever it is for."""
        case = self._a_case(data)
        step = NEXT_STEP.get(case.state)
        if step is not None:
            actor = self._responsible(case) if TABLE[step].roles >= WORKERS else RESIDENT
            self._send(case, step, actor, data, fault)

    @precondition(lambda self: self._cases())
    @rule(data=st.data(), fault=st.sampled_from(["", "", "", "before", "after"]), rarely=st.integers(0, 9))
    def somebody_acts(self, data: st.DataObject, fault: str, rarely: int) -> None:
        """Any command that the table allows in the state, by somebody of a fitting role."""
        case = self._a_case(data)
        possible = [
            row
            for row in TABLE.values()
            if case.state in row.sources
            and row.command not in BY_MACHINES
            and (rarely == 0 or row.command not in FINAL)
        ]
        if possible:
            row = data.draw(st.sampled_from(possible))
            people = [self._responsible(case), *PEOPLE]
            actor = data.draw(st.sampled_from([person for person in people if person.role in row.roles]))
            self._send(case, row.command, actor, data, fault)

    def _send(self, case: Case, name: str, actor: Actor, data: st.DataObject, fault: str) -> None:
        """A command as a client sends it: if the answer is lost, the same is sent again."""
        form = self._form(name, case, data)
        self.commands += 1
        command_id = f"sent {self.commands}"
        self._plan("cases.save", fault)
        for _ in range(2):
            try:
                self._do(case, name, actor, form, command_id)
            except CrashError:
                self._calm()
        self._calm()
        events = self.office.desk.cases.events(COMMUNITY, case.number)
        done = Counter(event.type for event in events if event.command_id == command_id)
        assert not done or max(done.values()) == 1, "carried out once"
        self.old.append(case)
        self.machines.collect()

    def _responsible(self, case: Case) -> Actor:
        """The handler of the case in the role that this person has, else somebody of the desk."""
        member = self.office.desk.directory.community(COMMUNITY).member(case.assignment.handler or "agent-1")
        assert member is not None
        return Actor(member.role, member.username)

    def _do(self, case: Case, name: str, actor: Actor, form: Any, command_id: str) -> None:
        """Refusals are part of life; what they say is proved elsewhere."""
        with contextlib.suppress(DomainError):
            self.office.do(case, name, actor, form, command_id)

    @precondition(lambda self: self.old)
    @rule(data=st.data(), insisting=st.booleans())
    def somebody_acts_on_what_they_saw_long_ago(self, data: st.DataObject, insisting: bool) -> None:
        """It is decided anew on what is now, or refused to whoever insists; nothing is overwritten."""
        stale = data.draw(st.sampled_from(self.old[-8:]))
        now = self.office.case(stale)
        if now.version == stale.version:
            return
        self.commands += 1
        command = Command("urge", RESIDENT, self.office.clock(), f"sent {self.commands}", NoteForm())
        if insisting:
            with pytest.raises(ConflictError):
                self.office.desk.carry_out(now, command, expected_version=stale.version)
            assert self.office.case(stale) == now
        else:
            with contextlib.suppress(DomainError):
                self.office.desk.carry_out(stale, command)
            assert self.office.case(stale).version - now.version in {0, 1}
            self.machines.collect()

    @precondition(lambda self: len(self._mergeable()) > 1)
    @rule(data=st.data(), ending=st.sampled_from(["merge", "merge", "withdraw"]))
    def two_act_at_the_same_moment(self, data: st.DataObject, ending: str) -> None:
        """A merge, and just before it is written its target is merged, into it or elsewhere, or withdrawn."""
        assert self.office.memory is not None
        numbers = [case.number for case in self._mergeable()]
        one, two = data.draw(st.permutations(numbers))[:2]
        third = data.draw(st.sampled_from([number for number in numbers if number != two]))
        supervisor = Actor(Role.SUPERVISOR, "supervisor-1")
        self.commands += 1
        names = [f"sent {self.commands}", f"meanwhile {self.commands}"]

        def meanwhile() -> None:
            target = self.office.desk.cases.get(COMMUNITY, two)
            if ending == "merge":
                self._do(target, "merge", supervisor, MergeForm(third, "同一件"), names[1])
            else:
                self._do(target, "withdraw", RESIDENT, ReasonForm("好了"), names[1])

        self.office.memory.meanwhile["cases.save"] = meanwhile
        case = self.office.desk.cases.get(COMMUNITY, one)
        self._do(case, "merge", supervisor, MergeForm(two, "同一件"), names[0])
        self.office.memory.meanwhile.clear()
        self.machines.collect()

    # --- what happens by itself ---------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([0.05, 1, 1, 15, 60, 240, 1440, 6000]))
    def time_passes(self, minutes: float) -> None:
        self.office.clock.advance(timedelta(minutes=minutes))

    @rule(data=st.data(), what=st.sampled_from(["all", "all", "machines", "one", "again", "schedule"]))
    def things_go_on(self, data: st.DataObject, what: str) -> None:
        """The stream comes, whole, out of order or again; the machines go on; the schedule looks after."""
        pending, delivered = self.machines.pending, self.machines.delivered
        if what == "all":
            self.machines.deliver_all()
        elif what == "one" and pending:
            self.machines.deliver([data.draw(st.sampled_from(pending))])
        elif what == "again" and delivered:
            self.machines.deliver([data.draw(st.sampled_from(delivered))])
        elif what == "schedule":
            self.machines.reconcile(thorough=False)
        if what != "one":
            self.machines.run()

    # --- misfortune ---------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(FAULTY), fault=st.sampled_from(["before", "after"]), times=st.integers(1, 5))
    def a_call_fails(self, name: str, fault: str, times: int) -> None:
        """While the stream is delivered and the machines run. Often enough, an execution gives up."""
        assert self.office.memory is not None
        if name == "sms":
            self.office.sms.failures = [DeliveryError("Throttled", final=fault == "after")] * times
        else:
            self.office.memory.faults[name] = [fault] * times
        self.marks_failed |= name == "notices.mark_sent"
        self.machines.deliver(self.machines.pending)
        self.machines.run()
        self.office.sms.failures = []
        self._calm()

    @rule(data=st.data(), what=st.sampled_from(["execution", "timer", "token", "everything"]))
    def something_is_lost(self, data: st.DataObject, what: str) -> None:
        """An execution, a token, a timer for long; or all that runs, and the stream: the desk restarts."""
        if what == "everything":
            self.machines.restart()
            self.machines.run()
        elif self._running():
            run = data.draw(st.sampled_from(self._running()))
            if what == "execution":
                self.machines.lose(run)
            elif what == "timer":
                run.deaf = True
            else:
                self.machines.lose_token(run)

    # --- what always holds --------------------------------------------------------------------------------

    @invariant()
    def what_was_accepted_can_be_read(self) -> None:
        """1: for ever, by its number, as it was said; what the desk heard later stands below it."""
        for number, text in self.accepted.values():
            assert (self.office.desk.cases.get(COMMUNITY, number).report.text or "").split("\n")[0] == text

    @invariant()
    def the_history_is_whole_and_the_case_is_its_fold(self) -> None:
        """2 and 3."""
        for case in self._cases():
            events = self.office.desk.cases.events(COMMUNITY, case.number)
            assert [event.version for event in events] == list(range(1, case.version + 1))
            assert fold(events, COMMUNITY, case.number) == case

    @invariant()
    def the_counters_are_a_recount(self) -> None:
        """4, and 10 for the ratings: they are counted from one rating a round."""
        assert self.office.memory is not None
        counted: Counter[tuple[Row, str]] = Counter()
        for rows in self.office.memory.figures.values():
            for row, counters in rows.items():
                counted.update({(row, name): amount for name, amount in counters.items() if amount})
        assert counted == recount(self._cases())
        for case in self._cases():
            rounds = [rating.round for rating in case.tally.ratings]
            assert len(rounds) == len(set(rounds))

    @invariant()
    def open_work_is_listed_once(self) -> None:
        """5: in the list of the community, its department, its handler; what has nothing open is in none."""
        listed = self._listed(department=None, handler=None)
        assert sorted(listed) == sorted(case.number for case in self._cases() if case.is_shown_open)
        for case in self._cases():
            if case.is_shown_open:
                assert (
                    self._listed(department=case.classification.department, handler=None).count(case.number)
                    == 1
                )
                if case.assignment.handler:
                    assert (
                        self._listed(department=None, handler=case.assignment.handler).count(case.number) == 1
                    )

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        """6: unless a crash left open whether it left; and a survey not even then."""
        memory = self.office.memory
        assert memory is not None
        # a digest tells of several notices, and is one message
        sent = len({notice.provider_id for notice in memory.notices.values() if notice.status == "sent"})
        texts = [*(text for _, text in self.office.sms.sent), *(body for _, _, body in self.office.mail.sent)]
        of_no_case = ("逾期一周以上", "已结案未验收", "已结案、至今无人验收", "https://desk.example.com/d/")
        left = len([text for text in texts if not any(said in text for said in of_no_case)])
        assert left >= sent if self.marks_failed else left == sent
        for case in self._cases():
            if case.work.completed_at is not None:
                code = self.office.codes.code(link_for(case, Purpose.RATE, self._survey_days(case)))
                asked = [text for phone, text in self.office.sms.sent if text.endswith(f"/l/{code}")]
                due = [
                    notice.notice
                    for notice in self.office.stores.notices.of_case(COMMUNITY, case.number)
                    if notice.notice.kind in ONCE_ONLY and notice.notice.version >= case.work.link_version
                ]
                assert len(asked) <= sum(notice.channel is NoticeChannel.SMS for notice in due)

    @invariant()
    def every_merge_leads_to_a_case_that_is_not_merged(self) -> None:
        """Rings of merges, however they were raced, would silence everybody in them (A16)."""
        for case in self._cases():
            assert goes_on(self.office.desk.cases, case) is not None

    @invariant()
    def a_token_is_answered_once(self) -> None:
        """9."""
        answered = Counter(token for token, _ in self.office.workflow.answers)
        assert not answered or max(answered.values()) == 1

    # --- what holds once things have come to rest ---------------------------------------------------------

    def teardown(self) -> None:
        """11: after all failures have ended, and everything had its time."""
        if not hasattr(self, "machines"):
            return
        self._calm()
        for run in self._running():
            run.deaf = False  # Step Functions may be late with a timeout; it does not forget one
        for pause in (timedelta(minutes=10), timedelta(hours=14), timedelta(hours=10)):
            self._come_to_rest(pause)
        for case in self._cases():
            self._check_workflow(case)
        self._come_to_rest(LONGEST_WAIT)
        self._come_to_rest(self._until_noon())
        for _ in range(DIGEST_DAYS):
            if self._unsettled():
                self._come_to_rest(timedelta(days=1))
        assert {execution.turn.number for execution in self._running()} == {
            execution.number for execution in self._cases() if execution.state in OPEN
        }
        for always in (
            self.what_was_accepted_can_be_read,
            self.the_history_is_whole_and_the_case_is_its_fold,
            self.the_counters_are_a_recount,
            self.open_work_is_listed_once,
            self.nothing_is_sent_twice,
            self.a_token_is_answered_once,
        ):
            always()
        for case in self._cases():
            self._check_late_is_marked(case)
            self._check_steps_and_deadlines(case)
            self._check_workflow(case)
            self._check_merged(case)
        self._check_numbers()
        self._check_notices()
        assert not self.machines.pending

    def _come_to_rest(self, after: timedelta) -> None:
        """Time passes; what is late is found and done, and all that comes of it."""
        self.machines.deliver_all()
        self.machines.run()
        self.office.clock.advance(after)
        for _ in range(2):
            assert self.machines.reconcile(thorough=True).not_mended == 0
            self.machines.deliver_all()
            self.machines.run()

    def _until_noon(self) -> timedelta:
        """Till noon in Shanghai: what waited for the morning, so as not to wake anybody, has left."""
        now = self.office.clock()
        noon = now.replace(hour=4, minute=0, second=0, microsecond=0)
        return (noon - now) % timedelta(days=1)

    def _check_late_is_marked(self, case: Case) -> None:
        """7: nothing is left undone, and what is late is marked late."""
        now = self.office.clock()
        context = self.office.desk.context_of(case)
        step = next_step(case, context)
        assert step == next_step(case, context, pending(case, context)), "the nearest alone says the same"
        wake_at = step.wake_at
        assert wake_at is None or wake_at > now
        solve_due_at = case.clocks.solve_due_at
        if case.state in IN_DISPATCH and case.clocks.pause is None and solve_due_at and solve_due_at <= now:
            assert Clock.SOLVE in case.clocks.overdue

    def _check_steps_and_deadlines(self, case: Case) -> None:
        """2: only steps of the table; 8: no deadline earlier without a reason on record."""
        before: Case | None = None
        for event in self.office.desk.cases.events(COMMUNITY, case.number):
            after = apply(before, event, COMMUNITY, case.number)
            if before is not None and event.command != "register":
                assert event.actor.role in TABLE[event.command].roles
                explained = event.type in BRINGS_FORWARD
                for clock, deadline in before.clocks.deadlines.items():
                    assert explained or after.clocks.deadlines[clock].due_at >= deadline.due_at
            before = after

    def _check_workflow(self, case: Case) -> None:
        """11: an open case has the one workflow that it needs, and that one waits with a token on record.

        An execution whose token was lost may linger until its own timeout, which finds nothing to do.
        """
        kind = stage_of(case)
        running = [
            execution
            for execution in self._running()
            if execution.turn.number == case.number and execution.turn.kind == kind
        ]
        needed = [execution for execution in running if execution.turn.round == case.round]
        if kind is None:
            return
        stored = self.office.stores.waiting.get(COMMUNITY, case.number, kind, case.round)
        assert stored is not None
        assert stored.restart in {execution.turn.restart for execution in needed}
        assert all(execution.step == "Await" for execution in needed)

    def _check_merged(self, case: Case) -> None:
        """A16: whoever is merged is known where the work is, which has not ended without any."""
        known = {joined for joined in case.joined if self._of(joined).ending.merged_into == case.number}
        assert known == set(case.joined)
        joined = self.office.desk.cases.joined(COMMUNITY, case.number)
        assert set(joined) == {other.number for other in self._cases() if _led_by(other) == case.number}
        if case.is_joined:
            leader = self._of(str(case.ending.merged_into))
            assert owed_to(case, leader) is None, "what it is owed, it has: its end, its freedom, its news"
        elif case.state is State.MERGED:
            assert case.number in self._of(str(case.ending.merged_into)).joined
            last = goes_on(self.office.desk.cases, case)
            assert last is not None
            assert not sets_free(last)

    def _of(self, number: str) -> Case:
        return self.office.desk.cases.get(COMMUNITY, number)

    def _check_numbers(self) -> None:
        """A4: every serial is a case, or explained."""
        for month in {case.number[:6] for case in self._cases()}:
            book = self.office.desk.cases.serials(COMMUNITY, month)
            assert set(book.present) == set(range(1, book.counter + 1))

    def _check_notices(self) -> None:
        assert self._unsettled() == []

    def _unsettled(self) -> list[StoredNotice]:
        assert self.office.memory is not None
        return [notice for notice in self.office.memory.notices.values() if notice.status not in SETTLED]

    # --- helpers ------------------------------------------------------------------------------------------

    def _cases(self) -> list[Case]:
        if not hasattr(self, "office") or self.office.memory is None:
            return []
        return self.office.memory.whole_cases()

    def _mergeable(self) -> list[Case]:
        return [case for case in self._cases() if case.state in IN_DISPATCH]

    def _a_case(self, data: st.DataObject) -> Case:
        numbers = sorted(case.number for case in self._cases())
        return self.office.desk.cases.get(COMMUNITY, data.draw(st.sampled_from(numbers)))

    def _running(self) -> list[Run]:
        if not hasattr(self, "machines"):
            return []
        return [run for run in self.machines.runs.values() if run.execution.running]

    def _listed(self, *, department: str | None, handler: str | None) -> list[str]:
        page = self.office.desk.cases.open_work(
            COMMUNITY, department=department, handler=handler, limit=50, cursor=None
        )
        return [item.number for item in page.items]

    def _survey_days(self, case: Case) -> int:
        return self.office.desk.context_of(case).regulation.survey.link_days

    def _plan(self, name: str, fault: str) -> None:
        assert self.office.memory is not None
        if fault:
            self.office.memory.faults[name] = [fault]

    def _calm(self) -> None:
        assert self.office.memory is not None
        self.office.memory.faults.clear()

    def _form(self, name: str, case: Case, data: st.DataObject) -> Any:
        """What somebody fills in; the longest wait asked for is some days."""
        later = self.office.clock() + timedelta(hours=data.draw(st.sampled_from([1, 30, 100])))
        others = sorted(case.number for case in self._cases())
        match name:
            case "classify":
                natures = NATURES if case.classification.kind == "complaint" else (None,)
                nature = data.draw(st.sampled_from(natures))
                severity = data.draw(st.sampled_from(["general", "serious"]))
                if case.classification.is_sorted:
                    return ClassifyForm("看过", severity=severity, nature=nature)
                matter = data.draw(st.sampled_from(["door_window", "flooding"]))
                return ClassifyForm("致电核实", kind="repair", matter=matter, severity=severity)
            case "assign":
                who = data.draw(st.sampled_from(["engineering-1", "engineering-2", "desk-1", "agent-2"]))
                return AssignForm(who, "派")
            case "sign":
                return SignForm("甲")
            case "propose":
                item = data.draw(st.sampled_from([None, None, "tap"]))
                return ProposeForm("老化", "更换", price_item=item)
            case "sign_agreement":
                return SignedForm("王芳", data.draw(st.sampled_from([None, DRAWN])))
            case "refuse_on_site" | "refuse_payment":
                return RefusedForm("王芳", "太贵")
            case "accept_work":
                return AcceptForm("王芳", data.draw(st.sampled_from([None, DRAWN])), data.draw(st.booleans()))
            case "accept_common_work":
                return SeenForm(data.draw(st.booleans()))
            case "record_refused_work":
                return RefusedForm("王芳", "没修好")
            case "plan_measure":
                sort = data.draw(st.sampled_from(["remedy", "prevention"]))
                return PlanMeasureForm(sort, "清理", "supervisor-1", self.office.clock().date())
            case "finish_measure":
                return FinishMeasureForm(data.draw(st.integers(1, 2)))
            case "nobody_home":
                return NobodyHomeForm(data.draw(st.sampled_from([None, later])), "留了条")
            case "set_acceptance_day":
                return AcceptanceDayForm(data.draw(st.sampled_from([self.office.clock(), later])).date())
            case "take_key":
                return KeyForm("王芳", "S-17")
            case "return_key":
                return KeyBackForm("王芳")
            case "compare_item":
                return ItemForm("地漏", data.draw(st.booleans()))
            case "use_material":
                return MaterialForm("密封圈", "2 个", False)
            case "choose_language":
                return LanguageForm(data.draw(st.sampled_from(["en", "zh-TW"])))
            case "withdraw_care":
                return WithdrawCareForm()
            case "record_cost":
                item = data.draw(st.sampled_from([None, "tap"]))
                return CostForm(item, what=None if item else "开墙")
            case "price_cost":
                return PriceCostForm(5000, 1000, data.draw(st.sampled_from([None, 1, 2])))
            case "strike_cost":
                return StrikeCostForm(data.draw(st.integers(1, 2)), "记错")
            case "claim_cost":
                return ClaimForm(data.draw(st.sampled_from([6000, 8000])), "QK-1")
            case "record_claim_payment":
                return PaymentForm(data.draw(st.sampled_from([3000, 8000])), "DZ-1")
            case "withdraw_claim":
                return WithdrawClaimForm("改由业主承担", data.draw(st.sampled_from([None, "TK-1"])))
            case "bill":
                return BillForm(data.draw(st.sampled_from([5000, 8000, 9000])), 0)
            case "record_payment" | "give_back":
                return PaymentForm(data.draw(st.sampled_from([5000, 8000])), "P-3")
            case "pause":
                return PauseForm(later, "waiting_for_parts", "订货单")
            case "request_extension":
                due_at = case.clocks.solve_due_at or later
                return ExtensionForm(max(later, due_at + timedelta(hours=1)), "缺货")
            case "propose_appointment":
                return AppointmentForm(later)
            case "agree_appointment":
                return AgreedVisitForm(later, self.office.clock(), "王芳", "phone")
            case "record_agreement" | "record_price_request" | "record_urge":
                return WordForm(self.office.clock(), "王芳", "phone")
            case "record_refusal" | "record_return" | "record_objection" | "record_withdrawal":
                return ReasonedWordForm(self.office.clock(), "王芳", "in_person", "太贵")
            case "declare_charge":
                return ChargeForm(data.draw(st.booleans()), "看过")
            case "state_payer":
                return PayerForm(data.draw(st.sampled_from(["owner", "developer"])), "看过")
            case "record_loss":
                word = (True, "王芳", self.office.clock(), "phone") if data.draw(st.booleans()) else ()
                return LossForm(12000, "地板泡水", "楼上住户", *word)
            case "report_cause":
                return CauseForm("老化", "更换")
            case "refer":
                return ReferForm("供水公司", "总管归供水公司")
            case "complete":
                return CompleteForm("修好了", cause=data.draw(st.sampled_from([None, "老化"])))
            case "rate":
                return RateForm(data.draw(st.integers(1, 5)))
            case "record_revisit":
                outcome = data.draw(st.sampled_from(list(ev.RevisitOutcome)))
                until = later if outcome is ev.RevisitOutcome.PROMISED else None
                points = data.draw(st.sampled_from([None, None, "楼道堆物\n门铃不响"]))
                return RevisitForm(outcome, "phone", "听住户说了", promised_until=until, points=points)
            case "answer_point":
                return AnswerPointForm(data.draw(st.integers(1, 3)), "清了", "已经清走")
            case "add_words":
                return AddWordsForm(f"再补充一句 {self.commands}")
            case "draft_reply":
                return DraftReplyForm("来信收悉")
            case "approve_reply":
                return ApproveReplyForm()
            case "post_reply":
                return PostReplyForm("posted")
            case "answer":
                return AnswerForm("明天上午来", "phone", "王芳")
            case "verify":
                return VerifyForm(data.draw(st.sampled_from(FINDINGS)), "看过")
            case "decide_suggestion":
                return SuggestionForm(data.draw(st.booleans()), "已采纳")
            case "propose_malicious":
                return MaliciousForm(later, "虚报", "三件查无此事")
            case "record_appeal":
                return ReasonedWordForm(self.office.clock(), "王芳", "phone", "不是")
            case "decide_appeal":
                return AppealDecisionForm(data.draw(st.booleans()), "看过")
            case "ask_again":
                return AskAgainForm(data.draw(st.sampled_from(SECOND_OUTCOMES)), "phone")
            case "file_report":
                return ReportForm("过", "因", "措施", "下一步")
            case "archive":
                return ArchiveForm("因", "过", "果", "训")
            case "reject":
                return RejectForm("不属实")
            case "identify":
                people = ("engineering-1", "engineering-head", "supervisor-1", "agent-1", None)
                return IdentifyForm("查明", data.draw(st.sampled_from(people)))
            case "open_incident":
                scope = data.draw(st.sampled_from(["building", "building", "community"]))
                return OpenIncidentForm("停电，抢修中", scope)
            case "tell_incident":
                return RequiredNoteForm(f"进展 {self.commands}")
            case "join_incident":
                leading = [other.number for other in self._cases() if other.leads]
                return JoinIncidentForm(data.draw(st.sampled_from([None, *leading])))
            case "merge":
                return MergeForm(data.draw(st.sampled_from(others)), "同一件")
            case "call_back":
                return CallBackForm(reached=data.draw(st.booleans()), text="还有一件事")
            case "fill_in":
                return FillInForm(text="再说一句")
            case "hear":
                return HearForm(text="再说一句")
            case "add_files":
                return FilesForm((f"riverside/{'0' * 32}/{data.draw(st.integers(0, 99)):016x}",))
            case "record_outside_call":
                return OutsideCallForm("police", "马上派人")
            case "judge_classification":
                return JudgeForm(data.draw(st.booleans()), matter="flooding")
            case _ if TABLE[name].form is ReasonForm:
                return ReasonForm("有原因")
            case _ if TABLE[name].form is RequiredNoteForm:
                return RequiredNoteForm("记一笔")
            case _:
                return NoteForm()


def _led_by(case: Case) -> str | None:
    """The case whose incident a case waits for, or was solved with."""
    waits_or_is_solved = case.ending.by_incident and case.state is not State.REGISTERED
    return case.ending.merged_into if waits_or_is_solved else None


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Faults are what this is about; the log need not tell of each."""
    caplog.set_level(logging.CRITICAL)


TestDesk = pytest.mark.req("A4", "D7", "G3", "G7", "G8", "G17")(DeskMachine.TestCase)
TestDesk.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.req("G8")
def test_a_survey_of_which_nobody_knows_whether_it_left_is_not_sent_again() -> None:
    """The same crash makes a warning leave twice: better than never."""
    machine = DeskMachine()
    machine.open_the_desk(pack="default", spot=True)
    place = machine.office
    place.register(COMMUNITY, matter="fire", kind="help")
    machine.machines.collect()
    assert place.memory is not None
    place.memory.faults["notices.mark_sent"] = ["before"] * len(place.memory.notices)
    machine.machines.deliver_all()
    left = Counter(text for _, text in place.sms.sent)
    place.memory.faults.clear()
    place.clock.advance(timedelta(hours=1))
    machine.machines.reconcile(thorough=False)
    again = Counter(text for _, text in place.sms.sent) - left
    surveys = {text for text in left if "评价" in text}
    assert surveys
    assert not surveys & set(again)
    assert again
