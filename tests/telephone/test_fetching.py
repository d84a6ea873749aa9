"""What the desk takes of an exchange that answers, or does not, or answers something else (A1)."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.adapters import exchange as adapter
from chalicelib.adapters.exchange import Exchange
from chalicelib.services.errors import RecordingMissingError
from chalicelib.services.providers import ExchangeAccount

SOUND = b"RIFF\x24\x00\x00\x00WAVE" + b"\x00" * 100
ACCOUNT = ExchangeAccount("AC" + "1" * 32, ("token",), {})


class Handler(BaseHTTPRequestHandler):
    """An exchange in many moods: what it gives is in the name of the recording."""

    asked: list[tuple[str, str, str]] = []  # noqa: RUF012

    def _answer(self) -> None:
        name = self.path.rpartition("/")[2]
        Handler.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        if name == "breaks":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        statuses = {"missing": 404, "moved": 302, "gone": 204, "fault": 500}
        self.send_response(204 if self.command == "DELETE" else statuses.get(name, 200))
        if name == "moved":
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        body = {"sound": SOUND, "page": b"<html>", "short": b"RIFF", "huge": SOUND * 2000}.get(name, b"")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_DELETE = _answer  # noqa: N815  the library's names

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    Handler.asked.clear()
    monkeypatch.setattr(adapter, "LARGEST_RECORDING", 100_000)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield Exchange(lambda: ACCOUNT, f"http://127.0.0.1:{server.server_address[1]}/")
        server.shutdown()


def test_a_recording_is_fetched_with_the_account_and_deleted(exchange: Exchange) -> None:
    assert exchange.fetch("sound") == SOUND
    assert exchange.forget("sound")
    path = f"/2010-04-01/Accounts/{ACCOUNT.sid}/Recordings/sound"
    assert [(method, asked) for method, asked, _ in Handler.asked] == [("GET", path), ("DELETE", path)]
    assert all(given.startswith("Basic ") for _, _, given in Handler.asked)


@pytest.mark.parametrize("name", ["missing", "moved", "gone", "fault", "page", "short", "huge"])
def test_what_is_no_recording_is_not_taken(exchange: Exchange, name: str) -> None:
    with pytest.raises(RecordingMissingError):
        exchange.fetch(name)
    assert len(Handler.asked) == 1, "no redirection is followed"


def test_an_exchange_that_breaks_off_is_asked_another_time(exchange: Exchange) -> None:
    with pytest.raises(OSError, match=r"broke off|reset"):
        exchange.fetch("breaks")
    nobody = Exchange(lambda: ACCOUNT, "http://127.0.0.1:9")
    with pytest.raises(OSError, match="refused"):
        nobody.fetch("sound")
    assert not nobody.forget("sound")


def test_without_an_account_nobody_is_asked(exchange: Exchange) -> None:
    with pytest.raises(RecordingMissingError):
        Exchange(lambda: None, "http://127.0.0.1:9").fetch("sound")
