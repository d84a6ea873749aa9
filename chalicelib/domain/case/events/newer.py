"""The event of a release that is newer than this one: after a deployment was taken back, there are some."""

from msgspec import Struct


class Newer(Struct, frozen=True):
    """Something that a newer release has written, and this one does not know.

    `kind` is its stored type name. It is only read: what it has made of the case is unknown too, so the case
    waits for the release that knows.
    """

    kind: str
