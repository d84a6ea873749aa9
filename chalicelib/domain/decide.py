"""Carrying a command out: table, guard, events, and the case that they lead to."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.held_closing import held_back
from chalicelib.domain.case.kept_away import why_kept_out
from chalicelib.domain.case.outcome import Outcome, outcome_of
from chalicelib.domain.community.roles import Role, spelled
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.errors import CommandRefusedError, ConflictError, InvalidInputError, NotAllowedError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.possible import possible
from chalicelib.domain.transition import Transition


def row_for(command: str, role: Role) -> Transition:
    """The row of a command that the role may give in some state.

    Raises InvalidInputError for an unknown command, NotAllowedError (403) for a role that may never give it.
    """
    row = TABLE.get(command)
    if row is None:
        raise InvalidInputError(f"'{command[:40]}' is not a command; the commands are: {', '.join(TABLE)}.")
    if role not in row.roles:
        may = ", ".join(spelled(allowed_role) for allowed_role in sorted(row.roles))
        raise NotAllowedError(f"A {spelled(role)} cannot {row.command}; these can: {may}.")
    return row


def was_carried_out(case: Case, command: Command[object]) -> bool:
    """Whether the case remembers the command; ConflictError if it remembers its id with another form."""
    form_id = case.recent_commands.get(command.id)
    if form_id not in {None, command.form_id}:
        raise ConflictError(
            "This Idempotency-Key was used for this command with another body; use a new key for a new one.",
            "command_key_used",
        )
    return form_id is not None


def decide(case: Case, command: Command[object], context: Context) -> Outcome:
    """The outcome of a command, or the reason why not.

    A command whose id the case remembers was carried out before: its outcome has no events.
    Raises NotFoundError for whoever is kept away from the case (G13), InvalidInputError for an unknown
    command, NotAllowedError (403) for a role that may never give it, CommandRefusedError (409) in the wrong
    state, ConflictError (409) for a key used for another form, and what guard and decider say; each says what
    would be right.
    """
    row = row_for(command.name, command.actor.role)
    if refused := why_kept_out(case, command.actor, context, row.roles):
        raise refused
    if was_carried_out(case, command):
        return Outcome(case, (), case)
    if case.is_newer:
        raise CommandRefusedError(
            f"A newer release of the desk has written something on case {case.number} that this one does "
            "not know, so nothing can be done with it until that is back. It can be read; if it is urgent, "
            "act by phone and put it on record later.",
            "newer_release",
            number=case.number,
        )
    if case.state not in row.sources:
        others = possible(case, command.actor, context, command.at)
        raise CommandRefusedError(
            f"Case {case.number} is {case.state}{_by_whom(case, context)}; '{row.command}' is not possible "
            f"now. Possible for you: {', '.join(other.command for other in others) or 'nothing'}."
        )
    if refused := row.guard(case, command.actor, context, command.at):
        raise refused
    decided = row.decider(case, command, context)
    if isinstance(decided, Outcome):
        outcome = decided
    else:
        payloads = held_back(case, decided)
        outcome = outcome_of(case, command, payloads, case.community, case.number)
    if outcome.events and outcome.after.state not in row.targets_from(case.state):
        raise RuntimeError(f"'{row.command}' led to {outcome.after.state}, which the table does not allow.")
    return outcome


def _by_whom(case: Case, context: Context) -> str:
    """Who signed for the case, for the second of two who learns it late."""
    signer = case.assignment.signed_by
    return f" (signed for by {name_of(signer, context)})" if signer else ""
