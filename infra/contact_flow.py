"""`python -m infra contact-flow STAGE COMMUNITY`: the hotline, filled in, as Amazon Connect imports it."""

import json
from collections.abc import Callable

from chalicelib.http.contacts import stored_phone
from infra.connect.hotline import FILE, FUNCTION
from infra.operating import desk_for, stage_of


def contact_flow(stage: str, community: str, recordings: str = "", say: Callable[[str], None] = print) -> int:
    """Prints the flow for a community.

    Args:
        recordings: What the address of a contact's page at Connect begins with, so that the desk hears the
            caller with one click: https://ALIAS.my.connect.aws/contact-trace-records/details/.

    Raises:
        NotFoundError: There is no such community.
        InvalidInputError: The number of its desk is none.
    """
    at = stage_of(stage)
    place = desk_for(at.outputs["SecretId"]).directory.community(community)
    desk = stored_phone(place.phone, place.country) if place.phone else ""
    say(filled(at.outputs["ConnectFunctionArn"], community, recordings, desk.partition(";")[0]))
    return 0


def filled(function: str, community: str, recordings: str, desk: str) -> str:
    """The flow of the file, with the function and what its first block sets."""
    flow = json.loads(FILE.read_text("utf-8").replace(FUNCTION, function))
    (first,) = (block for block in flow["Actions"] if block["Identifier"] == flow["StartAction"])
    first["Parameters"]["Attributes"] = {"community": community, "recordings": recordings, "desk": desk}
    return json.dumps(flow, ensure_ascii=False, indent=1)
