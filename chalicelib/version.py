"""Which release of Suda this is."""

VERSION = "0.2.0.dev0"
"""As pyproject.toml has it, which is not in the package; `.dev0` until CHANGELOG.md dates the release."""
