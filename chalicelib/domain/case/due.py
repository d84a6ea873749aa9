"""An action that a case takes by itself at a set time."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.policies import HANDLER


class DueAction(Struct, frozen=True):
    """An action that a case takes by itself, and when.

    `told` is who hears of it: a rank, or `HANDLER` for whoever has the case.
    """

    key: TimerKey
    at: datetime
    action: str
    clock: Clock | None = None
    told: str = HANDLER
