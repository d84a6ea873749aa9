"""One thing that a case does by itself at an instant."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.policies import HANDLER


@dataclass(frozen=True, slots=True)
class DueAction:
    """One thing that a case does by itself at an instant. `told` is who hears of it: a rank, or the owner."""

    key: TimerKey
    at: datetime
    action: str
    clock: Clock | None = None
    told: str = HANDLER
