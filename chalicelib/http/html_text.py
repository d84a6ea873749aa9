"""The text of a mail that is HTML alone: what a reader would see of it."""

import re
from html.parser import HTMLParser

UNSEEN = frozenset({"head", "script", "style", "title", "template", "noscript"})
LINES = frozenset(
    {
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "blockquote",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    }
)
"""What begins a line of its own."""
_SPACES, _LINES = re.compile(r"[ \t\r\f\v\xa0]+"), re.compile(r"\s*\n\s*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens; pictures are read as what they are called."""
        self.unseen += tag in UNSEEN
        if tag in LINES:
            self.parts.append("\n")
        named = dict(attrs).get("alt") if tag == "img" else None
        if named:
            self.parts.append(f"[{named}]")

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        self.unseen -= tag in UNSEEN and self.unseen > 0
        if tag in LINES and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Text; its own line breaks are spaces in HTML."""
        if not self.unseen:
            self.parts.append(data.replace("\n", " "))


def text_of_html(page: str) -> str:
    """The visible text of a page of HTML, however broken, with its line breaks."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(reader.parts))).strip()
