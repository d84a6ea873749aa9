"""A photo in the embedded cloud: ticket, bucket, event, check, claim, and the address (A3)."""

import time
import urllib.error
import urllib.request

import pytest

from tests import content as made
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, report_form

FILES = "/v1/communities/cuiyuan/files"
KEY = {"Idempotency-Key": "a-form-with-a-photo"}
LONGEST_SECONDS = 60


def put(ticket: dict[str, object], data: bytes, **changes: str) -> int:
    """The bucket's answer to the bytes, sent as a browser sends them; `changes` forge the ticket."""
    mark = b"----a-photo"
    fields: dict[str, str] = {**ticket["fields"], **changes}  # type: ignore[dict-item]
    said = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}'
    parts = [said.format(name, value).encode() for name, value in fields.items()]
    parts.append(said.format('file"; filename="x.jpg', "").encode() + data)
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + mark + b"--\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary={mark.decode()}"}
    request = urllib.request.Request(str(ticket["address"]), body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.req("A3")
def test_a_photo_goes_its_whole_way(desk: RunningDesk) -> None:
    photo = made.jpeg()
    status, ticket = ask(desk, "POST", FILES, {"type": "image/jpeg", "size": len(photo)}, headers=KEY)
    assert status == 201
    other = str(ticket["fields"]["key"]).replace("cuiyuan", "lanting")
    assert put(ticket, photo, key=other) == 403, "a ticket is for one key"
    assert put(ticket, photo, **{"Content-Type": "text/html"}) == 403
    assert put(ticket, photo + bytes(16 * 1024 * 1024)) == 400, "and for no more than its size"
    assert put(ticket, photo) == 204
    report = {**report_form(text="走廊的灯坏了"), "files": [ticket["file"]]}
    status, receipt = ask(desk, "POST", "/v1/communities/cuiyuan/cases", report, headers=KEY)
    assert status == 201
    where = f"/v1/links/{receipt['tracking_url'].rpartition('/')[2]}/files"
    ends = time.monotonic() + LONGEST_SECONDS
    while (found := ask(desk, "GET", where)[1]["files"])[0]["state"] == "waits":
        assert time.monotonic() < ends, "it was never looked at"
        time.sleep(0.5)
    assert (found[0]["state"], found[0]["sort"]) == ("ready", "picture")
    address = ask(desk, "GET", f"{where}/1")[1]["address"]
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
        kept, served = answer.read(), answer.headers
    assert made.PLACE not in kept
    assert (served["Content-Type"], served["Content-Disposition"]) == ("image/jpeg", "inline")
