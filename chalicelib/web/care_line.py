"""That somebody needs help, on pages: who agreed to the note, and when (G15)."""

from datetime import date

from chalicelib.domain.case.events import Report
from chalicelib.services.households.own import OwnHousehold
from chalicelib.services.views.household import Reporter
from chalicelib.services.views.staff_view import CaseView
from chalicelib.web.formats import whole_day
from chalicelib.web.words import Words


def care_noted(person: Reporter | OwnHousehold, words: Words) -> tuple[str, ...]:
    """The note that somebody needs help, with whose consent; nothing where there is none."""
    if not person.care:
        return ()
    return (_agreed(person.consented_by, person.consented_on, words),)


def care_of_case(report: Report | CaseView, words: Words) -> tuple[str, ...]:
    """The note on a case that has one, with whose consent; cases of before do not say whose."""
    hidden = isinstance(report, CaseView) and report.contact_hidden  # 住** names nobody
    return (_agreed(None if hidden else report.care_by, report.care_on, words),)


def _agreed(by: str | None, on: date | None, words: Words) -> str:
    if not by:
        return words("known.care_noted", on=whole_day(on, words))
    return words("known.care_by", by=by, on=whole_day(on, words))
