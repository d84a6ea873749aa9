"""What a report will be promised, before it is sent (A11, C1)."""

from chalicelib.domain.case.clocks import Clocks
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import outcome_of
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.intake import registration
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.services.desk import Desk


def clocks_if_sent(desk: Desk, context: Context, new: NewCase) -> Clocks:
    """The clocks of the case that a resident's report makes, were it sent now.

    Nothing is written. They are worked out by registering itself, so that no promise differs from
    the case's own. An incident
    that the report may be joined to is not looked for: its own promises are told with the receipt (A16).
    """
    at = desk.now()
    registered = registration.register(new, RESIDENT, at, context)
    command = Command("register", RESIDENT, at, "promise", None)
    return outcome_of(None, command, (registered,), context.community.id, "").after.clocks
