"""One command for one case, as whoever gives it sends it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.community.roles import Actor


@dataclass(frozen=True, slots=True)
class Command:
    """One command for one case. `id` is the caller's key: the same id is carried out once."""

    name: str
    actor: Actor
    at: datetime
    id: str
    form: Any
