"""Money: integers of fen, and how large an amount can be (B9, B15)."""

from chalicelib.domain.errors import InvalidInputError

DEAREST_FEN = 100_000_000
"""An amount above a million yuan is a slip of the finger."""


def check_fen(name: str, fen: int | None, least: int = 0) -> None:
    """InvalidInputError for an amount of money that cannot be one; None is none."""
    if fen is not None and not least <= fen <= DEAREST_FEN:
        raise InvalidInputError(
            f"'{name}' is an amount in fen, from {least} to {DEAREST_FEN}: 35.50 yuan are 3550.", "fen_amount"
        )


MOST_OF_AN_ITEM = 1000
"""So many of one item of the price list no work takes."""


def check_quantity(quantity: int | None) -> None:
    """InvalidInputError for so many of an item of the price list as no work takes; None is none."""
    if quantity is not None and not 1 <= quantity <= MOST_OF_AN_ITEM:
        raise InvalidInputError(
            f"'quantity' is from 1 to {MOST_OF_AN_ITEM}.", "quantity", most=MOST_OF_AN_ITEM
        )


def yuan(fen: int) -> str:
    """An amount of fen in yuan, as people write it: 35 for 3500 fen, 35.50 for 3550."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
