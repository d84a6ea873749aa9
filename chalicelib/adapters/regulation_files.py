"""Regulation packs from TOML files, checked whole before anything runs under them (issue: broken packs)."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.adapters.pack_document import PackDoc
from chalicelib.domain.errors import InvalidInputError, RegulationError
from chalicelib.domain.pack_check import check
from chalicelib.domain.regulation import Appointment, Clock, CountFrom, Regulation, Unit

FOLDER = Path(__file__).resolve().parent.parent / "regulations"
COMMON = "common"
ADDED = (
    "rules",
    "revisits",
)  # a pack's own stand beside the common ones; any other table replaces the common
WORDS: Mapping[str, type[Clock | Unit | CountFrom | Appointment]] = {
    "clock": Clock,
    "clocks": Clock,
    "unit": Unit,
    "count": CountFrom,
    "appointment": Appointment,
}


class RegulationFiles:
    """The packs of one folder.

    `S1.toml` is pack S1 as it is now, `S1@2.toml` its version 2, kept for the cases that began under it.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read: dict[tuple[str, int | None], Regulation] = {}

    def ids(self) -> tuple[str, ...]:
        """Every pack that a community can run under."""
        names = (path.stem for path in self._folder.glob("*.toml"))
        return tuple(sorted(name for name in names if name != COMMON and "@" not in name))

    def get(self, pack_id: str, version: int | None = None) -> Regulation:
        """The pack as it is now, or in the version that a case began under (G2).

        `InvalidInputError` names the packs that exist; `RegulationError` says what is broken in a file.
        """
        known = self._read.get((pack_id, version))
        if known is None:
            known = self._read[pack_id, version] = self._find(pack_id, version)
        return known

    def _find(self, pack_id: str, version: int | None) -> Regulation:
        if pack_id not in self.ids():
            raise InvalidInputError(f"There is no regulation {pack_id!r}; there are {', '.join(self.ids())}.")
        regulation = self._load(f"{pack_id}.toml")
        if version is None or regulation.version == version:
            return regulation
        kept = f"{pack_id}@{version}.toml"
        if not (self._folder / kept).is_file():
            raise InvalidInputError(
                f"Regulation {pack_id} is at version {regulation.version}; its version {version} is not kept."
            )
        return self._load(kept)

    def _load(self, file: str) -> Regulation:
        pack = self._parsed(file)
        common = self._parsed(f"{COMMON}.toml")
        whole = {**common, **pack}
        if not pack.get("own_rules_only"):
            for key in ADDED:
                whole[key] = [*pack.get(key, []), *common.get(key, [])]
        try:
            document = msgspec.convert(whole, PackDoc)
            _refuse_unread(whole, msgspec.to_builtins(document), "")
            regulation = document.regulation()
            check(regulation)
        except msgspec.ValidationError as error:
            raise RegulationError(f"{file}: {_explained(str(error), whole)}") from None
        except RegulationError as error:
            raise RegulationError(f"{file}: {error.message}") from None
        if regulation.id != file.removesuffix(".toml").partition("@")[0]:
            raise RegulationError(
                f"{file}: the id in it is {regulation.id!r}; it must be the name of the file."
            )
        return regulation

    def _parsed(self, file: str) -> dict[str, Any]:
        try:
            return tomllib.loads((self._folder / file).read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RegulationError(f"{file} is not TOML: {error}.") from None


def _refuse_unread(given: Any, taken: Any, place: str) -> None:
    """A key that nobody reads is a slip of the pen, and says so: the plain dataclasses pass over it."""
    if isinstance(given, Mapping):
        for key, value in given.items():
            if key not in taken:
                raise RegulationError(f"{place}{key} is unknown; right are {', '.join(sorted(taken))}.")
            _refuse_unread(value, taken[key], f"{place}{key}: ")
    elif isinstance(given, list):
        for one, other in zip(given, taken, strict=True):
            _refuse_unread(one, other, place)


def _explained(error: str, pack: Mapping[str, Any]) -> str:
    """A message of the validation library with the rule's own id, and the words that would be right."""
    message, _, place = error.partition(" - at ")
    place = place.strip("`")
    if found := re.match(r"\$\.(\w+)\[(\d+)\]", place):
        entry = pack[found[1]][int(found[2])]
        place = f"{found[1]} {entry.get('id', f'number {found[2]}')}{place[found.end() :]}"
    words = WORDS.get(re.split(r"[.\[]", place.rstrip("]0123456789["))[-1])
    right = f"; right are {', '.join(words)}" if words and "enum" in message else ""
    return f"{place.removeprefix('$.') or 'the pack'}: {message}{right}."
