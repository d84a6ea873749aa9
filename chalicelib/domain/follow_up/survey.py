"""The resident's answer to the survey (D1, D7)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.follow_up.answers import Answer
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.follow_up.obligations import is_one_owed, revisits_left
from chalicelib.domain.follow_up.reopening import not_satisfied


def why_not_rated(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """A round is rated once (D1)."""
    if case.rating is None:
        return None
    return CommandRefusedError(
        f"Case {case.number} was rated already; thank you, once is enough.", "rated_already"
    )


def rate(case: Case, command: Command[RateForm], context: Context) -> Payloads:
    """The events of a rating, and what follows: the closing, a new round, or a call (D1, D7).

    What is neither good nor bad closes nothing: a person calls, unless one has done so and found the same.
    """
    form, policy = command.form, context.regulation.survey
    if form.score <= policy.low_rating:
        rated = ev.Rated(form.score, False, form.comment, form.suggestion)
        return (rated, *not_satisfied(case, command, context, "rating", form.comment or ""))
    good = form.score >= policy.satisfied_from
    rated = ev.Rated(form.score, good, form.comment, form.suggestion, neutral=not good)
    answer = Answer.SATISFIED if good else Answer.NEUTRAL
    if revisits_left(case, context, satisfied_by_survey=good) or is_one_owed(case, context, answer):
        return (rated,)
    return (rated, ev.Closed(ev.CloseReason.SATISFIED if good else ev.CloseReason.NEUTRAL))
