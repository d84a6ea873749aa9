"""A resident's drawn signature: looked at, and laid among the files of its case (B9, B10, D4)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.content.kinds import refused
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.work.acceptance_forms import AcceptForm
from chalicelib.domain.work.order_forms import SignedForm
from chalicelib.services.desk import Desk
from chalicelib.services.files.arriving import put_seen
from chalicelib.services.files.shelf import folder_of_case

DRAWN_IN: Mapping[type, str] = {AcceptForm: "signature", SignedForm: "signature", RevisitForm: "drawn"}
"""The forms that a resident can sign → the field with what was drawn."""


def with_signature(desk: Desk, case: Case, command: Command[object]) -> Command[object]:
    """The command with the name of its drawn signature in place of the picture; others as they are.

    The picture lies in the folder of this case, so it is no other's. If the command is refused, it goes by
    itself after two days.
    """
    form: Any = command.form
    field = DRAWN_IN.get(type(form))
    drawn = getattr(form, field) if field else None
    if field is None or drawn is None:
        return command
    from chalicelib.domain.content.signature import drawn_png  # hardly any command has one

    data = drawn_png(drawn)
    folder = folder_of_case(desk, case.community, case.number)
    name = f"{folder}/{hashlib.sha256(data).hexdigest()[:16]}"
    if why := put_seen(desk.files, name, data):
        raise refused(why)
    return replace(command, form=replace(form, **{field: name}))
