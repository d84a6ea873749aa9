"""Links in messages: a short opaque code for one purpose, case and person (G8).

A code is stored only as its hash. It expires by its date, and is revoked by the case itself: what a link may
do is worked out from the case as it stands, so nothing has to be withdrawn anywhere.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import GoneError

CODE_LENGTH = 10
"""Characters of a code."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Base 58: no two characters that a person reading an SMS aloud would mix up."""


class Purpose(StrEnum):
    """What a link is for: following the case, working on it, rating it, or having its emergency in hand."""

    TRACK = "track"
    WORK = "work"
    RATE = "rate"
    ALERT = "alert"


OF_STAFF = frozenset({Purpose.WORK, Purpose.ALERT})
"""The purposes of links that staff get, each for one person."""

COMMANDS_BY_PURPOSE = {
    Purpose.TRACK: (
        "agree",
        "disagree",
        "ask_price",
        "propose_appointment",
        "accept_appointment",
        "decline_appointment",
        "urge",
        "add_words",
        "add_files",
        "choose_language",
        "withdraw",
        "reopen",
        "object",
        "join_incident",
        "leave_incident",
        "appeal",
        "accept_work",
        "refuse_work",
    ),
    Purpose.WORK: (
        "sign",
        "decline",
        "arrive",
        "start",
        "verify",
        "propose",
        "report_cause",
        "declare_charge",
        "find_infeasible",
        "state_payer",
        "sign_agreement",
        "refuse_on_site",
        "compare_item",
        "use_material",
        "bill",
        "record_cost",
        "price_cost",
        "strike_cost",
        "refuse_payment",
        "propose_appointment",
        "accept_appointment",
        "decline_appointment",
        "progress",
        "answer",
        "draft_reply",
        "pause",
        "resume",
        "request_extension",
        "complete",
        "accept_work",
        "record_refused_work",
        "nobody_home",
        "plan_measure",
        "finish_measure",
        "add_files",
        "file_report",
        "escalate",
        "record_outside_call",
    ),
    Purpose.RATE: ("rate",),
    Purpose.ALERT: ("confirm_alarm", "record_outside_call"),
}
"""The commands that a link can give; the transition table still decides each."""


class Link(Struct, frozen=True):
    """What a link's code stands for.

    `subject` is `resident` or a username; the link came with the event of `since_version`. `registered_at` is
    the case's: should a number be given again after a restored backup, its codes differ.
    """

    purpose: Purpose
    community: str
    number: str
    round: int
    subject: str
    since_version: int
    registered_at: datetime
    expires_at: datetime

    def actor(self) -> Actor:
        """The actor as whom the link's holder acts."""
        return RESIDENT if self.purpose not in OF_STAFF else Actor(Role.HANDLER, self.subject)


def check_link(link: Link, case: Case, now: datetime) -> None:
    """Raise GoneError, with the reason, if the link is good no more."""
    if now >= link.expires_at:
        raise GoneError("This link has expired; ask the desk for the state of your case.", "link_expired")
    number = case.number
    if link.purpose is Purpose.WORK:
        assignment = case.assignment
        is_current = assignment.handler and link.since_version == assignment.link_version
        if not is_current:
            raise GoneError(
                f"Case {number} is no longer yours to work on; this link has ended.",
                "not_your_work",
                number=number,
            )
        if case.state not in GOES_ON:
            raise _no_work_left(case)
    elif link.purpose is Purpose.ALERT:
        is_told = case.alarm is not None and link.subject in case.alarm.linked
        if not is_told or link.round != case.round or case.state not in IN_DISPATCH:
            raise GoneError(
                f"The emergency of case {number} is over; this link has ended.", "alarm_over", number=number
            )
    elif link.purpose is Purpose.RATE:
        if any(rating.round == link.round for rating in case.tally.ratings):
            raise GoneError(
                f"Case {number} was rated already. Thank you; once is enough.", "rated_link", number=number
            )
        if link.since_version != case.work.link_version or case.state is not State.COMPLETED:
            raise GoneError(
                f"Case {number} is not waiting for a rating any more; this link has ended.",
                _why_no_rating(link, case),
                number=number,
            )


