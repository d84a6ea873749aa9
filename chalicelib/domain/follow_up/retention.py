"""How long personal data of a case is kept, what stays and what is erased (G24).

PIPL art. 19: no longer than is necessary for its purpose; art. 47: erased when that is over, or on request.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.personal import DataKind
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.regulation.policies import RetentionPolicy

ALL_KINDS = tuple(str(kind) for kind in DataKind)
RETENTION, REQUEST = "retention", "request"


class EraseForm(Struct, frozen=True):
    """The form of erasing personal data of these kinds; only the desk itself fills it in."""

    kinds: tuple[str, ...]
    because: str


class AskErasureForm(Struct, frozen=True):
    """The form of a request to erase; only the desk itself fills it in, once the number was proved."""

    at_desk: str | None = None


def ended_at(case: Case) -> datetime | None:
    """When the case ended; None while it goes on, or stands in the lists for what it owes."""
    if case.state in OPEN or case.goes_on:
        return None
    if case.ending.closed_at is not None:
        return case.ending.closed_at
    return case.clocks.started_at + (case.rounds[-1].took if case.rounds else timedelta())


def why_kept(case: Case, at: datetime) -> str | None:
    """Why nothing of the case may be erased now, as a code word; None if it may.

    It goes on, a written report is owed, or the malicious track stands, which the resident may appeal.
    """
    if ended_at(case) is None:
        return "open"
    if case.report_duty.owed:
        return "report"
    return "malicious" if case.track is not None and case.track.stands(at) else None


def days_kept(kind: str, policy: RetentionPolicy) -> int:
    """How many days after the end of its case a kind of data is kept."""
    days = {
        DataKind.CONTACT: policy.contact_days,
        DataKind.WORDS: policy.words_days,
        DataKind.NOTICES: policy.notices_days,
    }
    return days[DataKind(kind)]


def due_to_be_erased(
    ended: datetime, erased: tuple[str, ...], asked: bool, policy: RetentionPolicy, at: datetime
) -> tuple[str, ...]:
    """The kinds whose time is over at an instant, of a case that has ended; all, if the resident asked."""
    return tuple(
        kind
        for kind in ALL_KINDS
        if kind not in erased and (asked or ended + timedelta(days=days_kept(kind, policy)) <= at)
    )


def why_not_erased(case: Case, _: Actor, __: Context, at: datetime) -> DomainError | None:
    """What is still needed is not erased (G24)."""
    why = why_kept(case, at)
    if why is None:
        return None
    return CommandRefusedError(f"Personal data of case {case.number} is still needed: {why}.", "still_needed")


def erase(case: Case, command: Command[EraseForm], _: Context) -> Payloads:
    """The event of erasing; none where it is done already."""
    kinds = tuple(kind for kind in command.form.kinds if kind not in case.erased)
    return (ev.Erased(kinds, command.form.because),) if kinds else ()


def ask_erasure(case: Case, command: Command[AskErasureForm], _: Context) -> Payloads:
    """The event of a request to erase; none where it was asked already, or nothing is left."""
    done = case.erasure_asked_at is not None or set(ALL_KINDS) <= set(case.erased)
    return () if done else (ev.ErasureAsked(command.form.at_desk),)
