"""The features of a message: what the weights of the lexicon are for."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.intake.triage.clauses import STOP, Clause
from chalicelib.domain.intake.triage.cues import Found
from chalicelib.domain.intake.triage.lexicon import CATEGORY_OF, Lexicon
from chalicelib.domain.intake.triage.normal import Normal

MORE = 0.35
"""What each further place counts in which a concept is named; the first counts 1."""
MOST = 2.0
FIRST, BESIDE, QUOTED = 1.3, 0.7, 0.4
"""What a mention counts in the clause that begins the matter, in one past or supposed, in a quotation."""
SURE = 1.5
"""From how many points on a concept is a topic by itself."""
PAIR = 0.35
"""What two neighbouring characters count beside a cue."""

NEAR = 18
"""How far from the first concept the others of a rule stand that are near, in Chinese characters."""

CHINESE = re.compile(r"[\u3400-\u9fff]+")
ENGLISH = re.compile(r"[a-z][a-z']+")


def features_of(said: Normal, found: Sequence[Found], lexicon: Lexicon) -> dict[str, float]:
    """The features of a message with its cues.

    `about:C`: concept C is named, in any light but denial; `now:C`: it is so, now; `not:C`: it is denied;
    `pair:…`: two neighbouring characters or an English word; `form:…`: how the message is built.
    """
    features: dict[str, float] = dict(_of_concepts(found, lexicon))
    live = {name.removeprefix("now:") for name in features if name.startswith("now:")}
    named = {name.removeprefix("about:") for name in features if name.startswith("about:")}
    for rule in lexicon.together:
        if not (live.issuperset(rule.all) and named.isdisjoint(rule.none)):
            continue
        if not rule.near or _are_near(rule.all, found):
            features[f"about:{rule.name}"] = features[f"now:{rule.name}"] = 1.0
    features.update(_of_form(said, [cue.clause for cue in found]))
    features.update(_pairs(said.text))
    return features


def _are_near(concepts: Sequence[str], found: Sequence[Found]) -> bool:
    """Whether all of the concepts are so now within a few words of one another."""
    cues = [[cue for cue in found if cue.is_live and cue.concept == name] for name in concepts]
    return any(
        all(any(abs(cue.start - other.start) <= _reach(cue) for other in others) for others in cues[1:])
        for cue in cues[0]
    )


def _reach(cue: Found) -> int:
    """How far from a cue another is near to it: English takes more characters."""
    return NEAR * 3 if cue.cue.parts[0].isascii() else NEAR


def _of_concepts(found: Sequence[Found], lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    places: dict[str, dict[int, float]] = defaultdict(dict)
    first = next((cue.clause for cue in found if _is_topic(cue, lexicon)), None)
    for cue in found:
        if cue.denied:
            places[f"not:{cue.concept}"][cue.start] = 1.0
            continue
        places[f"about:{cue.concept}"][cue.start] = _weight(cue, first)
        if cue.clause == first:
            places[f"first:{cue.concept}"][cue.start] = 1.0
        if cue.is_live:
            places[f"now:{cue.concept}"][cue.start] = 1.0
    for name, weights in places.items():
        most = max(weights.values())
        yield name, min(most + MORE * (sum(weights.values()) - most), MOST)


def _is_topic(cue: Found, lexicon: Lexicon) -> bool:
    """Whether the cue says, for sure, what the message is about."""
    points = lexicon.points[cue.concept]
    return not cue.denied and any(points.get(item, 0.0) >= SURE for item in CATEGORY_OF)


def _weight(cue: Found, first: Clause | None) -> float:
    """What a mention counts: people begin with their matter, and quote others about something else."""
    if cue.clause.quoted:
        return QUOTED
    if cue.clause == first:
        return FIRST
    return BESIDE if cue.clause.supposed or cue.clause.past else 1.0


def _of_form(said: Normal, clauses: Sequence[Clause]) -> Iterator[tuple[str, float]]:
    text = said.text
    yield "form:any", 1.0
    length = len(text)
    yield f"form:{'short' if length < 16 else 'long' if length > 80 else 'middle'}", 1.0
    if "!" in text:
        yield "form:exclaims", 1.0
    if text.rstrip(f" {STOP}").endswith("?"):
        yield "form:ends_asking", 1.0
    elif "?" in text:
        yield "form:asks", 1.0
    if not CHINESE.search(text):
        yield "form:english", 1.0
    for light in ("asked", "supposed", "past", "over"):
        if any(getattr(clause, light) for clause in clauses):
            yield f"form:{light}", 1.0
    if clauses and not any(clause.is_plain for clause in clauses):
        yield "form:nothing_plain", 1.0


def _pairs(text: str) -> Iterator[tuple[str, float]]:
    for run in CHINESE.findall(text):
        for place in range(len(run) - 1):
            yield f"pair:{run[place : place + 2]}", PAIR
    for word in ENGLISH.findall(text):
        yield f"pair:{word}", PAIR


LEAST_TOPIC = 0.1
"""How likely an item must be to count as a topic."""
LIGHTS: Mapping[str, tuple[str, ...]] = {
    "now": ("now:now",),
    "habit": ("about:habit",),
    "over": ("form:over",),
    "asked": ("form:ends_asking", "about:asks_sure"),
    "complains": ("about:complains", "about:sarcasm"),
    "nothing_plain": ("form:nothing_plain",),
}
"""How a topic is told: the name of the light, and the features of which one must be there."""


def of_topics(
    topics: Mapping[str, float], features: Mapping[str, float], lexicon: Lexicon
) -> Iterator[tuple[str, float]]:
    """More features, for kind, urgency and severity: what the message is about, and how that is told.

    `topics` is how likely each item is. Thick smoke *now* is another thing than smoke every evening, and a
    lift with somebody in it another than one that stands still.
    """
    lights = [light for light, names in LIGHTS.items() if any(name in features for name in names)]
    if any(f"now:{concept}" in features for concept in lexicon.alarms):
        lights.append("alarm")
    for item, likely in topics.items():
        if likely > LEAST_TOPIC:
            yield f"topic:{item}", likely
            for light in lights:
                yield f"topic:{item}:{light}", likely
