"""Cases for tests of the domain: registered, and brought into a state by real commands, without any store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.case.money import OF_THE_WORK
from chalicelib.domain.case.outcome import Outcome, outcome_of
from chalicelib.domain.case.spoken import ReasonedWordForm, WordForm
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.decide import decide
from chalicelib.domain.dispatch.forms import AssignForm, ReportForm, SignForm
from chalicelib.domain.follow_up.forms import (
    AnswerPointForm,
    ArchiveForm,
    AskAgainForm,
    RateForm,
    RevisitForm,
)
from chalicelib.domain.follow_up.retention import ALL_KINDS, AskErasureForm, EraseForm
from chalicelib.domain.intake import registration
from chalicelib.domain.intake.call_forms import AddWordsForm, CallBackForm, FillInForm, HearForm, LanguageForm
from chalicelib.domain.intake.care import WithdrawCareForm
from chalicelib.domain.intake.files import FilesForm
from chalicelib.domain.intake.forms import ClassifyForm, IdentifyForm, JoinForm, MergeForm, ShareForm
from chalicelib.domain.intake.leading import OpenIncidentForm
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.intake.outside import OutsideCallForm
from chalicelib.domain.intake.same_incident import JoinIncidentForm, SolvedForm
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.timers import TimersForm
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
    CauseForm,
    ChargeForm,
    CompleteForm,
    ExtensionForm,
    PauseForm,
    ProposeForm,
    ReferForm,
    RejectForm,
    ReplanForm,
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
from chalicelib.domain.work.payer import FoundForm, LossForm, PayerForm
from chalicelib.domain.work.plan_check import ConfirmPlanForm
from chalicelib.domain.work.progress import owes_answer
from chalicelib.domain.work.replies import ApproveReplyForm, DraftReplyForm, PostReplyForm
from chalicelib.domain.work.resident_forms import (
    AgreedVisitForm,
    AnswerForm,
    AppointmentForm,
    DeliveryForm,
)
from chalicelib.domain.work.sign_off import SignOffForm
from tests.builders import MONDAY, community, regulations
from tests.fakes.clocks import PlainCalendars
from tests.signing import lets_through

ACTORS: Mapping[Role, Actor] = {
    Role.RESIDENT: RESIDENT,
    Role.AGENT: Actor(Role.AGENT, "agent-1"),
    Role.SUPERVISOR: Actor(Role.SUPERVISOR, "supervisor-1"),
    Role.DEPARTMENT_HEAD: Actor(Role.DEPARTMENT_HEAD, "engineering-head"),
    Role.HANDLER: Actor(Role.HANDLER, "engineering-1"),
    Role.MANAGER: Actor(Role.MANAGER, "manager-1"),
    Role.COMPANY_HEAD: Actor(Role.COMPANY_HEAD, "company-head-1"),
    Role.COMMITTEE: Actor(Role.COMMITTEE, "committee-1"),
    Role.MACHINE: Actor(Role.MACHINE, "ivr-1"),
    Role.SYSTEM: TIMER,
}
"""Somebody of every role, in the community of tests/builders.py."""

HANDLER, HEAD = ACTORS[Role.HANDLER], ACTORS[Role.DEPARTMENT_HEAD]
OTHER_HANDLER = Actor(Role.HANDLER, "engineering-2")
AGENT, SUPERVISOR, MANAGER = ACTORS[Role.AGENT], ACTORS[Role.SUPERVISOR], ACTORS[Role.MANAGER]


def context(
    place: Community | None = None, pack: str = "default", regulation: Regulation | None = None
) -> Context:
    """What surrounds a case: a community (`riverside`), a pack, and working days without holidays."""
    place = place or community()
    return Context(place, regulation or regulations().get(pack), PlainCalendars().of(place))


@dataclass
class Story:
    """One case from its registration on, with its whole history; `at` is the present and moves by hand."""

    context: Context = field(default_factory=context)
    at: datetime = MONDAY
    events: list[ev.Event] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    ids: Any = field(default_factory=lambda: count(1))

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """How Hypothesis shows it: by its commands, for the whole history hides what failed."""
        printer.text(f"<story of {' '.join(event.command for event in self.events)}>")

    @property
    def case(self) -> Case:
        return self.outcomes[-1].after

    def register(
        self,
        number: str = "202611-0001",
        actor: Actor = AGENT,
        solved_with: str | None = None,
        report: Mapping[str, Any] | None = None,
        **about: Any,
    ) -> "Story":
        """A leaking pipe, reported by phone to the operator; `about` changes what it is about."""
        plain = NewCase(
            text="卫生间天花板漏水",
            unit="3-1201",
            name="王芳",
            phone="+8613900001234",
            channel=ev.Channel.HOTLINE_OPERATOR,
            kind="repair",
            matter="seepage",
            urgency="normal",
            contacted_at=self.at - timedelta(minutes=5),
            solved_with=solved_with,
        )
        new = replace(plain, **about, **(report or {}))
        registered = registration.register(new, actor, self.at, self.context)
        payloads = registration.numbered(new, registered, actor, number, self.at, self.context)
        command = Command("register", actor, self.at, "command 0", None)
        return self._take(outcome_of(None, command, payloads, self.context.community.id, number))

    def do(
        self,
        name: str,
        actor: Actor,
        form: Any = None,
        command_id: str | None = None,
        *,
        signed_off: bool = True,
    ) -> "Story":
        """Give a command now, with a form that fits if none is given.

        What is handed in is let through at once, unless the test is about just that.
        """
        form = form or sample_form(name, self)
        command = Command(name, actor, self.at, command_id or f"command {next(self.ids)}", form)
        self._take(decide(self.case, command, self.context))
        waits = lets_through(name, self.case, self.context) if signed_off else None
        return self.do(*waits) if waits else self

    def told(self, *, left: bool = True) -> "Story":
        """The message about what was written last for the resident leaves now, or cannot leave."""
        written = self.case.telling.awaited[-1]
        form = DeliveryForm(written.version, "sms", self.at if left else None, None if left else "no_address")
        return self.do("record_delivery", TIMER, form)

    def wait(self, **by: float) -> "Story":
        """Let time pass, without any timer."""
        self.at += timedelta(**by)
        return self

    def fire(self) -> tuple[ev.Payload, ...]:
        """Let the timers do what is due now; the payloads of it."""
        before = len(self.events)
        self.do("fire_timers", TIMER)
        return tuple(event.payload for event in self.events[before:])

    def _take(self, outcome: Outcome) -> "Story":
        self.outcomes.append(outcome)
        self.events.extend(outcome.events)
        return self


HOUR = timedelta(hours=1)
DRAWN, DRAWN_AGAIN = (f"riverside/{'0' * 32}/{letter * 16}" for letter in "dc")
"""Two signatures as a case names them, once the desk has looked at them."""


def sample_form(name: str, story: Story) -> Any:
    """What a person might fill in for that command; no other form is made and checked for it."""
    day = timedelta(days=1)
    samples: dict[str, Callable[[], Any]] = {
        "classify": lambda: ClassifyForm("现场看过", severity="serious"),
        "assign": lambda: AssignForm(OTHER_HANDLER.id, "熟悉水管"),
        "sign": lambda: SignForm("工程部甲"),
        "propose": lambda: ProposeForm(
            "密封圈老化",
            "更换密封圈",
            price_item="tap" if story.case.classification.kind in OF_THE_WORK else None,
        ),
        "confirm_alarm": lambda: NoteForm("马上到"),
        "record_outside_call": lambda: OutsideCallForm("police", "马上派人"),
        "add_files": lambda: FilesForm((f"riverside/{'0' * 32}/{len(story.case.files):016x}",), "after"),
        "pause": lambda: PauseForm(story.at + day, "waiting_for_parts", "订货单 17 号"),
        "request_extension": lambda: ExtensionForm(
            (story.case.clocks.solve_due_at or story.at) + day, "配件缺货"
        ),
        "propose_appointment": lambda: AppointmentForm(story.at + 3 * HOUR),
        "agree_appointment": lambda: AgreedVisitForm(story.at + 3 * HOUR, story.at, "王芳", "phone"),
        "record_agreement": lambda: WordForm(story.at, "王芳", "phone"),
        "record_refusal": lambda: ReasonedWordForm(story.at, "王芳", "phone", "太贵"),
        "record_price_request": lambda: WordForm(story.at, "王芳", "phone"),
        "record_urge": lambda: WordForm(story.at, "王芳", "phone"),
        "record_return": lambda: ReasonedWordForm(story.at, "王芳", "phone", "又漏了"),
        "record_objection": lambda: ReasonedWordForm(story.at, "王芳", "phone", "晚上不亮"),
        "record_withdrawal": lambda: ReasonedWordForm(story.at, "王芳", "phone", "自己修好了"),
        "declare_charge": lambda: ChargeForm(False, "保修期内"),
        "state_payer": lambda: PayerForm("owner", "人为损坏"),
        "find_payer": lambda: FoundForm(
            ev.PayerFound(story.case.classification.matter, "owner", "construction")
        ),
        "record_loss": lambda: LossForm(12000, "地板泡水", "楼上住户", True, "楼上李女士", story.at, "phone"),
        "report_cause": lambda: CauseForm("密封圈老化", "更换密封圈"),
        "refer": lambda: ReferForm("供水公司", "总管由供水公司维修"),
        "complete": lambda: CompleteForm(
            "已更换密封圈", cause="密封圈老化" if owes_answer(story.case) else None
        ),
        "rate": lambda: RateForm(5),
        "record_revisit": lambda: RevisitForm(ev.RevisitOutcome.SATISFIED, "phone"),
        "ask_again": lambda: AskAgainForm(ev.RevisitOutcome.SATISFIED, "phone"),
        "file_report": lambda: ReportForm("周一漏水", "水管老化", "已停水抢修", "周五前换管，由工程部负责"),
        "add_words": lambda: AddWordsForm("楼下也开始滴水"),
        "choose_language": lambda: LanguageForm("zh-TW" if story.case.report.language == "en" else "en"),
        "draft_reply": lambda: DraftReplyForm("王女士：来信收悉，渗水处已修复。滨江花园客服"),
        "approve_reply": lambda: ApproveReplyForm(),
        "sign_off_result": lambda: SignOffForm(),
        "confirm_plan": lambda: ConfirmPlanForm(),
        "post_reply": lambda: PostReplyForm("posted"),
        "answer_point": lambda: AnswerPointForm(1, "已请保洁每周清理", "以后每周清理一次"),
        "decide_suggestion": lambda: SuggestionForm(True, "采纳您的建议，下月起实行"),
        "archive": lambda: ArchiveForm("老化", "更换", "不漏了", "定期检查"),
        "verify": lambda: VerifyForm("partly_true", "监控看过"),
        "reject": lambda: RejectForm("是楼上拖地的水"),
        "call_back": lambda: CallBackForm(reached=True, text="还有一件事"),
        "give_up_call_back": lambda: NoteForm("打不通"),
        "fill_in": lambda: FillInForm(name="孙女士"),
        "hear": lambda: HearForm(text="再说一句"),
        "identify": lambda: IdentifyForm("查明", "engineering-2"),
        "merge": lambda: MergeForm("202611-0099", "同一处漏水"),
        "replan": lambda: ReplanForm("日历有调整"),
        "fire_timers": lambda: TimersForm(),
        "answer": lambda: AnswerForm("明天上午来人", "phone"),
        "record_delivery": lambda: DeliveryForm(story.case.version, "sms", story.at),
        "join": lambda: JoinForm("202611-0098"),
        "propose_malicious": lambda: MaliciousForm(story.at + 30 * day, "反复虚报", "十一月六件均查无此事"),
        "record_appeal": lambda: ReasonedWordForm(story.at, "王芳", "phone", "灯确实不亮"),
        "decide_appeal": lambda: AppealDecisionForm(True, "证据不足"),
        "ask_erasure": lambda: AskErasureForm(),
        "withdraw_care": lambda: WithdrawCareForm(),
        "erase": lambda: EraseForm(ALL_KINDS, "retention"),
        "part": lambda: JoinForm("202611-0098"),
        "set_free": lambda: JoinForm("202611-0099"),
        "identify_merged": lambda: IdentifyForm("住户指的是他", "engineering-1"),
        "share_result": lambda: ShareForm("202611-0099", 1, "completed"),
        "open_incident": lambda: OpenIncidentForm("全楼停水，抢修中"),
        "join_incident": lambda: JoinIncidentForm("202611-0097"),
        "sign_agreement": lambda: SignedForm("王芳", DRAWN),
        "refuse_on_site": lambda: RefusedForm("王芳", "太贵"),
        "take_key": lambda: KeyForm("王芳", "S-17"),
        "return_key": lambda: KeyBackForm("王芳"),
        "compare_item": lambda: ItemForm("地漏", False),
        "use_material": lambda: MaterialForm("密封圈", "2 个", False),
        "bill": lambda: BillForm(6000, 2000),
        "record_payment": lambda: PaymentForm(8000, "P-3"),
        "give_back": lambda: PaymentForm(8000, "T-3"),
        "record_cost": lambda: CostForm("tap"),
        "price_cost": lambda: PriceCostForm(6000, 2000),
        "strike_cost": lambda: StrikeCostForm(1, "记错"),
        "claim_cost": lambda: ClaimForm(8000, "QK-1"),
        "record_claim_payment": lambda: PaymentForm(8000, "DZ-1"),
        "withdraw_claim": lambda: WithdrawClaimForm("不在保修范围"),
        "sign_account": lambda: NoteForm(),
        "refuse_payment": lambda: RefusedForm("王芳", "没修好"),
        "sign_refusal": lambda: NoteForm(),
        "accept_work": lambda: AcceptForm("王芳", DRAWN_AGAIN, True),
        "record_refused_work": lambda: RefusedForm("王芳", "还在漏"),
        "nobody_home": lambda: NobodyHomeForm(note="门缝留了条"),
        "set_acceptance_day": lambda: AcceptanceDayForm(story.at.date()),
        "accept_common_work": lambda: SeenForm(True, "水流畅通"),
        "plan_measure": lambda: PlanMeasureForm("prevention", "每月清理", "supervisor-1", story.at.date()),
        "finish_measure": lambda: FinishMeasureForm(1),
        "solve_joined": lambda: SolvedForm(story.case.ending.merged_into or "", "总阀已更换", True, False),
    }
    if name in samples:
        return samples[name]()
    with_note = {
        "notify_worker",
        "arrive",
        "start",
        "agree",
        "ask_price",
        "resume",
        "urge",
        "accept_appointment",
        "decline_appointment",
        "progress",
        "close",
        "uphold",
        "tell_incident",
        "leave_incident",
    }
    if name not in with_note:
        return ReasonForm("有原因")
    required = {"progress", "notify_worker", "close", "uphold", "tell_incident"}
    return RequiredNoteForm("记一笔") if name in required else NoteForm()


def without_managers(given: Context) -> Context:
    """The context without managers, in which the company head acts (G13)."""
    left = tuple(person for person in given.community.staff if person.role is not Role.MANAGER)
    return replace(given, community=replace(given.community, staff=left))


def in_state(state: State, handler: Actor = HANDLER, **about: Any) -> Story:
    """A case in that state, with this person responsible for it where somebody is.

    Only a complaint can be found untrue.
    """
    if state in {State.REJECTED, State.OBJECTED}:
        about = {"kind": "complaint", **about}
    story = Story(without_managers(context()) if handler.role is Role.COMPANY_HEAD else context())
    story.register(**about)
    before = {
        State.REGISTERED: "",
        State.WITHDRAWN: "withdraw",
        State.MERGED: "merge",
        State.REJECTED: "reject",
        State.OBJECTED: "reject object",
        State.REFERRED: "refer",
        State.ASSIGNED: "assign",
        State.SIGNED: "assign sign",
        State.PROPOSED: "assign sign propose",
        State.WORKING: "assign sign start",
        State.COMPLETED: "assign sign start complete",
        State.CLOSED: "assign sign start complete rate record_revisit",
        State.ARCHIVED: "assign sign start complete rate record_revisit archive",
    }
    if story.case.report_duty.owed:
        before[State.ARCHIVED] = before[State.ARCHIVED].replace("archive", "file_report archive")
    visitor = AGENT if handler == SUPERVISOR else SUPERVISOR
    givers = {"withdraw": RESIDENT, "rate": RESIDENT, "record_revisit": visitor, "object": RESIDENT}
    for name in before[state].split():
        if name == "record_revisit" and story.case.state is State.CLOSED:
            continue  # of some kinds the survey is enough
        if name == "complete" and story.case.classification.kind == "suggestion":
            story.do("decide_suggestion", MANAGER)  # nobody but the manager ends one
            continue
        actor = handler if name in {"sign", "start", "propose", "complete"} else givers.get(name, SUPERVISOR)
        form = AssignForm(handler.id, "轮到") if name == "assign" else None
        story.do(name, actor, form)
        story.wait(minutes=1)
    assert story.case.state is state
    return story


def working(pack: str, **about: str) -> Story:
    """A case that its handler works on, under a pack of its own."""
    story = Story(context(pack=pack)).register(**about)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    return story.do("sign", HANDLER).do("start", HANDLER)
