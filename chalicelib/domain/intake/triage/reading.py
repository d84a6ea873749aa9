"""The triage of a message: one pure function (A7, A8)."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from chalicelib.domain.intake.triage.answers import Answer, Triage
from chalicelib.domain.intake.triage.cues import Found, cues_in
from chalicelib.domain.intake.triage.emergency import LIKELY, emergency_odds, signs_of_danger
from chalicelib.domain.intake.triage.features import features_of, of_topics
from chalicelib.domain.intake.triage.lexicon import CATEGORY_OF, Lexicon
from chalicelib.domain.intake.triage.normal import Normal, normal
from chalicelib.domain.intake.triage.scoring import Odds, by_hand, helped, learned, odds

MOST_READ = 1000
"""How much of a message is read, in characters: the matter stands in it by then."""
HELP_IS_NEEDED = frozenset({"fire", "medical", "crime"})
"""What asks for help while it goes on, in whatever words: a fire is nothing to repair."""
MOST_WORDS = 3
"""How many words are given for an answer."""
SECOND = 2.0
"""From how many points on another item is offered as the second matter."""


def triage(text: str, lexicon: Lexicon) -> Triage:
    """The triage of a message in English, or in any Chinese that the lexicon knows.

    It is a function of the text and the lexicon alone. A text without any cue gets the likeliest answers
    with little confidence and no words.
    """
    said = normal(text[:MOST_READ], lexicon)
    found = cues_in(said, lexicon)
    features = features_of(said, found, lexicon)
    hand = by_hand(features, lexicon)
    weights = learned(features.items(), lexicon)
    items = odds("item", hand, weights)
    topics = learned(of_topics(items, features, lexicon), lexicon)
    weights = [weight + more for weight, more in zip(weights, topics, strict=True)]
    scored = {question: odds(question, hand, weights) for question in ("kind", "urgency", "severity")}
    category, item = _category_and_item(items)
    reader = _Reader(said, found, features, lexicon)
    urgency = reader.urgency(scored["urgency"], scored["kind"]["praise"])
    if urgency.value == "emergency" and item.value in HELP_IS_NEEDED:
        scored["kind"] = helped(scored["kind"], urgency.confidence)
    return Triage(
        kind=reader.answer(scored["kind"]),
        category=Answer(category.value, category.confidence, reader.words_for(item.value)),
        item=Answer(item.value, item.confidence, reader.words_for(item.value)),
        urgency=urgency,
        severity=reader.answer(scored["severity"]),
        second=reader.second(item.value, hand),
        danger=reader.danger(),
        named=frozenset(cue.concept for cue in found if not cue.denied),
    )


def _category_and_item(items: Odds) -> tuple[Answer, Answer]:
    """The likeliest category by all of its items, and the likeliest item in it."""
    categories: Odds = {}
    for item, likely in items.items():
        categories[CATEGORY_OF[item]] = categories.get(CATEGORY_OF[item], 0.0) + likely
    category = max(categories, key=lambda name: categories[name])
    inside = [item for item in items if CATEGORY_OF[item] == category]
    item = max(inside, key=lambda name: items[name])
    return Answer(category, categories[category]), Answer(item, items[item])


class _Reader(Struct, frozen=True):
    """A message with its cues, which says what led to an answer."""

    said: Normal
    found: Sequence[Found]
    features: Mapping[str, float]
    lexicon: Lexicon

    def answer(self, scored: Odds) -> Answer:
        """The likeliest answer, with its words."""
        value = max(scored, key=lambda name: scored[name])
        return Answer(value, scored[value], self.words_for(value))

    def urgency(self, scored: Odds, praises: float) -> Answer:
        """The urgency; an emergency by its own rule (emergency.py)."""
        emergency = emergency_odds(scored["emergency"], self.features, self.lexicon, praises)
        if emergency >= LIKELY:
            signs = signs_of_danger(self.found, self.features, self.lexicon)
            return Answer("emergency", emergency, self._words(signs))
        return self.answer({name: value for name, value in scored.items() if name != "emergency"})

    def danger(self) -> tuple[str, ...]:
        """The signs of danger, as the lexicon has them."""
        signs = signs_of_danger(self.found, self.features, self.lexicon)
        return tuple(dict.fromkeys("…".join(sign.cue.parts) for sign in signs))[:MOST_WORDS]

    def second(self, item: str, hand: Odds) -> Answer | None:
        """Another matter, in its own clause that is not denied, past, supposed or quoted."""
        main = {cue.clause for cue in self.found if self.lexicon.points[cue.concept].get(item, 0.0) > 0}
        others: dict[str, float] = {}
        for cue in self.found:
            if cue.denied or not cue.clause.is_plain or cue.clause in main:
                continue
            for other, points in self.lexicon.points[cue.concept].items():
                if other in CATEGORY_OF and other != item and points >= 1.5:
                    others[other] = max(others.get(other, 0.0), hand.get(other, 0.0))
        if not others:
            return None
        value = max(others, key=lambda name: others[name])
        if others[value] < SECOND:
            return None
        total = others[value] + max(hand.get(item, 0.0), 0.0)
        return Answer(value, others[value] / total, self.words_for(value))

    def words_for(self, value: str) -> tuple[str, ...]:
        """The words of the cues that point to an answer, the strongest first."""
        led = [
            (self._pull(cue, value), cue)
            for cue in self.found
            if not cue.denied and self._pull(cue, value) > 0
        ]
        return self._words(cue for _, cue in sorted(led, key=lambda pair: (-pair[0], pair[1].start)))

    def _pull(self, cue: Found, value: str) -> float:
        return self.lexicon.points[cue.concept].get(value, 0.0)

    def _words(self, cues: Iterable[Found]) -> tuple[str, ...]:
        """What was typed for the cues; one inside another is said once, by the longer."""
        chosen: list[str] = []
        for cue in cues:
            words = self.said.words(cue.start, cue.end)
            if not words or any(words in other for other in chosen):
                continue
            chosen = [other for other in chosen if other not in words]
            chosen.append(words)
            if len(chosen) == MOST_WORDS:
                break
        return tuple(chosen)
