"""The lexicon of the triage: cues, what they point to, and the weights that were learned."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from chalicelib.domain.regulation.rules import KINDS, SEVERITIES, URGENCIES

ITEMS: Mapping[str, tuple[str, ...]] = {
    "facility": (
        "power_outage", "water_outage", "flooding", "drain_blocked", "leak", "elevator", "lighting_lock",
        "door_window", "equipment_noise", "public_hazard", "public_other", "home_other",
    ),
    "safety": ("fire", "medical", "crime", "intruder_gate", "parking", "fire_lane", "high_toss"),
    "environment": ("cleaning", "garbage", "greening", "pests", "odour", "noise_public"),
    "service": ("staff_attitude", "service_quality", "fee_dispute"),
    "other": (
        "neighbour", "renovation_permit", "move_card", "fee_query", "activity", "delivery", "other",
    ),
}  # fmt: skip
"""What a message can be about, by category. Regulations divide some items further (`matters.py`)."""

CATEGORY_OF: Mapping[str, str] = {item: category for category, items in ITEMS.items() for item in items}

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "item": tuple(CATEGORY_OF),
    "kind": KINDS,
    "urgency": URGENCIES,
    "severity": SEVERITIES,
}
"""The questions that are scored, and their answers; no answer belongs to two. Category follows from item."""

PLACES = tuple(answer for answers in ANSWERS.values() for answer in answers)
"""Every answer; where one stands here is how learned weights name it."""
PLACE_OF: Mapping[str, int] = {answer: place for place, answer in enumerate(PLACES)}


class Cue(Struct, frozen=True):
    """A cue as it stands in the lexicon, in parts with gaps, and its concept.

    `at_word_end`: an English cue that must not go on, `gas` in `gasp`.
    """

    parts: tuple[str, ...]
    concept: str
    at_word_end: bool = False


class Together(Struct, frozen=True):
    """Concepts that point to more when they stand in one message; `near`: and beside one another."""

    name: str
    all: tuple[str, ...]
    none: tuple[str, ...] = ()
    near: bool = False


class Lights(Struct, frozen=True):
    """The patterns of the words that put a clause in another light; infra/lexicon/lights.toml has the words.

    `turns` parts clauses; `desk_speaks` and `resident_speaks` name who says what follows; `denied` fits where
    a denial stands right before.
    """

    asked: re.Pattern[str]
    starts_supposing: re.Pattern[str]
    supposed: re.Pattern[str]
    practised: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    over: re.Pattern[str]
    turns: re.Pattern[str]
    desk_speaks: re.Pattern[str]
    resident_speaks: re.Pattern[str]
    denied: re.Pattern[str]


class Lexicon(Struct, frozen=True):
    """The data that messages are read with.

    `varieties` and `cues` are by their first character, the longest first, and none for a character that
    begins no cue. `points` are written by hand, per concept and answer, in natural logarithms of odds;
    `alarms` are the concepts that make an emergency by themselves. `learned` are weights per feature
    (features.py), in hundredths of the same measure: answer (its place in `PLACES`) and weight by turns.
    `persons` are patterns of what may say who somebody is (impersonal.py).
    """

    varieties: Mapping[str, tuple[tuple[str, str], ...]]
    cues: Mapping[str, tuple[Cue, ...]]
    together: tuple[Together, ...]
    points: Mapping[str, Mapping[str, float]]
    alarms: frozenset[str]
    lights: Lights
    learned: Mapping[str, Sequence[int]]
    persons: tuple[str, ...] = ()
