"""Whether a message tells of an emergency: the one place that is asked, whatever else is unsure (A6)."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.intake.triage.cues import Found
from chalicelib.domain.intake.triage.lexicon import Lexicon

LIKELY = 0.25
"""From how likely on it is taken for an emergency: to come in vain does less harm than to stay away."""
SIGN = 1.0
"""From how many points on a concept is a sign of danger."""
UNLIKELY = LIKELY / 2
HABIT = 0.5
"""How likely it must be where the message speaks of a habit."""
THANKS = 0.5
"""From how likely praise on a message tells of what is over, unless an alarm sounds."""
SURE = 0.9
"""How likely an emergency is taken to be where an alarm sounds."""


def emergency_odds(
    scored: float, features: Mapping[str, float], lexicon: Lexicon, praises: float = 0.0
) -> float:
    """How likely an emergency is, from what was scored.

    Where one of the lexicon's alarms is so now (someone is trapped, smoke comes out), it is one, unless the
    message speaks of a habit, or gives thanks (`praises` is how likely that is). Where nothing is a sign of
    danger, it is none, however urgently it is told: 急急急 alone wakes nobody.
    """
    now = {name.removeprefix("now:") for name in features if name.startswith("now:")}
    is_habit = "about:habit" in features
    if "about:praises_sure" in features:
        return min(scored, UNLIKELY)
    if now & lexicon.alarms and not is_habit:
        return max(scored, SURE)
    has_sign = any(_points(concept, lexicon) >= SIGN for concept in now)
    if not has_sign or praises >= THANKS or (is_habit and scored < HABIT):
        return min(scored, UNLIKELY)
    return scored


def signs_of_danger(
    found: Sequence[Found], features: Mapping[str, float], lexicon: Lexicon
) -> tuple[Found, ...]:
    """The cues that tell of danger now, the strongest first; also those that do so only together."""
    together = {
        concept
        for rule in lexicon.together
        if f"now:{rule.name}" in features and _points(rule.name, lexicon) >= SIGN
        for concept in rule.all
    }
    signs = [
        cue
        for cue in found
        if cue.is_live and (_points(cue.concept, lexicon) >= SIGN or cue.concept in together)
    ]
    return tuple(sorted(signs, key=lambda cue: -_points(cue.concept, lexicon)))


def _points(concept: str, lexicon: Lexicon) -> float:
    return lexicon.points[concept].get("emergency", 0.0)
