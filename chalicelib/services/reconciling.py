"""Finding what was lost: workflows that are gone, timers that did not fire, notices that did not leave,
numbers without a case. Run by schedule, after a local start, and by hand (design 1, rule 1; A4, B7).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.case import Case
from chalicelib.domain.numbering import case_number, missing_serials, month_of
from chalicelib.services.delivery import Delivery
from chalicelib.services.ports import CaseLine, Void
from chalicelib.services.workflows import Turn, Workflows, stage_of

TIMER_GRACE = timedelta(seconds=60)
"""A timer this late is taken for lost."""
NOTICE_GRACE = timedelta(minutes=2)
"""A notice this old and not sent is tried again."""
NUMBER_GRACE = timedelta(minutes=5)
"""An intake this long ago has ended one way or the other."""
PAGE = 100


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found and mended, as counts for the log and the person at the terminal."""

    open_cases: int = 0
    timers_fired: int = 0
    workflows_restarted: int = 0
    notices_sent: int = 0
    numbers_explained: int = 0


@dataclass(frozen=True, slots=True)
class Reconciling:
    workflows: Workflows
    delivery: Delivery

    def run(self, *, thorough: bool) -> Findings:
        """Look at every open case of every community; `thorough` asks Step Functions about each of them.

        Without it only those cases are looked at whose next timer is late. Each case is mended by itself, so
        one that cannot be mended does not keep the others waiting.
        """
        fired = restarted = seen = 0
        for line in self._open_lines():
            seen += 1
            late = line.next_timer_at is not None and line.next_timer_at < self._now() - TIMER_GRACE
            if not (thorough or late):
                continue
            case = self.workflows.desk.cases.get(line.community, line.number)
            after = self.workflows.fire_due(case)
            fired += after.version > case.version
            restarted += self._revive(after)
        sent = self.delivery.sweep(self._now() - NOTICE_GRACE)
        explained = sum(self._explain_numbers(one) for one in self.workflows.desk.directory.all_ids())
        return Findings(seen, fired, restarted, sent, explained)

    def _now(self) -> datetime:
        return self.workflows.desk.now()

    def _open_lines(self) -> Iterator[CaseLine]:
        for community in self.workflows.desk.directory.all_ids():
            cursor = None
            while True:
                page = self.workflows.desk.cases.open_work(
                    community, department=None, handler=None, limit=PAGE, cursor=cursor
                )
                yield from page.items
                cursor = page.cursor
                if cursor is None:
                    break

    def _revive(self, case: Case) -> bool:
        """Start the case's workflow anew if none runs. A name is tried before a new one is made up."""
        flows = self.workflows
        kind = stage_of(case)
        if kind is None:
            return False
        stored = flows.waiting.get(case.community, case.number, kind, case.round)
        if stored is None:
            return flows.begin(case, kind)
        turn = Turn(case.community, case.number, kind, case.round, stored.restart)
        running = flows.workflow.is_running(kind, turn.name)
        if running:
            flows.answer(case, stored, flows.desk.setting_of(case))
            return False
        if running is None:
            return flows.start(turn)
        return flows.start(Turn(case.community, case.number, kind, case.round, stored.restart + 1))

    def _explain_numbers(self, community: str) -> int:
        """Record numbers whose intake never finished as void, this month's and at its start the last one's."""
        desk = self.workflows.desk
        now, zone = self._now(), desk.directory.community(community).zone
        explained = 0
        for month in {month_of(now - NUMBER_GRACE, zone), month_of(now - timedelta(days=1), zone)}:
            book = desk.cases.serials(community, month)
            settled = [one for one, at in book.present.items() if at < now - NUMBER_GRACE]
            newest = book.counter if book.counted_at < now - NUMBER_GRACE else max(settled, default=0)
            for serial in missing_serials(book.present, newest):
                void = Void(case_number(month, serial), "intake did not finish", now)
                explained += desk.cases.record_void(community, void)
        return explained
