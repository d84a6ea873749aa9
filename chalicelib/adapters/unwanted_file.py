"""The words that are not said to residents, from the package's file (A14)."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from chalicelib.domain.wording import UnwantedWord

FILE = Path(__file__).resolve().parent.parent / "guidance" / "unwanted.toml"


@cache
def unwanted_from_file(path: Path = FILE) -> tuple[UnwantedWord, ...]:
    """The words; read once a process, and only where a text for a resident is written."""
    return msgspec.convert(
        tomllib.loads(path.read_text(encoding="utf-8"))["unwanted"], tuple[UnwantedWord, ...]
    )
