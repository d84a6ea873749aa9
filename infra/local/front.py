"""The local address that people open, in front of the API Gateway.

It passes each request on to the embedded cloud.

It stands where a domain of one's own stands on AWS: no stage in the path, and the same host in every
link, cookie and redirect.
"""

import errno
import http.client
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from infra.problems import CannotGoOnError

LARGEST_BODY_BYTES = 10 * 1024 * 1024
"""What API Gateway takes; the application's own limit is lower."""

PATIENCE_SECONDS = 120
OWN_HOSTS = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
OWN_ORIGINS = re.compile(rf"null|https?://{OWN_HOSTS.pattern}", re.IGNORECASE)
"""Pages of this machine; of `null`, which a form of ours may send too, the application judges by itself."""
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "upgrade"}
    | {"transfer-encoding", "content-length", "date", "server"}
)


class Front(ThreadingHTTPServer):
    """A server on 127.0.0.1 that passes requests on to `api`.

    It listens from the moment it is made; it answers once `api` is known and it serves.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int) -> None:
        """Takes the port.

        Raises:
            CannotGoOnError: Somebody else has it.
        """
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as err:
            if err.errno in (errno.EADDRINUSE, errno.EACCES):
                raise CannotGoOnError(
                    f"Port {port} is busy: stop what listens there, or choose another with PORT={port + 1}."
                ) from err
            raise
        self.api = ""
        self.address = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front

    def _pass_on(self) -> None:
        if not OWN_HOSTS.fullmatch(self.headers.get("Host", "")):
            self._refuse(421, "This desk answers to 127.0.0.1 and localhost only.")
            return
        if not OWN_ORIGINS.fullmatch(self.headers.get("Origin", "null")):
            self._refuse(403, "This desk does not answer to pages of other addresses.")
            return
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self._refuse(411, "Say the length of the body.")
            return
        if int(length) > LARGEST_BODY_BYTES:
            self._refuse(413, "The body is larger than 10 MB.")
            return
        body = self.rfile.read(int(length))
        base = urlsplit(self.server.api)
        upstream = http.client.HTTPConnection(base.hostname or "", base.port, timeout=PATIENCE_SECONDS)
        try:
            path = base.path + self.path
            upstream.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    upstream.putheader(name, value)
            upstream.putheader("Content-Length", str(len(body)))
            upstream.endheaders(body or None)
            answer = upstream.getresponse()
            self._answer(answer, answer.read())
        except (OSError, http.client.HTTPException):
            self._refuse(502, "The embedded cloud does not answer; look at the terminal it runs in.")
        finally:
            upstream.close()

    def _answer(self, answer: http.client.HTTPResponse, body: bytes) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _refuse(self, status: int, sentence: str) -> None:
        body = sentence.encode()
        self.close_connection = True
        self.send_response_only(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def send_error(  # the library gives an explanation too, in words of its own
        self,
        code: int,
        message: str | None = None,
        explain: str | None = None,  # noqa: ARG002
    ) -> None:
        """Refuses what the library does not understand; a method that no gateway passes on is a 405."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._refuse(405, f"{self.command} is not possible here.")
        else:
            self._refuse(code, message or "This request is not understood.")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass_on  # noqa: N815

    def log_message(self, *_said: object) -> None:
        """Says nothing: the terminal is for the messages that leave."""
