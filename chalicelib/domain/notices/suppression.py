"""Whether a notice still makes sense for its case (G3).

What else keeps it from leaving: it waits for the morning (until_morning.py), another message says it
(grouping.py), its reader knows the time (changed_times.py), or delivery finds no address or a cap
(services/notices).
"""

from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.money import costs_nothing
from chalicelib.domain.case.visit_deadlines import standing_visit
from chalicelib.domain.community.roles import Role
from chalicelib.domain.notices.acceptance_told import OF_THE_ACCEPTANCE, why_not_asked
from chalicelib.domain.notices.details import NEWS, NEXT, NEXT_DANGER, OF_DANGER, POINT
from chalicelib.domain.notices.kinds import OF_THE_TRACK, RESIDENT_ID, Notice, NoticeKind
from chalicelib.domain.notices.malicious_told import PROPOSED
from chalicelib.domain.notices.replies_told import OF_THE_REPLY, why_nothing_is_asked
from chalicelib.domain.notices.sign_off_told import OF_THE_SIGN_OFF, why_not_of_the_sign_off
from chalicelib.domain.regulation.limits import INTERNAL_CLOCKS, Clock
from chalicelib.domain.work.verification import is_found_untrue


def why_suppressed(notice: Notice, case: Case) -> str | None:
    """The reason, as a code word, why the notice makes no sense any more.

    None if it does, for the case as it stands now.
    """
    if notice.kind is NoticeKind.REPORT_OWED:  # a new round changes nothing in what is owed, or was handed on
        return _unless(case.report_duty.owed, "done")
    if notice.kind in {NoticeKind.REPORT_FILED, NoticeKind.POINT_ANSWERED, NoticeKind.IN_YOUR_NAME}:
        return None
    if notice.kind in {NoticeKind.CODE, NoticeKind.REPLY}:  # whatever becomes of the case
        return None
    if notice.kind is NoticeKind.REVISIT_REMINDER and notice.detail == POINT:
        return _unless(bool(case.open_points), "answered")
    if notice.kind is NoticeKind.MEASURE:  # measures outlast rounds and endings (B12)
        return _unless(bool(case.open_measures), "done")
    if notice.kind in OF_THE_REPLY:
        return why_nothing_is_asked(notice, case)
    if notice.kind in OF_THE_ORDER:  # a bill stays owed, and a refusal unsigned, whatever comes back
        return _why_not_of_the_order(notice, case)
    if notice.kind in OF_THE_TRACK:
        return _why_not_of_the_track(notice, case)
    if notice.created_at < case.clocks.started_at:
        return "new_round"
    if notice.kind in OF_THE_SIGN_OFF:
        return why_not_of_the_sign_off(notice, case)
    if notice.kind in OF_THE_ACCEPTANCE:
        return why_not_asked(case)
    match notice.kind:
        case NoticeKind.REGISTERED if notice.created_at < case.met.get(Clock.SORT, notice.created_at):
            return "told_already"  # sorted since: the next receipt says the same and more
        case NoticeKind.REGISTERED:
            return "withdrawn" if case.state is State.WITHDRAWN else None
        case NoticeKind.ALERT if notice.detail in {NEXT, NEXT_DANGER} and not _alarm_waits(case):
            return "confirmed"
        case NoticeKind.ALERT if notice.detail in OF_DANGER:
            return _unless(case.state in IN_DISPATCH) or _unless(not case.sorting.is_decided, "done")
        case NoticeKind.COMPLETED | NoticeKind.SURVEY_REMINDER if notice.version < case.work.link_version:
            return "new_round"  # completed again in the same instant: its link would be the new survey's
        case NoticeKind.COMPLETED | NoticeKind.SURVEY_REMINDER:
            return "rated" if case.rating else _unless(case.state is State.COMPLETED)
        case NoticeKind.ASSIGNED:
            is_newest = notice.version == case.assignment.link_version
            mine = is_newest and notice.recipient == case.assignment.handler
            return _unless(case.state in IN_DISPATCH) or _unless(mine, "reassigned")
        case NoticeKind.REMINDER | NoticeKind.OVERDUE | NoticeKind.ESCALATED:
            return _why_not_chased(notice, case)
        case NoticeKind.AGREED | NoticeKind.DISAGREED | NoticeKind.URGED | NoticeKind.EXTENSION_DECIDED:
            mine = notice.recipient == case.assignment.handler
            return _unless(case.state in IN_DISPATCH) or _unless(mine, "reassigned")
        case NoticeKind.ADDED:
            is_mine = case.state not in IN_DISPATCH or notice.recipient == case.assignment.handler
            return _unless(case.state in GOES_ON) or _unless(is_mine, "reassigned")
        case NoticeKind.PRICE_ASKED:
            mine = notice.recipient == case.assignment.handler
            return _unless(case.work.price_asked, "answered") or _unless(mine)
        case NoticeKind.APPOINTED | NoticeKind.TO_VISIT:
            current = standing_visit(case) is not None and case.state in IN_DISPATCH
            to_whom = notice.recipient in {RESIDENT_ID, case.assignment.handler}
            return _unless(current) or _unless(to_whom, "reassigned")
        case NoticeKind.VISIT_PROPOSED | NoticeKind.VISIT_WANTED:
            waiting = case.work.proposed_visit
            return _unless(case.state in IN_DISPATCH) or _unless(
                waiting is not None and waiting.version == notice.version, "answered"
            )
        case NoticeKind.REFERRED:
            return _unless(case.state is State.REFERRED)
        case NoticeKind.PROPOSED:
            return _unless(case.state is State.PROPOSED)
        case NoticeKind.TIME_KEPT:
            return _unless(case.state in IN_DISPATCH and bool(case.clocks.kept), "decided")
        case NoticeKind.EXTENSION_ASKED:
            return _unless(case.clocks.extension_request is not None, "decided")
        case NoticeKind.REVISIT | NoticeKind.REVISIT_REMINDER:
            return _unless(case.follow_up.revisitor == notice.recipient, "revisited")
        case NoticeKind.PROMISED:
            return _unless(case.follow_up.promised_until is not None, "answered")
        case NoticeKind.FOUND_UNTRUE:
            return _unless(is_found_untrue(case), "decided")
        case NoticeKind.REJECTED:
            return _unless(case.state in {State.REJECTED, State.OBJECTED})
        case NoticeKind.OBJECTED:
            return _unless(case.state is State.OBJECTED)
        case NoticeKind.FAULT if notice.detail == "closed":
            return _unless(case.state in {State.CLOSED, State.ARCHIVED})
        case NoticeKind.CLOSED:
            return _unless(case.state in {State.CLOSED, State.ARCHIVED})
        case NoticeKind.MERGED:
            return _unless(case.state is State.MERGED)
        case NoticeKind.INCIDENT if notice.detail == NEWS:
            return _unless(case.is_joined or case.leads)
        case NoticeKind.INCIDENT if case.work.solved_with is not None:
            return _unless(case.state in {State.COMPLETED, State.CLOSED, State.ARCHIVED})
        case NoticeKind.INCIDENT:
            shared = case.ending.shared
            return _unless(shared is not None and shared.outcome == notice.detail)
        case NoticeKind.TO_CALL:
            return _unless(bool(case.telling.to_call), "answered")
        case NoticeKind.PAUSED:
            return _unless(case.clocks.pause is not None and case.clocks.pause.since == notice.created_at)
        case NoticeKind.CALLED_OFF:
            return _unless(case.state not in IN_DISPATCH or case.assignment.handler != notice.recipient)
        case _:
            return _unless(case.state in IN_DISPATCH)


