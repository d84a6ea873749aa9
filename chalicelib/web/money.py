"""Money as people read it: fen as yuan."""


def yuan(fen: int) -> str:
    """35 for 3500 fen, 35.50 for 3550."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
