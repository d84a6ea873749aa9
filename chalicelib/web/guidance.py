"""What to ask and say for a matter, beside form and case (A14)."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.community.community import Community
from chalicelib.domain.simplified import simplified
from chalicelib.domain.wording import UnwantedWord
from chalicelib.web.words import Words

ALIKE: Mapping[str, str] = {
    "leak_fixture": "leak_pipe",
    "noise_public": "neighbour",
    "service_quality": "staff_attitude",
}
"""Matters that are asked about as another one is."""


class Guidance(Struct, frozen=True):
    """What whoever takes a report down asks and says, and never says."""

    greeting: tuple[str, ...]
    ask: tuple[str, ...]
    say: tuple[str, ...]
    never: str


def guidance_of(
    kind: str | None, matter: str | None, community: Community, words: Words, *, greets: bool = True
) -> Guidance:
    """The guidance for a kind and a matter: what the matter has of its own, then what the kind has.

    Nobody is greeted (`greets`) where the case is registered already.
    """
    own = ALIKE.get(matter or "", matter or "")
    unwanted = wiring.desk().unwanted_in(community)
    return Guidance(
        greeting=_lines(words("guidance.greeting", community=community.name)) if greets else (),
        ask=_of("ask", own, kind, words),
        say=_of("say", own, kind, words),
        never=words.listed(_shown(unwanted, words.language)),
    )


def _of(what: str, matter: str, kind: str | None, words: Words) -> tuple[str, ...]:
    known = words.groups["guidance"]
    texts = (known.get(f"{what}.{name}", "") for name in (matter, kind or "repair"))
    return tuple(dict.fromkeys(line for text in texts for line in _lines(text)))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line)


SCRIPTS = {"zh-CN": "gb2312", "zh-TW": "big5"}
"""The character set of each Chinese script: what it lacks is written in the other one."""


def _shown(unwanted: Iterable[UnwantedWord], language: str) -> Iterable[str]:
    """The words, each in one script: a reader of Chinese has their own, without the English."""
    script = SCRIPTS.get(language)
    if script is not None:
        return dict.fromkeys(word.word for word in unwanted if _is_in(script, word.word))
    shown: dict[str, str] = {}
    for word in unwanted:
        shown.setdefault(simplified(word.word), word.word)
    return shown.values()


def _is_in(script: str, word: str) -> bool:
    try:
        return len(word.encode(script)) > len(word)  # what is ASCII stays as long as it is
    except UnicodeEncodeError:
        return False
