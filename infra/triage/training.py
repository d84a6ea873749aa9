"""Learns the weights of features from labelled messages: a softmax for each question, in plain Python.

The points of hand are taken as given: what is learned is what has to be added to them. The same lines in the
same order give the same weights.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul

from msgspec.structs import replace

from chalicelib.domain.intake.triage.cues import cues_in
from chalicelib.domain.intake.triage.features import features_of, of_topics
from chalicelib.domain.intake.triage.lexicon import ANSWERS, PLACE_OF, Lexicon
from chalicelib.domain.intake.triage.normal import normal
from chalicelib.domain.intake.triage.scoring import by_hand, odds

ROUNDS = 8
STEP = 0.06
PULL = 0.7
"""How strongly each weight is pulled back to zero, against one line that speaks for it."""
LEAST = 0.05
"""A smaller weight is left out."""
SEEN = 2
"""In how many lines a feature must be to have a weight."""
OF_THE_LABEL = 0.6
"""How much of a line's topic is its label while kind, urgency and severity are learned; the rest is guessed.

Read later, the topic will be guessed with a better lexicon than the points of hand alone, and not be certain.
"""


@dataclass(frozen=True)
class Example:
    """A labelled message, read: its features, the points of hand, and the right answers."""

    features: Mapping[str, float]
    hand: Mapping[str, float]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """An example for one question: its known features, the points of each answer, and which one is right."""

    features: tuple[tuple[str, float], ...]
    hand: list[float]
    right: int


def read(row: Mapping[str, str], lexicon: Lexicon) -> Example:
    """A labelled message as an example."""
    said = normal(row["text"], lexicon)
    features = features_of(said, cues_in(said, lexicon), lexicon)
    return Example(features, by_hand(features, lexicon), {question: row[question] for question in ANSWERS})


def learn(examples: Sequence[Example], lexicon: Lexicon) -> Lexicon:
    """The lexicon with weights learned from the examples."""
    learned: dict[str, list[int]] = {}
    for question, answers in ANSWERS.items():
        of_question = [_features(example, question, lexicon) for example in examples]
        counted = Counter(feature for features in of_question for feature in features)
        lines = [
            Line(
                tuple((name, value) for name, value in features.items() if counted[name] >= SEEN),
                [example.hand.get(answer, 0.0) for answer in answers],
                answers.index(example.answers[question]),
            )
            for features, example in zip(of_question, examples, strict=True)
        ]
        for feature, row in _weights(lines, len(answers), counted).items():
            for answer, weight in zip(answers, row, strict=True):
                if (hundredths := round(weight * 100)) and abs(weight) >= LEAST:
                    learned.setdefault(feature, []).extend((PLACE_OF[answer], hundredths))
    return replace(lexicon, learned=dict(sorted(learned.items())))


def _features(example: Example, question: str, lexicon: Lexicon) -> Mapping[str, float]:
    if question == "item":
        return example.features
    topics = {item: likely * (1 - OF_THE_LABEL) for item, likely in odds("item", example.hand).items()}
    topics[example.answers["item"]] += OF_THE_LABEL
    return {**example.features, **dict(of_topics(topics, example.features, lexicon))}


def _weights(lines: Sequence[Line], width: int, counted: Mapping[str, int]) -> dict[str, list[float]]:
    """The weights of one question step by step, lines drawn by a fixed seed."""
    names = sorted({name for line in lines for name, _ in line.features})
    weights = {name: [0.0] * width for name in names}
    pulls = {name: PULL / counted[name] for name in names}
    order, ready = random.Random(7), list(lines)  # noqa: S311 - no secret, and the same each time
    for turn in range(ROUNDS):
        step = STEP / (1 + turn / 4)
        order.shuffle(ready)
        for line in ready:
            wrong = _wrong(line, weights)
            moved = [place for place in range(width) if abs(wrong[place]) > 0.002]
            for name, value in line.features:
                row, kept = weights[name], 1 - step * pulls[name]
                for place in moved:
                    row[place] = row[place] * kept - step * wrong[place] * value
    return weights


def _wrong(line: Line, weights: Mapping[str, list[float]]) -> list[float]:
    """How much too likely each answer to the line is."""
    scores = line.hand
    for name, value in line.features:
        # most features are there or not; the very sums of a comprehension, in a third of its time
        weighed = weights[name] if value == 1.0 else map(mul, weights[name], repeat(value))
        scores = list(map(add, scores, weighed))
    most = max(scores)
    raised = [math.exp(score - most) for score in scores]
    total = sum(raised)
    wrong = [value / total for value in raised]
    wrong[line.right] -= 1.0
    return wrong
