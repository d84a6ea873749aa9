"""What callers said, in a private bucket of Amazon S3; who may hear it gets an address for a minute."""

from functools import cached_property
from typing import Any

ADDRESS_SECONDS = 60
"""How long an address is good: long enough to begin playing, too short to be passed on (ours)."""
WAVE = "audio/wav"


class S3Recordings:
    """Recordings (services/providers.py). The client is made with the first recording."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        import botocore.session  # here: hardly any request has to do with a recording
        from botocore.config import Config

        settings = Config(
            connect_timeout=2,
            read_timeout=10,
            retries={"mode": "standard", "total_max_attempts": 3},
            signature_version="s3v4",
            s3={"addressing_style": "path"},
        )
        return botocore.session.get_session().create_client("s3", config=settings)

    def keep(self, name: str, sound: bytes) -> None:
        """Store the sound of a recording; again under the same name it takes the place of the first."""
        self._client.put_object(Bucket=self._bucket, Key=name, Body=sound, ContentType=WAVE)

    def has(self, name: str) -> bool:
        """Whether the sound of a recording is there."""
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=name, MaxKeys=1)
        return any(entry.get("Key") == name for entry in found.get("Contents", ()))

    def address(self, name: str) -> str:
        """An address at which a recording can be heard for a minute."""
        wanted = {"Bucket": self._bucket, "Key": name, "ResponseCacheControl": "no-store"}
        return str(self._client.generate_presigned_url("get_object", wanted, ADDRESS_SECONDS))

    def erase(self, name: str) -> None:
        """Delete a recording for good; nothing happens if there is none."""
        self._client.delete_object(Bucket=self._bucket, Key=name)
