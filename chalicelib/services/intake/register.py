"""Registering a case: once, at once, with a number (A1–A5, A10, A11)."""

import hashlib

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Merged, Registered
from chalicelib.domain.case.kept_away import kept_away_from
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.numbering import case_number, month_of
from chalicelib.domain.case.outcome import outcome_of
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import (
    BusyError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SameReportError,
)
from chalicelib.domain.intake import registration
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.wording import check_wording
from chalicelib.services.desk import Desk
from chalicelib.services.errors import AlikeError, AlreadyRegisteredError
from chalicelib.services.files.handing_in import check_folder
from chalicelib.services.files.shelf import folder_of_form
from chalicelib.services.households.care import with_care
from chalicelib.services.intake.sent_twice import marks_of, same_report
from chalicelib.services.intake.triage import proposed
from chalicelib.services.leading import Known
from chalicelib.services.records import Change
from chalicelib.services.serials import Void

NUMBERS_TRIED = 3


class Receipt(Struct, frozen=True):
    """The receipt of a report, which the caller gets at once (A11).

    `repeated`: the same report was registered before. `leader`: the case whose incident it joined, where that
    was read already.
    """

    case: Case
    track_code: str
    repeated: bool
    leader: Case | None = None


def check(desk: Desk, context: Context, actor: Actor, new: NewCase) -> None:
    """Refuse a report that `register` would refuse, with its InvalidInputError; nothing is written."""
    registration.register(new, actor, desk.now(), context)
    _check_follows(desk, context.community.id, actor, new.follows)


def register(
    desk: Desk,
    context: Context,
    actor: Actor,
    new: NewCase,
    idempotency_key: str,
    body: bytes,
    left_out: tuple[str, ...] = (),
    sent_from: str | None = None,
    language: str = "",
    files_key: str = "",
) -> Receipt:
    """Register a case, or find the one that the same key made.

    It takes two writes, and an interruption between them does no harm.

    `context` is the community's, under its regulation of today; `body` is what the caller sent, so that
    one key cannot stand for two reports; `left_out` what a machine sent and could not be taken,
    `sent_from` the origin of a stranger's (access/origins.py), `language` that of the resident,
    `files_key` that under which files were uploaded, if it is another. Raises InvalidInputError for
    impossible values, ConflictError for a key used for another body, SameReportError for one that may be
    a case of just now, which nobody has said it is not, BusyError where too many others register: then the
    number is left over, and `reconcile` explains it.
    """
    community, community_id, at = context.community, context.community.id, desk.now()
    new = with_care(desk, community_id, actor, new)
    registered = registration.register(new, actor, at, context, left_out)
    check_folder(folder_of_form(desk, community_id, files_key or idempotency_key), new.files)
    registered = replace(
        registered, report=replace(registered.report, sent_from=sent_from, language=new.language or language)
    )
    registered = replace(registered, proposal=proposed(desk, context, new.text or "", registered.report))
    _check_follows(desk, community_id, actor, new.follows)
    if new.solved_with is not None:
        check_wording(new.solved_with, desk.unwanted_in(community))
        context = desk.with_the_month(context, at)  # the sample is drawn at once
    key = hashlib.sha256(f"{community_id}\0{actor.role}\0{actor.id}\0{idempotency_key}".encode()).hexdigest()
    body_hash = hashlib.sha256(body).hexdigest()
    command = Command("register", actor, at, f"register#{key[:16]}", None)
    month = month_of(at, community.zone)
    for _ in range(NUMBERS_TRIED):
        serial = desk.cases.next_serial(community_id, month)
        number = case_number(month, serial.number)
        known = None if new.solved_with is not None else desk.leading.known(registered, context, serial.leads)
        joins = known is not None and known.sure and not new.another
        reported, joined = _with_incident(registered, known, joins=joins)
        payloads = (*registration.numbered(new, reported, actor, number, at, context), *joined)
        outcome = outcome_of(None, command, payloads, community_id, number)
        change = replace(
            desk.change(outcome, context),
            idempotency_key=key,
            body_hash=body_hash,
            marks=marks_of(desk, community, new, actor, at),
        )
        try:
            _create(desk, change, actor, sent_from)
        except SameReportError as same:
            desk.cases.record_void(community_id, Void(number, f"asked about {same.facts['number']}", at))
            raise
        except AlreadyRegisteredError as first:
            desk.cases.record_void(community_id, Void(number, f"repeat of {first.number}", at))
            if first.body_hash != body_hash:
                raise _key_used(actor, first.number) from first
            return receipt_of(desk, desk.cases.get(community_id, first.number), context, repeated=True)
        except ConflictError:
            continue
        receipt = receipt_of(desk, outcome.after, context, repeated=False)
        return replace(receipt, leader=known.leader) if known is not None and joins else receipt
    raise ConflictError("No number could be had for the case; send the report again with the same key.")


