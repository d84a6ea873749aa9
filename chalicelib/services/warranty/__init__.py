"""Who pays for a repair, found from the household register and earlier repairs (B13, G12)."""
