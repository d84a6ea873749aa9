"""Blocks of a contact flow, in the Amazon Connect flow language."""

from collections.abc import Mapping
from typing import Any

Block = dict[str, Any]

KEYS_SECONDS, TALK_SECONDS, ANSWER_SECONDS = 8, 120, 8
"""How long a first key, and what is said, are waited for; and how long Connect waits for the function."""
CARD = (220, 200)
"""How far apart the designer of flows shows two blocks."""


def block(name: str, kind: str, parameters: Mapping[str, Any], then: str, **errors: str) -> Block:
    """A block that goes on at `then`; `errors` are where it goes on after an error of that name."""
    transitions: dict[str, Any] = {}
    if then:
        failed = [{"NextAction": to, "ErrorType": error} for error, to in errors.items()]
        transitions = {"NextAction": then, "Errors": failed, "Conditions": []}
    return {"Identifier": name, "Type": kind, "Parameters": dict(parameters), "Transitions": transitions}


def branching(made: Block, conditions: Mapping[str, str]) -> Block:
    """The block, going on elsewhere where its value is one of these."""
    made["Transitions"]["Conditions"] = [
        {"NextAction": to, "Condition": {"Operator": "Equals", "Operands": [value]}}
        for value, to in conditions.items()
    ]
    return made


def say(name: str, text: str, then: str) -> Block:
    """Read something out."""
    return block(name, "MessageParticipant", {"Text": text}, then, NoMatchingError=then)


def ask_key(name: str, text: str, keys: Mapping[str, str], none: str, other: str) -> Block:
    """Read something out and wait for one key."""
    parameters = {"Text": text, "StoreInput": "False", "InputTimeLimitSeconds": str(KEYS_SECONDS)}
    errors = {"InputTimeLimitExceeded": none, "NoMatchingCondition": other, "NoMatchingError": none}
    return branching(block(name, "GetParticipantInput", parameters, other, **errors), keys)


def ask_keys(name: str, text: str, longest: int, then: str, seconds: int = KEYS_SECONDS) -> Block:
    """Read something out and take keys until the hash key; a star is a key like any other."""
    parameters = {
        "Text": text,
        "StoreInput": "True",
        "InputTimeLimitSeconds": str(seconds),
        "DTMFConfiguration": {"DisableCancelKey": "True", "InterdigitTimeLimitSeconds": "6"},
        "InputValidation": {"CustomValidation": {"MaximumLength": str(longest)}},
    }
    return block(name, "GetParticipantInput", parameters, then, NoMatchingError=then)


def function(name: str, arn: str, given: Mapping[str, str], then: str, failed: str) -> Block:
    """Ask the desk."""
    parameters = {
        "LambdaFunctionARN": arn,
        "InvocationTimeLimitSeconds": str(ANSWER_SECONDS),
        "ResponseValidation": {"ResponseType": "STRING_MAP"},
        "LambdaInvocationAttributes": dict(given),
    }
    return block(name, "InvokeLambdaFunction", parameters, then, NoMatchingError=failed)


def compare(name: str, value: str, cases: Mapping[str, str], other: str) -> Block:
    """Go on by what a value is."""
    made = block(name, "Compare", {"ComparisonValue": value}, other, NoMatchingCondition=other)
    return branching(made, cases)


def loop(name: str, times: int, again: str, done: str) -> Block:
    """Go on at `again` so many times, then at `done`."""
    made = block(name, "Loop", {"LoopCount": str(times)}, done, NoMatchingError=done)
    return branching(made, {"ContinueLooping": again, "DoneLooping": done})


def attributes(name: str, values: Mapping[str, str], then: str) -> Block:
    """Put values beside the contact, where later blocks find them as `$.Attributes.…`."""
    parameters = {"Attributes": dict(values), "TargetContact": "Current"}
    return block(name, "UpdateContactAttributes", parameters, then, NoMatchingError=then)


def speaks_as(name: str, voice: str, then: str) -> Block:
    """Choose the voice that reads out."""
    parameters = {"TextToSpeechVoice": voice, "TextToSpeechEngine": "Neural"}
    return block(name, "UpdateContactTextToSpeechVoice", parameters, then, NoMatchingError=then)


def record(name: str, then: str, *, on: bool) -> Block:
    """Begin to record what the caller says to the flow, or end it."""
    behaviour: dict[str, Any] = {
        "RecordedParticipants": [],
        "IVRRecordingBehavior": "Enabled" if on else "Disabled",
    }
    return block(name, "UpdateContactRecordingBehavior", {"RecordingBehavior": behaviour}, then)


def ring(name: str, number: str, then: str, failed: str) -> Block:
    """Put the caller through to a number, and go on when they have spoken."""
    parameters = {
        "ThirdPartyPhoneNumber": number,
        "ThirdPartyConnectionTimeLimitSeconds": "20",
        "ContinueFlowExecution": "True",
    }
    errors = dict.fromkeys(("CallFailed", "ConnectionTimeLimitExceeded", "NoMatchingError"), failed)
    return block(name, "TransferParticipantToThirdParty", parameters, then, **errors)


def hang_up(name: str) -> Block:
    """End the call."""
    return block(name, "DisconnectParticipant", {}, "")


def flow(blocks: list[Block]) -> dict[str, Any]:
    """The flow that begins with the first of these blocks, as Connect imports it."""
    places = {
        made["Identifier"]: {"position": {"x": CARD[0] * (place % 10), "y": CARD[1] * (place // 10)}}
        for place, made in enumerate(blocks)
    }
    metadata = {"entryPointPosition": {"x": -CARD[0], "y": 0}, "ActionMetadata": places}
    return {
        "Version": "2019-10-30",
        "StartAction": blocks[0]["Identifier"],
        "Metadata": metadata,
        "Actions": blocks,
    }
