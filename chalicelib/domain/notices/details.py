"""The details of notices: what tells messages of one kind apart, as code words (A6, A16, B11, D4)."""

DANGER = "danger"
"""The detail of an alert about words of danger in an unsorted report."""

BY_CALL = "by_call"
"""The detail of a receipt for a call that goes on, or has broken off (A1)."""

UPHELD = "upheld"
"""The detail of a closing: the objection was decided, and the finding stays (B1)."""

ADOPTED, DECLINED = "adopted", "declined"
"""The details of a completion that is the manager's decision on a suggestion (A13)."""

FINAL = "final"
"""The detail of a closing after which the case cannot be taken up again by the link (G9)."""

UNREACHED = "unreached"
"""The detail of a closing: a call broke off, and nobody could be called back (A1)."""

BY_WORD = "by_word"
"""The detail of a message about what the desk did by the resident's word (A8)."""

AGREED_SIGNED, WORK_ON_PAPER = "agreed_signed", "work_on_paper"
"""The details of what a resident signed: the plan on a colleague's telephone, the work on paper (B9)."""

NEXT, NEXT_DANGER = "next", "next_danger"
"""The details of an alert to the next in line: nobody has confirmed an emergency, or words of danger (A6)."""

OF_DANGER = frozenset({DANGER, NEXT_DANGER})
"""The details of alerts about words of danger, to whomever."""

POINT = "point"
"""The detail of a reminder that a point raised at a revisit waits for its answer (D4)."""

VISIT = "visit"
"""The detail of what tells of a pause that lies over an agreed visit: nobody comes for it (B11)."""

MISSED, RAIN = "missed", "rain"
"""The details of what asks for a signature: nobody was at home, or the next rain is waited for (B9, B13)."""

COMMON = "common"
"""The detail of what asks a colleague to accept work at a common part (B13)."""

LATE = "late"
"""The detail of what tells the next rank that a result waits unsigned, or a plan unconfirmed (B5, B9)."""

JOINED, NEWS = "joined", "news"
"""The details of what tells of an incident: that a report belongs to it, and that something changed (A16)."""
