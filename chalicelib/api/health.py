"""Whether the desk answers, and which release it is."""

from chalice.app import Response
from msgspec import Struct

from chalicelib.http.requests import answer
from chalicelib.http.visits import Visit
from chalicelib.version import VERSION


class Health(Struct, frozen=True):
    """`status` is always "ok"; `version` is the release, such as 0.2.0."""

    status: str
    version: str


def get_health(visit: Visit) -> Response:
    """Whether the desk answers, and which release it is."""
    return answer(Health("ok", VERSION))
