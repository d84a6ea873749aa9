"""The private bucket on Amazon S3: what callers said, and the files of cases."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.case.recordings import MAIL
from chalicelib.services.file_port import Ticket

GONE = frozenset({"NoSuchKey", "404", "NotFound"})
HEARD_SECONDS = 60
"""How long a recording's address is good: long enough to begin playing, too short to be passed on (ours)."""
WAVE, LETTER = "audio/wav", "message/rfc822"


def s3_client() -> Any:
    """A client of S3, made by whoever first needs it: hardly any request has to do with a file.

    On AWS a bucket has a host of its own, so that a page can allow that and no other bucket.
    """
    import botocore.session
    from botocore.config import Config

    settings = Config(
        connect_timeout=2,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 3},
        signature_version="s3v4",
        s3={"addressing_style": "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"},
    )
    return botocore.session.get_session().create_client("s3", config=settings)


def unless_gone(ask: Callable[..., Any], **wanted: Any) -> Any:
    """What S3 answers; None where the object that is asked for is not there (any more)."""
    from botocore.exceptions import ClientError

    try:
        return ask(**wanted)
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return None
        raise


class S3Recordings:
    """Recordings (services/providers.py)."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        return s3_client()

    def keep(self, name: str, sound: bytes) -> None:
        """Store the sound of a recording; again under the same name it takes the place of the first."""
        kind = LETTER if name.endswith(MAIL) else WAVE
        self._client.put_object(Bucket=self._bucket, Key=name, Body=sound, ContentType=kind)

    def read(self, name: str) -> bytes | None:
        """What is stored under a name; None if nothing is."""
        found = unless_gone(self._client.get_object, Bucket=self._bucket, Key=name)
        return None if found is None else bytes(found["Body"].read())

    def names(self, beginning: str) -> tuple[str, ...]:
        """The names that begin so, in their order; a thousand at most."""
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=beginning)
        return tuple(str(entry["Key"]) for entry in found.get("Contents", ()))

    def has(self, name: str) -> bool:
        """Whether the sound of a recording is there."""
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=name, MaxKeys=1)
        return any(entry.get("Key") == name for entry in found.get("Contents", ()))

    def address(self, name: str) -> str:
        """An address at which a recording can be heard for a minute; a mail is loaded down, never shown."""
        wanted = {"Bucket": self._bucket, "Key": name, "ResponseCacheControl": "no-store"}
        if name.endswith(MAIL):
            wanted["ResponseContentDisposition"] = 'attachment; filename="mail.eml"'
        return str(self._client.generate_presigned_url("get_object", wanted, HEARD_SECONDS))

    def erase(self, name: str) -> None:
        """Delete a recording for good; nothing happens if there is none."""
        self._client.delete_object(Bucket=self._bucket, Key=name)


class S3Files:
    """Files of cases (services/file_port.py).

    S3 does not send `nosniff`: what stands in its place is a media type that we have found out by the bytes.
    """

    def __init__(self, bucket: str, region: str) -> None:
        self._bucket, self._region = bucket, region

    @cached_property
    def _client(self) -> Any:
        return s3_client()

    def origin(self) -> str:
        """The origin of the addresses of files, without a client, for pages name it."""
        if given := os.environ.get("AWS_ENDPOINT_URL"):
            asked = urlsplit(given)
            return f"{asked.scheme}://{asked.netloc}"
        china = ".cn" if self._region.startswith("cn-") else ""
        return f"https://{self._bucket}.s3.{self._region}.amazonaws.com{china}"

    def ticket(self, key: str, kind: str, most: int, seconds: int) -> Ticket:
        """A presigned form for one object: that key, that type, that length, and no other."""
        fields = {"Content-Type": kind, "success_action_status": "204"}
        conditions = [
            {"Content-Type": kind},
            {"success_action_status": "204"},
            ["content-length-range", 1, most],
        ]
        made = self._client.generate_presigned_post(self._bucket, key, fields, conditions, seconds)
        return Ticket(str(made["url"]), made["fields"])

    def read(self, key: str, most: int) -> bytes | None:
        """The bytes of an object; None if there is none."""
        found = unless_gone(self._client.get_object, Bucket=self._bucket, Key=key)
        return None if found is None else bytes(found["Body"].read(most + 1))

    def put(self, key: str, data: bytes, kind: str) -> None:
        """Store an object."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=kind)

    def copy(self, key: str, to: str) -> bool:
        """Copy an object within the bucket; False if there is none."""
        source = {"Bucket": self._bucket, "Key": key}
        done = unless_gone(self._client.copy_object, Bucket=self._bucket, Key=to, CopySource=source)
        return done is not None

    def erase(self, keys: Sequence[str]) -> None:
        """Delete objects for good."""
        for key in keys:
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def listed(self, prefix: str) -> Mapping[str, int]:
        """The objects whose keys begin so, with their sizes."""
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
        return {str(entry["Key"]): int(entry["Size"]) for entry in found.get("Contents", ())}

    def address(self, key: str, kind: str, saved_as: str | None, seconds: int) -> str:
        """A presigned address with the type and disposition that we say."""
        how = f'attachment; filename="{saved_as}"' if saved_as else "inline"
        wanted = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseCacheControl": "private, no-store",
            "ResponseContentDisposition": how,
            "ResponseContentType": kind,
        }
        return str(self._client.generate_presigned_url("get_object", wanted, seconds))
