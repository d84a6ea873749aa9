"""A stand-in of the bucket in which files of cases lie."""

from collections.abc import Mapping, Sequence

from chalicelib.services.file_port import Ticket

ORIGIN = "https://files.example.com"


class FakeFiles:
    """FileStore. `held` are the files by key, with their media type; `is_down` while it does not answer."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[bytes, str]] = {}
        self.is_down = False

    def origin(self) -> str:
        return ORIGIN

    def ticket(self, key: str, kind: str, most: int, seconds: int) -> Ticket:
        return Ticket(
            f"{ORIGIN}/", {"key": key, "Content-Type": kind, "most": str(most), "life": str(seconds)}
        )

    def read(self, key: str, most: int) -> bytes | None:
        self._answer()
        return self.held[key][0][: most + 1] if key in self.held else None

    def put(self, key: str, data: bytes, kind: str) -> None:
        self._answer()
        self.held[key] = (data, kind)

    def copy(self, key: str, to: str) -> bool:
        self._answer()
        if key in self.held:
            self.held[to] = self.held[key]
        return key in self.held

    def erase(self, keys: Sequence[str]) -> None:
        self._answer()
        for key in keys:
            self.held.pop(key, None)

    def listed(self, prefix: str) -> Mapping[str, int]:
        self._answer()
        return {key: len(data) for key, (data, _) in sorted(self.held.items()) if key.startswith(prefix)}

    def address(self, key: str, kind: str, saved_as: str | None, seconds: int) -> str:
        return f"{ORIGIN}/{key}?as={kind}&saved={saved_as or ''}&for={seconds}"

    def _answer(self) -> None:
        if self.is_down:
            raise TimeoutError("the bucket does not answer")
