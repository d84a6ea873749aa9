"""Executions: one workflow of one round of a case.

Which execution a case needs, and what it waits for.

Nothing here reads or writes. The results are plain data for the state machines (infra/*.asl.json).
"""

import math
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.handler_choice import handler_for
from chalicelib.domain.timers import Await, NextStep, next_step

LONGEST_WAIT = timedelta(days=30)
"""A workflow looks at its case at least this often, whatever is planned."""

SLACK = timedelta(seconds=1)
"""Timers nearer to each other than this are one: the state machine waits in whole seconds."""

Result = dict[str, str | int]
"""What a workflow does next: `await`, `timeout_seconds` (whole, at least 1), `wake_at` (ISO), and in `turns`
how often it has waited: the word that running executions know it by."""

OVER = NextStep(Await.NOTHING, None)


class Execution(Struct, frozen=True):
    """One round's workflow of one kind (`dispatch` or `revisit`); ids only, nothing personal.

    `restart` counts how often it was started anew. `begun_at` (ISO) is when it was started; empty if an
    earlier release did.
    """

    community: str
    number: str
    kind: str
    round: int
    restart: int
    begun_at: str = ""

    @property
    def name(self) -> str:
        """Its name: the same execution is never started twice."""
        return f"{self.community}-{self.number}-{self.kind}-{self.round}-{self.restart}"

    def ids(self) -> Result:
        """The execution as the state machine carries it, and as `Execution(**ids)` reads it."""
        return {
            "community": self.community,
            "number": self.number,
            "kind": self.kind,
            "round": self.round,
            "restart": self.restart,
            "begun_at": self.begun_at,
        }

    def begun(self, case: Case) -> datetime:
        """When it was started; at the earliest when its round began, where that is not on record."""
        return datetime.fromisoformat(self.begun_at) if self.begun_at else case.clocks.started_at


def stage_of(case: Case) -> str | None:
    """The kind of workflow that a case needs now, if any."""
    if case.state in IN_DISPATCH:
        return "dispatch"
    return "revisit" if case.state in {State.COMPLETED, State.OBJECTED} else None


def is_over(case: Case, execution: Execution) -> bool:
    """Whether the case has nothing more for this workflow: another round, or another stage. It stays so."""
    return case.round != execution.round or stage_of(case) != execution.kind


def waits_for(
    case: Case, execution: Execution, context: Context, now: datetime, step: NextStep | None = None
) -> NextStep:
    """What this workflow has to wait for now.

    `step` is the case's next one, where that is known already.

    While nobody can be assigned it waits as for completion: the clocks run and climb the ladder, and it is
    woken when a person assigns, or when the rules find somebody after all.
    """
    if is_over(case, execution):
        return OVER
    waits = step or next_step(case, context)
    if waits.awaiting is Await.ASSIGNMENT and handler_for(case, context, now) is None:
        return NextStep(Await.COMPLETION, waits.wake_at)
    return waits


def result_of(waits: NextStep, now: datetime, waited: int) -> Result:
    """A next step in the form that the state machine reads.

    `wake_at` is part of it, so that whoever stores it need not guess.
    """
    latest = now + LONGEST_WAIT
    wake_at = latest if waits.wake_at is None else min(waits.wake_at, latest)
    seconds = max(1, math.ceil((wake_at - now).total_seconds()))
    return {
        "await": waits.awaiting.value,
        "timeout_seconds": seconds,
        "wake_at": wake_at.isoformat(),
        "turns": waited,
    }


def is_sooner(waits: NextStep, than: datetime | None) -> bool:
    """Whether the step wakes before the instant that a workflow waits for already."""
    return waits.wake_at is not None and (than is None or waits.wake_at < than - SLACK)
