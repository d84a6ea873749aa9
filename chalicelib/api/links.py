"""The links of residents and handlers over HTTP (D1, E5, G8).

A link shows its case and gives the commands of its purpose.
"""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.cases import Done, carried_out
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE, Purpose
from chalicelib.domain.errors import NotAllowedError
from chalicelib.http.requests import answer, words_for
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import opened_by_link
from chalicelib.services.intake.incident import merged_with
from chalicelib.services.views.link_view import link_view


def get_link(visit: Visit, code: str) -> Response:
    """The case as the link shows it, with its timeline. Looking never changes anything."""
    desk, opened = wiring.desk(), visit.opened
    case = opened.case
    opened_by_link(desk, opened.link, case)
    events = desk.cases.events(case.community, case.number)
    context, now = desk.context_of(case), desk.now()
    last = merged_with(desk, case)
    return answer(link_view(case, opened.link, context, now, words_for(visit.request), events, last))


def give_link_command(visit: Visit, code: str, command: str) -> Response:
    """Give the case a command of the link's purpose."""
    desk, opened = wiring.desk(), visit.opened
    given = COMMANDS_BY_PURPOSE[opened.link.purpose]
    if command not in given:
        raise NotAllowedError(f"This link cannot give '{command[:40]}'; it can give: {', '.join(given)}.")
    case = carried_out(visit, opened.case, command)
    if opened.link.purpose is Purpose.WORK and case.assignment.handler != opened.link.subject:
        return answer(Done(case.community, case.number, case.state, case.version))
    context, words = desk.context_of(case), words_for(visit.request)
    return answer(link_view(case, opened.link, context, desk.now(), words, reasons=False))
