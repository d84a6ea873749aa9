"""The transition table: which command leads a case from where to where.

A row also says by whom, with which form, and what decides it. Buttons, forms, documents and tests are made
from the table. Whatever is not in it is refused, with a sentence that says what would be allowed. A row's
guard says why a command cannot be given although state and role allow it; `decide` and the list of possible
commands (possible.py) ask the same guard.
"""

from collections.abc import Mapping

from chalicelib.domain import order_rows, privacy_rows, timers
from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, OPEN, State
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.case.spoken import ReasonedWordForm, WordForm
from chalicelib.domain.community.roles import DESK, MANAGERS, VISITORS, WORKERS, Role
from chalicelib.domain.dispatch import alarm, assignment, escalation, responsibility, written_report
from chalicelib.domain.dispatch.forms import AssignForm, ReportForm, SignForm
from chalicelib.domain.follow_up import closing, points, reopening, revisits, second_asking, survey
from chalicelib.domain.follow_up import forms as asked
from chalicelib.domain.intake import (
    audit,
    calls,
    classification,
    files,
    identification,
    leading,
    merging,
    outside,
    same_incident,
)
from chalicelib.domain.intake import withdrawal as ending
from chalicelib.domain.intake.call_forms import AddWordsForm, CallBackForm, FillInForm, HearForm, LanguageForm
from chalicelib.domain.intake.forms import ClassifyForm, IdentifyForm, JoinForm, MergeForm, ShareForm
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.transition import SAME, Transition
from chalicelib.domain.transition import row as _row
from chalicelib.domain.work import (
    appointment,
    consent,
    extension,
    forms,
    free,
    malicious,
    pauses,
    payer,
    plan,
    progress,
    replanning,
    replies,
    suggestion,
    telling,
    verification,
)
from chalicelib.domain.work.resident_forms import (
    AgreedVisitForm,
    AnswerForm,
    AppointmentForm,
    DeliveryForm,
)

S, R = State, Role
_MANAGER = MANAGERS
_LEADERS = frozenset({R.SUPERVISOR, *_MANAGER})
_DESK = DESK
_ASSIGNERS = frozenset({R.SYSTEM, R.DEPARTMENT_HEAD, *_LEADERS})
_REOPENERS = frozenset({R.RESIDENT, *_LEADERS})
_TELLERS = frozenset({R.SYSTEM, *VISITORS})
_BY_WORD = frozenset({R.AGENT, R.SUPERVISOR})
"""The desk in a resident's name, by a form that says who spoke for the resident, when and how (A8)."""
_EITHER_SIDE = frozenset({R.RESIDENT, *WORKERS})
"""Whoever can propose a visit, and whoever can agree to it: the resident, or the company."""

_AT_WORK = {S.SIGNED, S.PROPOSED, S.WORKING}
_AT_HAND = {S.SIGNED, S.WORKING}
_VERIFIED = {S.REGISTERED, S.ASSIGNED, *_AT_HAND}
_FAULTED = {*GOES_ON, S.CLOSED, S.ARCHIVED}
_REPORTABLE = {*GOES_ON, S.CLOSED, S.REFERRED, S.WITHDRAWN, S.MERGED}
_ENDED = {S.CLOSED, S.ARCHIVED, S.REJECTED, S.OBJECTED, S.REFERRED}
_WRITABLE = frozenset(State) - {S.WITHDRAWN, S.ARCHIVED}
_OR_CLOSED = {SAME, S.CLOSED}
_OR_ENDED = {SAME, S.COMPLETED, S.CLOSED}
"""What settles the reply to a letter lets its closing go on (A12), or has answered an inquiry (A9)."""
_ANSWERED = {SAME, S.CLOSED, S.REGISTERED}
"""Where the resident's word may lead: more to ask, the end, or a new round."""

