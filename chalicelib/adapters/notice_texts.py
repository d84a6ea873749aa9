"""The texts of notices from TOML files, one a language (chalicelib/notices)."""

import tomllib
from pathlib import Path

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.notices.templates import Mail, Texts

FOLDER = Path(__file__).resolve().parent.parent / "notices"


def read_texts(reasons: Catalogue) -> Texts:
    """The texts of notices in the language of a word catalogue.

    The catalogue also words the reasons of deadlines.
    """
    found = tomllib.loads((FOLDER / f"{reasons.language}.toml").read_text(encoding="utf-8"))
    frame = found["words"]["mail"]
    mails = {
        key: Mail(mail["subject"], f"{frame['opening']}\n\n{mail['body'].strip()}\n\n{frame['ending']}")
        for key, mail in found["mail"].items()
    }
    sms = {key: tuple(wordings) for key, wordings in found["sms"].items()}
    return Texts(reasons.language, sms, mails, found["words"], reasons)
