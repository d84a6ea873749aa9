"""The household register: units with their people, handover and need for help (E9, G12, G15)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace


class Tenure(StrEnum):
    """By what right somebody lives in a unit."""

    OWNER = "owner"
    TENANT = "tenant"
    FAMILY = "family"


class Dweller(Struct, frozen=True):
    """Somebody of a household. Their phones are stored numbers, `since` is when they came.

    `care`: they need help, and `consented_by` agreed on `consented_on` that this is noted (G15). That was
    taken back on `care_ended_on`, for them by `care_ended_by` of the desk: no older consent notes it again.
    """

    name: str
    phones: tuple[str, ...] = ()
    tenure: Tenure = Tenure.OWNER
    since: date | None = None
    care: bool = False
    consented_by: str = ""
    consented_on: date | None = None
    care_ended_on: date | None = None
    care_ended_by: str = ""

    def without_care(self, on: date, by: str) -> "Dweller":
        """The same without the note, once its consent is taken back."""
        ended = {"care_ended_on": on, "care_ended_by": by}
        return replace(self, care=False, consented_by="", consented_on=None, **ended)

    def after(self, before: "Dweller | None") -> "Dweller":
        """The same, without a note that was taken back `before`.

        Unless they agreed again since.
        """
        if before is None or before.care_ended_on is None:
            return self
        if self.consented_on is not None and self.consented_on > before.care_ended_on:
            return self
        return self.without_care(before.care_ended_on, before.care_ended_by)


class Household(Struct, frozen=True):
    """A unit of the register, as it is written there, with its people.

    It was handed over by the developer on `handed_over_on`, from which the construction warranty runs (G12).
    """

    unit: str
    handed_over_on: date | None = None
    people: tuple[Dweller, ...] = ()

    def after(self, before: "Household | None") -> "Household":
        """The household of a newer sheet, without notes that were taken back (G15)."""
        known = {person.name: person for person in before.people} if before else {}
        return replace(self, people=tuple(person.after(known.get(person.name)) for person in self.people))

    def with_phone(self, phone: str) -> tuple[Dweller, ...]:
        """The people who have this number."""
        return tuple(person for person in self.people if phone in person.phones)

    def phones(self) -> frozenset[str]:
        """Every number of the household."""
        return frozenset(phone for person in self.people for phone in person.phones)


class Remark(Struct, frozen=True):
    """What is to be said of a line of a file; line 0 is the file as a whole.

    `reason` names the sentence, `facts` fill it in. Unless it is only `told`, nothing of the file is loaded.
    """

    line: int
    reason: str
    facts: dict[str, str | int] = field(default_factory=dict)
    told: bool = False


def how_many_wrong(remarks: Iterable[Remark]) -> int:
    """How many remarks keep a file from being loaded, or published."""
    return sum(not remark.told for remark in remarks)
