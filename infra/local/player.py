"""A person who uses the desk from outside.

Uses its HTTP API, and reads the messages on somebody's phone.
"""

import contextlib
import json
import re
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

from infra.local.messages import Message

LONGEST_WAIT_SECONDS = 45
LOOK_AGAIN_SECONDS = 0.3
LINK = re.compile(r"/l/([0-9A-Za-z]+)")


class RefusedError(Exception):
    """The desk's answer was an error: its status and its own words."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class MessageMissingError(Exception):
    """A message that should have come has not."""


class Player:
    """Talks to one desk. `said` is called with each message that is waited for and comes."""

    def __init__(
        self, base_url: str, read_messages: Callable[[], list[Message]], said: Callable[[Message], None]
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._read, self._said = read_messages, said
        self._unread: list[Message] = []

    def call(
        self, method: str, path: str, body: Any = None, token: str | None = None, key: str | None = None
    ) -> Any:
        """The JSON that a request gives; `RefusedError` for any status from 400 on.

        `key` is its Idempotency-Key, one of its own where none is given.
        """
        headers = {"Content-Type": "application/json", "Accept-Language": "zh-CN"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base_url + path, data, headers, method=method)  # noqa: S310  http on 127.0.0.1, or the https of a deployment
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            text = refused.read().decode(errors="replace")
            with contextlib.suppress(ValueError):
                text = json.loads(text)
            raise RefusedError(refused.code, text) from None

    def sign_in(self, username: str, password: str) -> str:
        """A token for a member of staff."""
        return str(self.call("POST", "/v1/sessions", {"username": username, "password": password})["token"])

    def report(self, community: str, key: str | None = None, **fields: Any) -> Any:
        """Registers a case as the web form does; the receipt.

        It says beforehand that it is no case of just now: whoever plays a story twice means two.
        """
        return self.call("POST", f"/v1/communities/{community}/cases", {"another": True, **fields}, key=key)

    def use_link(self, code: str, command: str, **fields: Any) -> Any:
        """Gives a command with a link from a message."""
        return self.call("POST", f"/v1/links/{code}/{command}", fields)

    def look(self, code: str) -> Any:
        """What a link shows."""
        return self.call("GET", f"/v1/links/{code}")

    def wait_for(self, words: str, *, seconds: float = LONGEST_WAIT_SECONDS) -> Message:
        """The next unread message that matches the words (a pattern)."""
        until = time.monotonic() + seconds
        while True:
            self._unread += self._read()
            for message in self._unread:
                if re.search(words, message.text, re.DOTALL):
                    self._unread.remove(message)
                    self._said(message)
                    return message
            if time.monotonic() > until:
                raise MessageMissingError(f"No message like {words!r} came within {seconds:g} s.")
            time.sleep(LOOK_AGAIN_SECONDS)


def code_in(text: str) -> str:
    """The link code in a message or an address."""
    found = LINK.search(text)
    if found is None:
        raise MessageMissingError(f"There is no link in: {text}")
    return found[1]
