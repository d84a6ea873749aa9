"""The links of residents and handlers over HTTP (D1, E5, G8).

A link shows its case and gives the commands of its purpose.
"""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.cases import Done, carried_out
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE, Purpose
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.follow_up.praise import PRAISE, PRAISERS, PraiseForm
from chalicelib.http.requests import answer, json_object, number_asked, query, read, words_for
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import OpenedLink
from chalicelib.services.access.looks import opened_by_link
from chalicelib.services.findings.praise import PraiseView, give_praise, praise_view
from chalicelib.services.intake.merged import merged_with
from chalicelib.services.views.incident_view import offered_to
from chalicelib.services.views.link_view import TrackView, link_view
from chalicelib.services.views.work_view import WorkView

LINK_QUERY = {"earlier": "The part of the timeline before the one shown, as its `earlier` said."}
VIEWS = (TrackView, WorkView)
"""What a link shows, by its purpose."""
BY_LINK: Any = {"gives": VIEWS, "query": LINK_QUERY}


def get_link(visit: Visit, code: str) -> Response:
    """The case as the link shows it, with its timeline. Looking never changes anything."""
    desk, opened = wiring.desk(), visit.opened
    case = opened.case
    opened_by_link(desk, opened.link, case)
    before = number_asked("earlier", query(visit.request, *LINK_QUERY).get("earlier"))
    events = desk.cases.events(case.community, case.number)
    context, now = desk.context_of(case), desk.now()
    last, praise = merged_with(desk, case), _praise(opened, case, context)
    words = words_for(visit.request)
    offered = offered_to(desk, case)
    view = link_view(
        case, opened.link, context, now, words, events, last, praise, offered=offered, before=before
    )
    return answer(view)


def _praise(opened: OpenedLink, case: Case, context: Context) -> PraiseView | None:
    mine = opened.link.purpose in PRAISERS
    return praise_view(wiring.findings(), case, context) if mine else None


def give_link_command(visit: Visit, code: str, command: str) -> Response:
    """Give the case a command of the link's purpose."""
    desk, opened = wiring.desk(), visit.opened
    if command == PRAISE and opened.link.purpose in PRAISERS:
        give_praise(desk, wiring.findings(), opened.case, read(json_object(visit.request), PraiseForm))
        return get_link(visit, code)
    given = COMMANDS_BY_PURPOSE[opened.link.purpose]
    if command not in given:
        raise NotAllowedError(f"This link cannot give '{command[:40]}'; it can give: {', '.join(given)}.")
    case = carried_out(visit, opened.case, command)
    if opened.link.purpose is Purpose.WORK and case.assignment.handler != opened.link.subject:
        return answer(Done(case.community, case.number, case.state, case.version))
    context, words = desk.context_of(case), words_for(visit.request)
    praise = _praise(opened, case, context)
    offered = offered_to(desk, case)
    view = link_view(
        case, opened.link, context, desk.now(), words, praise=praise, offered=offered, reasons=False
    )
    return answer(view)
