"""Who speaks for a department: its head, or whoever stands in (B9, C16, S0)."""

from datetime import datetime

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import MANAGERS, Role
from chalicelib.domain.dispatch.ranks import ABOVE_HANDLERS, holders


def heads_of(department: str, community: Community) -> tuple[Staff, ...]:
    """The heads of a department; where it has none, whoever holds the next rank; empty where nobody does."""
    ranks = (tuple(holders(community, rank, department)) for rank in ABOVE_HANDLERS)
    return next(filter(None, ranks), ())


def speaks_for(username: str, department: str, community: Community, at: datetime) -> bool:
    """Whether somebody's word is the head's: prices on no list, results that are signed off.

    That is the head, or a manager; the supervisor while no head is on duty.
    """
    member, heads = community.member(username), heads_of(department, community)
    if member is None:
        return False
    if member.role in MANAGERS or member in heads:
        return True
    away = all(community.is_off_duty(head.username, at) for head in heads)
    return away and member.role is Role.SUPERVISOR
