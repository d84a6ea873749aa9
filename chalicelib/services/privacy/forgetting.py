"""Erasing personal data whose time is over: every night, and by an operator (G24).

Bounded by the time it is given, and restartable: what is erased says so in its line, so the next run begins
with what is left. Figures stay, since they count what happened and not who it was.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.numbering import months_until
from chalicelib.domain.case.personal import DataKind
from chalicelib.domain.case.recordings import ERASED_WITH, recordings_of
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.errors import BusyError, CommandRefusedError, ConflictError
from chalicelib.domain.follow_up.retention import (
    REQUEST,
    RETENTION,
    EraseForm,
    due_to_be_erased,
    ended_at,
    why_kept,
)
from chalicelib.domain.regulation.policies import RetentionPolicy
from chalicelib.services import search
from chalicelib.services.desk import Desk
from chalicelib.services.files.arriving import erase_files
from chalicelib.services.findings.praise import erase_praise
from chalicelib.services.findings.records import FindingStore
from chalicelib.services.paging import lines_of_month
from chalicelib.services.ports import NoticeStore
from chalicelib.services.records import CaseLine

log = logging.getLogger(__name__)

MOST_MONTHS = 120
"""How many months back cases are looked at: ten years, which is longer than anything is kept."""
LAST_SECONDS = 15.0
"""With so little time left no further case is begun."""


class Forgotten(Struct):
    """The counts of a run: cases looked at, and those of which something was erased.

    `not_erased` raised an error, and stand in the log. `broke_off` is 1 if the time was up.
    """

    looked_at: int = 0
    erased: int = 0
    not_erased: int = 0
    broke_off: int = 0


def forget(
    desk: Desk,
    notices: NoticeStore,
    findings: FindingStore,
    community: str,
    seconds_left: Callable[[], float],
) -> Forgotten:
    """Erase what a community keeps for longer than its regulation says; the oldest first."""
    place, found = desk.directory.community(community), Forgotten()
    policy = desk.regulations.get(place.regulation).retention
    for month in months_back(desk.now(), place.zone):
        for line in tuple(lines_of_month(desk.cases, community, month)):
            if seconds_left() < LAST_SECONDS:
                found.broke_off = 1
                return found
            found.looked_at += 1
            if _may_be_due(line, policy, desk.now()):
                _erase(desk, notices, findings, line, policy, found)
    return found


def months_back(now: datetime, zone: str) -> tuple[str, ...]:
    """The months in which cases may have been registered, oldest first."""
    return months_until(now, zone, MOST_MONTHS)


def _may_be_due(line: CaseLine, policy: RetentionPolicy, now: datetime) -> bool:
    """Whether something of the case may have to be erased; a line of before does not say when it ended."""
    ended = line.ended_at or line.registered_at
    return bool(due_to_be_erased(ended, line.erased, line.erasure_asked, policy, now))


def _erase(
    desk: Desk,
    notices: NoticeStore,
    findings: FindingStore,
    line: CaseLine,
    policy: RetentionPolicy,
    found: Forgotten,
) -> None:
    try:
        case = desk.cases.get(line.community, line.number)
        asked, ended = case.erasure_asked_at is not None, ended_at(case)
        kinds = due_to_be_erased(ended, case.erased, asked, policy, desk.now()) if ended else ()
        because = REQUEST if asked else RETENTION
        if kinds and erase(desk, notices, findings, case, kinds, because):
            found.erased += 1
    except Exception:
        found.not_erased += 1
        log.exception("case_not_erased", extra={"community": line.community, "number": line.number})


def erase(
    desk: Desk,
    notices: NoticeStore,
    findings: FindingStore,
    case: Case,
    kinds: tuple[str, ...],
    because: str,
) -> bool:
    """Erase these kinds of a case's personal data; False if it is still needed, or was changed just now."""
    if why_kept(case, desk.now()) is not None:
        return False
    if DataKind.NOTICES in kinds:
        notices.forget(case.community, case.number)
    if DataKind.WORDS in kinds:
        erase_praise(findings, case)
    search.forget(desk, case, kinds)
    if ERASED_WITH & set(kinds):
        for name in recordings_of(case):
            desk.recordings.erase(name)
        erase_files(desk.files, (file.name for file in case.files))
    desk.cases.empty_old_events(case.community, case.number, kinds)
    command_id = f"erase#{case.version}#{because}"
    try:
        desk.carry_out(case, Command("erase", TIMER, desk.now(), command_id, EraseForm(kinds, because)))
    except (BusyError, CommandRefusedError, ConflictError):
        search.follow(desk, case.community, case.number)
        return False  # the next night comes
    return True
