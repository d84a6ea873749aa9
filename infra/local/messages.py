"""The SMS and mails that have left the desk, as the embedded cloud keeps them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """One SMS or mail.

    Attributes:
        id: The provider's id.
        medium: `SMS` or `mail`.
        to: The phone number or the address.
        text: What was written; a mail's subject stands before it.
    """

    id: str
    medium: str
    to: str
    text: str


class Messages:
    """Gives each message once. Those that left before it was made are not given."""

    def __init__(self, look: Callable[[str], Any]) -> None:
        """`look` gives what one of the emulator's own addresses answers."""
        self._look = look
        self._known = {message.id for message in self._all()}

    def new(self) -> list[Message]:
        """The messages that have left since the last time."""
        found = [message for message in self._all() if message.id not in self._known]
        self._known.update(message.id for message in found)
        return found

    def _all(self) -> Iterator[Message]:
        for sent in self._look("/_ministack/sns/sms-messages")["sms_messages"].values():
            for sms in sent:
                yield Message(sms["MessageId"], "SMS", sms["PhoneNumber"], sms["Message"])
        for sent in self._look("/_ministack/ses/messages")["messages"].values():
            for mail in sent:
                text = f"{mail['Subject']}\n{mail['BodyText']}"
                yield Message(mail["MessageId"], "mail", mail["To"][0], text)
