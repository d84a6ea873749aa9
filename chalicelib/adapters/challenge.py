"""Challenges for strangers: none, or a proof of work in the style of ALTCHA (C3).

A proof of work shows no pictures, asks nobody else, and keeps nothing of whoever solves it. The puzzle is the
digest of a salt and a secret number; finding the number takes a browser a second or some. The salt says when
the puzzle ends, the signature that we made it, so nothing is stored until it is solved.
"""

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from chalicelib.domain.errors import ChallengeRequiredError
from chalicelib.services.providers import Puzzle, Solved

LIVES = timedelta(hours=1)
"""How long a puzzle can be solved (ours): it is drawn with the form, and forms take their time."""

MOST = 100_000
"""The largest secret number (ours): half of them are some seconds for an old telephone, while people type."""

SOLUTION = re.compile(
    r"(?P<salt>[0-9a-f]{24}\?expires=(?P<expires>[0-9]{1,11})&)\.(?P<number>[0-9]{1,7})"
    r"\.(?P<signature>[0-9a-f]{64})"
)
"""The `&` ends the salt: else its last digits could be taken for the number's first."""


class NoChallenge:
    """Challenge that asks for nothing."""

    def puzzle(self, _now: datetime) -> Puzzle | None:
        return None

    def solved(self, solution: str, now: datetime) -> Solved:
        return Solved(solution, now)


class ProofOfWork:
    """Challenge by work. `keyed` is the deployment's keyed digest (adapters/codes.py)."""

    def __init__(self, keyed: Callable[[str, str], str], most: int = MOST) -> None:
        self._keyed, self._most = keyed, most

    def puzzle(self, now: datetime) -> Puzzle | None:
        expires_at = now.replace(microsecond=0) + LIVES
        salt = f"{secrets.token_hex(12)}?expires={int(expires_at.timestamp())}&"
        digest = _digest(salt, secrets.randbelow(self._most + 1))
        return Puzzle(salt, digest, self._keyed("challenge", digest), self._most, expires_at)

    def solved(self, solution: str, now: datetime) -> Solved:
        given = SOLUTION.fullmatch(solution)
        if given is None:
            raise ChallengeRequiredError("The solution is not SALT.NUMBER.SIGNATURE.", "challenge_wrong")
        made = self._keyed("challenge", _digest(given["salt"], int(given["number"])))
        if not hmac.compare_digest(made, given["signature"]):
            raise ChallengeRequiredError("The number is wrong, or the puzzle not ours.", "challenge_wrong")
        expires_at = datetime.fromtimestamp(int(given["expires"]), UTC)
        if expires_at <= now:
            raise ChallengeRequiredError("The puzzle has expired; solve a new one.", "challenge_expired")
        return Solved(given["signature"], expires_at)


def _digest(salt: str, number: int) -> str:
    return sha256(f"{salt}{number}".encode()).hexdigest()
