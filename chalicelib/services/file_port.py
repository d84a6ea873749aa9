"""The port to the bucket in which files of cases lie, beside the recordings (A3)."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct


class Ticket(Struct, frozen=True):
    """A permission to put one file into the bucket: where its form is sent to, and the form's fields."""

    address: str
    fields: Mapping[str, str]


class FileStore(Protocol):
    """Files by their keys, which say nothing of anybody."""

    def origin(self) -> str:
        """The origin that browsers send files to and fetch them from, such as `https://host`."""

    def ticket(self, key: str, kind: str, most: int, seconds: int) -> Ticket:
        """A ticket for one file of that type and at most that many bytes."""

    def read(self, key: str, most: int) -> bytes | None:
        """The bytes of a file; one byte more than `most` of a larger one. None if there is none."""

    def put(self, key: str, data: bytes, kind: str) -> None:
        """Store a file under its media type; again under the same key it takes the place of the first."""

    def copy(self, key: str, to: str) -> bool:
        """Have a file under another key too; False if there is none."""

    def erase(self, keys: Sequence[str]) -> None:
        """Delete files for good; nothing happens for those that are not there."""

    def listed(self, prefix: str) -> Mapping[str, int]:
        """Key → size in bytes of the files whose keys begin so; at most a thousand."""

    def address(self, key: str, kind: str, saved_as: str | None, seconds: int) -> str:
        """An address at which a file can be had for some seconds, served as `kind`.

        `saved_as`: it is not shown but saved, under that name.
        """
