"""Requests to stop the desk: Ctrl-C, a kill, a terminal that is closed.

It listens before the rest of the program is loaded, so it imports only what is quick to import.
"""

import signal
from types import FrameType

REASONS = {
    signal.SIGINT: "Ctrl-C",
    signal.SIGTERM: "asked to terminate",
    signal.SIGHUP: "the terminal was closed",
}


class StopAskedError(KeyboardInterrupt):
    """Raised in the main thread, whatever it is doing.

    A KeyboardInterrupt, for nobody on the way may take it for a fault: botocore wraps every Exception.
    """

    def __init__(self, by: signal.Signals) -> None:
        super().__init__(f"Stopped before the end: {REASONS[by]}.")
        self.exit_status = 128 + by


class Stop:
    """Listens for what asks the desk to stop. Only the first time counts: a stop is not broken off."""

    def __init__(self) -> None:
        self.by: signal.Signals | None = None
        self._in_order = False

    def listen(self) -> None:
        """From now on, to be asked ends whatever the main thread does with a `StopAskedError`."""
        for number in REASONS:
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue  # nohup: it is to outlive its terminal
            signal.signal(number, self._hear)

    def in_order_from_now_on(self) -> None:
        """To be asked is only noted in `by`, for whoever looks there."""
        self._in_order = True

    @property
    def reason(self) -> str:
        """In brackets, to stand in a sentence; nothing if nobody asked."""
        return f" ({REASONS[self.by]})" if self.by else ""

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self.by is not None:
            return
        self.by = signal.Signals(number)
        if not self._in_order:
            raise StopAskedError(self.by)