def _no_work_left(case: Case) -> GoneError:
    """What ends the link of whoever still is the handler."""
    number = case.number
    if case.state in {State.CLOSED, State.ARCHIVED}:
        return GoneError(f"Case {number} is closed; this link has ended.", "work_closed", number=number)
    return GoneError(
        f"Case {number} is not worked on any more; this link has ended.", "work_ended", number=number
    )


def _why_no_rating(link: Link, case: Case) -> str:
    """The reason why a survey has ended without its answer: above all what somebody put down as it (A8)."""
    if link.round == case.round:
        for revisit in reversed(case.follow_up.revisits):
            if revisit.outcome in _PUT_DOWN:
                return _PUT_DOWN[revisit.outcome]
    elif link.round == case.round - 1 and case.follow_up.returned_by == "revisit":
        return _PUT_DOWN[RevisitOutcome.DISSATISFIED]
    return "rating_closed" if case.state in {State.CLOSED, State.ARCHIVED} else "no_rating_awaited"


_PUT_DOWN = {
    RevisitOutcome.SATISFIED: "said_satisfied_link",
    RevisitOutcome.NEUTRAL: "said_neutral_link",
    RevisitOutcome.DISSATISFIED: "said_dissatisfied_link",
}
"""What a colleague wrote down as the resident's answer → why the survey waits for none."""

LIFETIME = {
    Purpose.TRACK: timedelta(days=365),
    Purpose.WORK: timedelta(days=90),
    Purpose.ALERT: timedelta(days=30),
}
"""How long a link lives at most; a survey's life is the regulation's."""


def link_for(case: Case, purpose: Purpose, survey_days: int, person: str = "") -> Link:
    """The link of that purpose that belongs to the case as it stands.

    The same case gives the same link: the present handler's, this round's survey, the resident's one
    tracking link for all rounds, or that of a `person` who was told of this round's emergency. ValueError if
    the case has no handler, nothing to rate, or no alarm.
    """
    round_number, version = case.round, 1
    subject: str | None = RESIDENT.id
    begins: datetime | None
    if purpose is Purpose.WORK:
        subject, version = case.assignment.handler, case.assignment.link_version
        begins = case.clocks.started_at
    elif purpose is Purpose.RATE:
        version, begins = case.work.link_version, case.work.completed_at
    elif purpose is Purpose.ALERT:
        subject, begins = person or None, case.alarm.raised_at if case.alarm else None
    else:
        round_number, begins = 1, case.registered_at
    if subject is None or begins is None:
        raise ValueError(f"Case {case.number} is {case.state}: there is no link to {purpose} it.")
    life = LIFETIME.get(purpose, timedelta(days=survey_days))
    return Link(
        purpose=purpose,
        community=case.community,
        number=case.number,
        round=round_number,
        subject=subject,
        since_version=version,
        registered_at=case.registered_at,
        expires_at=begins + life,
    )


def links_due(before: Case | None, after: Case, survey_days: int) -> tuple[Link, ...]:
    """The links that a command brings into being.

    `before` and `after` are the case before and after it: registered → to track, assigned → to work,
    completed → to rate, told of an emergency → to have it in hand.
    """
    found = []
    assigned_before = before.assignment.link_version if before else 0
    completed_before = before.work.link_version if before else 0
    if before is None:
        found.append(link_for(after, Purpose.TRACK, survey_days))
    if after.assignment.handler and after.assignment.link_version > assigned_before:
        found.append(link_for(after, Purpose.WORK, survey_days))
    if after.work.completed_at and after.work.link_version > completed_before:
        found.append(link_for(after, Purpose.RATE, survey_days))
    told_before = before.alarm.linked if before and before.alarm and before.round == after.round else ()
    told = after.alarm.linked if after.alarm else ()
    found += [
        link_for(after, Purpose.ALERT, survey_days, person) for person in told if person not in told_before
    ]
    return tuple(found)
