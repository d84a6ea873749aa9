"""The local address in front of the embedded cloud's API Gateway."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra.local.front import LARGEST_BODY_BYTES, Front
from infra.problems import CannotGoOnError


class Gateway(BaseHTTPRequestHandler):
    """Stands for API Gateway: remembers what came, and answers with a redirect and two cookies."""

    protocol_version = "HTTP/1.1"
    came: list[dict[str, Any]]

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        came = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
        type(self).came.append(came)
        if "slow" in self.path:
            time.sleep(0.2)
        self.send_response(303)
        self.send_header("Location", "/desk/cuiyuan?lang=zh")
        self.send_header("Set-Cookie", "session=abc; HttpOnly; SameSite=Lax; Path=/")
        self.send_header("Set-Cookie", "lang=zh; Path=/")
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write("你好".encode())

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *_said: object) -> None:
        """Says nothing."""


@pytest.fixture
def gateway() -> Iterator[type[Gateway]]:
    class Fresh(Gateway):
        came: list[dict[str, Any]] = []  # noqa: RUF012

    with ThreadingHTTPServer(("127.0.0.1", 0), Fresh) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        Fresh.address = f"http://127.0.0.1:{server.server_port}/restapis/x/desk/_user_request_"  # type: ignore[attr-defined]
        yield Fresh
        server.shutdown()


@pytest.fixture
def front(gateway: type[Gateway]) -> Iterator[Front]:
    with Front(0) as front:
        front.api = gateway.address  # type: ignore[attr-defined]
        threading.Thread(target=front.serve_forever, args=[0.01], daemon=True).start()
        yield front
        front.shutdown()


def ask(
    front: Front, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", front.server_port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    result = answer.status, answer.getheaders(), answer.read()
    connection.close()
    return result


def test_path_and_query_arrive_as_they_were_written(front: Front, gateway: type[Gateway]) -> None:
    ask(front, "GET", "/v1/communities/a%2Fb/cases?unit=3%E6%A0%8B&x=1&x=2")
    assert gateway.came[0]["path"] == (
        "/restapis/x/desk/_user_request_/v1/communities/a%2Fb/cases?unit=3%E6%A0%8B&x=1&x=2"
    )


def test_forms_cookies_and_redirects_go_through_unchanged(front: Front, gateway: type[Gateway]) -> None:
    form = b"text=%F0%9F%92%A7&csrf=1"
    kind = "application/x-www-form-urlencoded"
    status, headers, body = ask(
        front, "POST", "/desk", form, Content_Type=kind, Cookie="session=abc; lang=zh", Origin=front.address
    )
    came = gateway.came[0]
    assert (came["method"], came["body"]) == ("POST", form)
    assert came["headers"]["Content-Type"] == kind
    assert came["headers"]["Cookie"] == "session=abc; lang=zh"
    assert came["headers"]["Origin"] == front.address
    assert (status, body.decode()) == (303, "你好")
    assert [value for name, value in headers if name == "Location"] == ["/desk/cuiyuan?lang=zh"]
    assert len([value for name, value in headers if name == "Set-Cookie"]) == 2


def test_the_host_is_the_one_in_the_browser(front: Front, gateway: type[Gateway]) -> None:
    """As with a domain of one's own on AWS: what the application compares an Origin with."""
    ask(front, "GET", "/")
    assert gateway.came[0]["headers"]["Host"] == f"127.0.0.1:{front.server_port}"


def test_another_host_is_refused(front: Front, gateway: type[Gateway]) -> None:
    """A page elsewhere could have its name point here and would then be of the same origin."""
    status, _, _ = ask(front, "GET", "/", Host="evil.example")
    assert status == 421
    assert gateway.came == []


def test_a_page_of_elsewhere_is_refused(front: Front, gateway: type[Gateway]) -> None:
    """It can send a form to this machine from the browser of whoever has it open."""
    for origin in ("http://evil.example", "http://127.0.0.1.evil.example", "https://localhost@evil.example"):
        assert ask(front, "POST", "/v1/sessions", b"{}", Origin=origin)[0] == 403
    assert gateway.came == []
    for own in (front.address, "http://localhost:3000", "null"):
        assert ask(front, "POST", "/desk", b"", Origin=own)[0] == 303


def test_a_body_beyond_what_api_gateway_takes_is_refused_unread(front: Front, gateway: type[Gateway]) -> None:
    with socket.create_connection(("127.0.0.1", front.server_port)) as line:
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {LARGEST_BODY_BYTES + 1}\r\n\r\n"
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")
    assert gateway.came == []


@pytest.mark.parametrize("header", ["Transfer-Encoding: chunked", "Content-Length: many"])
def test_a_body_of_unknown_length_is_refused(front: Front, header: str) -> None:
    with socket.create_connection(("127.0.0.1", front.server_port)) as line:
        line.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 411")


def test_without_a_cloud_it_says_so(front: Front) -> None:
    front.api = "http://127.0.0.1:1/gone"
    status, _, body = ask(front, "GET", "/")
    assert status == 502
    assert b"does not answer" in body


def test_fifty_at_once_are_all_answered(front: Front) -> None:
    with ThreadPoolExecutor(50) as people:
        answers = list(people.map(lambda _: ask(front, "GET", "/slow")[0], range(50)))
    assert answers == [303] * 50


def test_a_busy_port_is_said_with_the_way_out(front: Front) -> None:
    with pytest.raises(CannotGoOnError, match=rf"^Port {front.server_port} is busy: .*PORT="):
        Front(front.server_port)


@pytest.mark.parametrize("method", ["TRACE", "QUERY"])
def test_a_method_that_no_gateway_passes_on_is_refused_as_one(front: Front, method: str) -> None:
    status, _, said = ask(front, method, "/v1/health")
    assert (status, said) == (405, f"{method} is not possible here.".encode())
