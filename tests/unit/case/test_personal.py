"""Every text of an event, and of the case, is decided: personal, or the company's own record (G24)."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct
from msgspec.structs import fields

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import EVENT_TYPES
from chalicelib.domain.case.personal import is_personal

OF_EVENTS = {
    "agreed.note",
    "answer_given.said",
    "answer_given.spoken_to",
    "agreed.spoken_to",
    "appointment_agreed.note",
    "appointment_agreed.spoken_to",
    "appointment_declined.note",
    "appointment_proposed.note",
    "asked_again.note",
    "called_back.note",
    "closed.note",
    "filled_in.email",
    "filled_in.left_out",
    "filled_in.phone",
    "filled_in.proposal.words",
    "filled_in.resident_name",
    "filled_in.text",
    "filled_in.unit",
    "disagreed.reason",
    "disagreed.spoken_to",
    "escalated.reason",
    "objected.reason",
    "malicious_proposed.reason",
    "malicious_proposed.evidence",
    "malicious_confirmed.reason",
    "malicious_dismissed.reason",
    "appealed.reason",
    "appealed.spoken_to",
    "appeal_decided.reason",
    "price_asked.note",
    "rated.comment",
    "rated.suggestion",
    "registered.proposal.words",
    "registered.report.about_person",
    "registered.report.against",
    "registered.report.course_of_events",
    "registered.report.email",
    "registered.report.evidence",
    "registered.report.left_out",
    "registered.report.phone",
    "registered.report.resident_name",
    "registered.report.sent_from",
    "registered.report.text",
    "registered.report.unit",
    "registered.report.witnesses",
    "reopened.reason",
    "revisit_recorded.conduct",
    "revisit_recorded.fault",
    "revisit_recorded.note",
    "revisit_recorded.points",
    "revisit_recorded.signature",
    "revisit_recorded.suggestions",
    "revisit_recorded.work_inspected",
    "urged.note",
    "urged.spoken_to",
    "withdrawn.reason",
    "withdrawn.spoken_to",
    "objected.spoken_to",
    "price_asked.spoken_to",
    "reopened.spoken_to",
}
"""Who somebody is and where they live; what a resident said, by hand or written down by staff; and what is
copied from there: a round, a closing and an escalation begin with the words that led to them."""

NOT_OF_EVENTS = {
    # what staff write of their own work and their own decisions
    "identified.reason",
    "archived.cause",
    "archived.course",
    "archived.lesson",
    "archived.result",
    "assigned.reason",
    "classified.reason",
    "completed.prevention",
    "completed.result",
    "declined.reason",
    "extension_granted.reason",
    "extension_refused.reason",
    "extension_requested.reason",
    "merged.reason",
    "paused.evidence",
    "paused.reason",
    "point_answered.answer",
    "point_answered.done",
    "progressed.note",
    "proposed.cause",
    "proposed.plan",
    "rejected.findings",
    "replanned.reason",
    "report_filed.cause",
    "report_filed.course",
    "report_filed.measures",
    "report_filed.next_steps",
    "resumed.note",
    "started.note",
    "verified.finding",
    "verified.note",
    "arrived.note",
    "cause_reported.cause",
    "cause_reported.plan",
    "charge_declared.reason",
    "referred.explanation",
    "referred.to",
    "worker_notified.note",
    # staff: usernames, and a handler's signature
    "assigned.handler",
    "identified.person",
    "registered.report.about",
    "taken_back.handler",
    "closed.worker",
    "escalated.person",
    "marked_overdue.person",
    "registered.report.taken_by",
    # the triage's own words: answers of the regulation, and signs of danger as the lexicon has them
    "filled_in.proposal.kind",
    "filled_in.proposal.matter",
    "filled_in.proposal.urgency",
    "filled_in.proposal.severity",
    "filled_in.proposal.danger",
    "filled_in.proposal.second",
    "registered.proposal.kind",
    "registered.proposal.matter",
    "registered.proposal.urgency",
    "registered.proposal.severity",
    "registered.proposal.danger",
    "registered.proposal.second",
    "reminded.person",
    "reopened.review_group",
    "resident_not_told.asked",
    "reopened.worker",
    "revisit_drawn.revisitor",
    "signed.signature",
    # code words, numbers, ids, and where a recording can be heard
    "filled_in.about",
    "filled_in.recordings",
    "registered.report.call",
    "registered.report.recordings",
    "answer_given.manner",
    "asked_again.manner",
    "erased.because",
    "erased.kinds",
    "erasure_asked.at_desk",
    "agreed.manner",
    "appealed.manner",
    "decision_chased.person",
    "decision_chased.rank",
    "appointment_agreed.manner",
    "disagreed.manner",
    "objected.manner",
    "price_asked.manner",
    "reopened.manner",
    "urged.manner",
    "withdrawn.manner",
    "assigned.department",
    "classification_judged.kind",
    "classification_judged.matter",
    "classification_judged.note",
    "classification_judged.severity",
    "classification_judged.stood.category",
    "classification_judged.stood.complexity",
    "classification_judged.stood.department",
    "classification_judged.stood.kind",
    "classification_judged.stood.matter",
    "classification_judged.stood.nature",
    "classification_judged.stood.severity",
    "classification_judged.stood.urgency",
    "classification_judged.urgency",
    "classified.classification.category",
    "classified.classification.complexity",
    "classified.classification.department",
    "classified.classification.kind",
    "classified.classification.matter",
    "classified.classification.nature",
    "classified.classification.severity",
    "classified.classification.urgency",
    "completed.sample.rank",
    "completed.sample.seed",
    "completed.sample.severity",
    "escalated.key",
    "joined.joining",
    "parted.parting",
    "resident_not_told.of",
    "resident_not_told.why",
    "resident_told.channel",
    "resident_told.of",
    "result_shared.into",
    "result_shared.outcome",
    "escalated.role",
    "marked_overdue.key",
    "merged.into",
    "registered.classification.category",
    "registered.classification.complexity",
    "registered.classification.department",
    "registered.classification.kind",
    "registered.classification.matter",
    "registered.classification.nature",
    "registered.classification.severity",
    "registered.classification.urgency",
    "registered.regulation",
    "registered.regulation_version",
    "registered.report.follows",
    "registered.zone",
    "reminded.key",
    "reopened.cause",
    "revisit_drawn.because",
    "revisit_drawn.key",
    "revisit_drawn.rank",
    "revisit_drawn.seed",
    "revisit_drawn.so_far",
    "revisit_recorded.manner",
    "revisit_recorded.rank",
    "survey_reminded.key",
}

OF_THE_CASE = {
    "proposal.words",
    "ending.objection",
    "follow_up.fault.text",
    "follow_up.returned_because",
    "follow_up.revisits.conduct",
    "follow_up.revisits.fault",
    "follow_up.revisits.note",
    "follow_up.revisits.points",
    "follow_up.revisits.signature",
    "follow_up.revisits.suggestions",
    "follow_up.revisits.work_inspected",
    "points.text",
    "report.about_person",
    "report.against",
    "report.course_of_events",
    "report.email",
    "report.evidence",
    "report.left_out",
    "report.phone",
    "report.resident_name",
    "report.sent_from",
    "report.text",
    "report.unit",
    "report.witnesses",
    "track.appeal",
    "track.because",
    "track.evidence",
    "track.reason",
    "tally.ratings.comment",
    "tally.ratings.suggestion",
}
"""What the case keeps of them. That nothing else of it holds such a text, the stores' contract shows."""


