"""The one error that packaging, deploying and the local desk end with."""


class CannotGoOnError(Exception):
    """Something that a person has to put right. Its text is the one sentence that says what and how."""
