"""Who caused a notice: each source has its own budgets, and uses up nobody else's (A6, C3).

A stranger is whoever filed through the public form and has not shown that the number or address is theirs.
What follows from such a report is the stranger's too, timers included, until somebody of staff has signed.
"""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.notices.details import OF_DANGER
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeKind, Source


def is_of_a_stranger(case: Case) -> bool:
    """Whether the case came in through the public form: nobody at the desk has spoken to its reporter."""
    return case.report.taken_by == RESIDENT.id


def source_of(event: ev.Event, case: Case) -> Source:
    """The source of the notices that an event calls for; `case` as it is afterwards."""
    match event.actor.role:
        case Role.MACHINE:
            return Source.MACHINE
        case Role.RESIDENT:
            return Source.STRANGER if is_of_a_stranger(case) else Source.RESIDENT
        case Role.SYSTEM if is_of_a_stranger(case) and case.assignment.signed_by is None:
            return Source.STRANGER
        case _:
            return Source.STAFF


def reporter_of(notice: Notice, case: Case, *, confirmed: bool) -> Source:
    """The source that a notice counts for when it leaves.

    `confirmed`: the case's reporter has answered from its number or address. Whom a resident's message goes
    to, the reporter has typed: so it is a stranger's, whoever of staff has written it, until then.
    """
    if notice.recipient == RESIDENT_ID:
        return Source.STRANGER if is_of_a_stranger(case) and not confirmed else Source.RESIDENT
    return Source.RESIDENT if notice.source is Source.STRANGER and confirmed else notice.source


def is_emergency(notice: Notice, case: Case) -> bool:
    """Whether a message to staff is about an emergency, or words of danger: money never holds it back."""
    is_pressing = case.classification.urgency == "emergency" or notice.detail in OF_DANGER
    return is_pressing and notice.recipient != RESIDENT_ID


CHASES = frozenset(
    {
        NoticeKind.REMINDER,
        NoticeKind.OVERDUE,
        NoticeKind.ESCALATED,
        NoticeKind.REPORT_OWED,
    }
)
"""The kinds by which clocks chase staff."""


def is_chase(notice: Notice, case: Case, source: Source) -> bool:
    """Whether a clock chases about a stranger's report, not taken on yet, that can wait.

    Then a hundred such reports chase as little as one: they are told together. What is urgent waits for none.
    """
    return source is Source.STRANGER and is_ordinary_chase(notice.kind, notice.detail, case)


def is_ordinary_chase(kind: NoticeKind, detail: str | None, case: Case) -> bool:
    """Whether a clock chases about what can wait.

    Whoever has a mail address hears it by mail as well, and by mail alone once an SMS has chased them.
    """
    is_by_clock = kind in CHASES and detail != "by_hand"
    return is_by_clock and case.classification.urgency == "normal" and detail not in OF_DANGER
