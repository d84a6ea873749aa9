"""The transactions of intake and of commands: all that a change writes, or nothing.

| what | call |
|---|---|
| a new case with its contact, events, notices, links, figures, key and marks | one TransactWriteItems |
| the cases whose marks a new one met | one GetItem for each mark |
| a command's change, if the case is still the version that was read | one TransactWriteItems |

The contact is written with a new case, and by a change that says something personal (see `contact`).

Two commands on different cases of one community meet in the month's figures; then DynamoDB cancels one
of them for a conflict, and it is simply sent again, after a short wait. Where all sends were cancelled so,
nothing was written and nobody else was first: that is BusyError, not ConflictError.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.accounts import account_rows
from chalicelib.adapters.dynamo.bundles import MOST_ITEMS, notice_rows
from chalicelib.adapters.dynamo.contact import NOTHING_APART, Contact, apart
from chalicelib.adapters.dynamo.documents import (
    instant,
    shape_of,
    stored_case,
    stored_event,
    stored_texts,
    text,
)
from chalicelib.adapters.dynamo.errors import failed_conditions, will_pass
from chalicelib.adapters.dynamo.incidents import incident_rows
from chalicelib.adapters.dynamo.repeats import key_row, left_by, marked
from chalicelib.adapters.dynamo.room import check_room
from chalicelib.adapters.dynamo.tables import (
    CASE,
    CONTACT,
    CaseRow,
    FigureKeys,
    FigureRow,
    LinkRow,
)
from chalicelib.adapters.dynamo.transactions import send
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.errors import BusyError, ConflictError
from chalicelib.services.errors import AlikeError, AlreadyRegisteredError
from chalicelib.services.records import Change

BUSY = "Too many are writing just now; nothing was written. Send the same again in a moment."

Put = tuple[CaseRow | LinkRow, Condition | None]


def write_new(change: Change, sleep: Callable[[float], None]) -> Contact:
    """Write a new case; its contact.

    AlreadyRegisteredError if its key was used, ConflictError if its number is taken, AlikeError if it waits
    for a mark that another has left, BusyError if none of these.
    """
    case, events, contact = apart(change.outcome.after, change.outcome.events, NOTHING_APART)
    puts: list[Put] = [(_case_row(change, case), CaseRow.pk.does_not_exist()), *_beside(change, events)]
    puts.append((_contact_row(case, contact), None))
    marks = range(len(puts), len(puts) + len(change.marks))
    puts += [marked(mark, case) for mark in change.marks]
    puts += incident_rows(change)
    puts += _notices(change, len(puts) + 1)
    if change.idempotency_key is not None:
        puts.append((key_row(change, change.idempotency_key), LinkRow.pk.does_not_exist()))
    try:
        _send(puts, _figures(change), sleep)
    except TransactWriteError as error:
        failed = failed_conditions(error)
        if change.idempotency_key is not None and len(puts) - 1 in failed:
            row = LinkRow.get(keys.idempotency(change.idempotency_key), consistent_read=True)
            if row.number == case.number:
                return contact  # this very transaction: it had been written, and its answer was lost
            raise AlreadyRegisteredError(row.number, row.body_hash) from error
        if failed and failed.keys() <= set(marks):
            raise AlikeError(left_by(puts[at][0].pk for at in failed)) from error
        if failed:
            raise ConflictError(f"The number {case.number} is taken.") from error
        raise _named(error) from error
    return contact


def write_changed(change: Change, before: Contact, sleep: Callable[[float], None]) -> Contact:
    """Write the events, case and notices of one command in one transaction.

    `before` is the contact at the version that was read.

    ConflictError unless the case, and the one that it is merged into, are still at the versions that were
    read; BusyError if the others did not stop, CommandRefusedError if the case is full.
    """
    case, events, contact = apart(change.outcome.after, change.outcome.events, before)
    unchanged = CaseRow.version == case.version - len(events)
    row, texts = _case_row(change, case), None if contact is before else _contact_row(case, contact)
    check_room(change.outcome, row, texts)
    puts: list[Put] = [(row, unchanged), *_beside(change, events)]
    if texts is not None:
        puts.append((texts, _is(before)))
    puts += [marked(mark, case) for mark in change.marks]
    puts += incident_rows(change)
    puts += account_rows(change)
    others = [change.only_if] if change.only_if else []
    unchanged_others = [(keys.case(case.community, number), version) for number, version in others]
    puts += _notices(change, len(puts) + len(others))
    try:
        _send(puts, _figures(change), sleep, unchanged_others)
    except TransactWriteError as error:
        if failed_conditions(error):
            raise ConflictError(f"Case {case.number} was changed by somebody else just now.") from error
        raise _named(error) from error
    return contact


def _named(error: TransactWriteError) -> Exception:
    """The error as callers know it, if nothing but others stood in the way."""
    return BusyError(BUSY) if will_pass(error) else error


def _send(
    puts: Sequence[Put],
    figures: Sequence[tuple[Any, list[Any]]],
    sleep: Callable[[float], None],
    unchanged: Sequence[tuple[str, int]] = (),
) -> None:
    """Send one transaction, again where it met another; the cases `unchanged` are only looked at."""
    items = len(puts) + len(figures) + len(unchanged)
    if items > MOST_ITEMS:
        raise AssertionError(f"{items} items in a transaction; {MOST_ITEMS} are taken.")

    def fill(transaction: TransactWrite) -> None:
        for row, condition in puts:
            transaction.save(row, condition)
        for row, actions in figures:
            transaction.update(row, actions)
        for place, version in unchanged:
            transaction.condition_check(CaseRow, place, CASE, CaseRow.version == version)

    send(fill, sleep)


def _case_row(change: Change, case: Case) -> CaseRow:
    """The row of the case, with the index attributes that its state calls for."""
    line = change.line
    row = CaseRow(
        keys.case(case.community, case.number),
        CASE,
        data=stored_case(case),
        shape=shape_of(Case),
        version=case.version,
        state=case.state,
        line=text(line),
        register_month=keys.month(case.community, change.month),
        number_key=keys.number_key(case.number),
        unit_key=keys.unit(case.community, change.unit_key) if change.unit_key else None,
        resident_key=keys.unit(case.community, change.resident_key) if change.resident_key else None,
    )
    if case.is_shown_open:
        row.due_at = instant(line.due_at)
        row.open_community = case.community
        row.open_department = keys.department(case.community, line.department)
        row.open_handler = keys.handler(case.community, line.handler) if line.handler else None
        row.open_follower = keys.handler(case.community, line.followed_by) if line.followed_by else None
    return row


def _contact_row(case: Case, contact: Contact) -> CaseRow:
    place = keys.case(case.community, case.number)
    return CaseRow(place, CONTACT, data=stored_texts(contact.texts), version=contact.version)


def _is(contact: Contact) -> Condition:
    """The condition that the row is as it was read, which may be long ago."""
    return CaseRow.version == contact.version if contact.version else CaseRow.pk.does_not_exist()


def _beside(change: Change, events: Iterable[Event]) -> list[Put]:
    """Events and links; no event may be there already."""
    case = change.outcome.after
    place = keys.case(case.community, case.number)
    event_rows = (
        CaseRow(
            place,
            keys.event(event.version),
            data=stored_event(event),
            event_type=event.type,
            actor_role=event.actor.role,
        )
        for event in events
    )
    new: list[Put] = [(row, CaseRow.pk.does_not_exist()) for row in event_rows]
    for code_hash, link in change.links:
        expires = int(link.expires_at.timestamp())
        new.append((LinkRow(code_hash, link=text(link), expires_at_epoch=expires), None))
    return new


def _notices(change: Change, others: int) -> list[Put]:
    """The notices of a command, in as many rows as the transaction has room for."""
    case = change.outcome.after
    room = MOST_ITEMS - others - len(change.figures)
    rows = notice_rows(keys.case(case.community, case.number), change.notices, room)
    return [(row, CaseRow.pk.does_not_exist()) for row in rows]


def _figures(change: Change) -> list[tuple[Any, list[Any]]]:
    """One update for each row of the month's figures that changes."""
    month = keys.month(change.outcome.after.community, change.month)
    return [
        (
            FigureKeys(month, keys.figure_row(row)),
            [getattr(FigureRow, name).add(amount) for name, amount in counters.items()],
        )
        for row, counters in change.figures.items()
    ]
