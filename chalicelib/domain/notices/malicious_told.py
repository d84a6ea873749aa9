"""Who is told about the malicious track: who decides, who proposed it, and the resident (A15, G14)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.phones import can_be_written_to
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind

PROPOSED, APPEALED = "proposed", "appealed"
"""The details of a notice to whoever decides."""


def staff_read(role: Role, payload: ev.Payload) -> bool:
    """Whether a member of staff of that role reads this event, when signed in.

    What is about the track is the desk's and its leaders', and no handler's.
    """
    return role is not Role.HANDLER or not isinstance(payload, ev.MaliciousEvent)


def of_the_track(
    case: Case, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of one event about the track.

    Where no message reaches the resident, whoever proposed it is asked to call.
    """
    if case.track is None:
        return
    match event.payload:
        case ev.MaliciousProposed():
            yield from _decider(case, Role.MANAGER, PROPOSED, event, context)
        case ev.MaliciousConfirmed():
            yield NoticeKind.MARKED, RESIDENT_ID, None
            yield NoticeKind.MALICIOUS_DECIDED, case.track.proposed_by, _told_by(case, "confirmed")
        case ev.MaliciousDismissed():
            yield NoticeKind.MALICIOUS_DECIDED, case.track.proposed_by, "dismissed"
        case ev.Appealed():
            yield from _decider(case, Role.COMPANY_HEAD, APPEALED, event, context)
        case ev.AppealDecided(lifted=lifted):
            result = "lifted" if lifted else "kept"
            yield NoticeKind.APPEAL_DECIDED, RESIDENT_ID, result
            yield NoticeKind.MALICIOUS_DECIDED, case.track.proposed_by, _told_by(case, result)
        case ev.DecisionChased(rank=rank, person=person) if person:
            yield NoticeKind.MALICIOUS, person, PROPOSED if rank == Role.MANAGER else APPEALED


def _decider(
    case: Case, rank: Role, detail: str, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    person = person_of_rank(context.community, rank, case.classification.department, event.at)
    if person is not None:
        yield NoticeKind.MALICIOUS, person.username, detail


def _told_by(case: Case, result: str) -> str:
    reached = can_be_written_to(case.report.phone, case.report.email)
    return result if reached else f"{result}_call"
