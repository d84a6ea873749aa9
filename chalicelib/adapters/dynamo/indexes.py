"""The indexes of `cases`: what has their keys, and beside these at most `line`, the list line as JSON."""

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.tables import CaseRow  # noqa: F401 - named in quotes


class OpenByCommunity(GlobalSecondaryIndex["CaseRow"]):
    """Every open case of a community in order of its deadline."""

    class Meta:
        index_name = "open_by_community"
        projection = IncludeProjection(["line"])

    open_community = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class OpenByDepartment(GlobalSecondaryIndex["CaseRow"]):
    """Every open case of a department (`community#department`) in order of its deadline."""

    class Meta:
        index_name = "open_by_department"
        projection = IncludeProjection(["line"])

    open_department = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class OpenByHandler(GlobalSecondaryIndex["CaseRow"]):
    """Every open case of a handler (`community#username`) in order of its deadline."""

    class Meta:
        index_name = "open_by_handler"
        projection = IncludeProjection(["line"])

    open_handler = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class OpenByFollower(GlobalSecondaryIndex["CaseRow"]):
    """Every open case that a colleague took in (`community#username`) in order of its deadline (A9)."""

    class Meta:
        index_name = "open_by_follower"
        projection = IncludeProjection(["line"])

    open_follower = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class Register(GlobalSecondaryIndex["CaseRow"]):
    """The cases of a month (`community#YYYYMM`) in order of number; the voids under `…#void`."""

    class Meta:
        index_name = "register"
        projection = IncludeProjection(["line"])

    register_month = UnicodeAttribute(hash_key=True)
    number_key = UnicodeAttribute(range_key=True)


class ByUnit(GlobalSecondaryIndex["CaseRow"]):
    """The cases of one unit (`community#keyed hash`) in order of number."""

    class Meta:
        index_name = "by_unit"
        projection = IncludeProjection(["line"])

    unit_key = UnicodeAttribute(hash_key=True)
    number_key = UnicodeAttribute(range_key=True)


class ByResident(GlobalSecondaryIndex["CaseRow"]):
    """The cases of one resident (`community#keyed hash`) in order of number."""

    class Meta:
        index_name = "by_resident"
        projection = KeysOnlyProjection()

    resident_key = UnicodeAttribute(hash_key=True)
    number_key = UnicodeAttribute(range_key=True)


class Undelivered(GlobalSecondaryIndex["CaseRow"]):
    """The index of notices that have not left, oldest first.

    It has keys only: the rows themselves are read afterwards, as they are then.
    """

    class Meta:
        index_name = "undelivered"
        projection = KeysOnlyProjection()

    undelivered = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)
