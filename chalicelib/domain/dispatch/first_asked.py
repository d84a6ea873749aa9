"""Whoever took a case in follows it to its end (A9): 首问负责制."""

from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import STAFF_ROLES
from chalicelib.domain.dispatch.ranks import responsible


def follower(case: Case, community: Community) -> Staff | None:
    """The colleague who took the case in and follows it to the end (A9).

    None for what residents or machines filed, for who has left, and for who is kept away (G13).
    """
    member = community.member(case.first_asked)
    if member is None or member.role not in STAFF_ROLES:
        return None
    return member


def reached_of_first_asked(case: Case, at: datetime, context: Context) -> Staff | None:
    """Who hears for the first asked that a case is late; off duty, somebody stands in for them (G3)."""
    member = follower(case, context.community)
    if member is None:
        return None
    department = next(iter(member.departments), case.classification.department)
    order = context.regulation.stand_ins.order
    return responsible(context.community, member.username, department, at, order)
