"""Who may talk to the embedded cloud, and who may read what it writes."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from infra.local.emulator.guard import guarding
from tests.local_cloud.conftest import RunningDesk


async def _application(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def answered(method: str, path: str, **headers: str) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    given = {"host": "127.0.0.1:4566", **headers}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    asyncio.run(guarding(_application)(scope, None, send))
    return int(sent[0]["status"])


def test_programs_of_this_machine_are_answered() -> None:
    assert answered("POST", "/") == 200
    assert answered("POST", "/", host="localhost:4566") == 200
    assert answered("GET", "/_ministack/ses/messages") == 200
    assert answered("POST", "/", origin="http://127.0.0.1:8080") == 200
    assert answered("POST", "/restapis/x/desk/_user_request_/login", origin="null") == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.7:4566"])
def test_a_name_that_was_pointed_here_is_not(host: str) -> None:
    assert answered("GET", "/_ministack/ses/messages", host=host) == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost.evil.example"])
def test_a_page_of_elsewhere_is_not(origin: str) -> None:
    assert answered("POST", "/", origin=origin) == 403


def test_nobody_throws_the_register_away() -> None:
    for path in ("/_ministack/reset", "/_ministack/config", "/_localstack/state/reset"):
        assert answered("POST", path) == 403


def test_the_running_cloud_is_guarded_and_its_files_are_its_user_s_alone(desk: RunningDesk) -> None:
    client = desk.cloud.client("dynamodb")
    client.meta.events.register(
        "before-send", lambda request, **_: request.headers.update(Origin="http://evil.example")
    )
    with pytest.raises(client.exceptions.ClientError, match="403"):
        client.list_tables()
    open_to_others = [
        path
        for path in (desk.folder, *desk.folder.rglob("*"))
        if not path.is_symlink() and path.name != "said.log" and path.stat().st_mode & 0o077
    ]
    assert _but_code(open_to_others) == []


def _but_code(paths: list[Path]) -> list[Path]:
    """Without what is unpacked from a zip, which says itself who may read it; its folder is closed."""
    return [path for path in paths if not any(part.startswith("code-") for part in path.parts)]
