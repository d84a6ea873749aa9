"""Which matter of a regulation an item of the triage is (A7)."""

from collections.abc import Collection, Mapping

from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import UNSORTED

DIVIDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "leak": (("leak_of_fixture", "leak_fixture"), ("leak_of_pipe", "leak_pipe"), ("", "seepage")),
    "medical": (("poisoning", "poisoning"), ("traffic", "traffic"), ("", "medical")),
    "parking": (("traffic", "traffic"), ("", "parking")),
}
"""The items that regulations divide: concept of the lexicon that must be named → matter; the first holds."""


def matter_for(item: str, named: Collection[str], regulation: Regulation) -> str:
    """The id of the matter; `unsorted` where the regulation has none for the item.

    A regulation that does not divide an item has it under its own name, or under a name of before.
    """
    for concept, matter in (*DIVIDED.get(item, ()), ("", item)):
        if (not concept or concept in named) and regulation.names_of_matter(matter) is not None:
            return regulation.matter(matter).id
    return UNSORTED
