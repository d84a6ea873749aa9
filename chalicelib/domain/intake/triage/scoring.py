"""The scores of answers: features weighed with points of hand and learned weights, made probabilities."""

import math
from collections.abc import Iterable, Mapping, Sequence

from chalicelib.domain.intake.triage.lexicon import ANSWERS, PLACE_OF, PLACES, Lexicon

URGENCY = frozenset(ANSWERS["urgency"])

SHARE_OF_HAND = 0.7
"""What a point of hand counts: concepts overlap, so that their points together say too much."""

Odds = dict[str, float]
"""How likely each answer to a question is; they add up to 1."""


def by_hand(features: Mapping[str, float], lexicon: Lexicon) -> Odds:
    """The points that were written by hand, per answer.

    Urgency counts only what is so now (`now:`); everything else is named in any light (`about:`).
    """
    scores: Odds = {}
    for feature, value in features.items():
        light, _, concept = feature.partition(":")
        if light not in ("about", "now"):
            continue
        for answer, points in lexicon.points.get(concept, {}).items():
            if (answer in URGENCY) == (light == "now"):
                scores[answer] = scores.get(answer, 0.0) + SHARE_OF_HAND * points * value
    return scores


def learned(features: Iterable[tuple[str, float]], lexicon: Lexicon) -> list[float]:
    """The learned weights of the features, summed by answer, in the order of `PLACES`."""
    sums = [0.0] * len(PLACES)
    weights = lexicon.learned
    for feature, value in features:
        row = weights.get(feature)
        if row is not None:
            share = value / 100
            for at in range(0, len(row), 2):
                sums[row[at]] += row[at + 1] * share
    return sums


def odds(question: str, hand: Mapping[str, float], weights: Sequence[float] | None = None) -> Odds:
    """How likely each answer to the question is, by points of hand and learned weights."""
    sums = {answer: hand.get(answer, 0.0) for answer in ANSWERS[question]}
    if weights is not None:
        sums = {answer: score + weights[PLACE_OF[answer]] for answer, score in sums.items()}
    most = max(sums.values())
    raised = {answer: math.exp(score - most) for answer, score in sums.items()}
    total = sum(raised.values())
    return {answer: value / total for answer, value in raised.items()}


def helped(kinds: Odds, needed: float) -> Odds:
    """The odds of the kinds where somebody needs help at once.

    `needed` is how likely that is.
    """
    rest = sum(likely for kind, likely in kinds.items() if kind != "help") or 1.0
    others = {kind: likely / rest * (1 - needed) for kind, likely in kinds.items() if kind != "help"}
    return {**others, "help": needed} if kinds["help"] < needed else kinds
