"""What each reads of an ordinary case, one of a shielded resident, and complaints about persons (E8, G13)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.api_desk import ApiDesk, api_desk, report_body

WHOLE, MASKED, NOTHING = "whole", "masked", "nothing"
CASES = ("plain", "shielded", "about engineering-2", "about manager-1")
READS: Mapping[str, tuple[str, str, str, str]] = {
    # who: what they read of an ordinary case, one of a shielded resident, and complaints about persons
    "agent-1": (WHOLE, MASKED, WHOLE, NOTHING),  # took them in; the manager leads the desk
    "agent-2": (WHOLE, MASKED, WHOLE, NOTHING),
    "supervisor-1": (WHOLE, MASKED, WHOLE, NOTHING),
    "manager-1": (MASKED, MASKED, MASKED, NOTHING),  # named in the last
    "company-head-1": (MASKED, MASKED, MASKED, MASKED),
    "engineering-1": (WHOLE, MASKED, NOTHING, NOTHING),  # the handler of the first two
    "engineering-head": (MASKED, MASKED, NOTHING, NOTHING),  # the line of engineering-2
    "engineering-2": (NOTHING, NOTHING, NOTHING, NOTHING),  # a colleague; named in the third
    "cleaning-head": (NOTHING, NOTHING, NOTHING, NOTHING),  # of another department
    "committee-1": (NOTHING, NOTHING, NOTHING, NOTHING),
    "ivr-1": (NOTHING, NOTHING, NOTHING, NOTHING),
}
TEXT = "电梯停在三楼。我是3-1201的王芳，电话13900001234。"


@contextmanager
def desk_with_each() -> Iterator[tuple[ApiDesk, dict[str, str]]]:
    """A desk with one case of each sort, and their numbers in the order of `CASES`."""
    with api_desk() as desk:
        report = {"text": TEXT, "matter": "elevator", "kind": "complaint"}
        numbers = {
            "plain": desk.engineering_case(**report),
            "shielded": desk.engineering_case(shielded=True, **report),
        }
        for person in ("engineering-2", "manager-1"):
            body = report_body(about_staff=person, channel="walk_in", **report)
            made = desk.post("/v1/communities/riverside/cases", body, user="agent-1")
            numbers[f"about {person}"] = made.json_body["number"]
        yield desk, numbers
