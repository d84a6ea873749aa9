"""The stand-in of the store of task tokens."""

from msgspec.structs import replace

from chalicelib.services.records import Waiting
from tests.fakes.memory import Memory


class FakeWaiting:
    """WaitingStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, community: str, number: str, kind: str, round_number: int) -> Waiting | None:
        with self._memory.operation("waiting.get"):
            return self._memory.waiting.get((community, number, kind, round_number))

    def of_case(self, community: str, number: str) -> tuple[Waiting, ...]:
        with self._memory.operation("waiting.of_case"):
            found = [
                (key, waiting)
                for key, waiting in self._memory.waiting.items()
                if key[:2] == (community, number)
            ]
            return tuple(waiting for _, waiting in sorted(found, key=lambda pair: pair[0]))

    def put_token(self, community: str, number: str, waiting: Waiting) -> bool:
        with self._memory.operation("waiting.put_token"):
            key = (community, number, waiting.kind, waiting.round)
            stored = self._memory.waiting.get(key)
            if stored is not None and stored.restart > waiting.restart:
                return False
            self._memory.waiting[key] = waiting
            return True

    def clear_token(self, community: str, number: str, waiting: Waiting) -> None:
        with self._memory.operation("waiting.clear_token"):
            key = (community, number, waiting.kind, waiting.round)
            stored = self._memory.waiting.get(key)
            if stored is not None and stored.token is not None and stored.token == waiting.token:
                self._memory.waiting[key] = replace(stored, token=None, awaiting=None, wake_at=None)

    def begin(self, community: str, number: str, kind: str, round_number: int, restart: int) -> bool:
        with self._memory.operation("waiting.begin"):
            key = (community, number, kind, round_number)
            stored = self._memory.waiting.get(key)
            if stored is not None and stored.restart >= restart:
                return False
            self._memory.waiting[key] = Waiting(kind, round_number, restart)
            return True
