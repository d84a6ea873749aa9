"""Who may see a case, and the resident's phone and mail address on it (E8, G8)."""

from chalicelib.domain.case.case import GOES_ON, Case
from chalicelib.domain.case.kept_away import kept_away_from
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role

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
    revisit, or review (D7). A complaint about a person nobody sees of those who are kept away from it (G13).
    """
    if case.community != member.community.id or member.role not in CASE_READERS:
        return False
    if member.username in kept_away_from(case, member.community):
        return False
    if member.role in COMMUNITY_WIDE or _is_own(member, case):
        return True
    return member.role is Role.DEPARTMENT_HEAD and case.classification.department in member.departments


def sees_contact(member: Member, case: Case) -> bool:
    """Whether the member needs the resident's phone and mail address (G8).

    The desk does always, others for open work that they may see; and whoever was drawn to ask again after the
    case has closed (G6).
    """
    asks_again = case.follow_up.ask_again_after is not None and case.follow_up.revisitor == member.username
    needs_it = member.role in COMMUNITY_WIDE or case.state in GOES_ON or asks_again
    return may_see(member, case) and needs_it


def _is_own(member: Member, case: Case) -> bool:
    return member.username in {
        case.answerable,
        case.first_asked if case.is_listed else case.answerable,
        case.assignment.handler,
        case.follow_up.revisitor,
        *case.follow_up.review_group,
    }
