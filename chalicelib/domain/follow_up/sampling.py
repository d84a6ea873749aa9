"""The manager's sample of completed cases, and the month's figures that it is taken by (D5, D6, G6).

How many were taken before comes from the figures of the case's month (`Context.month_counters`), so a
decision costs the same whatever the number of cases. Its figures stand on record with it, so that it can be
repeated.
"""

from collections.abc import Iterable

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.figure_rows import sum_of_kinds
from chalicelib.domain.community.roles import VISITORS, Role
from chalicelib.domain.dispatch.ranks import holders
from chalicelib.domain.follow_up.quotas import behind


def seed_of(community: str, number: str) -> str:
    """The seed of a community's draws in a month: `riverside:202611`."""
    return f"{community}:{number[:6]}"


def needs_the_month(case: Case, command: Command[object], context: Context) -> bool:
    """Whether a command may choose cases for revisits, so that the month's figures are needed."""
    kind, sampling = case.classification.kind, context.regulation.sampling
    answered = command.name in {"answer", "post_reply", "record_delivery"} and case.ends_with_an_answer
    if answered or command.name in {"complete", "decide_suggestion"}:
        return kind in sampling.sample_kinds
    follows_up = command.name == "fire_timers" and case.state is State.COMPLETED
    return follows_up and kind in sampling.quota_kinds and bool(sampling.quotas)


def sample_for(
    classification: ev.Classification, known: ev.Sample | None, community: str, number: str, context: Context
) -> ev.Sample | None:
    """Whether a completed case is in the manager's sample, on record with its reason (D6).

    By turn, not by chance: taken if the month's share would otherwise be too small. `known` is what was
    decided for the case before. None if the regulation samples no such cases, or if that stands: a case that
    comes back is looked at again only where its severity has changed and it was not taken.
    """
    policy, severity = context.regulation.sampling, classification.severity
    share = policy.sample_serious if severity == "serious" else policy.sample_general
    if classification.kind not in policy.sample_kinds or not share:
        return None
    if known is not None and (known.taken or known.severity == severity):
        return None
    sampled = month_so_far(context, policy.sample_kinds, f"sampled_{severity}")
    pool = month_so_far(context, policy.sample_kinds, f"sample_pool_{severity}")
    taken = in_sample(share, sampled, pool)
    return ev.Sample(policy.sample_role, severity, taken, share, seed_of(community, number), sampled, pool)


def owed_to_sample(case: Case, context: Context) -> Role | None:
    """The rank that has still to revisit a sampled case in this round (D6).

    None also if all of that rank had a part in the work: then nobody of it may revisit (G6).
    """
    if case.tally.sample is None or not case.tally.sample.taken:
        return None
    rank, never = Role(case.tally.sample.rank), case.assignment.everybody
    if any(visit.rank == rank and visit.outcome in ev.ANSWERED for visit in case.follow_up.revisits):
        return None
    return rank if any(username not in never for username in visitors(case, rank, context)) else None


def month_so_far(context: Context, kinds: Iterable[str], counter: str) -> int:
    """A counter of the case's month, summed over cases of these kinds."""
    return sum_of_kinds(context.month_counters, kinds, counter)


def visitors(case: Case, rank: Role, context: Context) -> list[str]:
    """The usernames of a rank who may have to revisit this case.

    None of a rank that never does; of heads only the department's own.
    """
    if rank not in VISITORS:
        return []
    return [member.username for member in holders(context.community, rank, case.classification.department)]


def in_sample(share: float, sampled: int, total: int) -> bool:
    """Whether the month's next case is taken into the sample (D6).

    `sampled` of `total` earlier cases are in it. The next is taken if the sample would be too small should it
    be left out. At a half: 2 of 4 → taken, 3 of 5 → not. So the share holds at any time of the month.
    """
    return behind(share, sampled, total + 1) > 0
