"""Every page and route that reads cases leaves a look on record, whoever asks it (E8)."""

import pytest

from app import app
from chalicelib.http.sessions import cookie_name
from chalicelib.services.search import follow
from tests.api_desk import BASE_URL, ApiDesk
from tests.reads import READS, TEXT, desk_with_each

API, DESK = "/v1/communities/{community}", "/desk/{community}"
READING = frozenset(
    f"cases.{name}"
    for name in (
        *("get", "opened", "events", "events_page", "lines", "several"),
        *("open_work", "register", "by_unit", "leaders", "joined", "joined_to_each"),
    )
)
"""What the store of cases is asked for by whoever shows them."""

SHOWS_NOBODY = frozenset(
    {
        *(f"{DESK}/{page}" for page in ("board", "handover", "incidents", "what-if", "what-if?pack=S1")),
        f"{DESK}/reassign?pick={{number}}",
        *(f"{API}/{page}" for page in ("incidents", "what-if?pack=S1&month=2026-11")),
    }
)
"""What counts cases or names their numbers, and shows neither who reported one nor a word of it."""
ASKED_FOR_MORE = frozenset(
    {
        *(f"{DESK}/{asked}" for asked in ("find?q=3-1201", "corrections/export?month=2026-11")),
        *(f"{DESK}?list={name}" for name in ("register", "community", "department", "mine", "taken")),
        *(f"{DESK}/export?list={name}" for name in ("register", "community", "waiting")),
        *(f"{API}/{asked}" for asked in ("search?q=3-1201", "cases?month=2026-11", "cases?unit=3-1201")),
    }
)
"""Pages and routes that read cases only where more is asked for."""
PERSONAL = ("王芳", "13900001234", "139 0000 1234", "3-1201", TEXT)


def opened(desk: ApiDesk, path: str, user: str, number: str) -> tuple[int, bool, bool, str]:
    """The status, whether cases were read, whether a look was put on record, and what was shown."""
    memory = desk.office.memory
    assert memory is not None
    where = path.replace("{community}", "riverside").replace("{number}", number)
    session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of(user)}"}
    memory.calls.clear()
    if where.startswith("/v1/"):
        answer = desk.get(where, user=user)
    else:
        answer = desk.client.http.request("GET", where, headers=session)
    read = any(memory.calls[name] for name in READING)
    return (
        answer.status_code,
        read,
        bool(memory.calls["looks.record"]),
        answer.body.decode("utf-8", "replace"),
    )


@pytest.mark.req("E8")
def test_whoever_is_shown_a_case_is_on_record() -> None:
    paths = {path for path, methods in app.routes.items() if "GET" in methods and "{community}" in path}
    staffs = {path for path in paths if not path.startswith("/c/")} | ASKED_FOR_MORE | SHOWS_NOBODY
    on_record = set()
    with desk_with_each() as (desk, numbers):
        follow(desk.office.desk, "riverside", numbers["plain"])
        for path in sorted(staffs):
            for user in READS:
                status, read, looked, shown = opened(desk, path, user, numbers["plain"])
                if status != 200 or not read:
                    continue
                if path in SHOWS_NOBODY:
                    assert not [text for text in PERSONAL if text in shown], (path, user)
                else:
                    assert looked, (path, user)
                on_record.add(path)
    assert on_record >= ASKED_FOR_MORE | SHOWS_NOBODY - {f"{DESK}/what-if"}, "they read cases indeed"
