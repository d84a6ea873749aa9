"""What is wrong with a handed-in table, told to an operator line by line (E9, B14)."""

from collections.abc import Sequence

from chalicelib.domain.community.households import Remark

MOST_SAID = 100
"""So many lines of what is wrong are said at once."""


def say_remarks(remarks: Sequence[Remark], *groups: str) -> None:
    """Prints a sentence for each remark, one line each.

    The words are those of the first of the `groups` of the catalogue that has its reason.
    """
    from chalicelib.adapters.word_files import WordFiles

    words = WordFiles().pages("en")
    for remark in remarks[:MOST_SAID]:
        sentence = next(words[group][remark.reason] for group in groups if remark.reason in words[group])
        said = sentence.format_map(remark.facts)
        print(f"Line {remark.line}: {said}" if remark.line else said)
