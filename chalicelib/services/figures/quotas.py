"""Where the month stands against the regulation's quotas of revisits and its sample (D5, D6)."""

from collections.abc import Iterator
from math import ceil

from msgspec import Struct

from chalicelib.domain.case.figure_rows import MonthCounters, sum_of_kinds
from chalicelib.domain.community.roles import VISITORS
from chalicelib.domain.follow_up.quotas import behind, quota_states
from chalicelib.domain.regulation.policies import SamplingPolicy
from chalicelib.domain.regulation.rules import SEVERITIES


class QuotaView(Struct, frozen=True):
    """One quota: the share of the month's cases that a rank has to see itself.

    - `what`: `revisits`, each rank's share of the repairs (D5); or `sample`, the manager's share by
      `severity` (D6).
    - `goal`: the share to reach, 0 to 1, of the `total` cases of these kinds whose work is done.
    - `share`: the share that stands now; null where there is nothing yet.
    - `wanted`: how many the goal asks for; none where its share comes to less than one.
    - `done`: how many the rank has seen. `awaited`: drawn for it, or for a sample into it, and not seen yet.
    - `missing`: how many have to follow for the goal to hold as things stand, the awaited among them.
    """

    what: str
    rank: str
    severity: str | None
    kinds: tuple[str, ...]
    goal: float
    total: int
    wanted: int
    done: int
    awaited: int
    share: float | None
    missing: int


def quota_views(sampling: SamplingPolicy, rows: MonthCounters) -> tuple[QuotaView, ...]:
    """Every quota and sample that the regulation has."""
    return (*_quotas(sampling, rows), *_samples(sampling, rows))


def _quotas(sampling: SamplingPolicy, rows: MonthCounters) -> Iterator[QuotaView]:
    kinds = sampling.quota_kinds
    done: dict[str, int] = {rank: sum_of_kinds(rows, kinds, f"revisited_by_{rank}") for rank in VISITORS}
    for state in quota_states(sampling.quotas, done, sum_of_kinds(rows, kinds, "solved")):
        yield QuotaView(
            what="revisits",
            rank=state.role,
            severity=None,
            kinds=kinds,
            goal=state.share,
            total=state.total,
            wanted=state.wanted,
            done=state.done,
            awaited=sum_of_kinds(rows, kinds, f"revisit_due_{state.role}"),
            share=_share(state.done, state.total),
            missing=max(0, state.wanted - state.done),
        )


def _samples(sampling: SamplingPolicy, rows: MonthCounters) -> Iterator[QuotaView]:
    kinds = sampling.sample_kinds
    goals = {"general": sampling.sample_general, "serious": sampling.sample_serious}
    for severity in SEVERITIES:
        goal = goals[severity]
        if not goal:
            continue
        total, sampled, seen = (
            sum_of_kinds(rows, kinds, f"{what}_{severity}")
            for what in ("sample_pool", "sampled", "sample_seen")
        )
        wanted = ceil(behind(goal, 0, total))
        yield QuotaView(
            what="sample",
            rank=sampling.sample_role,
            severity=severity,
            kinds=kinds,
            goal=goal,
            total=total,
            wanted=wanted,
            done=seen,
            awaited=sampled - seen,
            share=_share(seen, total),
            missing=max(0, wanted - seen),
        )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
