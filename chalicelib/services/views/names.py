"""What matters are called, for whoever reads them."""

from chalicelib.domain.case.context import Context


def matter_name(matter: str, context: Context, language: str) -> str:
    """The name of a matter, in English if there is none in the language.

    Its id if the regulation no longer has it.
    """
    names = context.regulation.names_of_matter(matter)
    return names.get(language, names["en"]) if names else matter
