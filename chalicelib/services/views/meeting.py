"""Where the lists of several terms meet: cases that may have all of them, in few reads (E8).

Each term has a list of its cases, the newest first. A list that ends within one read holds all that can be
meant. Where none does, what lies between two cases of one list is passed over in the others: no list is read
through for the sake of another.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from chalicelib.domain.case.numbering import number_before, place_of
from chalicelib.domain.intake.search_terms import Term


class Part(Struct, frozen=True):
    """The newest cases under a term, as far as they were read; `ended`: there are no older ones."""

    numbers: tuple[str, ...] = ()
    ended: bool = False


Read = Callable[[Term, str | None], Part]
"""Reads the list of a term, from a number on and older; from its beginning without one."""


def meeting(
    read: Read, terms: Sequence[Term], at_most: str | None
) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Numbers that may have every term, part by part, newest first.

    Each part comes with the number from which on the rest is to be looked for; None after the last.
    """
    held: dict[Term, Part] = {}
    while True:
        for term in terms:
            held[term] = part = _from(at_most, held.get(term, Part()))
            if not (part.numbers or part.ended):
                held[term] = part = read(term, at_most)
            if part.ended:
                yield part.numbers, None
                return
        parts = [held[term].numbers for term in terms]
        # Down to here each list is known; what all may have next is the oldest of what comes next in each.
        known = max((numbers[-1] for numbers in parts), key=place_of)
        common = tuple(number for number in parts[0] if all(number in numbers for numbers in parts))
        at_most = min((_next(numbers, known) for numbers in parts), key=place_of)
        yield common, at_most


def _from(at_most: str | None, part: Part) -> Part:
    if at_most is None:
        return part
    place = place_of(at_most)
    return Part(tuple(number for number in part.numbers if place_of(number) <= place), part.ended)


def _next(numbers: tuple[str, ...], known: str) -> str:
    older = (number for number in numbers if place_of(number) < place_of(known))
    return next(older, number_before(known))
