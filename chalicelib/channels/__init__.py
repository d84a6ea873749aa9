"""Ways in that speak a wire format of their own: they parse, call one service, and answer in that format."""
