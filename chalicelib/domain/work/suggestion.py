"""What becomes of a suggestion: the manager decides, and the resident is told (A13)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.work.forms import SuggestionForm
from chalicelib.domain.work.order import why_not_compared_yet
from chalicelib.domain.work.progress import completed, why_not_worked_on
from chalicelib.domain.work.signers import why_handed_in

SUGGESTION = "suggestion"
"""The kind of case that is decided on, not worked off."""


def is_decided_on(kind: str, context: Context) -> bool:
    """Whether the regulation has a rank decide on such a case."""
    return kind == SUGGESTION and kind in context.regulation.handled_by


def why_not_decided(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The manager decides on sorted suggestions; whatever else is reported is worked off (A7, A13)."""
    if case.classification.kind == SUGGESTION:
        return why_unsorted(case, actor, context, at)
    return CommandRefusedError(
        f"Case {case.number} is no suggestion; it is completed when its work is done.", "no_suggestion"
    )


def why_not_completed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A suggestion ends with the manager's decision (A13); a result is handed in once (B9)."""
    if is_decided_on(case.classification.kind, context):
        return CommandRefusedError(
            "The manager decides whether a suggestion is adopted; that ends the case.", "manager_decides"
        )
    refused = why_not_worked_on(case, actor, context, at) or why_handed_in(case, context)
    return refused or why_not_compared_yet(case)


def decide(case: Case, command: Command[SuggestionForm], context: Context) -> Payloads:
    """The events of the manager's decision: the suggestion is answered, and the case done (A13)."""
    form = command.form
    decided = ev.SuggestionDecided(form.adopted)
    return (decided, *completed(case, command, context, form.answer))
