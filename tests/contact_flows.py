"""Amazon Connect as far as the hotline needs it: it plays a flow, and asks the function as Connect does."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Invoke = Callable[[Mapping[str, Any]], Mapping[str, Any]]
CONTACT = "5ca32fbd-8f92-46af-92a5-6b0f970f0efe"
MOST_BLOCKS = 300


def contact_event(
    contact: str = CONTACT, number: str | None = "+8613900001234", **given: str
) -> dict[str, Any]:
    """What Connect sends to the function of a flow."""
    instance = "arn:aws:connect:eu-west-2:123456789012:instance/9308c2a1-9bc6-4cea-8290-6c0b4a6d38fa"
    endpoint = {"Address": number, "Type": "TELEPHONE_NUMBER"} if number else None
    data = {
        "Attributes": {},
        "Channel": "VOICE",
        "ContactId": contact,
        "InitialContactId": contact,
        "PreviousContactId": contact,
        "CustomerEndpoint": endpoint,
        "SystemEndpoint": {"Address": "+8657188001100", "Type": "TELEPHONE_NUMBER"},
        "InitiationMethod": "INBOUND",
        "InstanceARN": instance,
        "MediaStreams": {"Customer": {"Audio": None}},
        "Queue": None,
    }
    return {"Name": "ContactFlowEvent", "Details": {"ContactData": data, "Parameters": given}}


def contact_over(contact: str = CONTACT, kind: str = "DISCONNECTED") -> dict[str, Any]:
    """What EventBridge tells of a contact that is over."""
    detail = {"contactId": contact, "eventType": kind, "channel": "VOICE", "initiationMethod": "INBOUND"}
    return {"source": "aws.connect", "detail-type": "Amazon Connect Contact Event", "detail": detail}


@dataclass
class FlowCall:
    """A call that a flow takes. `keys` are pressed one answer after another; when they end, nothing is.

    `said` is what was heard, `places` the blocks that were passed; `answers` is whether a phone is picked up.
    """

    flow: Mapping[str, Any]
    invoke: Invoke
    keys: list[str]
    number: str | None = "+8613900001234"
    contact: str = CONTACT
    answers: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    external: dict[str, str] = field(default_factory=dict)
    stored: str = ""
    said: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    recorded: bool = False
    loops: dict[str, int] = field(default_factory=dict)

    @property
    def heard(self) -> str:
        """All that was said."""
        return " ".join(self.said)

    def play(self) -> "FlowCall":
        """Follow the flow until it hangs up, or the caller does (a key `hang up`)."""
        blocks = {block["Identifier"]: block for block in self.flow["Actions"]}
        at = self.flow["StartAction"]
        while len(self.places) < MOST_BLOCKS:
            block = blocks[at]
            self.places.append(at)
            if block["Type"] == "DisconnectParticipant":
                return self
            if self.keys[:1] == ["hang up"] and block["Type"] == "GetParticipantInput":
                return self
            at = _next(block, self._do(block))
        raise AssertionError(f"the flow goes round: {self.places[-20:]}")

    def _do(self, block: Mapping[str, Any]) -> str:
        """What comes of a block: the method of its type, in our spelling, says it."""
        name = re.sub(r"([A-Z])", r"_\1", block["Type"]).lower()
        return str(getattr(self, name)(block["Parameters"], block))

    def _value(self, text: str) -> str:
        """A text with what `$.…` in it stands for; what is not there is empty."""

        def found(path: re.Match[str]) -> str:
            place, _, name = path[1].partition(".")
            values = {"External": self.external, "Attributes": self.attributes}
            return self.stored if place == "StoredCustomerInput" else values[place].get(name, "")

        return re.sub(r"\$\.([A-Za-z.]+)", found, text)

    def _pressed(self) -> str | None:
        return self.keys.pop(0) if self.keys else None

    def _update_contact_attributes(self, given: Any, _block: Any) -> str:
        self.attributes |= given["Attributes"]
        return ""

    def _update_contact_text_to_speech_voice(self, _given: Any, _block: Any) -> str:
        return ""

    def _update_contact_recording_behavior(self, given: Any, _block: Any) -> str:
        self.recorded |= given["RecordingBehavior"]["IVRRecordingBehavior"] == "Enabled"
        return ""

    def _message_participant(self, given: Any, _block: Any) -> str:
        self.said.append(self._value(given["Text"]))
        return ""

    def _get_participant_input(self, given: Any, _block: Any) -> str:
        self.said.append(self._value(given["Text"]))
        pressed = self._pressed()
        if given["StoreInput"] == "True":
            self.stored = "Timeout" if pressed is None else pressed
            return ""
        return "InputTimeLimitExceeded" if pressed is None else f"={pressed}"

    def _invoke_lambda_function(self, given: Any, _block: Any) -> str:
        sent = {name: self._value(value) for name, value in given["LambdaInvocationAttributes"].items()}
        try:
            self.external = dict(self.invoke(contact_event(self.contact, self.number, **sent)))
        except TimeoutError:
            return "NoMatchingError"
        assert all(isinstance(value, str) for value in self.external.values()), self.external
        return ""

    def _compare(self, given: Any, _block: Any) -> str:
        return f"={self._value(given['ComparisonValue'])}"

    def _loop(self, given: Any, block: Any) -> str:
        name = block["Identifier"]
        self.loops[name] = self.loops.get(name, 0) + 1
        return "=ContinueLooping" if self.loops[name] <= int(given["LoopCount"]) else "=DoneLooping"

    def _transfer_participant_to_third_party(self, given: Any, _block: Any) -> str:
        self.rung.append(self._value(given["ThirdPartyPhoneNumber"]))
        return "" if self.answers else "CallFailed"


def _next(block: Mapping[str, Any], outcome: str) -> str:
    """Where a block goes on: `=VALUE` by its conditions, else an error by its name, else on."""
    transitions = block["Transitions"]
    if outcome.startswith("="):
        for condition in transitions["Conditions"]:
            if condition["Condition"]["Operands"] == [outcome[1:]]:
                return str(condition["NextAction"])
        outcome = "NoMatchingCondition"
    if not outcome:
        return str(transitions["NextAction"])
    (to,) = (error["NextAction"] for error in transitions["Errors"] if error["ErrorType"] == outcome)
    return str(to)
