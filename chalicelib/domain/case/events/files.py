"""The event of the files of a case: photos, videos, recordings, documents (A3)."""

from msgspec import Struct


class FilesAdded(Struct, frozen=True):
    """Files were handed in. `stage`: they show the work `before` or `after`; None: neither."""

    files: tuple[str, ...]
    stage: str | None = None


FileEvent = FilesAdded
"""Every event of the files; a new payload belongs here."""
