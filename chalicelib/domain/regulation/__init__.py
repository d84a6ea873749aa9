"""What is promised: limits, rules, policies, and the pack of them that a community runs under.

`limits` has the clocks, `rules` a limit with its conditions, `policies` ladders, pauses, revisits, samples,
warranties. How long a handler has to sign, or who hears of lateness, is data of a pack
(chalicelib/regulations).
"""
