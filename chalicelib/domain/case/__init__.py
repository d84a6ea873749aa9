"""The record of one case: its events, its seven parts, and the fold that makes parts of events.

A pause and its own end stand in `clocks`, how pauses, visits and extensions move deadlines in
`clock_changes`, whether work was late in `rounds`, who may see a case in `access`, what is personal in
`personal` (its marks in `events`).
"""
