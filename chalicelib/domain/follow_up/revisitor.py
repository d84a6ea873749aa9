"""Who is asked to make the next revisit (D5, D6, G6)."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.numbering import serial_of
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.follow_up.quotas import draw_revisitor
from chalicelib.domain.follow_up.sampling import month_so_far, owed_to_sample, seed_of, visitors


def choose_revisitor(
    community: Community, at: datetime, never: frozenset[str], case_number: str
) -> Staff | None:
    """The person of the desk whose turn it is to revisit (G6).

    Somebody who had no part in the work: the desk in turn by the case's serial, whoever is on duty first;
    else the manager, else a head. Three on duty, serial 7 → the second (7 leaves 1). None if there is nobody.
    """
    for roles in ((Role.AGENT, Role.SUPERVISOR), (Role.MANAGER,), (Role.DEPARTMENT_HEAD,)):
        people = [member for member in community.with_role(*roles) if member.username not in never]
        duty = community.on_duty("desk", at)
        people = [member for member in people if member.username in duty] or people
        if people:
            return people[serial_of(case_number) % len(people)]
    return None


def draw(case: Case, key: TimerKey, due_at: datetime, at: datetime, context: Context) -> ev.RevisitDrawn:
    """The event that asks somebody to make the next revisit.

    Somebody of the sample's rank, else by quota, else the desk in its turn; nobody who had a part in the
    work. `revisitor` is None if nobody else is left.
    """
    never, seed = case.assignment.everybody, seed_of(case.community, case.number)
    because, quotas, so_far = _quotas(case, context)
    people = {rank: visitors(case, Role(rank), context) for rank in quotas}
    pool = repairs_done(context) if because == "quota" else 0
    drawn = draw_revisitor(seed, case.number, quotas, so_far, people, never, pool)
    if drawn is not None:
        return ev.RevisitDrawn(key, drawn.person, due_at, drawn.role, because, seed, so_far, pool)
    member = choose_revisitor(context.community, at, never, case.number)
    username, rank = (member.username, member.role) if member else (None, None)
    return ev.RevisitDrawn(key, username, due_at, rank)


def _quotas(case: Case, context: Context) -> tuple[str, Mapping[str, float], Mapping[str, int]]:
    """(why, share by rank, what each rank has so far) of a draw.

    No shares where it is the desk's turn.
    """
    sampling = context.regulation.sampling
    owed = owed_to_sample(case, context)
    if owed is not None:
        return "sample", {owed: 1.0}, {}
    if case.classification.kind not in sampling.quota_kinds:
        return "turn", {}, {}
    return "quota", sampling.quotas, {rank: held(rank, context) for rank in sampling.quotas}


def held(rank: str, context: Context) -> int:
    """How many of the month's cases under a quota are the rank's.

    Those that it has revisited, and those that it is still to revisit.
    """
    kinds = context.regulation.sampling.quota_kinds
    return sum(month_so_far(context, kinds, f"{what}_{rank}") for what in ("revisited_by", "revisit_due"))


def repairs_done(context: Context) -> int:
    """How many of the month's cases under a quota have their work done: the shares are of these (D5)."""
    return month_so_far(context, context.regulation.sampling.quota_kinds, "solved")
