"""The event of the files of a case: photos, videos, recordings, documents (A3)."""

from msgspec import Struct


class FilesAdded(Struct, frozen=True):
    """Files were handed in. `stage`: what they show of the work (`STAGES`, domain/case/files.py); or None."""

    files: tuple[str, ...]
    stage: str | None = None


FileEvent = FilesAdded
"""Every event of the files; a new payload belongs here."""
