"""The rules of the desk, in wings by the stages of a complaint's life.

Ground: `community`, `regulation`, `deadlines`. Hall: `case`. Stages: `intake`, `dispatch`, `work`,
`follow_up`. Readers: `notices`, `figures`. On top: `timers` (what a case does by itself), `lifecycle` (THE
table), `decide`. Ids in brackets, such as (G6), are those of the requirements: A intake, B dispatch and
work, C limits, D follow-up, E figures, F people, G what goes beyond the sources.
"""
