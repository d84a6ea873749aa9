"""The cases of whoever has proved a number or mail address (E5)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import State
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community
from chalicelib.services.desk import Desk
from chalicelib.services.privacy.own_data import cases_of
from chalicelib.services.views.names import matter_name


class CaseFound(Struct, frozen=True):
    """A case, and the code of its tracking link; None once that has expired."""

    number: str
    matter: str
    matter_name: str
    state: State
    registered_at: datetime
    code: str | None


def own_cases(desk: Desk, community: Community, reached_by: str, words: Catalogue) -> tuple[CaseFound, ...]:
    """All cases of a number or mail address that was proved, newest first."""
    found = []
    for case in cases_of(desk, community, reached_by):
        context = desk.context_of(case)
        link = link_for(case, Purpose.TRACK, context.regulation.survey.link_days)
        code = desk.codes.code(link) if desk.now() < link.expires_at else None
        matter = case.classification.matter
        name = matter_name(matter, context, words.language)
        found.append(CaseFound(case.number, matter, name, case.state, case.registered_at, code))
    return tuple(found)
