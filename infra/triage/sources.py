"""The sources of the lexicon: cues, varieties and what they point to, as people write them."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.intake.triage.lexicon import ANSWERS, Cue, Lexicon, Lights, Together
from chalicelib.domain.simplified import table
from infra.places import PROJECT

FOLDER = PROJECT / "infra" / "lexicon"
CUES = ("facility", "safety", "living", "topics", "manner")
NOT_CUES = re.compile(r"[、，。！？；：]")


def sources() -> Lexicon:
    """The lexicon as it is written by hand, without learned weights."""
    simplified = table()
    concepts: dict[str, dict[str, Any]] = {}
    for name in CUES:
        concepts |= _parsed(name)
    together = _parsed("together")
    return Lexicon(
        varieties=_varieties(simplified),
        cues=_cues(concepts, simplified),
        together=tuple(
            Together(name, tuple(rule["all"]), tuple(rule.get("none", ())), rule.get("near", False))
            for name, rule in together.items()
        ),
        points={name: _points(name, rule) for name, rule in {**concepts, **together}.items()},
        lights=Lights(**{name: re.compile(written) for name, written in lights().items()}),
        alarms=frozenset(name for name, rule in {**concepts, **together}.items() if rule.get("alarm")),
        learned={},
        persons=_persons(),
    )


def lines() -> list[dict[str, str]]:
    """The labelled messages that were written for the lexicon, beside the sample."""
    written = (FOLDER / "lines.txt").read_text("utf-8").splitlines()
    return [
        dict(zip(("text", "kind", "item", "urgency", "severity"), line.split("|"), strict=True))
        for line in written
        if line and not line.startswith("#")
    ]


def lights() -> dict[str, str]:
    """The patterns of the lights, as regular expressions."""
    words = tomllib.loads((FOLDER / "lights.toml").read_text("utf-8"))
    far, near, next_to = (_any(words.pop(name)) for name in ("denies_far", "denies", "denies_next"))
    only_looks = "".join(f"(?<!{word})" for word in words.pop("no_denial").split())
    denied = f"(?:{far}){only_looks}[^,。]{{0,5}}$|(?:{near}){only_looks}[^,。]{{0,3}}$|(?:{next_to})[^,。]?$"
    return {**{name: _any(said) for name, said in words.items()}, "denied": denied}


def _any(words: str) -> str:
    return "|".join(map(_pattern, words.split()))


def _pattern(word: str) -> str:
    plain = word.replace("_", " ").replace("…", "[^,。]{0,4}")
    if not word.isascii():
        return plain
    begins = "" if word[0] in "^'" or word == "n't" else r"\b"
    return f"{begins}{plain}\\b"


def _parsed(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _points(name: str, rule: Mapping[str, Any]) -> dict[str, float]:
    known = {answer for answers in ANSWERS.values() for answer in answers}
    unknown = set(rule["points"]) - known
    if unknown:
        raise ValueError(
            f"infra/lexicon: {name} points to {', '.join(sorted(unknown))}; nothing is called that."
        )
    return {answer: float(points) for answer, points in rule["points"].items()}


def _persons() -> tuple[str, ...]:
    """The patterns of what may say who or where somebody is; those of places in letters large or small."""
    written = _parsed("persons")
    found = [f"(?i){pattern}" for pattern in written["hidden"]["places"]] + written["hidden"]["names"]
    for name, part in written["parts"].items():
        found = [pattern.replace(f"{{{name}}}", part) for pattern in found]
    return tuple(found)


def _varieties(simplified: Mapping[int, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for group in _parsed("varieties").values():
        for said, known in group.items():
            written = said.translate(simplified)
            found[written[0]][written] = known.translate(simplified)
    return {
        first: tuple(sorted(words.items(), key=lambda pair: -len(pair[0]))) for first, words in found.items()
    }


def _cues(
    concepts: Mapping[str, Mapping[str, Any]], simplified: Mapping[int, str]
) -> dict[str, tuple[Cue, ...]]:
    found: dict[str, set[Cue]] = defaultdict(set)
    for concept, rule in concepts.items():
        for word in rule["words"].split():
            cue = _cue(word.translate(simplified), concept)
            found[cue.parts[0][0]].add(cue)
    ordered = {
        first: tuple(sorted(cues, key=lambda cue: (-len("".join(cue.parts)), cue.parts, cue.concept)))
        for first, cues in found.items()
    }
    return defaultdict(tuple, ordered)


def _cue(word: str, concept: str) -> Cue:
    written = word.replace("_", " ")
    at_word_end = written.endswith("|")
    return Cue(tuple(part for part in written.rstrip("|").split("…") if part), concept, at_word_end)