def texts(kind: type, path: str) -> Iterator[tuple[str, bool]]:
    """(where, whether it is personal) of every text in a dataclass of cases, and in those inside."""
    hints: dict[str, Any] = get_type_hints(kind)
    for held in fields(kind):
        for part in (hints[held.name], *get_args(hints[held.name])):
            if part is str:
                yield f"{path}{held.name}", is_personal(kind, held.name)
            elif (
                isinstance(part, type)
                and issubclass(part, Struct)
                and part.__module__.startswith("chalicelib.domain.case")
            ):  # type: ignore[union-attr]
                yield from texts(part, f"{path}{held.name}.")  # type: ignore[arg-type]


@pytest.mark.req("G24")
def test_every_text_of_an_event_is_decided() -> None:
    found = {where: marked for name, kind in EVENT_TYPES.items() for where, marked in texts(kind, f"{name}.")}

    assert {where for where, marked in found.items() if marked} == OF_EVENTS
    assert {where for where, marked in found.items() if not marked} == NOT_OF_EVENTS, (
        "Decide of a new text whether it is personal (domain/case/personal.py), and put it into its list."
    )


@pytest.mark.req("G24")
def test_the_case_has_the_marks_of_the_events_that_it_is_made_of() -> None:
    assert {where for where, marked in texts(Case, "") if marked} == OF_THE_CASE
