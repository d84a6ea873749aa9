"""Cases with a mark in every text that is personal, and all that a store holds of them (G24)."""

import json
import zlib
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.dynamo import documents
from chalicelib.adapters.dynamo.tables import CONNECTION
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.events import (
    AcceptanceGivenUp,
    AskedAgain,
    CalledBack,
    CloseReason,
    ClosingHeld,
    FilledIn,
    KeyReturned,
    KeyTaken,
    LossRecorded,
    MaterialUsed,
    OutsideCalled,
    Payload,
    PaymentRefused,
    ReplyApproved,
    ReplyDrafted,
    ReplyWaived,
    RevisitOutcome,
    WorkAccepted,
    WorkRefused,
)
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.case.outcome import outcome_of
from chalicelib.domain.case.spoken import ReasonedWordForm, WordForm
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.work.forms import CompleteForm, ProposeForm, RejectForm
from chalicelib.domain.work.malicious import AppealDecisionForm, MaliciousForm
from chalicelib.domain.work.order_forms import SignedForm
from chalicelib.domain.work.resident_forms import (
    AgreedVisitForm,
    AnswerForm,
    AppointmentForm,
)
from tests.builders import AGENT, MANAGER, MONDAY, SUPERVISOR, Office
from tests.stories import DRAWN

ENGINEER = Actor(Role.HANDLER, "engineering-1")
COMPANY_HEAD = Actor(Role.COMPANY_HEAD, "company-head-1")
TO_ENGINEER = AssignForm(handler="engineering-1", reason="a lamp")
SUMMARY = "§ text"

REPORTED: dict[str, Any] = {
    "text": SUMMARY,
    "unit": "§ unit",
    "name": "§ name",
    "phone": "§ phone",
    "email": "§ email",
    "against": "§ against",
    "course_of_events": "§ course",
    "witnesses": "§ witnesses",
    "evidence": ("§ photo", "§ film"),
    "left_out": ("§ queue",),
    "sent_from": "§ network",
    "care": True,
    "care_by": "§ consent",
}
FOUND = RevisitForm(
    RevisitOutcome.DISSATISFIED,
    "visit",
    note="§ revisit",
    work_inspected="§ inspected",
    conduct="§ conduct",
    suggestions="§ suggestions",
    signature="§ signature",
    drawn=DRAWN,
    device="§ device",
    fault="§ fault",
    points="§ point",
)


def after(minutes: int) -> datetime:
    """So many minutes after the registration; each step of a story comes 5 minutes after the last."""
    return MONDAY + timedelta(minutes=minutes)


SOLVED = [("assign", SUPERVISOR, TO_ENGINEER), ("sign", ENGINEER, SignForm("甲"))]
WANTED_AGAIN = ReasonedWordForm(after(20), "§ wife", "phone", "§ reopened")
DONE = [*SOLVED, ("complete", ENGINEER, CompleteForm("已换", cause="老化"))]

Told = list[tuple[str, Actor, Any]]

