"""What people do to a desk over HTTP."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from tests.local_cloud.conftest import RunningDesk

LOOK_AGAIN_SECONDS = 0.1


def report_form(**fields: Any) -> dict[str, Any]:
    """What the web form posts, each time of another matter in the same words."""
    return {
        "another": True,
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
        account
        for account in desk.accounts(role, community)
        if username is None or account["username"] == username
    )
    credentials = {"username": account["username"], "password": account["password"]}
    status, body = ask(desk, "POST", "/v1/sessions", credentials)
    assert status in (200, 201), body
    return str(body["token"])


def sign_result_off(desk: RunningDesk, number: str, community: str) -> None:
    """The head signs the result off, as `default` has it; looks again where a timer has moved the case on."""
    token = token_of(desk, "department_head", community)
    path = f"/v1/communities/{community}/cases/{number}"

    def signed() -> bool:
        _, case = ask(desk, "GET", path, token=token)
        seen = {"If-Match": f'"{case["version"]}"'}
        status, body = ask(desk, "POST", f"{path}/commands/sign_off_result", {}, token=token, headers=seen)
        assert status in (200, 409), body
        return status == 200

    wait_until(signed, f"the result of {number} is signed off")


def state_of(desk: RunningDesk, receipt: Mapping[str, Any]) -> str:
    """What the tracking link shows."""
    code = receipt["tracking_url"].rpartition("/")[2]
    return str(ask(desk, "GET", f"/v1/links/{code}")[1]["state"])


def wait_for_state(desk: RunningDesk, receipt: Mapping[str, Any], wanted: str) -> None:
    """Until the tracking link shows that state."""
    wait_until(lambda: state_of(desk, receipt) == wanted, f"{receipt['number']} becomes {wanted}")


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Returns as soon as the condition holds; AssertionError with `what` if it does not in that time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"{seconds:g} s were not enough: {what}"
        time.sleep(LOOK_AGAIN_SECONDS)
