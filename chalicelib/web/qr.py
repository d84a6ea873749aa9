"""QR codes, drawn into a page: for a telephone that looks at a screen or at paper."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup


def qr(address: str) -> "Markup":
    """The QR code of an address of ours.

    It is black on white, however the page looks. Its error correction is the second lowest: paper
    behind glass, seen in bad light, and still few modules.
    """
    import segno
    from markupsafe import Markup

    drawn = segno.make_qr(address, error="m").svg_inline(
        scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - it has no text in it
