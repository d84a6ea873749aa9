"""The recordings of the exchange, over HTTP: fetched and deleted with the account's token."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.telephone.exchange.webhooks import Account


class Recordings:
    """A shelf of recordings in a folder, at an address of its own."""

    def __init__(self, folder: Path, account: Account, port: int) -> None:
        self._folder, self._account, self._port = folder, account, port

    def serve(self) -> None:
        """Give them to whoever asks; one exchange does it for all that have the folder."""
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.answer(self, delete=False)

            def do_DELETE(self) -> None:
                shelf.answer(self, delete=True)

            def log_message(self, *_: object) -> None:
                """Nothing: the terminal tells of calls."""

        server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def file(self, sid: str) -> Path:
        """Where a recording lies."""
        return self._folder / f"{sid}.wav"

    def url(self, sid: str) -> str:
        """The address of a recording, as the exchange tells it: without an ending, which means WAV."""
        return f"http://127.0.0.1:{self._port}/2010-04-01/Accounts/{self._account.sid}/Recordings/{sid}"

    def answer(self, request: BaseHTTPRequestHandler, *, delete: bool) -> None:
        """Give a recording to whoever knows the account's token, or delete it."""
        given = request.headers.get("Authorization", "")
        wanted = base64.b64encode(f"{self._account.sid}:{self._account.token}".encode()).decode()
        path = self.file(Path(request.path).name.removesuffix(".wav"))
        status, body = 200, b""
        if given != f"Basic {wanted}":
            status = 401
        elif not path.is_file():
            status = 404
        elif delete:
            path.rename(path.with_suffix(".deleted"))
            status = 204
        else:
            body = path.read_bytes()
        request.send_response(status)
        request.send_header("Content-Type", "audio/x-wav")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
