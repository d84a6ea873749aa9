"""The details of notices about emergencies, incidents, pauses and points of a revisit (A6, A16, B11, D4)."""

from chalicelib.domain.notices.kinds import DANGER

NEXT, NEXT_DANGER = "next", "next_danger"
"""The details of an alert to the next in line: nobody has confirmed an emergency, or words of danger (A6)."""

OF_DANGER = frozenset({DANGER, NEXT_DANGER})
"""The details of alerts about words of danger, to whomever."""

POINT = "point"
"""The detail of a reminder that a point raised at a revisit waits for its answer (D4)."""

VISIT = "visit"
"""The detail of what tells of a pause that lies over an agreed visit: nobody comes for it (B11)."""

JOINED, NEWS = "joined", "news"
"""The details of what tells of an incident: that a report belongs to it, and that something changed (A16)."""
