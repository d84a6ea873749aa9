"""Who may see a case, and the name, unit and phone of who reported it (E8, G8, G13).

The one place that decides.
"""

from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.events import Classification
from chalicelib.domain.case.kept_away import kept_away_from
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import FRONT_DESK, MANAGERS, Role
from chalicelib.domain.deadlines.timer_key import timer_key
from chalicelib.domain.errors import DomainError, NotAllowedError

COMMUNITY_WIDE = frozenset({Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD})
"""The roles that see every case of their community."""

CASE_READERS = COMMUNITY_WIDE | {Role.DEPARTMENT_HEAD, Role.HANDLER}
"""The roles that see cases at all.

The committee reads figures only, and a machine only files reports.
"""


def may_see(member: Member, case: Case) -> bool:
    """Whether a case lies within the member's duty (E8).

    Community-wide roles see all cases. The head of a department sees the department's and whatever is the
    head's own work. A handler sees the own work: what they handle, took in as long as it is open (A9),
    revisit, or review (D7), and an emergency of which they were told (A6). A complaint about a person nobody
    sees of those who are kept away from it (G13).
    """
    if case.community != member.community.id or member.role not in CASE_READERS:
        return False
    if member.username in kept_away_from(case, member.community):
        return False
    if member.role in COMMUNITY_WIDE or _is_own(member, case) or _is_alarmed(member, case):
        return True
    return member.role is Role.DEPARTMENT_HEAD and case.classification.department in member.departments


CLIMBED_TO = frozenset({Role.DEPARTMENT_HEAD, *MANAGERS})
"""Whoever acts on a case once it has climbed to their rank."""

IN_THE_UNIT = frozenset(
    {"flooding", "drain_blocked", "leak_fixture", "leak_pipe", "seepage", "door_window", "home_other",
     "power_outage", "water_outage", "pests", "fire", "medical"}
)  # fmt: skip
"""The matters that somebody goes into the reporter's own unit for."""


def is_work_in_the_unit(about: Classification) -> bool:
    """Whether the work is in the unit that reported it: then whoever may see the case needs the unit (E8).

    An emergency always is, for somebody has to go there.
    """
    return about.urgency == "emergency" or (about.matter in IN_THE_UNIT and about.kind != "complaint")


def sees_contact(member: Member, case: Case) -> bool:
    """Whether the member needs to know now who reported the case (E8, G8, G13).

    The desk does. A handler while the case is theirs, a leader while they act on it: it is theirs, they
    signed for it, revisit or review it, it waits for their decision, or it has climbed to their rank in this
    round. Whoever was drawn to ask again after the closing (G6). Of a resident who is shielded nobody sees it
    without a reason.
    """
    if case.report.shielded or not may_see(member, case):
        return False
    if member.role in FRONT_DESK:  # has to know who calls
        return True
    if case.follow_up.ask_again_after is not None and case.follow_up.revisitor == member.username:
        return True
    return (case.state in OPEN or bool(case.open_points)) and _acts_on(member, case)


def is_phone_on_work_link(case: Case) -> bool:
    """Whether the work link shows the phone: the work goes on, and nobody is shielded (E8, G13)."""
    return case.state in GOES_ON and not case.report.shielded


def why_not_revealed(member: Member, case: Case) -> DomainError | None:
    """Why the member cannot see, with a reason, who reported a visible case; None if they can.

    A shielded resident is never revealed to whoever works on the case.
    """
    works_on_it = member.role in {Role.HANDLER, Role.DEPARTMENT_HEAD} or member.username in {
        case.assignment.handler,
        case.assignment.signed_by,
    }
    if case.report.shielded and works_on_it:
        return NotAllowedError(
            "The resident asked that whoever works on this case does not learn who reported it; "
            "the desk can reach them for you.",
            "shielded",
        )
    return None


def _acts_on(member: Member, case: Case) -> bool:
    waits_for_manager = case.state is State.OBJECTED or case.clocks.extension_request is not None
    return (
        _is_own(member, case)
        or _is_alarmed(member, case)
        or member.username == case.assignment.signed_by
        or (member.role is Role.MANAGER and waits_for_manager)
        or (member.role in CLIMBED_TO and any(timer_key(key).rank == member.role for key in case.fired))
    )


def _is_alarmed(member: Member, case: Case) -> bool:
    """Whether the member was told of the emergency that the case still is: whoever can help needs to know."""
    return case.alarm is not None and member.username in case.alarm.told and case.state in IN_DISPATCH


def _is_own(member: Member, case: Case) -> bool:
    return member.username in {
        case.answerable,
        case.first_asked if case.is_listed else case.answerable,
        case.assignment.handler,
        case.follow_up.revisitor,
        *case.follow_up.review_group,
    }
