"""Cases that were merged into one another: the one that goes on, and what its end means for the rest (A16).

Called by the relay after a person's command; reads what is, so order and repeats don't matter: a case merged
late, twice, or into one that was merged, completed or withdrawn meanwhile comes out the same.
"""

import logging
from collections import deque
from collections.abc import Iterator

from msgspec import Struct

from chalicelib.domain.case.answered import ANSWERS, check_unchanged
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Identified
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.decide import was_carried_out
from chalicelib.domain.errors import CommandRefusedError, ConflictError, NotFoundError
from chalicelib.domain.intake.files import FilesForm
from chalicelib.domain.intake.forms import IdentifyForm, JoinForm
from chalicelib.domain.intake.merging import LONGEST_CHAIN, sets_free, to_share
from chalicelib.services.desk import ATTEMPTS, Desk
from chalicelib.services.files.handing_in import check_folder
from chalicelib.services.files.shelf import folder_of_case
from chalicelib.services.files.signature import with_signature
from chalicelib.services.intake.incident_reports import Joined
from chalicelib.services.ports import CaseStore

log = logging.getLogger(__name__)

MOST_REACHED = 1000
"""How many merged cases one look at an incident reaches (ours): a tree that is larger is no incident."""


def goes_on(cases: CaseStore, case: Case) -> Case | None:
    """The last case of the chain that a case was merged into; itself, if it was not merged.

    None where the chain leads nowhere: a case that is not there, a loop, or too many.
    """
    for _ in range(LONGEST_CHAIN):
        if case.state is not State.MERGED or case.ending.merged_into is None:
            return case
        try:
            case = cases.get(case.community, case.ending.merged_into)
        except NotFoundError:
            return None
    return None


def merged_with(desk: Desk, case: Case) -> tuple[Case, Context] | None:
    """The case that a merged one goes on as, with its context; None if there is none."""
    last = goes_on(desk.cases, case)
    return None if last is None or last is case else (last, desk.context_of(last))


AT_ONCE = frozenset({"identify"})
"""Commands after which the merged are seen to before the answer: no minute in which they are read (G13)."""


def carry_out(
    desk: Desk,
    case: Case,
    command: Command[object],
    expected_version: int | None = None,
    *,
    seen: int | None = None,
) -> Case:
    """Carry a person's command out; at once for merged cases too, where it presses.

    What could not be done at once the relay does. ConflictError if the case is not at `expected_version` any
    more; of a command that answers something also if that is another one than at the version `seen`.
    """
    if isinstance(command.form, FilesForm):
        check_folder(folder_of_case(desk, case.community, case.number), command.form.files)
    command = with_signature(desk, case, command)
    if expected_version is None and command.name in ANSWERS:
        done = _answered(desk, case, command, case.version if seen is None else seen)
    else:
        done = desk.carry_out(case, command, expected_version).case
    if command.name in AT_ONCE:
        try:
            Incidents(desk).follow(done.community, done.number)
        except Exception:
            extra = {"community": done.community, "number": done.number}
            log.exception("merged cases are left to the relay", extra=extra)
    return done


def _answered(desk: Desk, case: Case, command: Command[object], seen: int) -> Case:
    """The case after an answer to what stood there when it was seen."""
    for _ in range(ATTEMPTS):
        if case.version > seen and not was_carried_out(case, command):
            history = desk.cases.events(case.community, case.number)
            check_unchanged(command.name, (event for event in history if event.version > seen))
        try:
            return desk.carry_out(case, command, case.version).case
        except ConflictError:
            case = desk.cases.get(case.community, case.number)
    raise ConflictError("The case changes again and again; send this once more.", "stale")


class Incidents(Struct, frozen=True):
    """What follows a command for the cases that were merged with its case."""

    desk: Desk

    def follow(self, community: str, number: str) -> tuple[str, ...]:
        """Let the case join the one it was merged into, and tell the merged.

        Where that has ended without work, those merged into it go on by themselves. The numbers of the
        reports of an incident that have changed with it (incident_reports.py).
        """
        case = self.desk.cases.get(community, number)
        changed = tuple(Joined(self.desk).follow(case))
        if not case.is_joined:
            self._follow_merged(case)
        return changed

    def _follow_merged(self, case: Case) -> None:
        community, number = case.community, case.number
        if case.state is State.MERGED and case.ending.merged_into is not None:
            into = self.desk.cases.get(community, case.ending.merged_into)
            if case.number not in into.joined and not sets_free(into):
                self._give(into, "join", JoinForm(case.number))
            elif sets_free(into):
                self._set_free(case, into)
            case = self.desk.cases.get(community, number)
        elif case.ending.freed_from is not None:
            self._part(case, self.desk.cases.get(community, case.ending.freed_from))
        last = goes_on(self.desk.cases, case)
        if last is None or not last.joined:
            return
        free = sets_free(last)
        for merged, into in self._merged_into(last):
            if not _is_in(merged, into):
                self._part(merged, into)
                continue
            if merged.about != last.about:
                self._pass_about(merged, last)
            if free and into is last:
                self._set_free(merged, last)
            elif not free and (shared := to_share(merged, last)) is not None:
                self._give(merged, "share_result", shared)

    def _pass_about(self, merged: Case, last: Case) -> None:
        """Let a merged case be about whom the last one was said to be about: both tell the same (G13)."""
        events = self.desk.cases.events(last.community, last.number)
        said = [event.payload for event in events if isinstance(event.payload, Identified)]
        if said:
            self._give(merged, "identify_merged", IdentifyForm(said[-1].reason, said[-1].person))

    def _set_free(self, merged: Case, ended: Case) -> None:
        """Let a merged case go on by itself. Those merged into it stay with it."""
        self._give(merged, "set_free", JoinForm(ended.number))
        self._part(merged, ended)

    def _part(self, merged: Case, into: Case) -> None:
        """Strike a case out that is merged into this one no more; one that is so again comes back."""
        if merged.number in into.joined:
            self._give(into, "part", JoinForm(merged.number))
            if _is_in(self.desk.cases.get(merged.community, merged.number), into):
                self._give(self.desk.cases.get(into.community, into.number), "join", JoinForm(merged.number))

    def _merged_into(self, last: Case) -> Iterator[tuple[Case, Case]]:
        """Each case that joined this one, directly or not, with the one that it joined; once."""
        found, waiting = {last.number}, deque((number, last) for number in last.joined)
        while waiting and len(found) <= MOST_REACHED:
            number, into = waiting.popleft()
            if number in found:
                continue
            found.add(number)
            merged = self.desk.cases.get(last.community, number)
            if _is_in(merged, into):
                waiting.extend((joined, merged) for joined in merged.joined)
            yield merged, into

    def _give(self, case: Case, name: str, form: object) -> None:
        command = Command(name, TIMER, self.desk.now(), f"{name}#{case.number}", form)
        try:
            self.desk.carry_out(case, command)
        except CommandRefusedError:  # it goes on by itself again
            return


def _is_in(merged: Case, into: Case) -> bool:
    """Whether a case is merged into that one, still."""
    return merged.state is State.MERGED and merged.ending.merged_into == into.number
