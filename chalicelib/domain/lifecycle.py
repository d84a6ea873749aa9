"""THE transition table: which command, in which state, by whom, leads where, and what decides it.

Buttons, forms, documents and tests are made from it. Whatever is not in it is refused, with a
sentence that says what would be allowed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain import commands as forms
from chalicelib.domain import deciders, follow_up, timers
from chalicelib.domain import events as ev
from chalicelib.domain.case import IN_DISPATCH, Case, State
from chalicelib.domain.clocks import Setting
from chalicelib.domain.people import Role

Decider = Callable[[Case, forms.Command, Setting], tuple[ev.Payload, ...]]

S, R = State, Role
_WORKERS = frozenset({R.HANDLER, R.DEPARTMENT_HEAD, R.AGENT, R.SUPERVISOR, R.MANAGER})
"""Anybody to whom a case can be assigned; the decider checks that it is this person's case."""
_LEADERS = frozenset({R.SUPERVISOR, R.MANAGER})
_DESK = frozenset({R.AGENT, R.SUPERVISOR, R.MANAGER})
_FOR_RESIDENT = frozenset({R.RESIDENT, R.AGENT, R.SUPERVISOR})
"""The resident, or the desk in the resident's name; the event says who it was."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `targets` are the states that it may lead to; `hint` helps a person choose."""

    command: str
    sources: frozenset[State]
    targets: frozenset[State]
    roles: frozenset[Role]
    form: type
    decider: Decider
    names: Mapping[str, str]


def _row(
    command: str,
    sources: frozenset[State] | set[State],
    targets: set[State] | None,
    roles: frozenset[Role] | set[Role],
    form: type,
    decider: Decider,
    zh: str,
    en: str,
) -> tuple[str, Transition]:
    stays = frozenset(sources) if targets is None else frozenset(targets)
    names = {"zh-CN": zh, "en": en}
    return command, Transition(command, frozenset(sources), stays, frozenset(roles), form, decider, names)


_AT_WORK = {S.SIGNED, S.PROPOSED, S.WORKING}

TABLE: Mapping[str, Transition] = dict(
    (
        # fmt: off
        _row("classify", IN_DISPATCH, None, _DESK, forms.ClassifyForm, deciders.classify, "更正分类", "Correct the classification"),
        _row("assign", IN_DISPATCH, {S.ASSIGNED}, {R.SYSTEM, R.DEPARTMENT_HEAD, *_LEADERS}, forms.AssignForm, deciders.assign, "派单", "Assign"),
        _row("sign", {S.ASSIGNED}, {S.SIGNED}, _WORKERS, forms.SignForm, deciders.sign, "签收", "Sign"),
        _row("decline", {S.ASSIGNED}, {S.REGISTERED}, _WORKERS, forms.ReasonForm, deciders.decline, "退单", "Decline"),
        _row("start", {S.SIGNED}, {S.WORKING}, _WORKERS, forms.NoteForm, deciders.start, "到场开工", "Start on site"),
        _row("propose", {S.SIGNED, S.WORKING}, {S.PROPOSED}, _WORKERS, forms.ProposeForm, deciders.propose, "提出方案", "Propose a plan"),
        _row("agree", {S.PROPOSED}, {S.WORKING}, _FOR_RESIDENT, forms.NoteForm, deciders.agree, "同意方案", "Agree to the plan"),
        _row("disagree", {S.PROPOSED}, {S.SIGNED}, _FOR_RESIDENT, forms.ReasonForm, deciders.disagree, "不同意方案", "Disagree with the plan"),
        _row("progress", _AT_WORK, None, _WORKERS, forms.RequiredNoteForm, deciders.progress, "记录进展", "Note progress"),
        _row("pause", _AT_WORK, None, _WORKERS, forms.PauseForm, deciders.pause, "暂停计时", "Pause"),
        _row("resume", _AT_WORK, None, _WORKERS, forms.NoteForm, deciders.resume, "恢复计时", "Resume"),
        _row("request_extension", _AT_WORK, None, _WORKERS, forms.ExtensionForm, deciders.request_extension, "申请延期", "Ask for an extension"),
        _row("grant_extension", _AT_WORK, None, {R.MANAGER}, forms.ReasonForm, deciders.grant_extension, "批准延期", "Grant the extension"),
        _row("refuse_extension", _AT_WORK, None, {R.MANAGER}, forms.ReasonForm, deciders.refuse_extension, "不批准延期", "Refuse the extension"),
        _row("complete", {S.SIGNED, S.WORKING}, {S.COMPLETED}, _WORKERS, forms.CompleteForm, deciders.complete, "办结", "Complete"),
        _row("rate", {S.COMPLETED}, {S.COMPLETED, S.CLOSED, S.REGISTERED}, {R.RESIDENT}, forms.RateForm, follow_up.rate, "评价", "Rate"),
        _row("record_revisit", {S.COMPLETED}, {S.COMPLETED, S.CLOSED, S.REGISTERED}, {R.DEPARTMENT_HEAD, *_DESK}, forms.RevisitForm, follow_up.record_revisit, "记录回访", "Record a revisit"),
        _row("reopen", {S.COMPLETED, S.CLOSED, S.REJECTED}, {S.REGISTERED}, {R.RESIDENT, *_LEADERS}, forms.ReasonForm, follow_up.reopen, "重新处理", "Reopen"),
        _row("close", {S.COMPLETED}, {S.CLOSED}, _LEADERS, forms.RequiredNoteForm, follow_up.close, "关闭", "Close"),
        _row("archive", {S.CLOSED}, {S.ARCHIVED}, _LEADERS, forms.ArchiveForm, follow_up.archive, "归档", "Archive"),
        _row("reject", {S.REGISTERED, S.ASSIGNED, S.SIGNED, S.WORKING}, {S.REJECTED}, _LEADERS, forms.RejectForm, deciders.reject, "核实不属实", "Reject as untrue"),
        _row("object", {S.REJECTED}, {S.REJECTED}, _FOR_RESIDENT, forms.ReasonForm, follow_up.object_to, "提出异议", "Object"),
        _row("uphold", {S.REJECTED}, {S.CLOSED}, {R.MANAGER}, forms.RequiredNoteForm, follow_up.uphold, "维持结论", "Uphold the rejection"),
        _row("withdraw", IN_DISPATCH, {S.WITHDRAWN}, _FOR_RESIDENT, forms.ReasonForm, deciders.withdraw, "撤回", "Withdraw"),
        _row("merge", IN_DISPATCH, {S.MERGED}, _LEADERS, forms.MergeForm, deciders.merge, "并入其他工单", "Merge into another case"),
        _row("urge", IN_DISPATCH, None, _FOR_RESIDENT, forms.NoteForm, deciders.urge, "催办", "Urge"),
        _row("escalate", IN_DISPATCH, None, _WORKERS, forms.ReasonForm, follow_up.escalate, "上报", "Escalate"),
        _row("fire_timers", {*IN_DISPATCH, S.COMPLETED}, None, {R.SYSTEM}, forms.TimersForm, timers.fire, "到时处理", "Fire what is due"),
        # fmt: on
    )
)
"""Command name → its row. `register` is not here: it has no case to start from (services/intake.py)."""


def allowed(case: Case, role: Role) -> tuple[Transition, ...]:
    """The rows open to a role in the case's present state, in the order of the table; guards may still refuse."""
    return tuple(row for row in TABLE.values() if role in row.roles and case.state in row.sources)
