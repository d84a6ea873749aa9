"""A call at one of its steps: who calls, what was pressed, and what the desk knows of it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.channels import twiml
from chalicelib.channels.callers import WITHHELD, stored_number
from chalicelib.channels.voice_turn import RECORDING, Turn
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.recordings import recording_name
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.texts import quoted
from chalicelib.services.desk import Desk
from chalicelib.services.intake.call_answers import closed_line
from chalicelib.services.intake.calls import Call, answered, take_call
from chalicelib.services.intake.register import Receipt
from chalicelib.services.providers import Exchange, Languages

EXCHANGE = Actor(Role.MACHINE, "exchange")
"""Whoever sends the steps of a call."""


class Line(Struct, frozen=True):
    """A call at one of its steps. `form` is what the exchange posted, `base` what addresses begin with."""

    desk: Desk
    exchange: Exchange
    context: Context
    words: Languages
    base: str
    form: Mapping[str, str]
    turn: Turn

    @property
    def call_id(self) -> str:
        """The exchange's id of the call."""
        return self.form["CallSid"]

    @property
    def keys(self) -> str:
        """What was pressed."""
        return self.form.get("Digits") or self.turn.keys or ""

    @property
    def dialled(self) -> str:
        """What became of the attempt to reach a person."""
        return self.form.get("DialCallStatus") or self.turn.dialled or ""

    @property
    def recording(self) -> str | None:
        """The name of what was recorded in this step; None if nothing was."""
        said = self.form.get("RecordingSid") or self.turn.recording or ""
        if not RECORDING.fullmatch(said):
            return None
        return recording_name(self.context.community.id, self.call_id, said)

    @property
    def shown_phone(self) -> str | None:
        """The number of the caller as it is stored; None if it is not shown, or cannot be called."""
        return self.stored(self.form.get("From", ""))

    def stored(self, number: str) -> str | None:
        """A number as it is stored; None if it cannot be called."""
        return stored_number(number, self.context.community)

    @property
    def phone(self) -> str | None:
        """The number of the caller: as shown, or as keyed in."""
        return self.shown_phone or self.turn.phone

    @property
    def catalogue(self) -> Catalogue:
        """The words of the caller's language."""
        return self.words.get(self.turn.language)

    def say(self, key: str, /, **values: str) -> str:
        """A sentence, spoken in the caller's language."""
        return self.aloud(self.catalogue(f"voice.{key}", **values))

    def closed(self) -> str:
        """The sentence of a community that takes no new report, spoken."""
        return self.aloud(closed_line(self.context.community, self.catalogue))

    def aloud(self, sentence: str) -> str:
        """A sentence of the caller's language, spoken."""
        return twiml.say(sentence, self.catalogue("voice.voice"))

    def to(self, step: str, turn: Turn) -> str:
        """The address of a step."""
        return f"{self.base}/{step}/{turn.written()}"

    def at(self, turn: Turn) -> "Line":
        """The same call in another turn."""
        return replace(self, turn=turn, form={**self.form, "Digits": "", "RecordingSid": ""})

    def take(self, **known: Any) -> Receipt | None:
        """Register what is known of the call by now, or add it to its case."""
        number = self.form.get("From", "")
        odd = () if self.shown_phone or number in WITHHELD else (quoted("phone", number),)
        call = Call(
            id=self.call_id,
            phone=self.phone,
            kind=self.turn.kind,
            unit=self.turn.unit,
            language=self.turn.language,
            left_out=odd,
            **known,
        )
        return take_call(self.desk, self.context, EXCHANGE, call)

    def is_answered(self) -> None:
        """Put on record that the caller got what they called for."""
        answered(self.desk, self.context.community.id, EXCHANGE, self.call_id)
