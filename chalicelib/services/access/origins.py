"""The origins of strangers: their network, and what stands for it in a report (C3, E8)."""

from chalicelib.services.access.stranger_limits import network_of
from chalicelib.services.desk import Desk


def origin_of(desk: Desk, address: str) -> str:
    """A keyed hash of the network and the day: one stranger's reports of a day have the same.

    It shows no address, and does not tell whether somebody came again on another day.
    """
    return desk.codes.keyed("origin", f"{desk.now():%Y%m%d}\0{network_of(address)}")[:16]
