"""Quotas of revisits: who is behind its share of the month's cases, and who revisits next (D5, D6).

Nothing here is left to chance that cannot be repeated: what is drawn follows from a seed on record, the
case's number and what was drawn before in the month.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import floor

from msgspec import Struct


class Draw(Struct, frozen=True):
    """Who revisits a case, and of which rank."""

    role: str
    person: str


def draw_revisitor(
    seed: str,
    case_number: str,
    quotas: Mapping[str, float],
    drawn: Mapping[str, int],
    people: Mapping[str, Sequence[str]],
    never: frozenset[str],
    pool: int = 0,
) -> Draw | None:
    """The person to revisit a case, of the rank furthest behind its quota.

    None if nobody but the handlers is left, or if no rank is behind and the quotas leave a share to others.
    `seed` is the community's for the month; `drawn` counts by role the cases that it has revisited or is to;
    `pool` are the cases of the month that the shares are of, those without a revisit among them (D5);
    `people` are the usernames of each role; `never` are all who worked on the case. Lots decide between ranks
    that are equally far, and who of the rank it is. A role without anybody left passes its turn on and takes
    it at the next case. Quotas of 30 and 70 %, drawn 3 and 6 of 9: the tenth would bring them 0 and 1 behind,
    so it is the second's. Quotas of 10 and 30 %, drawn 1 and 3 of 10 cases: none is behind, it is nobody's.
    """
    free = {role: sorted(set(people.get(role, ())) - never) for role in quotas}
    able = [role for role in quotas if free[role] and quotas[role] > 0]
    if not able:
        return None
    total = sum(drawn.get(role, 0) for role in quotas) + 1
    if round(sum(quotas.values()), 6) < 1:  # the rest is the desk's
        total = max(pool, total)
        able = [role for role in able if behind(quotas[role], drawn.get(role, 0), total) > 0]
        if not able:
            return None
    role = max(
        able,
        key=lambda role: (behind(quotas[role], drawn.get(role, 0), total), lot(seed, case_number, role)),
    )
    person = min(free[role], key=lambda name: lot(seed, case_number, name))
    return Draw(role, person)


def behind(share: float, done: int, total: int) -> float:
    """How many are missing for a share of `total`.

    30 % of 10 with 1 done → 2. Below 0 the share is ahead.
    """
    return round(share * total - done, 6)  # as floats 0.1 * 3 is more than 0.3


def lot(seed: str, *parts: str) -> float:
    """A number in [0, 1) that nobody can choose and everybody can work out again."""
    digest = sha256("|".join((seed, *parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


class QuotaState(Struct, frozen=True):
    """Where one quota stands: `done` by the role, `wanted` of `total` cases by its share."""

    role: str
    share: float
    done: int
    total: int
    wanted: int


def quota_states(quotas: Mapping[str, float], done: Mapping[str, int], total: int) -> tuple[QuotaState, ...]:
    """Where each quota stands among `total` cases.

    30 % of 9 asks for 2, not for 3.
    """
    return tuple(
        QuotaState(role, share, done.get(role, 0), total, floor(behind(share, 0, total)))
        for role, share in quotas.items()
    )
