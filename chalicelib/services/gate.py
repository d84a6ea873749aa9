"""The gate of the public form: a challenge, while strangers have used up half of what is theirs (C3).

It is asked of nobody who is known: staff, machines, or whoever holds a link. Nor does it hold an emergency,
by its matter, a word of danger or what the triage makes of it: those ring within caps of their own.
"""

from msgspec import Struct

from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.errors import ChallengeRequiredError
from chalicelib.domain.intake.danger import word_of_danger
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.intake.registration import register
from chalicelib.services.desk import Desk
from chalicelib.services.notices.sms_budgets import Budgets
from chalicelib.services.providers import Challenge, Puzzle


class Gate(Struct, frozen=True):
    """What strangers pass with a report."""

    desk: Desk
    challenge: Challenge
    budgets: Budgets

    def puzzle(self) -> Puzzle | None:
        """A puzzle for whoever asks, whether it is needed just now or not; None if none ever is."""
        return self.challenge.puzzle(self.desk.now())

    def puzzle_of_the_form(self, community: str) -> Puzzle | None:
        """A puzzle, if a report would be asked for its solution now; four reads at most."""
        puzzle = self.puzzle()
        return puzzle if puzzle and self._is_closed(community) else None

    def check(self, context: Context, new: NewCase, key: str, solution: str) -> None:
        """ChallengeRequiredError unless the stranger's report may pass.

        `key` is the report's own: the same report passes with its solution again, no other does.
        """
        now = self.desk.now()
        if self.challenge.puzzle(now) is None or not self._is_closed(context.community.id):
            return
        if _is_emergency(new, context, self.desk):
            return
        if not solution:
            raise ChallengeRequiredError(
                "Very many reports come in, so each needs a solved challenge: GET /v1/challenge says how.",
                "challenge_needed",
            )
        solved = self.challenge.solved(solution, now)
        keyed = self.desk.codes.keyed
        name, owner = keyed("solved", solved.name)[:32], keyed("solved", key)[:32]
        if not self.desk.links.take(f"solved#{name}", owner, solved.until):
            raise ChallengeRequiredError("This solution was used; solve a new puzzle.", "challenge_used")

    def _is_closed(self, community: str) -> bool:
        return self.budgets.is_half_gone(self.desk, community, self.desk.now())


def _is_emergency(new: NewCase, context: Context, desk: Desk) -> bool:
    if word_of_danger(new.text or "", context.regulation.danger_words):
        return True
    if register(new, RESIDENT, desk.now(), context).classification.urgency == "emergency":
        return True
    read = desk.reads(new.text or "")
    return read is not None and read.urgency.value == "emergency"
