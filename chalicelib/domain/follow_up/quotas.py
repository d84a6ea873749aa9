"""Revisits due (D2), drawn by rank so that the quotas hold over the month (D5), samples (D6, G6).

Nothing here is left to chance that cannot be repeated: what is drawn follows from a seed on record, the
case's number and what was drawn before in the month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Draw:
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
) -> Draw | None:
    """The person to revisit a case; None if nobody but the handlers is left.

    `seed` is the community's for the month; `drawn` counts the month's draws by role; `people` are the
    usernames of each role; `never` are all who worked on the case. The next role is the one whose quota falls
    due first, which keeps every count less than one away from its share of the draws. A role without anybody
    left passes its turn on and takes it at the next case.
    """
    free = {role: sorted(set(people.get(role, ())) - never) for role in quotas}
    ranked = sorted(
        (role for role in quotas if free[role] and quotas[role] > 0),
        key=lambda role: (_falls_due(quotas[role], drawn.get(role, 0)), lot(seed, case_number, role)),
    )
    total = sum(drawn.get(role, 0) for role in quotas)
    eligible = [role for role in ranked if drawn.get(role, 0) < _exact(quotas[role]) * (total + 1)]
    if not ranked:
        return None
    role = (eligible or ranked)[0]
    person = min(free[role], key=lambda name: lot(seed, case_number, name))
    return Draw(role, person)


def _falls_due(quota: float, drawn: int) -> int:
    """The number of draws by which the role must have had one more."""
    return ceil((drawn + 1) / _exact(quota))


def _exact(share: float) -> Fraction:
    return Fraction(str(share))


def lot(seed: str, *parts: str) -> float:
    """A number in [0, 1) that nobody can choose and everybody can work out again."""
    digest = sha256("|".join((seed, *parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


@dataclass(frozen=True, slots=True)
class QuotaState:
    """Where one quota stands: revisits done by the role, and how many of `total` its share asks for."""

    role: str
    share: float
    done: int
    total: int
    wanted: int


def quota_states(quotas: Mapping[str, float], done: Mapping[str, int], total: int) -> tuple[QuotaState, ...]:
    """Where each quota stands among `total` revisits; a share of a case that is not whole asks for none."""
    return tuple(
        QuotaState(role, share, done.get(role, 0), total, floor(_exact(share) * total))
        for role, share in quotas.items()
    )
