"""The work of a round: plan, price, appointment, result."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.case import events as ev


@dataclass(frozen=True, slots=True)
class Work:
    """The work of this round, from the department's plan to the result.

    `price_asked`: the resident wants to know the price before any work. `appointment` is the time of the
    agreed visit. `on_the_spot`: solved while the report was taken (A10). `link_version` is the version of the
    event that the survey's link belongs to. `adopted`: what the manager decided on a suggestion.
    """

    plan: ev.Proposed | None = None
    plan_agreed: bool = False
    price_asked: bool = False
    appointment: datetime | None = None
    result: str | None = None
    on_the_spot: bool = False
    completed_at: datetime | None = None
    link_version: int = 0
    adopted: bool | None = None


def after(work: Work, event: ev.Event) -> Work:
    """The work after one more event; a new round begins with none."""
    match event.payload:
        case ev.Proposed() as plan:
            return replace(work, plan=plan, plan_agreed=False, price_asked=False)
        case ev.Agreed():
            return replace(work, plan_agreed=True)
        case ev.Disagreed():
            return replace(work, plan=None)
        case ev.AppointmentAgreed(visit_at=visit_at):
            return replace(work, appointment=visit_at)
        case ev.PriceAsked():
            return replace(work, price_asked=True)
        case ev.Classified(classification=classification):
            return _reclassified(work, classification)
        case ev.SuggestionDecided(adopted=adopted):
            return replace(work, adopted=adopted)
        case ev.Completed(result=result, on_the_spot=on_the_spot):
            return replace(
                work,
                result=result,
                on_the_spot=on_the_spot,
                completed_at=event.at,
                link_version=event.version,
            )
        case ev.Reopened():
            return Work()
        case _:
            return work


def _reclassified(work: Work, classification: ev.Classification) -> Work:
    """An emergency has no appointment, and only a repair a price that was asked for."""
    return replace(
        work,
        appointment=None if classification.urgency == "emergency" else work.appointment,
        price_asked=work.price_asked and classification.kind == "repair",
    )
