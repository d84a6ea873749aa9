"""The hotline's flow for Amazon Connect: whole, made of our words, asking what is answered (A1)."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters.word_files import WordFiles
from chalicelib.channels.connect_steps import STEPS, Answer
from infra.connect.hotline import FILE, VOICES, written
from infra.contact_flow import filled

FLOW = json.loads(FILE.read_text("utf-8"))
BLOCKS = {block["Identifier"]: block for block in FLOW["Actions"]}
KNOWN = {
    "UpdateContactAttributes", "UpdateContactTextToSpeechVoice", "UpdateContactRecordingBehavior", "Compare",
    "Loop", "InvokeLambdaFunction", "MessageParticipant", "GetParticipantInput", "DisconnectParticipant",
    "TransferParticipantToThirdParty",
}  # fmt: skip
"""Types of blocks in the flow language that are used."""
ERRORS = {
    "InvokeLambdaFunction": {"NoMatchingError"},
    "Compare": {"NoMatchingCondition"},
    "TransferParticipantToThirdParty": {"CallFailed", "ConnectionTimeLimitExceeded", "NoMatchingError"},
}
"""Errors that Connect refuses a block without."""


def targets(block: dict[str, Any]) -> Iterator[str]:
    transitions = block["Transitions"]
    if transitions:
        yield transitions["NextAction"]
        yield from (way["NextAction"] for way in (*transitions["Errors"], *transitions["Conditions"]))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(part)


def test_it_is_what_the_catalogues_say() -> None:
    assert FILE.read_text("utf-8") == written(), "python -m infra.connect.hotline --write"


def test_every_way_leads_to_a_block_and_every_block_is_reached() -> None:
    assert len(BLOCKS) == len(FLOW["Actions"])
    reached, waiting = set[str](), [FLOW["StartAction"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += targets(BLOCKS[name])
    assert reached == set(BLOCKS)
    assert set(FLOW["Metadata"]["ActionMetadata"]) == set(BLOCKS)


def test_every_block_is_one_of_the_language_and_has_a_way_out_of_its_errors() -> None:
    for name, block in BLOCKS.items():
        assert block["Type"] in KNOWN, name
        errors = {error["ErrorType"] for error in (block["Transitions"] or {"Errors": []})["Errors"]}
        assert ERRORS.get(block["Type"], set()) <= errors, name
        if block["Type"] == "GetParticipantInput" and block["Parameters"]["StoreInput"] == "False":
            assert errors == {"InputTimeLimitExceeded", "NoMatchingCondition", "NoMatchingError"}, name
        assert all(isinstance(value, str) for value in texts(block["Parameters"])), name
        assert not block["Transitions"] or block["Type"] != "DisconnectParticipant"


def test_what_it_reads_the_function_answers_and_what_it_asks_there_is() -> None:
    read = {name for text in texts(FLOW) for name in re.findall(r"\$\.External\.(\w+)", text)}
    assert read == set(Answer.__struct_fields__)
    set_there = {name for block in BLOCKS.values() for name in block["Parameters"].get("Attributes", {})}
    assert {name for text in texts(FLOW) for name in re.findall(r"\$\.Attributes\.(\w+)", text)} == set_there
    asked = {
        block["Parameters"]["LambdaInvocationAttributes"]["step"]
        for block in BLOCKS.values()
        if block["Type"] == "InvokeLambdaFunction"
    }
    assert asked == set(STEPS)


def test_every_prompt_is_the_function_s_or_stands_in_the_catalogue_of_its_language() -> None:
    words = WordFiles()
    for name, block in BLOCKS.items():
        text = block["Parameters"].get("Text", "$.External.say")
        if text == "$.External.say" or name == "language":
            continue
        tag = next(tag for tag in VOICES if name.endswith(f"-{tag}"))
        assert text in words.get(tag).groups["voice"].values(), name
    offered = {tag for tag in words.languages() if words.get(tag).groups["voice"]["choose_language"]}
    assert set(VOICES) == offered, "a caller chooses among all that are spoken"
    offers = BLOCKS["language"]["Parameters"]["Text"]
    assert all(
        words.get(tag)("voice.choose_language", key=str(place)) in offers
        for place, tag in enumerate(VOICES, 1)
    )


@pytest.mark.parametrize("tag", VOICES)
def test_the_keys_are_those_that_the_menu_names(tag: str) -> None:
    conditions = BLOCKS[f"menu-{tag}"]["Transitions"]["Conditions"]
    keys = {key for condition in conditions for key in condition["Condition"]["Operands"]}
    assert keys == set(re.findall(r"[0-9]", BLOCKS[f"menu-{tag}"]["Parameters"]["Text"])) == set("12340")


def test_it_is_filled_in_for_a_community() -> None:
    arn = "arn:aws:lambda:eu-west-2:123456789012:function:suda-production-Connect"
    flow = json.loads(filled(arn, "riverside", "https://a.my.connect.aws/", "+8657188001100"))
    (first,) = (block for block in flow["Actions"] if block["Identifier"] == flow["StartAction"])
    assert first["Parameters"]["Attributes"] == {
        "community": "riverside",
        "recordings": "https://a.my.connect.aws/",
        "desk": "+8657188001100",
    }
    asking = [block["Parameters"] for block in flow["Actions"] if block["Type"] == "InvokeLambdaFunction"]
    assert {given["LambdaFunctionARN"] for given in asking} == {arn}
