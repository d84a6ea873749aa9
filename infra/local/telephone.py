"""The account at a telephone exchange that a local desk has: made up, and good on this machine only."""

from urllib.parse import urlsplit

SID = "AC" + "0" * 31 + "1"
TOKEN = "Suda-2026-local-exchange"  # noqa: S105  made up, for this machine only


def recordings_from(address: str) -> str:
    """The only address that the desk at `address` fetches recordings from: the port beside its own."""
    port = urlsplit(address).port or 80
    return f"http://127.0.0.1:{port + 1 if port < 65535 else port - 1}"
