"""The texts of notices in one language, from its file in chalicelib/words."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.notices.templates import Mail, Texts
from chalicelib.services.providers import Languages


def texts_in(languages: Languages, language: str, otherwise: str) -> Texts:
    """The texts in a language; in the other one where nobody is written to in it, or there is none such."""
    known = language if language in languages.languages() and languages.notices(language) else otherwise
    return read_texts(languages.notices(known), languages.get(known))


def read_texts(found: Mapping[str, Any], reasons: Catalogue) -> Texts:
    """The texts of notices of one language, with its words for reasons."""
    frame = found["words"]["mail"]
    mails = {
        key: Mail(mail["subject"], f"{frame['opening']}\n\n{mail['body'].strip()}\n\n{frame['ending']}")
        for key, mail in found["mail"].items()
    }
    sms = {key: tuple(wordings) for key, wordings in found["sms"].items()}
    return Texts(reasons.language, sms, mails, found["words"], reasons)
