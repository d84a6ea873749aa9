"""The hotline as a contact flow; `python -m infra.connect.hotline --write` writes infra/connect/hotline.json.

What a caller hears stands in the catalogues, so the flow is made from them; a test says when it is not what
they say any more. `python -m infra contact-flow` fills in function, community and desk (docs/channels.md).
"""

import json
import sys
from pathlib import Path
from typing import Any

from chalicelib.adapters.word_files import WordFiles
from infra.connect.blocks import (
    TALK_SECONDS,
    Block,
    ask_key,
    ask_keys,
    attributes,
    compare,
    flow,
    function,
    hang_up,
    loop,
    record,
    ring,
    say,
    speaks_as,
)

FILE = Path(__file__).with_name("hotline.json")
FUNCTION = "arn:aws:lambda:REGION:ACCOUNT:function:STACK-Connect"
SETTING = {"community": "COMMUNITY", "recordings": "", "desk": "+86"}
"""What the first block sets, and whoever imports the flow fills in."""
VOICES = {"zh-CN": "Zhiyu", "en": "Joanna"}
"""Who reads a language out, the desk's own first: of Amazon Polly's."""
KINDS = {"1": "repair", "2": "complaint", "3": "help"}
TRIES = 3


def hotline() -> dict[str, Any]:
    """The whole flow: the greeting, the choice of a language, and what follows in each."""
    words, first = WordFiles(), next(iter(VOICES))
    offers = [
        words.get(tag)("voice.choose_language", key=str(place)) for place, tag in enumerate(VOICES, start=1)
    ]
    chosen = {str(place): f"voice-{tag}" for place, tag in enumerate(VOICES, start=1)}
    start = f"voice-{first}"
    blocks = [
        attributes("setting", SETTING, "voice"),
        speaks_as("voice", VOICES[first], "greet"),
        function("greet", FUNCTION, {"step": "greet", "community": "$.Attributes.community"}, "hello", start),
        say("hello", "$.External.say", "language"),
        ask_key("language", " ".join(offers), chosen, start, start),
    ]
    for tag in VOICES:
        blocks += _in(tag, words)
    return flow([*blocks, hang_up("end")])


def _in(tag: str, words: WordFiles) -> list[Block]:
    """What follows in one language; the blocks have its tag at their ends."""
    catalogue = words.get(tag)

    def at(name: str) -> str:
        return f"{name}-{tag}"

    def prompt(key: str) -> str:
        return catalogue(f"voice.{key}")

    def asks(step: str, then: str, failed: str = "failed", name: str = "", **given: str) -> Block:
        plain = {"step": step, "community": "$.Attributes.community", "kind": "$.Attributes.kind"}
        plain["language"] = tag
        return function(at(name or step), FUNCTION, {**plain, **given}, at(then), at(failed))

    def answer(name: str, yes: str, **others: str) -> Block:
        cases = {"yes": at(yes), **{value: at(to) for value, to in others.items()}}
        return compare(at(name), "$.External.ok", cases, at("failed"))

    heard = "$.External.say"
    return [
        speaks_as(at("voice"), VOICES[tag], at("recognise")),
        asks("recognise", "known", "menu-again"),
        compare(at("known"), "$.External.ok", {"yes": at("has-open")}, at("menu-again")),
        say(at("has-open"), heard, at("menu-again")),
        loop(at("menu-again"), TRIES, at("menu"), at("talk")),
        ask_key(
            at("menu"),
            prompt("menu"),
            {**{key: at(kind) for key, kind in KINDS.items()}, "4": at("follow"), "0": at("person")},
            at("menu-again"),
            at("no-choice"),
        ),
        say(at("no-choice"), prompt("no_such_choice"), at("menu-again")),
        *(attributes(at(kind), {"kind": kind}, at("kind")) for kind in KINDS.values()),
        asks("kind", "kind-taken"),
        answer("kind-taken", "unit-again"),
        loop(at("unit-again"), TRIES, at("ask-unit"), at("without-unit")),
        ask_keys(at("ask-unit"), prompt("ask_unit"), 20, at("unit")),
        asks("unit", "unit-read", keys="$.StoredCustomerInput"),
        answer("unit-read", "unit-back", again="unit-odd", skip="talk"),
        say(at("unit-odd"), heard, at("unit-again")),
        ask_key(at("unit-back"), heard, {"2": at("unit-again")}, at("unit_right"), at("unit_right")),
        asks("unit_right", "unit-taken", unit="$.External.unit"),
        answer("unit-taken", "talk-alone"),
        say(at("without-unit"), prompt("without_unit"), at("talk")),
        *_speaking(at, "talk", prompt("speak_now_with_unit"), asks, answer),
        *_speaking(at, "talk-alone", prompt("speak_now"), asks, answer),
        record(at("record-off"), at("said"), on=False),
        asks("said", "said-read"),
        answer("said-read", "registered", skip="phone-again"),
        loop(at("phone-again"), TRIES, at("ask-phone"), at("said-all")),
        ask_keys(at("ask-phone"), prompt("ask_phone"), 15, at("phone")),
        asks("phone", "phone-read", keys="$.StoredCustomerInput"),
        answer("phone-read", "phone-back", again="phone-odd", skip="said-all"),
        say(at("phone-odd"), heard, at("phone-again")),
        ask_key(at("phone-back"), heard, {"2": at("phone-again")}, at("said-phone"), at("said-phone")),
        asks("said", "all-read", name="said-phone", phone="$.External.phone", asked="yes"),
        asks("said", "all-read", name="said-all", asked="yes"),
        answer("all-read", "registered"),
        say(at("registered"), heard, "end"),
        asks("follow", "follow-read"),
        answer("follow-read", "cases", again="no-cases"),
        say(at("no-cases"), heard, at("menu-again")),
        ask_key(at("cases"), heard, {"1": at("follow"), "0": at("person")}, at("goodbye"), at("goodbye")),
        asks("person", "person-read"),
        answer("person-read", "connecting", again="nobody"),
        say(at("connecting"), prompt("connecting"), at("ring")),
        ring(at("ring"), "$.External.dial", at("spoken"), at("nobody")),
        function(
            at("spoken"), FUNCTION, {"step": "spoken", "community": "$.Attributes.community"}, "end", "end"
        ),
        say(at("nobody"), prompt("nobody_there"), at("talk")),
        say(at("goodbye"), prompt("goodbye"), "end"),
        say(at("failed"), prompt("put_through"), at("ring-desk")),
        ring(at("ring-desk"), "$.Attributes.desk", "end", at("sorry")),
        say(at("sorry"), prompt("sorry"), "end"),
    ]


def _speaking(at: Any, step: str, text: str, asks: Any, answer: Any) -> list[Block]:
    """The caller says what it is about, recorded; where that can be heard is registered before."""
    return [
        asks("talk", f"{step}-taken", name=step, recordings="$.Attributes.recordings"),
        answer(f"{step}-taken", f"{step}-record"),
        record(at(f"{step}-record"), at(f"{step}-speak"), on=True),
        ask_keys(at(f"{step}-speak"), text, 1, at("record-off"), TALK_SECONDS),
    ]


def written() -> str:
    """The flow as its file holds it."""
    return json.dumps(hotline(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("Usage: python -m infra.connect.hotline --write")
    FILE.write_text(written(), "utf-8")
