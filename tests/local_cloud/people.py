"""What people do to a desk over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from tests.local_cloud.conftest import RunningDesk


def report_form(**fields: Any) -> dict[str, Any]:
    """What the web form posts."""
    return {
        "text": "厨房水龙头一直滴水。",
        "unit": "3-2-1201",
        "name": "孙女士",
        "phone": "13800138009",  # not the stories': there is a cap on the messages to one number in a day
        "channel": "web",
        "kind": "repair",
        "matter": "home_other",
        **fields,
    }


def ask(
    desk: RunningDesk,
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Any]:
    """Status and JSON of a request."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(desk.base_url + path, data, sent, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"null")


def report(desk: RunningDesk, community: str = "cuiyuan", **fields: Any) -> dict[str, Any]:
    """A case, registered as the web form does; its receipt."""
    status, receipt = ask(desk, "POST", f"/v1/communities/{community}/cases", report_form(**fields))
    assert status == 201, receipt
    return dict(receipt)


def token_of(desk: RunningDesk, role: str, community: str, username: str | None = None) -> str:
    """A token of somebody of that role in a community, or of that username."""
    account = next(
        one for one in desk.accounts(role, community) if username is None or one["username"] == username
    )
    credentials = {"username": account["username"], "password": account["password"]}
    status, body = ask(desk, "POST", "/v1/sessions", credentials)
    assert status in (200, 201), body
    return str(body["token"])
