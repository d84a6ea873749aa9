"""The bucket of files: what both the fake and Amazon S3 (moto) keep to (A3)."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.bucket import S3Files
from chalicelib.services.file_port import FileStore
from chalicelib.services.files.arriving import check_arrived, claim, erase_files
from chalicelib.services.files.shelf import ARRIVED, KEPT, SEEN
from tests import content as made
from tests.fakes.files import FakeFiles

NAME = f"riverside/{'a' * 32}/{'b' * 16}"
REGION = "ap-southeast-1"


@pytest.fixture(params=["fake", "s3"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileStore]:
    if request.param == "fake":
        yield FakeFiles()
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        where = {"LocationConstraint": REGION}
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="files", CreateBucketConfiguration=where)
        yield S3Files("files", REGION)


def test_a_file_is_there_until_it_is_erased(store: FileStore) -> None:
    store.put("files.in/a", b"123", "image/png")
    store.put("files.in/b", b"4", "image/png")
    assert store.read("files.in/a", 9) == b"123"
    assert store.read("files.in/a", 1) == b"12", "one byte more than asked for tells that it is larger"
    assert store.read("files.in/c", 9) is None
    assert store.listed("files.in/") == {"files.in/a": 3, "files.in/b": 1}
    assert store.copy("files.in/a", "files.kept/a")
    assert not store.copy("files.in/c", "files.kept/c")
    store.erase(["files.in/a", "files.in/c"])
    assert store.listed("files.") == {"files.in/b": 1, "files.kept/a": 3}


@pytest.mark.req("A3")
def test_it_goes_from_arrived_to_kept_and_away(store: FileStore) -> None:
    store.put(ARRIVED + NAME, made.jpeg(), "text/html")
    assert check_arrived(store, NAME)
    assert not check_arrived(store, NAME)
    assert list(store.listed("files.")) == [f"{SEEN}{NAME}.jpg"]
    for _ in range(2):
        assert claim(store, [NAME]) == 0
        assert list(store.listed("files.")) == [f"{KEPT}{NAME}.jpg"]
    store.put(ARRIVED + NAME, made.png(), "image/png")
    assert not check_arrived(store, NAME), "the ticket was used once more; the first file stays"
    assert list(store.listed("files.")) == [f"{KEPT}{NAME}.jpg"]
    assert claim(store, [NAME[:-1] + "c"]) == 1
    erase_files(store, [NAME])
    assert store.listed("files.") == {}


@pytest.mark.req("A3", "E8")
def test_an_address_serves_what_we_say_and_a_ticket_takes_what_it_says(store: FileStore) -> None:
    store.put(f"{KEPT}{NAME}.pdf", made.pdf(), "application/pdf")
    asked = urlsplit(store.address(f"{KEPT}{NAME}.pdf", "application/pdf", "202611-0001-1.pdf", 300))
    ticket = store.ticket(ARRIVED + NAME, "image/jpeg", 99, 60)
    assert f"{asked.scheme}://{asked.netloc}" == store.origin() == ticket.address.rstrip("/")
    assert ticket.fields["key"] == ARRIVED + NAME
    assert ticket.fields["Content-Type"] == "image/jpeg"
    if isinstance(store, S3Files):
        said = parse_qs(asked.query)
        assert said["response-content-type"] == ["application/pdf"]
        assert said["response-content-disposition"] == ['attachment; filename="202611-0001-1.pdf"']
        assert said["X-Amz-Expires"] == ["300"]