# fmt: off
TABLE: Mapping[str, Transition] = dict((
    # command, from, to, by, with, decided by, and the guard that is asked before
    _row("classify", IN_DISPATCH, {SAME, S.REGISTERED}, _DESK, ClassifyForm, classification.classify),
    _row("judge_classification", set(S), {SAME}, _LEADERS, audit.JudgeForm, audit.judge,
         audit.why_not_judged),
    _row("identify", frozenset(State) - {S.WITHDRAWN}, {SAME, S.REGISTERED}, _LEADERS, IdentifyForm,
         identification.identify),
    _row("call_back", IN_DISPATCH, {SAME, S.REGISTERED}, _DESK, CallBackForm, calls.call_back,
         calls.why_not_called_back),
    _row("give_up_call_back", {S.REGISTERED}, {S.CLOSED}, _DESK, NoteForm, calls.give_up_call_back,
         calls.why_not_given_up),
    _row("fill_in", GOES_ON, {SAME, S.REGISTERED}, _DESK, FillInForm, calls.fill_in, calls.why_not_filled_in),
    _row("add_words", GOES_ON, {SAME, S.REGISTERED}, {R.RESIDENT}, AddWordsForm, calls.add_words,
         calls.why_not_filled_in),
    _row("choose_language", _WRITABLE, {SAME}, {R.RESIDENT}, LanguageForm, calls.choose_language),
    _row("hear", set(S), {SAME, S.REGISTERED}, {R.SYSTEM}, HearForm, calls.hear, calls.why_not_heard),
    _row("add_files", {*OPEN, S.REJECTED, S.MERGED, S.CLOSED}, {SAME}, _EITHER_SIDE, files.FilesForm,
         files.add_files, files.why_no_files_added),
    _row("confirm_alarm", IN_DISPATCH, {SAME}, WORKERS, NoteForm, alarm.confirm, alarm.why_not_confirmed),
    _row("assign", IN_DISPATCH, {S.ASSIGNED}, _ASSIGNERS, AssignForm, assignment.assign,
         responsibility.why_unsorted),
    _row("sign", {S.ASSIGNED}, {S.SIGNED}, WORKERS, SignForm, assignment.sign,
         responsibility.why_not_responsible),
    _row("decline", {S.ASSIGNED}, {S.REGISTERED}, WORKERS, ReasonForm, assignment.decline,
         responsibility.why_not_responsible),
    _row("arrive", _AT_WORK, {SAME}, WORKERS, NoteForm, progress.arrive, progress.why_not_arrived),
    _row("start", {S.SIGNED}, {S.WORKING}, WORKERS, NoteForm, progress.start, progress.why_not_worked_on),
    _row("propose", _AT_HAND, {S.PROPOSED, SAME}, WORKERS, forms.ProposeForm, plan.propose,
         plan.why_not_proposed),
    _row("report_cause", _AT_HAND, {SAME}, WORKERS, forms.CauseForm, plan.report_cause,
         responsibility.why_not_responsible),
    _row("agree", {S.PROPOSED}, {S.WORKING}, {R.RESIDENT}, NoteForm, plan.agree, free.why_not_agreed_to),
    _row("disagree", {S.PROPOSED}, {S.SIGNED}, {R.RESIDENT}, ReasonForm, plan.disagree),
    _row("record_agreement", {S.PROPOSED}, {S.WORKING}, _DESK, WordForm, consent.record_agreement,
         free.why_no_agreement_recorded),
    _row("record_refusal", {S.PROPOSED}, {S.SIGNED}, _DESK, ReasonedWordForm, consent.record_refusal,
         consent.why_not_recorded),
    _row("ask_price", _VERIFIED, {SAME}, {R.RESIDENT}, NoteForm, plan.ask_price, plan.why_no_price_asked),
    _row("record_price_request", _VERIFIED, {SAME}, _BY_WORD, WordForm, plan.record_price_request,
         plan.why_no_price_asked),
    _row("declare_charge", _VERIFIED, {SAME}, WORKERS, forms.ChargeForm, plan.declare_charge,
         payer.why_no_cost),
    _row("find_infeasible", _VERIFIED, {SAME}, WORKERS, ReasonForm, plan.find_infeasible,
         plan.why_not_infeasible),
    _row("state_payer", {*IN_DISPATCH, S.COMPLETED}, {SAME}, WORKERS, payer.PayerForm, payer.state_payer,
         payer.why_no_cost),
    _row("find_payer", IN_DISPATCH, {SAME}, {R.SYSTEM}, payer.FoundForm, payer.find_payer,
         payer.why_not_found),
    _row("record_loss", {*OPEN, S.CLOSED}, {SAME}, _DESK, payer.LossForm, payer.record_loss),
    *order_rows.ROWS,
    _row("progress", _AT_WORK, {SAME}, WORKERS, RequiredNoteForm, progress.progress,
         responsibility.why_neither_own_nor_desk),
    _row("answer", set(S), {SAME, S.COMPLETED}, WORKERS, AnswerForm, telling.answer,
         telling.why_not_answered),
    _row("draft_reply", _WRITABLE, {SAME}, WORKERS, replies.DraftReplyForm, replies.draft,
         replies.why_not_drafted),
    _row("approve_reply", _WRITABLE, {SAME}, _LEADERS, replies.ApproveReplyForm, replies.approve,
         replies.why_no_draft),
    _row("return_reply", _WRITABLE, {SAME}, _LEADERS, ReasonForm, replies.send_back, replies.why_no_draft),
    _row("post_reply", set(S), _OR_ENDED, _DESK, replies.PostReplyForm, replies.post,
         replies.why_not_posted),
    _row("waive_reply", set(S), _OR_CLOSED, _LEADERS, ReasonForm, replies.waive, replies.why_not_waived),
    _row("record_delivery", set(S), _OR_ENDED, {R.SYSTEM}, DeliveryForm, telling.record_delivery),
    _row("propose_appointment", IN_DISPATCH, {SAME}, _EITHER_SIDE, AppointmentForm, appointment.propose_visit,
         appointment.why_no_visit_proposed),
    _row("accept_appointment", IN_DISPATCH, {SAME}, _EITHER_SIDE, NoteForm, appointment.accept_visit,
         appointment.why_visit_not_answered),
    _row("decline_appointment", IN_DISPATCH, {SAME}, _EITHER_SIDE, NoteForm, appointment.decline_visit,
         appointment.why_visit_not_answered),
    _row("agree_appointment", IN_DISPATCH, {SAME}, _DESK, AgreedVisitForm, appointment.agree_visit,
         appointment.why_not_agreed),
    _row("pause", _AT_WORK, {SAME}, WORKERS, forms.PauseForm, pauses.pause, pauses.why_not_paused),
    _row("resume", IN_DISPATCH, {SAME}, WORKERS, NoteForm, pauses.resume, pauses.why_not_resumed),
    _row("request_extension", _AT_WORK, {SAME}, WORKERS, forms.ExtensionForm, extension.request_extension,
         extension.why_no_extension_requested),
    _row("grant_extension", IN_DISPATCH, {SAME}, _MANAGER, ReasonForm, extension.grant_extension,
         extension.why_no_extension_granted),
    _row("refuse_extension", IN_DISPATCH, {SAME}, _MANAGER, ReasonForm, extension.refuse_extension,
         extension.why_no_extension_decided),
    _row("replan", IN_DISPATCH, {SAME}, {R.SYSTEM, *_MANAGER}, forms.ReplanForm, replanning.replan),
    _row("complete", _AT_HAND, {S.COMPLETED, S.WORKING}, WORKERS, forms.CompleteForm, progress.complete,
         suggestion.why_not_completed),
    _row("decide_suggestion", _VERIFIED, {S.COMPLETED}, _MANAGER, forms.SuggestionForm, suggestion.decide,
         suggestion.why_not_decided),
    _row("rate", {S.COMPLETED}, _ANSWERED, {R.RESIDENT}, asked.RateForm, survey.rate, survey.why_not_rated),
    _row("record_revisit", {S.COMPLETED}, _ANSWERED, VISITORS, asked.RevisitForm, revisits.record_revisit,
         revisits.why_not_revisited),
    _row("answer_point", frozenset(State), {SAME}, VISITORS, asked.AnswerPointForm,
         points.answer_point, points.why_no_point_answered),
    _row("ask_again", {S.CLOSED, S.ARCHIVED}, {SAME}, VISITORS, asked.AskAgainForm, second_asking.ask_again,
         second_asking.why_not_asked_again),
    _row("notify_worker", _FAULTED, {SAME}, _TELLERS, RequiredNoteForm, revisits.notify_worker,
         revisits.why_not_notified),
    _row("reopen", {S.COMPLETED, *_ENDED, S.WITHDRAWN}, {S.REGISTERED}, _REOPENERS, ReasonForm,
         reopening.reopen, reopening.why_not_reopened),
    _row("record_return", {S.COMPLETED, *_ENDED}, {S.REGISTERED}, _DESK, ReasonedWordForm,
         reopening.record_return, reopening.why_no_return_recorded),
    _row("close", {S.COMPLETED}, {S.CLOSED}, _LEADERS, RequiredNoteForm, closing.close,
         closing.why_not_closed),
    _row("file_report", _REPORTABLE, {SAME}, WORKERS, ReportForm, written_report.file_report,
         written_report.why_not_reported),
    _row("archive", {S.CLOSED}, {S.ARCHIVED}, _LEADERS, asked.ArchiveForm, closing.archive,
         closing.why_not_archived),
    _row("verify", {*_VERIFIED, S.PROPOSED}, {SAME}, WORKERS, forms.VerifyForm, verification.verify,
         verification.why_not_verified),
    _row("reject", _VERIFIED, {S.REJECTED}, _LEADERS, forms.RejectForm, verification.reject,
         verification.why_not_rejected),
    _row("object", {S.REJECTED}, {S.OBJECTED}, {R.RESIDENT}, ReasonForm, verification.object_to),
    _row("record_objection", {S.REJECTED}, {S.OBJECTED}, _BY_WORD, ReasonedWordForm,
         verification.record_objection, verification.why_no_objection_recorded),
    _row("uphold", {S.OBJECTED}, {S.CLOSED}, _MANAGER, RequiredNoteForm, verification.uphold,
         verification.why_not_upheld),
    _row("refer", {*_VERIFIED, S.PROPOSED}, {S.REFERRED}, _LEADERS, forms.ReferForm, verification.refer,
         verification.why_not_referred),
    _row("withdraw", IN_DISPATCH, {S.WITHDRAWN}, {R.RESIDENT}, ReasonForm, ending.withdraw,
         ending.why_not_withdrawn),
    _row("record_withdrawal", IN_DISPATCH, {S.WITHDRAWN}, _BY_WORD, ReasonedWordForm,
         ending.record_withdrawal, ending.why_no_withdrawal_recorded),
    _row("merge", IN_DISPATCH, {S.MERGED}, _LEADERS, MergeForm, ending.merge,
         identification.why_not_merged),
    _row("open_incident", IN_DISPATCH, {SAME}, _DESK, leading.OpenIncidentForm, leading.open_incident,
         leading.why_not_opened),
    _row("tell_incident", IN_DISPATCH, {SAME}, _DESK, RequiredNoteForm, leading.tell_incident,
         leading.why_not_told),
    _row("dissolve_incident", IN_DISPATCH, {SAME}, _DESK, ReasonForm, leading.dissolve_incident,
         leading.why_not_leading),
    _row("join_incident", IN_DISPATCH, {S.MERGED}, {R.RESIDENT, R.SYSTEM, *_DESK},
         same_incident.JoinIncidentForm, same_incident.join_incident, same_incident.why_not_joined_to),
    _row("leave_incident", {S.MERGED}, {S.REGISTERED}, {R.RESIDENT, R.SYSTEM, *_DESK}, NoteForm,
         same_incident.leave_incident, same_incident.why_not_left),
    _row("solve_joined", {S.MERGED}, {S.COMPLETED}, {R.SYSTEM}, same_incident.SolvedForm,
         same_incident.solve_joined),
    _row("join", set(S), {SAME}, {R.SYSTEM}, JoinForm, merging.join),
    _row("part", set(S), {SAME}, {R.SYSTEM}, JoinForm, merging.part),
    _row("set_free", {S.MERGED}, {S.REGISTERED}, {R.SYSTEM}, JoinForm, merging.set_free),
    _row("identify_merged", {S.MERGED}, {SAME}, {R.SYSTEM}, IdentifyForm, identification.identify_merged),
    _row("share_result", {S.MERGED}, {SAME}, {R.SYSTEM}, ShareForm, merging.share),
    _row("urge", IN_DISPATCH, {SAME}, {R.RESIDENT}, NoteForm, escalation.urge, escalation.why_not_urged),
    _row("record_urge", IN_DISPATCH, {SAME}, _BY_WORD, WordForm, escalation.record_urge,
         escalation.why_not_urged),
    _row("escalate", IN_DISPATCH, {SAME}, WORKERS, ReasonForm, escalation.escalate,
         escalation.why_not_escalated),
    _row("record_outside_call", GOES_ON, {SAME}, WORKERS, outside.OutsideCallForm, outside.record_call,
         outside.why_no_call_recorded),
    _row("propose_malicious", set(S), {SAME}, {R.SUPERVISOR}, malicious.MaliciousForm, malicious.propose,
         malicious.why_not_proposed),
    _row("confirm_malicious", set(S), {SAME}, {R.MANAGER}, ReasonForm, malicious.confirm,
         malicious.why_not_confirmed),
    _row("dismiss_malicious", set(S), {SAME}, {R.MANAGER}, ReasonForm, malicious.dismiss,
         malicious.why_not_decided),
    _row("appeal", set(S), {SAME}, {R.RESIDENT}, ReasonForm, malicious.appeal, malicious.why_no_appeal),
    _row("record_appeal", set(S), {SAME}, _DESK, ReasonedWordForm, malicious.record_appeal,
         malicious.why_no_appeal),
    _row("decide_appeal", set(S), {SAME}, {R.COMPANY_HEAD}, malicious.AppealDecisionForm,
         malicious.decide_appeal, malicious.why_no_appeal_decided),
    *privacy_rows.ROWS,
    _row("fire_timers", set(S), {SAME, S.CLOSED}, {R.SYSTEM}, TimersForm, timers.fire),
))
# fmt: on
"""The transition table: a command's name → its row.

`register` is not here: there is no case yet (domain/intake/registration.py).
"""
