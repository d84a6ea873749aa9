"""The stand-in of the store of links, counters and codes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from chalicelib.domain.case.links import Link
from chalicelib.services.link_port import RateCounter
from tests.fakes.memory import Memory


class FakeLinks:
    """LinkStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, code_hash: str) -> Link | None:
        with self._memory.operation("links.find"):
            return self._memory.links.get(code_hash)

    def keep_code(self, key: str, code_hash: str, expires_at: datetime) -> None:
        with self._memory.operation("links.keep_code"):
            self._memory.proofs[key] = (code_hash, expires_at, 0)

    def try_code(self, key: str) -> tuple[str | None, datetime, int]:
        with self._memory.operation("links.try_code"):
            code_hash, ends, hits = self._memory.proofs.get(key, (None, datetime.min.replace(tzinfo=UTC), -1))
            if code_hash is not None:
                self._memory.proofs[key] = (code_hash, ends, hits + 1)
            return code_hash, ends, hits + 1

    def use_code(self, key: str) -> None:
        with self._memory.operation("links.use_code"):
            self._memory.proofs.pop(key, None)

    def marked(self, key: str, now: datetime) -> str | None:
        with self._memory.operation("links.marked"):
            number, ends = self._memory.marks.get(key, (None, now))
            return number if ends > now else None

    def marked_all(self, keys: Sequence[str], now: datetime) -> Mapping[str, str]:
        with self._memory.operation("links.marked_all"):
            left = {key: self._memory.marks.get(key, ("", now)) for key in keys}
            return {key: number for key, (number, ends) in left.items() if ends > now}

    def count_hit(self, bucket: str, window_ends_at: datetime) -> int:
        with self._memory.operation("links.count_hit"):
            self._memory.hits[bucket, window_ends_at] += 1
            return self._memory.hits[bucket, window_ends_at]

    def take(self, key: str, owner: str, until: datetime) -> bool:
        with self._memory.operation("links.take"):
            return self._memory.taken.setdefault(key, (owner, until))[0] == owner

    def owner_of(self, key: str, now: datetime) -> str | None:
        with self._memory.operation("links.owner_of"):
            owner, until = self._memory.taken.get(key, (None, now))
            return owner if until > now else None

    def hits(self, bucket: str, window_ends_at: datetime) -> int:
        with self._memory.operation("links.hits"):
            return self._memory.hits[bucket, window_ends_at]

    def count_within(self, counters: Sequence[RateCounter]) -> int | None:
        with self._memory.operation("links.count_within"):
            hits, named = self._memory.hits, [(counter.bucket, counter.ends_at) for counter in counters]
            for place, counter in enumerate(counters):
                if hits[named[place]] >= counter.most:
                    return place
            hits.update(named)
            return None

    def give_back(self, counters: Sequence[RateCounter]) -> None:
        with self._memory.operation("links.give_back"):
            self._memory.hits.subtract((counter.bucket, counter.ends_at) for counter in counters)

    def remember(self, name: str, place: Mapping[str, str] | None, until: datetime) -> None:
        with self._memory.operation("links.remember"):
            self._memory.places[name] = (place, until)

    def recall(self, name: str) -> Mapping[str, str] | None:
        with self._memory.operation("links.recall"):
            return self._memory.places.get(name, (None, None))[0]
