"""The words of one language as plain data.

An adapter reads them; the domain puts its sentences together from them.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct


class Catalogue(Struct, frozen=True):
    """The words of one language: templates by group and key.

    They stand in a file of chalicelib/words. A path is `group.key`. What is not there is a mistake of ours:
    KeyError. A value is only ever a value: braces in it are text.
    """

    language: str
    groups: Mapping[str, Mapping[str, str]]

    def __call__(self, path: str, **values: str) -> str:
        """The sentence at `group.key`, with its values put in."""
        group, _, key = path.partition(".")
        return self.groups[group][key].format_map(values)

    def name(self, group: str, key: str) -> str:
        """The language's name for a value, such as a command or a festival.

        The value itself if the language has no name for it.
        """
        return self.groups[group].get(key, key)

    def counted(self, path: str, number: float, **values: str) -> str:
        """The sentence for so many: amounts.hours and 1 → "1 hour", 2.5 → "2.5 hours".

        A number for which the language has other words stands beside the rest, as "hours=1".
        """
        group, _, key = path.partition(".")
        written = f"{number:g}"
        of_its_own = f"{key}={written}"
        form = of_its_own if of_its_own in self.groups[group] else key
        return self(f"{group}.{form}", number=written, **values)

    def listed(self, joint: str, parts: Iterable[str]) -> str:
        """Several things in one sentence, with the language's joint for such lists between them."""
        return self.groups["joints"][joint].join(parts)

    def dated(self, path: str, day: date, time: str = "") -> str:
        """A day in words, with a time if one is given.

        `dates.day` of 2 March 2026 → "Mon 2 Mar". `time` is put in as it is written.
        """
        return self(
            path,
            year=str(day.year),
            month=self.groups["months"][str(day.month)],
            day=str(day.day),
            weekday=self.groups["weekdays"][str(day.weekday())],
            time=time,
        )
