"""Registering a case: once, at once, with a number (A1–A5, A10, A11)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import commands as forms
from chalicelib.domain import events as ev
from chalicelib.domain.case import Case
from chalicelib.domain.clocks import Setting, starting_deadlines
from chalicelib.domain.deciding import Outcome, outcome_of
from chalicelib.domain.drawing import sample_for
from chalicelib.domain.errors import BusyError, ConflictError, InvalidInputError, NotFoundError
from chalicelib.domain.links import Purpose, link_for
from chalicelib.domain.numbering import case_number, month_of
from chalicelib.domain.people import STAFF_ROLES, Actor, Role
from chalicelib.domain.regulation import Begins
from chalicelib.domain.rules import VALID, check_nature
from chalicelib.services.desk import Desk
from chalicelib.services.errors import AlreadyRegisteredError
from chalicelib.services.records import Change, Void

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead of ours a caller's clock may run."""
OLDEST_CONTACT = timedelta(days=90)
"""A contact further back is taken for a mistake in the date (ours)."""
NUMBERS_TRIED = 3


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a caller reports; what is not known is left to the regulation. Texts are checked already."""

    text: str
    unit: str
    resident_name: str
    phone: str | None
    email: str | None
    channel: ev.Channel
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None
    complexity: str | None = None
    nature: str | None = None
    care: bool = False
    contacted_at: datetime | None = None
    against: str | None = None
    course_of_events: str | None = None
    witnesses: str | None = None
    evidence: tuple[str, ...] = ()
    follows: str | None = None
    solved_with: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the caller gets at once (A11). `repeated`: the same report was registered before."""

    case: Case
    track_code: str
    repeated: bool


def register(
    desk: Desk, community_id: str, actor: Actor, new: NewCase, idempotency_key: str, body: bytes
) -> Receipt:
    """Register a case, or find the one that the same key made: two writes, whatever happens in between.

    `body` is what the caller sent, so that one key cannot stand for two reports. Raises NotFoundError for an
    unknown community, InvalidInputError for impossible values, ConflictError for a key used for another body,
    BusyError where too many others register: then the number is left over, and `reconcile` explains it.
    """
    community = desk.directory.community(community_id)
    setting = desk.setting(community)
    at = desk.now()
    _check_times(new, at)
    if new.follows is not None:
        _check_follows(desk, community_id, new.follows)
    if new.solved_with is not None and actor.role not in STAFF_ROLES:
        raise InvalidInputError("Only staff can register a case as solved on the spot.")
    if new.nature is not None and actor.role not in STAFF_ROLES:
        raise InvalidInputError("Only staff can say of what nature a complaint is; leave 'nature' out.")
    if new.solved_with is not None:
        setting = desk.with_the_month(setting, at)  # the sample is drawn at once
    registered = _registered(new, actor, at, setting)
    key = hashlib.sha256(f"{community_id}\0{actor.role}\0{actor.id}\0{idempotency_key}".encode()).hexdigest()
    body_hash = hashlib.sha256(body).hexdigest()
    command = forms.Command("register", actor, at, f"register#{key[:16]}", None)
    month = month_of(at, community.zone)
    for _ in range(NUMBERS_TRIED):
        number = case_number(month, desk.cases.next_serial(community_id, month))
        payloads: ev.Payloads = (
            registered,
            *_solved(new, registered.classification, community_id, number, setting),
        )
        outcome = outcome_of(None, command, payloads, community_id, number)
        try:
            _create(desk, _change(desk, outcome, setting, key, body_hash))
        except AlreadyRegisteredError as first:
            desk.cases.record_void(community_id, Void(number, f"repeat of {first.number}", at))
            if first.body_hash != body_hash:
                raise _key_used(actor, first.number) from first
            return _receipt(desk, desk.cases.get(community_id, first.number), setting, repeated=True)
        except ConflictError:
            continue
        return _receipt(desk, outcome.after, setting, repeated=False)
    raise ConflictError("No number could be had for the case; send the report again with the same key.")


