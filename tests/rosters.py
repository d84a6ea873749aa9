"""Rosters as the sources print them."""

from datetime import time

from chalicelib.domain.community.roster import Shift

EVERY_DAY = tuple(range(7))
S2_SHIFTS = (
    Shift("desk", "agent-1", EVERY_DAY, time(9), time(17)),
    Shift("desk", "agent-2", EVERY_DAY, time(17), time(0)),
    Shift("desk", "supervisor-1", EVERY_DAY, time(0), time(8)),
)
"""The three shifts as S2 prints them: (9:00–17:00; 17:00–0:00; 0:00–8:00), and nobody from 8 to 9."""
