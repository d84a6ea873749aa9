"""What the resident has answered in a round, to the survey and to persons (D1, D7)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case

Answer = ev.RevisitOutcome
"""Satisfied, neutral or dissatisfied, whoever asked."""


def answers(case: Case, newest: Answer | None = None) -> tuple[Answer, ...]:
    """The resident's answers of this round, oldest first.

    `newest` is one that is just being recorded. Revisits of older releases have no time, and go first.
    """
    found = [
        (visit.at.timestamp() if visit.at else 0.0, visit.outcome)
        for visit in case.follow_up.revisits
        if visit.outcome in ev.ANSWERED
    ]
    if case.rating is not None:
        found.append((case.rating.at.timestamp(), case.rating.outcome))
    given = [outcome for _, outcome in sorted(found, key=lambda entry: entry[0])]
    return (*given, newest) if newest is not None else tuple(given)


def neutral_to_call(case: Case, newest: Answer | None = None) -> bool:
    """Whether a neutral answer is still to be followed by a person's call (D7).

    Once a round: the second neutral answer is the resident's word. Survey 3 → a call; then neutral again →
    none. `newest` is as in `answers`.
    """
    given = answers(case, newest)
    return given[-1:] == (Answer.NEUTRAL,) and given.count(Answer.NEUTRAL) == 1