STORIES: dict[str, Told] = {
    "rated": [
        ("record_urge", AGENT, WordForm(after(0), "§ aunt", "phone", "§ urged")),
        ("record_price_request", AGENT, WordForm(after(5), "§ uncle", "phone", "§ price")),
        *SOLVED,
        ("answer", AGENT, AnswerForm("§ answer", "phone", "§ neighbour")),
        ("propose_appointment", ENGINEER, AppointmentForm(MONDAY + timedelta(hours=5), "§ at home")),
        ("decline_appointment", RESIDENT, NoteForm("§ not then")),
        ("agree_appointment", AGENT, AgreedVisitForm(after(300), after(5), "§ mother", "phone", "§ then")),
        ("propose", ENGINEER, ProposeForm("老化", "更换")),
        ("disagree", RESIDENT, ReasonForm("§ disagreed")),
        ("propose", ENGINEER, ProposeForm("老化", "修理")),
        ("record_refusal", AGENT, ReasonedWordForm(after(57), "§ father", "phone", "§ refused")),
        ("propose", ENGINEER, ProposeForm("老化", "修理")),
        ("record_agreement", AGENT, WordForm(after(67), "§ son", "phone", "§ after all")),
        ("propose", ENGINEER, ProposeForm("老化", "修理")),
        ("agree", RESIDENT, NoteForm("§ agreed")),
        ("propose", ENGINEER, ProposeForm("老化", "修理")),
        ("sign_agreement", ENGINEER, SignedForm("§ cousin", DRAWN, "§ pad")),
        ("complete", ENGINEER, CompleteForm("已修")),
        ("rate", RESIDENT, RateForm(1, "§ comment", "§ suggestion")),
        ("escalate", SUPERVISOR, ReasonForm("§ escalated")),
        ("record_withdrawal", AGENT, ReasonedWordForm(after(107), "§ niece", "phone", "§ withdrawn")),
    ],
    "revisited": [*DONE, ("record_revisit", AGENT, FOUND)],
    "reopened": [*DONE, ("record_return", AGENT, WANTED_AGAIN)],
    "asked_again": [
        *DONE,
        ("record_revisit", AGENT, AskedAgain(RevisitOutcome.SATISFIED, "phone", "§ second")),
    ],
    "objected": [
        ("reject", MANAGER, RejectForm("查无此事")),
        ("record_objection", AGENT, ReasonedWordForm(after(5), "§ nephew", "phone", "§ objected")),
        ("uphold", MANAGER, RequiredNoteForm("§ upheld")),
    ],
    "about": [],
    "called": [
        (
            "fill_in",
            AGENT,
            FilledIn("§ text, more", "§ door", "§ caller", "§ mobile", "§ mail", (), ("§ key",)),
        ),
        ("call_back", AGENT, CalledBack(True, "§ called back")),
        ("record_outside_call", AGENT, OutsideCalled("police", "110", after(12), "§ answered")),
        ("classify", AGENT, ClassifyForm("女儿同意的", care_by="§ daughter")),
    ],
    "ordered": [
        ("take_key", AGENT, KeyTaken("§ key left", "K-17")),
        ("use_material", ENGINEER, MaterialUsed("水龙头", "1 只", True, "poor", "易漏", "§ heard it")),
        (
            "record_loss",
            AGENT,
            LossRecorded(8000, "§ tile", "§ liable", True, "§ agreed", after(12), "phone"),
        ),
        ("refuse_payment", ENGINEER, PaymentRefused("§ too dear", "§ would not")),
        ("return_key", AGENT, KeyReturned("§ key back")),
        ("refuse_work", ENGINEER, WorkRefused("§ drips", "§ her father")),
        (
            "accept_work",
            ENGINEER,
            WorkAccepted("paper", "§ mother", device="§ phone", note="§ thanks"),
        ),
        ("give_up_acceptance", SUPERVISOR, AcceptanceGivenUp("§ nobody answers")),
    ],
    "replied": [
        ("draft_reply", AGENT, ReplyDrafted("§ draft")),
        ("approve_reply", SUPERVISOR, ReplyApproved("§ reply", "agent-1")),
        ("rate", RESIDENT, ClosingHeld(CloseReason.SATISFIED, "§ held")),
        ("waive_reply", SUPERVISOR, ReplyWaived("§ waived")),
    ],
    "marked": [
        ("propose_malicious", SUPERVISOR, MaliciousForm(after(9999), "§ malicious", "§ six cases")),
        ("dismiss_malicious", MANAGER, ReasonForm("§ dismissed")),
        ("propose_malicious", SUPERVISOR, MaliciousForm(after(9999), "§ again", "§ seven cases")),
        ("confirm_malicious", MANAGER, ReasonForm("§ confirmed")),
        ("record_appeal", AGENT, ReasonedWordForm(after(22), "§ uncle", "phone", "§ appeal")),
        ("decide_appeal", COMPANY_HEAD, AppealDecisionForm(False, "§ kept")),
    ],
}


ABOUT = {"about": {"about_person": "§ about"}}
"""Whom of the staff a story is about, where nobody of them gets it."""


AS_FACTS = (
    *(AskedAgain, FilledIn, CalledBack, OutsideCalled),
    *(KeyTaken, KeyReturned, MaterialUsed, LossRecorded, PaymentRefused, WorkAccepted, WorkRefused),
    *(ReplyDrafted, ReplyApproved, ReplyWaived, ClosingHeld, AcceptanceGivenUp),
)
"""Told as facts: who is asked again, a lot says; others need a call, a danger, a bill or a letter."""


def told(place: Office, name: str) -> Case:
    """A case with a mark in every text that is personal, and in no other."""
    kind = "complaint" if name == "objected" else "repair"
    case = place.register(kind=kind, matter="elevator", **REPORTED, **ABOUT.get(name, {})).case
    for command, actor, form in STORIES[name]:
        place.clock.advance(timedelta(minutes=5))
        if isinstance(form, AS_FACTS):
            case = recorded(place, case, Command(command, actor, place.clock(), command, NoteForm()), form)
        else:
            case = place.do(case, command, actor, form)
    return case


def recorded(place: Office, case: Case, command: Command[Any], payload: Payload) -> Case:
    """The case with an event that nobody decided."""
    outcome = outcome_of(case, command, [payload], case.community, case.number)
    place.stores.cases.save(place.desk.change(outcome, place.desk.context_of(case)))
    return outcome.after


def marks(name: str) -> set[str]:
    """Every marked text of a story."""
    said = repr((REPORTED, STORIES[name], ABOUT.get(name)))
    return {part.partition("'")[0] for part in said.split("'")[1::2] if part.startswith("§")}


def rows(place: Office) -> dict[str, list[str]]:
    """All that is stored, readable, by what it is."""
    if place.memory is not None:
        memory = place.memory
        return {
            "CASE": [repr(case) for case in memory.cases.values()],
            "EVENT": [repr(event) for event in memory.events.values()],
            "CONTACT": [repr(contact) for contact in memory.contacts.values()],
            "line": [repr(line) for line in memory.lines.values()],
            "other": [repr((memory.notices, memory.links, memory.figures, memory.unit_keys, memory.keys))],
        }
    client: Any = CONNECTION.client
    found: dict[str, list[str]] = {}
    for table in ("test-cases", "test-links", "test-figures"):
        for item in client.scan(TableName=table)["Items"]:
            family = item["sk"]["S"].partition("#")[0] if table == "test-cases" else "other"
            found.setdefault("line", []).append(repr(item.pop("line", None)))
            found.setdefault(family, []).append(repr({name: readable(held) for name, held in item.items()}))
    return found


def readable(held: dict[str, Any]) -> Any:
    (value,) = held.values()
    if not isinstance(value, bytes):
        return value
    return json.loads(zlib.decompress(value) if value.startswith(documents.DEFLATED) else value)
