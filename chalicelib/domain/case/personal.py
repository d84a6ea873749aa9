"""Which fields hold what identifies a resident, or a resident's own words (G24).

Events are for ever, personal data is not: the values of such fields are stored apart from event and case,
in a row that can be emptied (adapters/dynamo/contact.py). The fields are marked where they stand, in events/.
In memory they are texts like any other. A text that was erased is empty, not None: that there was one stays
true, and so does whatever was counted or decided by it.

What staff write of their own work is not marked: it is the company's record. Where staff write down what a
resident said or arranged, it is.
"""

from collections.abc import Mapping
from types import MappingProxyType

PERSONAL: Mapping[str, bool] = MappingProxyType({"personal": True})
"""The metadata that marks a personal field, of a text or of several.

`phone: str | None = field(metadata=PERSONAL)`. A field that was marked once stays marked: rows of then hold
no text in it.
"""
