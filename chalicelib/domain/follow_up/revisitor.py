"""Who is asked to make the next revisit (D5, D6, G6)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.numbering import serial_of
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import Role
from chalicelib.domain.follow_up.quotas import draw_revisitor
from chalicelib.domain.follow_up.sampling import (
    _so_far,
    is_to_be_asked_again,
    owed_to_sample,
    seed_of,
    visitors,
)


def choose_revisitor(
    community: Community, at: datetime, never: frozenset[str], case_number: str
) -> str | None:
    """Who had no part in the work (G6): the desk in turn by serial, else the manager, else a head."""
    for roles in ((Role.AGENT, Role.SUPERVISOR), (Role.MANAGER,), (Role.DEPARTMENT_HEAD,)):
        people = [one for one in community.with_role(*roles) if one.username not in never]
        duty = community.on_duty("desk", at)
        people = [one for one in people if one.username in duty] or people
        if people:
            return people[serial_of(case_number) % len(people)].username
    return None


def draw(case: Case, key: str, due_at: datetime, at: datetime, setting: Setting) -> ev.RevisitDrawn:
    """Who is asked to make the next revisit.

    The sample comes first, then a second person to ask again, then the quotas, then the desk.
    """
    never, seed = case.assignment.everybody, seed_of(case.community, case.number)
    sampling = setting.regulation.sampling
    owed, again = owed_to_sample(case, setting), is_to_be_asked_again(case, setting.community)
    if again:
        never |= {str(case.follow_up.checked_revisitor)}
    quotas: dict[str, float] = {owed: 1.0} if owed else dict(sampling.quotas)
    if owed or (case.classification.kind in sampling.quota_kinds and not again):
        so_far = {} if owed else {rank: held(rank, setting) for rank in quotas}
        people = {rank: visitors(case, Role(rank), setting) for rank in quotas}
        drawn = draw_revisitor(seed, case.number, quotas, so_far, people, never)
        if drawn is not None:
            because = "sample" if owed else "quota"
            return ev.RevisitDrawn(key, drawn.person, due_at, drawn.role, because, seed, so_far)
    username = choose_revisitor(setting.community, at, never, case.number)
    member = setting.community.member(username) if username else None
    rank = member.role if member else None
    if again and username:
        return ev.RevisitDrawn(key, username, due_at, rank, "again", seed)
    return ev.RevisitDrawn(key, username, due_at, rank)


def held(rank: str, setting: Setting) -> int:
    """How many revisits the rank has made or is to make among the month's cases of the kinds with quotas."""
    kinds = setting.regulation.sampling.quota_kinds
    return sum(_so_far(setting, kinds, f"revisits_{what}_{rank}") for what in ("by", "due"))
