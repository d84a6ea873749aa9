"""Regulation packs from TOML files, checked whole before anything runs under them (issue: broken packs)."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.adapters.pack_document import PackDoc
from chalicelib.adapters.rule_document import ConditionsDoc, EarlierDoc, LimitDoc, RevisitDoc, RuleDoc
from chalicelib.domain.community.language import LANGUAGES
from chalicelib.domain.errors import InvalidInputError, RegulationError
from chalicelib.domain.regulation.limits import Clock, CountFrom, Unit
from chalicelib.domain.regulation.pack_checks import check
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import Appointment

FOLDER = Path(__file__).resolve().parent.parent / "regulations"
RELEASED = "released"  # the folder of the versions that cases may have begun under
COMMON = "common"
ADDED = (
    "rules",
    "revisits",
)  # a pack's own stand beside the common ones; any other table replaces the common
CONDITIONAL = ("rules", "revisits", "ladders", "alerts")
CONDITIONS = ("kinds", "matters", "complexities", "severities", "urgencies", "clocks")
TABLES: Mapping[str, type[msgspec.Struct]] = {
    "": PackDoc,
    "rules": RuleDoc,
    "or_earlier": EarlierDoc,
    "revisits": RevisitDoc,
    "when": ConditionsDoc,
    "limit": LimitDoc,
}
"""What can stand in a table, by the name of the table; of the others `_refuse_unread` knows it."""
WORDS: Mapping[str, type[Clock | Unit | CountFrom | Appointment]] = {
    "clock": Clock,
    "clocks": Clock,
    "unit": Unit,
    "count": CountFrom,
    "appointment": Appointment,
}


class RegulationFiles:
    """The packs of one folder.

    `S1.toml` is pack S1 as it is now, together with `common.toml`. `released/S1@2.json` is its version 2
    with all that it took from the common file then: nothing changes under the cases that began under it.
    Each file is read and checked when it is first asked for; a broken one is no harm to the other packs.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read: dict[tuple[str, int | None], Regulation] = {}

    def ids(self) -> tuple[str, ...]:
        """Every pack that a community can run under."""
        names = (path.stem for path in self._folder.glob("*.toml"))
        return tuple(sorted(name for name in names if name != COMMON))

    def get(self, pack_id: str, version: int | None = None) -> Regulation:
        """The regulation as it is now, or in the version of a case (G2).

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
        kept = self.released(pack_id, version)
        if not kept.is_file():
            raise InvalidInputError(
                f"Regulation {pack_id} is at version {regulation.version}; its version {version} is not kept."
            )
        return _regulation(kept.name, json.loads(kept.read_text(encoding="utf-8")))

    def released(self, pack_id: str, version: int) -> Path:
        """Where that version of the pack is kept."""
        return self._folder / RELEASED / f"{pack_id}@{version}.json"

    def whole(self, pack_id: str) -> dict[str, Any]:
        """The tables of a regulation file, with what it takes from common.toml."""
        return self._with_common(self._parsed(f"{pack_id}.toml"))

    def check_common(self) -> None:
        """`RegulationError` if no pack could stand on the common file."""
        head = {"id": COMMON, "version": 1, "names": dict.fromkeys(LANGUAGES, COMMON)}
        _regulation(f"{COMMON}.toml", self._with_common(head))

    def _load(self, file: str) -> Regulation:
        whole = self._with_common(self._parsed(file))
        try:
            return _regulation(file, whole)
        except RegulationError:
            self.check_common()  # the mistake is there, if it is there without the pack too
            raise

    def _with_common(self, pack: Mapping[str, Any]) -> dict[str, Any]:
        common = self._parsed(f"{COMMON}.toml")
        whole = {**common, **pack}
        for key in ADDED if not pack.get("own_rules_only") else ():
            if isinstance(own := pack.get(key, []), list):  # anything else is refused where types are
                whole[key] = [*own, *common.get(key, [])]
        return whole

    def _parsed(self, file: str) -> dict[str, Any]:
        try:
            return tomllib.loads((self._folder / file).read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RegulationError(f"{file} is not TOML: {error}.") from None


def _regulation(file: str, whole: Mapping[str, Any]) -> Regulation:
    """The pack of these tables; `RegulationError` names the file and says what would be right."""
    try:
        document = msgspec.convert(whole, PackDoc)
        _refuse_unread(whole, msgspec.to_builtins(document), "")
        _refuse_empty(whole)
        regulation = document.regulation()
        check(regulation)
    except msgspec.ValidationError as error:
        raise RegulationError(f"{file}: {_explained(str(error), whole)}") from None
    except RegulationError as error:
        raise RegulationError(f"{file}: {error.message}") from None
    if regulation.id != Path(file).stem.partition("@")[0]:
        raise RegulationError(f"{file}: the id in it is {regulation.id!r}; it must be the name of the file.")
    return regulation


def _refuse_empty(whole: Mapping[str, Any]) -> None:
    """An error for a condition with an empty list: it would hold for everything."""
    for table in CONDITIONAL:
        for number, entry in enumerate(whole[table], start=1):
            given = {**entry, **entry.get("when", {})}
            if empty := [name for name in CONDITIONS if given.get(name) == []]:
                raise RegulationError(
                    f"{table.removesuffix('s')} {entry.get('id', number)}: {empty[0]} is empty, and would "
                    "hold for all; name some, or leave it out."
                )


def _refuse_unread(given: Any, taken: Any, place: str) -> None:
    """A key that nobody reads is a slip of the pen, and says so: plain Structs pass over it."""
    if isinstance(given, Mapping):
        for key, value in given.items():
            if key not in taken:
                raise RegulationError(f"{place}{key} is unknown; right are {', '.join(sorted(taken))}.")
            _refuse_unread(value, taken[key], f"{place}{key}: ")
    elif isinstance(given, list):
        for element, other in zip(given, taken, strict=True):
            _refuse_unread(element, other, place)


def _explained(error: str, pack: Mapping[str, Any]) -> str:
    """A message of the validation library in words that name the rule."""
    message, _, place = error.partition(" - at ")
    place = place.strip("`")
    table = re.split(r"[.\[]", place.rstrip("]0123456789[").removeprefix("$"))[-1]
    if found := re.match(r"\$\.(\w+)\[(\d+)\]", place):
        entry = pack[found[1]][int(found[2])]
        name = entry.get("id", f"number {int(found[2]) + 1}") if isinstance(entry, Mapping) else found[2]
        place = f"{found[1]} {name}{place[found.end() :]}"
    right: Iterable[str] = ()
    if "enum" in message:
        right = WORDS.get(table, ())
    elif "unknown field" in message and table in TABLES:
        right = TABLES[table].__struct_fields__
    words = f"; right are {', '.join(right)}" if right else ""
    return f"{place.removeprefix('$.') or 'the pack'}: {message}{words}."
