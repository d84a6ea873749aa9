"""A command: what somebody wants to be done with a case."""

from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from chalicelib.domain.community.roles import Actor

Form = TypeVar("Form", covariant=True)
"""The type of a command's form."""


class Command(Struct, Generic[Form], frozen=True):
    """One command for one case, as whoever gives it sends it.

    `id` is the caller's key: the same id is carried out once. `form` is what was filled in; the transition
    table says of what type. `form_id` stands for what is in it: another form under the same id is refused.
    """

    name: str
    actor: Actor
    at: datetime
    id: str
    form: Form
    form_id: str = ""
