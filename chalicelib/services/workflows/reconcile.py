"""Reconciliation: finding and mending what was lost (A4, B7, G1).

Workflows that are gone, timers that did not fire, notices that did not leave, deadlines that the calendar has
moved, numbers without a case. Run by schedule, after a local start, and by hand (design 1, rule 1).
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from msgspec import Struct

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.numbering import case_number, missing_serials, months_until
from chalicelib.domain.timers import next_step
from chalicelib.services.calendar.replan import may_move, replan
from chalicelib.services.duty.chase import HandoverChase
from chalicelib.services.duty.mornings import Mornings
from chalicelib.services.duty.unwritten import UnwrittenChase
from chalicelib.services.duty.watch import DutyWatch
from chalicelib.services.intake.merged import Incidents
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.notices.digest import Digests
from chalicelib.services.notices.unaccepted import UnacceptedWeekly
from chalicelib.services.notices.weekly import Weekly
from chalicelib.services.paging import lines_of_month, open_lines
from chalicelib.services.records import CaseLine
from chalicelib.services.serials import Void
from chalicelib.services.workflows.executions import Execution, stage_of
from chalicelib.services.workflows.tasks import Workflows

TIMER_GRACE = timedelta(seconds=60)
"""A timer this late is taken for lost; so is the workflow of a case that nobody has got after this time."""

NOTICE_GRACE = timedelta(minutes=2)
"""A notice this old and not sent is tried again."""

NUMBER_GRACE = timedelta(minutes=5)
"""An intake this long ago has ended one way or the other."""

USUAL_SECONDS = 200.0
"""How long a run may take where nobody says (ours)."""

LAST_SECONDS = 20.0
"""With so little time left no further case is begun: what was begun has to come to an end."""

EVERY = timedelta(minutes=5)
"""How often the schedule comes round; runs after one another begin with different communities."""

RUNS_A_DAY = int(timedelta(days=1) / EVERY)

log = logging.getLogger(__name__)


class Findings(Struct):
    """The counts of what was found and mended, for the log and the terminal.

    `notices_failed` counts those that nobody will try again; `not_mended` cases and communities that raised
    an error. Each of these stands in the log. `weekly_told` counts the people who were told of what is long
    overdue or never accepted, `duty_told` those of gaps and handovers, `days_told` those who got their day's
    list. `broke_off` is 1 if the time was up; the next run goes on.
    """

    open_cases: int = 0
    timers_fired: int = 0
    planned_anew: int = 0
    workflows_restarted: int = 0
    notices_sent: int = 0
    notices_failed: int = 0
    digests_sent: int = 0
    weekly_told: int = 0
    duty_told: int = 0
    days_told: int = 0
    numbers_explained: int = 0
    not_mended: int = 0
    broke_off: int = 0


class Reconciliation(Struct, frozen=True):
    workflows: Workflows
    delivery: Delivery

    def run(self, *, thorough: bool, seconds_left: Callable[[], float] = lambda: USUAL_SECONDS) -> Findings:
        """Send what has not left, then look at every open case of every community.

        `thorough` asks Step Functions about each of them.

        Without it only those cases are looked at whose next timer is late, that nobody has got, or whose
        deadlines a change of the calendar may have moved; and each once a day, whatever it looks like, with
        the merged ones of this month and the last, whose join or end the stream may have lost.

        Each case is mended by itself, so one that cannot be mended does not keep the others waiting. Nor do
        messages: they have half of the time at most. What is mended is looked at no more, so a run that
        breaks off is carried on by the next.
        """
        found = Findings()
        half = seconds_left() / 2
        try:
            swept = self.delivery.sweep(self._now() - NOTICE_GRACE, lambda: seconds_left() < half)
            found.notices_sent, found.notices_failed = swept.left, swept.failed
            found.digests_sent = Digests(self.delivery).send(lambda: seconds_left() < half)
        except Exception:
            found.not_mended += 1
            log.exception("notices_not_swept")
        self._tell_apart(found, lambda: seconds_left() > LAST_SECONDS)
        for community in self._in_turn(tuple(self.workflows.desk.directory.names())):
            try:
                found.numbers_explained += self._explain_numbers(community)
                if thorough or self._has_its_turn(community):
                    self._follow_merged(community, found, seconds_left)
                moved_by_calendar = self._calendar_check(community)
                for line in tuple(open_lines(self.workflows.desk.cases, community)):  # mending moves lines
                    if seconds_left() < LAST_SECONDS:
                        found.broke_off = 1
                        return found
                    found.open_cases += 1
                    daily = thorough or self._has_its_turn(f"{community}#{line.number}")
                    if daily or self._is_suspect(line) or moved_by_calendar(line):
                        self._mend(line, found)
            except Exception:
                found.not_mended += 1
                log.exception("community_not_reconciled", extra={"community": community})
        return found

    def _tell_apart(self, found: Findings, has_time: Callable[[], bool]) -> None:
        """Tell what is no case's: what is long overdue, what the rosters leave open, everybody's day."""
        for weekly in (Weekly, UnacceptedWeekly):
            found.weekly_told += self._told(weekly(self.delivery).tell, "weekly_not_told", found)
        for of_duty in (DutyWatch, HandoverChase, UnwrittenChase):
            found.duty_told += self._told(of_duty(self.delivery).tell, "duty_not_told", found)
        found.days_told = self._told(lambda: Mornings(self.delivery).tell(has_time), "days_not_told", found)

    def _told(self, tell: Callable[[], int], failure: str, found: Findings) -> int:
        """How many people were told; where that fails, the others are told all the same."""
        try:
            return tell()
        except Exception:
            found.not_mended += 1
            log.exception(failure)
            return 0

    def _in_turn(self, communities: Sequence[str]) -> Sequence[str]:
        """The communities, beginning with another one in each run of the schedule."""
        first = self._run % max(len(communities), 1)
        return (*communities[first:], *communities[:first])

    @property
    def _run(self) -> int:
        """The number of this run of the schedule, from the clock: nothing is kept from run to run."""
        return int(self._now().timestamp() // EVERY.total_seconds())

    def _has_its_turn(self, name: str) -> bool:
        """Whether in this run a case or community is looked at in any event.

        One in a day; those of different names are spread over the day.
        """
        return (crc32(name.encode()) - self._run) % RUNS_A_DAY == 0

    def _follow_merged(self, community: str, found: Findings, seconds_left: Callable[[], float]) -> None:
        """Let merged cases join, hear of, or part from the case they went into (A16)."""
        desk = self.workflows.desk
        for month in self._last_months(community, self._now()):
            for line in tuple(lines_of_month(desk.cases, community, month)):
                if line.state is State.MERGED and seconds_left() > LAST_SECONDS:
                    try:
                        Incidents(desk).follow(community, line.number)
                    except Exception:
                        found.not_mended += 1
                        log.exception(
                            "merge_not_followed", extra={"community": community, "number": line.number}
                        )

    def _last_months(self, community: str, at: datetime) -> tuple[str, ...]:
        """The month before, and the month of an instant, in the community's zone."""
        return months_until(at, self.workflows.desk.directory.community(community).zone, 2)

    def _now(self) -> datetime:
        return self.workflows.desk.now()

    def _is_suspect(self, line: CaseLine) -> bool:
        since = self._now() - TIMER_GRACE
        if line.next_timer_at is None and line.state is State.COMPLETED:
            return True  # whoever was to revisit may have left since
        late = line.next_timer_at is not None and line.next_timer_at < since
        return late or (line.state is State.REGISTERED and line.registered_at < since)

    def _calendar_check(self, community: str) -> Callable[[CaseLine], bool]:
        """Whether a case of the community may have to be planned anew (G1)."""
        desk, now = self.workflows.desk, self._now()
        calendar = desk.calendars.of(desk.directory.community(community))
        changed_at = desk.directory.calendar_changed_at(community)
        return lambda line: may_move(line, calendar, changed_at, now)

    def _mend(self, line: CaseLine, found: Findings) -> None:
        try:
            desk = self.workflows.desk
            case = desk.cases.get(line.community, line.number)
            planned = replan(desk, case)
            after = self.workflows.fire_due(planned, next_step(planned, desk.context_of(planned))).case
            found.workflows_restarted += self._revive(after)
            found.planned_anew += planned.version > case.version
            found.timers_fired += after.version > planned.version
            if after.version > case.version:
                self.workflows.follow(line.community, line.number)
        except Exception:
            found.not_mended += 1
            log.exception("case_not_mended", extra={"community": line.community, "number": line.number})

    def _revive(self, case: Case) -> bool:
        """Start the case's workflow anew if none runs, wake it if it waits wrongly.

        A name that was never used is tried before a new one is made up, so that two who find the same loss
        start one workflow.
        """
        flows = self.workflows
        kind = stage_of(case)
        if kind is None:
            return False
        stored = flows.waiting.get(case.community, case.number, kind, case.round)
        if stored is None:
            return flows.begin(case, kind)
        turn = Execution(case.community, case.number, kind, case.round, stored.restart)
        running = flows.workflow.is_running(kind, turn.name)
        if running:
            flows.answer(case, stored, flows.desk.context_of(case))
            return False
        if running is None:
            return flows.start(case, turn)
        return flows.start(case, Execution(case.community, case.number, kind, case.round, stored.restart + 1))

    def _explain_numbers(self, community: str) -> int:
        """Record numbers whose intake never finished as void: this month's, and those left of the last one.

        Only the serials beyond those that an earlier run found in order are looked at.
        """
        desk = self.workflows.desk
        now, explained = self._now(), 0
        settled_until = now - NUMBER_GRACE
        for month in self._last_months(community, settled_until):
            book = desk.cases.serials(community, month, unsettled_only=True)
            used = [execution for execution, at in book.present.items() if at < settled_until]
            newest = book.counter if book.counted_at < settled_until else max(used, default=book.settled)
            for serial in missing_serials(book.present, newest, book.settled):
                void = Void(case_number(month, serial), "intake did not finish", now)
                explained += desk.cases.record_void(community, void)
            if newest > book.settled:
                desk.cases.settle(community, month, newest)
        return explained
