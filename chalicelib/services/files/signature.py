"""A resident's drawn signature: looked at, and laid among the files of its case (B9, B10, D4)."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.own_signature import drawn_before
from chalicelib.domain.content.kinds import refused
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.work.acceptance_forms import AcceptForm
from chalicelib.domain.work.order_forms import SignedForm
from chalicelib.services.desk import Desk
from chalicelib.services.files.arriving import put_seen
from chalicelib.services.files.shelf import folder_of_case

DRAWN_IN: Mapping[type, str] = {AcceptForm: "signature", SignedForm: "signature", RevisitForm: "drawn"}
"""The forms that a resident can sign → the field with what was drawn."""

KNOWN = timedelta(days=365)
"""So long a drawing is known, as the folder of its case under a keyed hash (ours)."""


def with_signature(desk: Desk, case: Case, command: Command[object]) -> Command[object]:
    """The command with the name of its drawn signature in place of the picture; others as they are.

    A drawing belongs to the case for which it was handed in first: InvalidInputError in another. If the
    command is refused, the picture goes by itself after two days.
    """
    form: Any = command.form
    field = DRAWN_IN.get(type(form))
    drawn = getattr(form, field) if field else None
    if field is None or drawn is None:
        return command
    from chalicelib.domain.content.signature import drawn_png  # hardly any command has one

    data = drawn_png(drawn)
    folder = folder_of_case(desk, case.community, case.number)
    digest = hashlib.sha256(data).hexdigest()
    if not desk.links.take(f"drawn#{desk.codes.keyed('drawn', digest)}", folder, desk.now() + KNOWN):
        raise drawn_before()
    name = f"{folder}/{digest[:16]}"
    if why := put_seen(desk.files, name, data):
        raise refused(why)
    return replace(command, form=replace(form, **{field: name}))
