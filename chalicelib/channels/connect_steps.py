"""The steps of a call through Amazon Connect: each takes what was pressed, and says what to read out.

They are voice_steps.py's, without what the flow does by itself: to speak, to take keys, to record, to dial.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct

from chalicelib.channels.callers import WITHHELD, number_on_duty, stored_number
from chalicelib.channels.voice_turn import KEYS_OF_A_PHONE, unit_of
from chalicelib.domain.case.context import Context
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.texts import quoted
from chalicelib.services.desk import Desk
from chalicelib.services.intake.call_answers import (
    asked_cases,
    closed_line,
    spelled,
    spoken_number,
    spoken_phone,
)
from chalicelib.services.intake.calls import Call, answered, open_cases_of, take_call
from chalicelib.services.intake.register import Receipt

CONNECT = Actor(Role.MACHINE, "connect")
"""Whoever sends the steps of a contact."""

REMEMBERED = timedelta(days=1)
"""How long the number of a contact is remembered: Connect tells of its end within minutes (ours)."""

NO_KEYS = frozenset({"", "Timeout"})
"""What Connect gives for keys where none were pressed."""


class Answer(Struct, frozen=True):
    """What a flow reads. `ok`: yes, again (ask once more), skip (go on without), no (nothing can be taken).

    `say` is what to read out; `unit`, `phone` what was keyed in, as understood; `dial` whom to ring.
    """

    ok: str = "yes"
    say: str = ""
    unit: str = ""
    phone: str = ""
    dial: str = ""


class Contact(Struct, frozen=True):
    """A contact at one of its steps. `number` is the caller's as it is shown, `given` what the flow says."""

    id: str
    desk: Desk
    context: Context
    words: Catalogue
    number: str
    given: Mapping[str, str]

    @property
    def shown(self) -> str | None:
        """The number that calls, as it is stored; None if it is not shown."""
        return stored_number(self.number, self.context.community)

    @property
    def phone(self) -> str | None:
        """The number of the caller: as shown, or as keyed in."""
        return self.shown or self.given.get("phone") or None

    @property
    def keys(self) -> str:
        """What was pressed; empty if nothing was."""
        keys = self.given.get("keys", "").removesuffix("#")
        return "" if keys in NO_KEYS else keys

    def say(self, key: str, **values: str) -> str:
        """A sentence in the caller's language."""
        return self.words(f"voice.{key}", **values)

    def take(self, **known: Any) -> Receipt | None:
        """Register what is known of the call by now, or add it to its case."""
        odd = () if self.shown or self.number in WITHHELD else (quoted("phone", self.number),)
        return take_call(
            self.desk,
            self.context,
            CONNECT,
            Call(
                id=self.id,
                phone=self.phone,
                kind=self.given.get("kind") or None,
                unit=self.given.get("unit") or None,
                language=self.words.language,
                left_out=odd,
                **known,
            ),
        )


def called(desk: Desk, contact: str) -> str:
    """The name under which the number of a contact is remembered."""
    return f"contact#{desk.codes.keyed('contact', contact)[:32]}"


def greet(contact: Contact) -> Answer:
    """A call comes in: it is called back if it breaks off."""
    if phone := contact.shown:
        name, community = called(contact.desk, contact.id), contact.context.community.id
        until = contact.desk.now() + REMEMBERED
        contact.desk.links.remember(name, {"community": community, "phone": phone}, until)
    if contact.context.community.closed:
        return Answer(say=closed_line(contact.context.community, contact.words))
    return Answer(say=contact.say("greeting", community=contact.context.community.name))


def recognise(contact: Contact) -> Answer:
    """Whoever has open cases is told how to hear of them."""
    phone = contact.shown
    count = len(open_cases_of(contact.desk, contact.context.community.id, phone)) if phone else 0
    return Answer(say=contact.words.counted("voice.has_open", count)) if count else Answer(ok="skip")


def kind(contact: Contact) -> Answer:
    """What was chosen at the menu goes into the register at once."""
    contact.take()
    return Answer()


def unit(contact: Contact) -> Answer:
    """The unit that was keyed in, read back."""
    if not contact.keys:
        return Answer(ok="skip")
    found = unit_of(contact.keys)
    if found is None:
        return Answer(ok="again", say=contact.say("unit_not_understood"))
    parts = contact.words("voice.between_parts").join(spelled(part) for part in found.split("-"))
    return Answer(say=contact.say("unit_read_back", unit=parts), unit=found)


def unit_right(contact: Contact) -> Answer:
    """The unit is right, and goes into the register."""
    contact.take()
    return Answer()


def talk(contact: Contact) -> Answer:
    """Whoever speaks now is recorded; where that can be heard is known before, and stays if they hang up."""
    contact.take(recording=(contact.given.get("recordings") or "Amazon Connect ") + contact.id)
    return Answer()


def said(contact: Contact) -> Answer:
    """The caller has spoken; whoever shows no number is asked for one first."""
    if contact.phone is None and contact.given.get("asked") != "yes":
        return Answer(ok="skip")
    receipt = contact.take(finished=True)
    if receipt is None and contact.context.community.closed:
        return Answer(say=closed_line(contact.context.community, contact.words))
    if receipt is None:
        return Answer(say=contact.say("goodbye"))
    number, known = spoken_number(receipt.case.number, contact.words), receipt.case.report.phone
    sentences = [contact.say("registered", number=number)]
    sentences += [contact.say("will_call", phone=spoken_phone(known))] if known else []
    return Answer(say=" ".join([*sentences, contact.say("goodbye")]))


def phone(contact: Contact) -> Answer:
    """The number that was keyed in, read back."""
    if not contact.keys:
        return Answer(ok="skip")
    found = stored_number(contact.keys, contact.context.community)
    if found is None or not KEYS_OF_A_PHONE.fullmatch(contact.keys):
        return Answer(ok="again", say=contact.say("phone_not_understood"))
    return Answer(say=contact.say("phone_read_back", phone=spelled(contact.keys)), phone=found)


def follow(contact: Contact) -> Answer:
    """How the caller's own open cases stand: those of the number that calls."""
    community = contact.context.community.id
    cases = asked_cases(contact.desk, community, contact.shown, None, contact.words)
    if not cases:
        return Answer(ok="again", say=contact.say("nothing_open"))
    answered(contact.desk, community, CONNECT, contact.id)
    return Answer(say=" ".join([*(case.say for case in cases), contact.say("after_cases")]))


def person(contact: Contact) -> Answer:
    """Whom to ring: somebody of the desk who is on duty."""
    number = number_on_duty(contact.context.community, contact.desk.now())
    return Answer(dial=number) if number else Answer(ok="again")


def spoken(contact: Contact) -> Answer:
    """Whoever spoke with somebody of the desk has been answered."""
    answered(contact.desk, contact.context.community.id, CONNECT, contact.id)
    return Answer()


STEPS: Mapping[str, Callable[[Contact], Answer]] = {
    step.__name__: step
    for step in (greet, recognise, kind, unit, unit_right, talk, said, phone, follow, person, spoken)
}
"""What a flow can ask."""
