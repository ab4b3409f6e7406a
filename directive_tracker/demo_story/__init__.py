"""The demo's campaign, from 14/02 to 20/5/2024, played day by day through the functions that the pages call.

What happens when stands in `campaign` and `after_today` as tables; `steps` turns a line into calls of the rooms'
services; `words`, `figures` and `papers` invent what units would write. Everything is the same each time: what looks
random hangs on the codes of unit and task. Units, people and figures are invented.
"""
