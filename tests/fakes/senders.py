"""Stand-ins of what sends SMS and mails: they keep what left, and fail when told to."""

from collections.abc import Mapping

from chalicelib.services.errors import DeliveryError


class FakeSms:
    """SmsSender. `sent` is what left, (phone, text); `failures` are raised by the next calls, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.failures: list[DeliveryError] = []

    def send(self, phone: str, text: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((phone, text))
        return f"sms-{len(self.sent)}"


class FakeMail:
    """MailSender. `sent` is what left, (address, subject, text), `tags` what each was known by.

    `failures` are raised by the next calls.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.tags: list[Mapping[str, str]] = []
        self.failures: list[DeliveryError] = []

    def send(self, address: str, subject: str, text: str, tags: Mapping[str, str]) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, subject, text))
        self.tags.append(tags)
        return f"mail-{len(self.sent)}"
