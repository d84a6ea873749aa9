"""The survey's answer (D1, D7)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.follow_up.obligations import is_one_owed, revisits_left
from chalicelib.domain.follow_up.reopening import not_satisfied


def rate(case: Case, command: Command, setting: Setting) -> Payloads:
    form: RateForm = command.form
    if case.rating is not None:
        raise CommandRefusedError(
            f"Case {case.number} was rated already; thank you, once is enough.", "rated_already"
        )
    satisfied = form.score > setting.regulation.survey.low_rating
    rated = ev.Rated(form.score, satisfied, form.comment, form.suggestion)
    if not satisfied:
        return (rated, *not_satisfied(case, command, setting, "rating", form.comment or ""))
    if revisits_left(case, setting, satisfied_by_survey=True) or is_one_owed(case, setting):
        return (rated,)
    return (rated, ev.Closed(ev.CloseReason.SATISFIED))