def _alarm_waits(case: Case) -> bool:
    return case.alarm is not None and case.alarm.waits


def _unless(holds: bool, reason: str = "case_moved_on") -> str | None:
    return None if holds else reason


def _why_not_chased(notice: Notice, case: Case) -> str | None:
    """Why a reminder or rung has lost its sense: met, moved, or passed on."""
    if notice.detail == "revisit":
        last_at = case.follow_up.last_reached_at
        reached = last_at is not None and last_at >= notice.created_at
        return _unless(case.state is State.COMPLETED and not reached, "revisited")
    if notice.detail == "returns":
        return _unless(case.state in {State.CLOSED, State.ARCHIVED})
    if notice.detail == Clock.WRITTEN_REPORT and not case.report_duty.owed:
        return "done"
    running = {deadline.clock for deadline in case.open} if case.state in OPEN else set()
    if case.state not in IN_DISPATCH and notice.detail not in {Clock.WRITTEN_REPORT, *running}:
        return "case_moved_on"
    if notice.detail in case.met:
        return "done"
    if notice.detail in set(Clock) and notice.detail not in case.deadlines:
        return "moved"  # a correction has ended the clock
    if notice.kind is NoticeKind.ESCALATED:
        return _unless(notice.detail == "by_hand" or notice.detail in case.overdue, "moved")
    if notice.kind is NoticeKind.REMINDER and notice.detail in INTERNAL_CLOCKS:
        return None
    if notice.recipient == case.first_asked and notice.recipient != case.assignment.handler:
        return _why_moved(notice, case)  # whoever took the case in follows it, whosever the work is (A9)
    before = {*case.assignment.everybody, *case.assignment.former_handlers} - {case.assignment.handler}
    reminded = notice.kind is NoticeKind.REMINDER and case.assignment.handler is not None
    if notice.recipient != case.assignment.handler and (reminded or notice.recipient in before):
        return "reassigned"  # being late is told to others too, where the handler is off duty
    return _why_moved(notice, case)


def _why_moved(notice: Notice, case: Case) -> str | None:
    """Why nobody is chased: the clock began anew or is not late any more."""
    if notice.kind is NoticeKind.REMINDER:
        started = (
            deadline.started_at for clock, deadline in case.deadlines.items() if clock == notice.detail
        )
        return _unless(not any(started_at > notice.created_at for started_at in started), "moved")
    return _unless(notice.detail in case.overdue, "moved")


OF_THE_ORDER = frozenset(
    {NoticeKind.BILLED, NoticeKind.FREED, NoticeKind.INFEASIBLE, NoticeKind.REFUSED, NoticeKind.PRICE_OWED}
)


def _why_not_of_the_order(notice: Notice, case: Case) -> str | None:
    """A bill is told while owed, a refusal while unsigned, a price until named."""
    match notice.kind:
        case NoticeKind.BILLED:
            owed = case.order.owed
            return _unless(owed is not None and owed.at == notice.created_at, "answered")
        case NoticeKind.INFEASIBLE:
            return _unless(case.order.infeasible is not None, "answered")
        case NoticeKind.FREED:
            return _unless(costs_nothing(case.payer), "answered")
        case NoticeKind.REFUSED:
            return _unless(case.order.unsigned_refusal is not None, "answered")
        case _:
            return _unless(case.work.unlisted and case.state in IN_DISPATCH, "answered")


def _why_not_of_the_track(notice: Notice, case: Case) -> str | None:
    """Rounds and states of the case change nothing in its malicious track (G14)."""
    track = case.track
    if track is None:
        return "decided"
    if notice.kind is NoticeKind.MARKED:
        return _unless(not track.lifted, "decided")
    mine = Role.MANAGER if notice.detail == PROPOSED else Role.COMPANY_HEAD
    return _unless(notice.kind is not NoticeKind.MALICIOUS or track.waits_for is mine, "decided")
