"""The SMS and mails that have left the desk, as the embedded cloud keeps them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
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
    """Gives each message once."""

    def __init__(self, look: Callable[[str], Any], known: Collection[str] | None = None) -> None:
        """`look` gives what one of the emulator's own addresses answers.

        Args:
            known: The ids of messages that are not to be given; None for all that have left before.
        """
        self._look = look
        self._known = {message.id for message in self._all()} if known is None else set(known)

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


class Told:
    """The ids of the messages that the terminal has shown.

    They are kept beside the register over a stop.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def ids(self) -> set[str]:
        """Those of all that were shown."""
        return set(self._file.read_text("ascii").split()) if self._file.exists() else set()

    def add(self, messages: Iterable[Message]) -> None:
        """Keeps the ids of messages that have been shown now."""
        with self._file.open("a", encoding="ascii") as file:
            file.writelines(f"{message.id}\n" for message in messages)
