"""By when: the calendar, periods of time, deadlines with their ledger, their timers and their reasons.

`signing_limit` says how long a handler has to sign; `timers` when somebody is reminded or told;
`explanation` why.
"""
