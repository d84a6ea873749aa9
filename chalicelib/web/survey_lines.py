"""The survey on the tracking page: what is said of it, and the way to it (D1)."""

from collections.abc import Mapping

from chalicelib import wiring
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.links import Purpose, check_link, link_for
from chalicelib.domain.community.phones import can_be_written_to
from chalicelib.domain.errors import GoneError
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.web.words import Words


def survey_shown(case: Case, context: Context, words: Words) -> Mapping[str, str]:
    """The sentence about the survey that is awaited, and its address below the root; empty otherwise.

    The tracking link proves as much as the survey's own: who has lost that, or came by the code on a paper,
    rates from here, once a round. Who was not asked has no address.
    """
    if case.state is not State.COMPLETED or case.rating is not None or case.work.completed_at is None:
        return {"survey": "", "rates": ""}
    is_asked = case.work.surveyed and can_be_written_to(case.report.phone, case.report.email)
    address = _address(case, context) if is_asked else ""
    if is_asked:
        told = "here" if address else "over"
    else:
        told = "by_call" if revisits_needed(case, context) else "not_sent"
    return {
        "survey": words(f"track.survey_{told}", desk=words.desk(context.community.phone)),
        "rates": address,
    }


def _address(case: Case, context: Context) -> str:
    """The address of the survey below the root; empty once its time is over."""
    desk = wiring.desk()
    link = link_for(case, Purpose.RATE, context.regulation.survey.link_days)
    try:
        check_link(link, case, desk.now())
    except GoneError:
        return ""
    return f"l/{desk.codes.code(link)}"
