"""The device that a form came from, in short: by what its browser says of itself (B9)."""

from typing import Any

from chalice.app import Request
from msgspec.structs import replace

SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg/", "Edge"),
    ("HuaweiBrowser/", "Huawei"),
    ("MiuiBrowser/", "MIUI"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What stands in the header → what it is called; the first that fits, for browsers name others too."""


def device_of(request: Request) -> str | None:
    """System and browser, such as `Android · WeChat`; None where nothing known is named."""
    said = str(request.headers.get("user-agent") or "")[:1000]
    found = (next((name for mark, name in marks if mark in said), "") for marks in (SYSTEMS, BROWSERS))
    return " · ".join(filter(None, found)) or None


def with_device(form: Any, request: Request) -> Any:
    """The form of a signature with the device that it came from; what it says of that itself is dropped."""
    return replace(form, device=device_of(request)) if hasattr(form, "device") else form
