"""Index generations: what is there, what is wanted, and the way from one to the other while articles flow.

Read in this order: `family` (what is wanted), `generation` (what is there),
`difference` and `plan` (what follows from that; pure), `declaration` (doing it),
and for a new generation `migrate`, over `build`, `scan` and `copying`.
"""
