"""What residents read of the steward of their building (B2)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.places import steward_of
from chalicelib.web.formats import phone_dialled, phone_shown
from chalicelib.web.words import Words


def steward_shown(case: Case, context: Context, words: Words) -> tuple[str, str, str] | None:
    """The steward of a case's building for its resident: name, number, address to dial.

    None where there is none, or where the steward is kept away from the case: a complaint about them.
    """
    person = steward_of(case.report.unit, context.community)
    if person is None:
        return None
    return person.name, phone_shown(person.phone, words), phone_dialled(person.phone)
