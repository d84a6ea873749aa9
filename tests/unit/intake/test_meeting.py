"""Where the lists of several terms meet: just what is in all of them, whatever the lists are (E8)."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.case.numbering import case_number, place_of
from chalicelib.domain.intake.search_terms import Term
from chalicelib.services.views.meeting import Part, meeting

NUMBERS = st.builds(case_number, st.sampled_from(["202610", "202611"]), st.integers(1, 40))
LISTS = st.lists(st.sets(NUMBERS), min_size=1, max_size=4)


@given(lists=LISTS, most=st.integers(1, 5))
def test_what_stands_in_every_list_is_met_once_newest_first(lists: list[set[str]], most: int) -> None:
    terms = [Term(str(place), "words") for place in range(len(lists))]
    reads = list[Term]()

    def read(term: Term, at_most: str | None) -> Part:
        reads.append(term)
        older = (n for n in lists[int(term.text)] if at_most is None or place_of(n) <= place_of(at_most))
        found = sorted(older, key=place_of, reverse=True)
        return Part(tuple(found[:most]), len(found) <= most)

    met = [number for numbers, _ in meeting(read, terms, None) for number in numbers]
    common = set.intersection(*lists)
    assert [number for number in met if number in common] == sorted(common, key=place_of, reverse=True)
    assert len(reads) <= sum(map(len, lists)) + len(lists)


def test_what_lies_between_is_passed_over() -> None:
    """Two thousand newer cases have one word, two thousand older ones the other: three reads."""
    newer = [case_number("202612", serial) for serial in range(2000, 0, -1)]
    older = [case_number("202610", serial) for serial in range(2000, 0, -1)]
    both = case_number("202611", 7)
    lists = {"走廊": [*newer, both, *older[::2]], "漏水": [both, *older[1::2]]}
    reads = list[Term]()

    def read(term: Term, at_most: str | None) -> Part:
        reads.append(term)
        rest = [n for n in lists[term.text] if at_most is None or place_of(n) <= place_of(at_most)]
        return Part(tuple(rest[:20]), len(rest) <= 20)

    parts = meeting(read, [Term("走廊", "words"), Term("漏水", "words")], None)
    assert next(parts) == ((), both)
    assert next(parts)[0] == (both,)
    assert len(reads) == 3