def _with_incident(
    registered: Registered, known: Known | None, *, joins: bool
) -> tuple[Registered, tuple[Merged, ...]]:
    """The report, with the incident that it may be of; where that is sure, also the event of its joining.

    Whoever says that it is `another` than what was reported before is asked, and not taken at the word of a
    rule.
    """
    if known is None:
        return registered, ()
    if joins:
        return registered, (Merged(known.leader.number, "", incident=True),)
    return replace(registered, offered=known.leader.number), ()


def _key_used(actor: Actor, number: str) -> ConflictError:
    """Residents are all one actor, and the other report may be a neighbour's: they are not told which."""
    said = "This Idempotency-Key was used for another report"
    if actor.role is Role.RESIDENT:
        return ConflictError(f"{said}; use a new key for a new report.", "key_used_before")
    return ConflictError(
        f"{said}, which became case {number}; use a new key for a new report.", "key_used", number=number
    )


def _create(desk: Desk, change: Change, actor: Actor, sent_from: str | None) -> None:
    """Write the case; SameReportError if one that it is like, and that its sender may know of, is open."""
    try:
        _write(desk, change)
    except AlikeError as alike:
        community = change.outcome.after.community
        for number in sorted(alike.numbers):
            case = desk.cases.get(community, number)
            if case.state in OPEN and _may_know_of(desk, case, actor, sent_from):
                raise same_report(case) from alike
        _write(desk, replace(change, marks=tuple(replace(mark, waits=False) for mark in change.marks)))


def _may_know_of(desk: Desk, case: Case, actor: Actor, sent_from: str | None) -> bool:
    """Whether whoever is asked about a like case learns nothing that is not theirs (E8, G13).

    Staff who are kept away from it are not asked; nor is a resident from another network than the first
    report's, who may have typed somebody else's number.
    """
    if actor.role is Role.RESIDENT:
        return case.report.sent_from == sent_from
    return actor.id not in kept_away_from(case, desk.directory.community(case.community))


def _write(desk: Desk, change: Change) -> None:
    """Write the case; a busy register is asked once more for the same number, so that none is used up."""
    try:
        desk.cases.create(change)
    except BusyError:
        desk.cases.create(change)


def receipt_of(desk: Desk, case: Case, context: Context, *, repeated: bool) -> Receipt:
    """The receipt of a case that is registered."""
    link = link_for(case, Purpose.TRACK, context.regulation.survey.link_days)
    return Receipt(case, desk.codes.code(link), repeated)


def _check_follows(desk: Desk, community: str, actor: Actor, number: str | None) -> None:
    """Refuse an unknown number, to whoever sees every case or is the desk's own machine.

    A case that somebody is kept away from is unknown to them (G13). The others are told nothing: what they
    said stands on the case, and the desk looks.
    """
    if number is None or actor.role not in COMMUNITY_WIDE | {Role.MACHINE}:
        return
    try:
        desk.visible_to(actor.id, community, number)
    except NotFoundError:
        raise InvalidInputError(
            f"'follows' names {number}, and there is no such case; leave it out if you are not sure.",
            "no_such_case",
            number=number,
        ) from None