def _key_used(actor: Actor, number: str) -> ConflictError:
    """Residents are all one actor, and the other report may be a neighbour's: they are not told which."""
    said = "This Idempotency-Key was used for another report"
    if actor.role is Role.RESIDENT:
        return ConflictError(f"{said}; use a new key for a new report.", "key_used_before")
    return ConflictError(
        f"{said}, which became case {number}; use a new key for a new report.", "key_used", number=number
    )


def _create(desk: Desk, change: Change) -> None:
    """Write the case; a busy register is asked once more for the same number, so that none is used up."""
    try:
        desk.cases.create(change)
    except BusyError:
        desk.cases.create(change)


def _receipt(desk: Desk, case: Case, setting: Setting, *, repeated: bool) -> Receipt:
    link = link_for(case, Purpose.TRACK, setting.regulation.survey.link_days)
    return Receipt(case, desk.codes.code(link), repeated)


def _change(desk: Desk, outcome: Outcome, setting: Setting, key: str, body_hash: str) -> Change:
    return replace(desk.change(outcome, setting), idempotency_key=key, body_hash=body_hash)


def _check_follows(desk: Desk, community: str, number: str) -> None:
    try:
        desk.cases.get(community, number)
    except NotFoundError:
        raise InvalidInputError(
            f"'follows' names {number}, and there is no such case; leave it out if you are not sure.",
            "no_such_case",
            number=number,
        ) from None


def _check_times(new: NewCase, at: datetime) -> None:
    if new.contacted_at is None:
        return
    if new.contacted_at.tzinfo is None:
        raise InvalidInputError("'contacted_at' has no zone; write it like 2026-11-22T09:00:00+08:00.")
    if new.contacted_at > at + CLOCK_TOLERANCE:
        raise InvalidInputError(
            "'contacted_at' lies in the future; give the time of the contact.", "contact_in_future"
        )
    if new.contacted_at < at - OLDEST_CONTACT:
        raise InvalidInputError(
            f"'contacted_at' lies more than {OLDEST_CONTACT.days} days back; check the date.",
            "contact_long_ago",
            days=OLDEST_CONTACT.days,
        )


def _solved(
    new: NewCase, about: ev.Classification, community: str, number: str, setting: Setting
) -> tuple[ev.Completed, ...]:
    """The completion of what was solved while it was taken (A10)."""
    if new.solved_with is None:
        return ()
    sample = sample_for(about, None, community, number, setting)
    return (ev.Completed(new.solved_with, on_the_spot=True, sample=sample),)


def _registered(new: NewCase, actor: Actor, at: datetime, setting: Setting) -> ev.Registered:
    regulation = setting.regulation
    matter = regulation.matter(new.matter or "other")
    kind = new.kind or "complaint"
    check_nature(kind, new.nature or VALID)
    classification = setting.classified(
        ev.Classification(
            kind=kind,
            matter=matter.id,
            category=matter.category,
            department=matter.department,
            urgency=new.urgency or matter.urgency,
            severity=new.severity or "general",
            complexity=new.complexity or "general",
            care=new.care,
            nature=new.nature or VALID,
        )
    )
    report = ev.Report(
        text=new.text,
        unit=new.unit,
        resident_name=new.resident_name,
        phone=new.phone,
        channel=new.channel,
        taken_by=actor.id,
        contacted_at=min(new.contacted_at or at, at),
        email=new.email,
        against=new.against,
        course_of_events=new.course_of_events,
        witnesses=new.witnesses,
        evidence=new.evidence,
        follows=new.follows,
    )
    deadlines = starting_deadlines(Begins.REGISTERED, classification, at, setting, 1)
    return ev.Registered(
        report, classification, regulation.id, str(regulation.version), setting.community.zone, deadlines
    )
