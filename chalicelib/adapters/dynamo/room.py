"""How much a case may grow: what is too much is refused with a sentence, before anything is written.

DynamoDB takes no row over 400 KB, and no answer of ours shall be over 1 MB. So there are four measures: the
rows of case and contact as they are stored, the case as readers get it, with its texts, and the number of its
events, which readers go through. For each there are three marks, one above the other: residents stop first,
then staff who only add to a case; beyond that there is room for staff to bring it to an end, and above all
marks for what the desk does by itself, which is never refused.

Of the row of a case residents fill next to nothing, so they are not stopped there before staff are.
"""

import msgspec
from msgspec import Struct

from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.case.reply import Stand
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import CommandRefusedError


class Room(Struct, frozen=True):
    """The marks of somebody: bytes of the two rows and of the whole case as JSON, and events."""

    contact: int
    case: int
    whole: int
    events: int


OF_RESIDENTS = Room(contact=300_000, case=370_000, whole=550_000, events=1_000)
OF_STAFF = Room(contact=350_000, case=340_000, whole=500_000, events=2_000)
TO_END = Room(contact=390_000, case=370_000, whole=600_000, events=3_000)

NEVER_FULL = 100_000
"""A whole case of fewer bytes has no full row of its own: that holds a part of it, and a few short fields.

Of the row of its contact this says nothing: there stands, too, what the case had before and its history has.
"""


def check_room(outcome: Outcome, case_row: CaseRow, contact_row: CaseRow | None) -> None:
    """CommandRefusedError if a person's command would let the case outgrow their marks.

    `contact_row` is None where the contact stays as it is.
    """
    room = _room(outcome)
    if room is None:
        return
    after = outcome.after
    whole = len(msgspec.json.encode(after))
    is_full = (
        after.version > room.events
        or whole > room.whole
        or (whole >= NEVER_FULL and size(case_row) > room.case)
        or (contact_row is not None and size(contact_row) > room.contact)
    )
    if is_full:
        raise CommandRefusedError(
            f"Case {after.number} is full, and nothing of this was taken down; call the desk, which can "
            "write more, or report the rest as a new case.",
            "no_room",
            number=after.number,
        )


def _room(outcome: Outcome) -> Room | None:
    """The marks that hold for a command; None for what the desk does by itself."""
    match outcome.events[-1].actor.role:
        case Role.SYSTEM:
            return None
        case Role.RESIDENT:
            return OF_RESIDENTS
        case _:
            ends = outcome.before is not None and _waited_for(outcome.before) - _waited_for(outcome.after)
            return TO_END if ends else OF_STAFF


def _waited_for(case: Case) -> frozenset[str]:
    """What somebody has still to do; whoever takes something from it brings the case nearer to its end."""
    owed = {
        "report": case.report_duty.owed,
        "alarm": case.alarm is not None and case.alarm.waits,
        "decision": case.awaits_decision,
        "fault": case.follow_up.fault_untold,
        "call": bool(case.telling.to_call),
        "reply": case.owes_reply or case.reply_pending,
        "draft": case.reply_duty.stands(Stand.DRAFTED) is not None,
    }
    points = (f"point {point.nth}" for point in case.open_points)
    return frozenset({case.state, *points, *(what for what, is_owed in owed.items() if is_owed)})


def size(row: CaseRow) -> int:
    """The bytes of a row as DynamoDB counts them: names and values; a number has 21 at most."""
    return sum(
        len(name) + (len(value) if isinstance(value, bytes) else 21 if kind == "N" else len(value.encode()))
        for name, held in row.serialize().items()
        for kind, value in held.items()
    )
