"""Files for a case that there is: whether it takes any now, and the ticket (A3)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.decide import row_for
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.possible import possible
from chalicelib.services.desk import Desk
from chalicelib.services.files.handing_in import FileTicket, TicketForm, ticket_for
from chalicelib.services.files.shelf import folder_of_case

ADD_FILES = "add_files"
"""The command by which a case names its files."""


def ticket_for_case(desk: Desk, case: Case, actor: Actor, form: TicketForm) -> FileTicket:
    """A ticket for a file of a case; refused as `add_files` would be, so that nothing is sent for nothing."""
    row, context, now = row_for(ADD_FILES, actor.role), desk.context_of(case), desk.now()
    if refused := row.guard(case, actor, context, now):
        raise refused
    if ADD_FILES not in {offered.command for offered in possible(case, actor, context, now)}:
        raise CommandRefusedError(
            f"Case {case.number} is over; what is new is a report of its own.", "over", number=case.number
        )
    return ticket_for(desk, folder_of_case(desk, case.community, case.number), form)
