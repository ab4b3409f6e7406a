"""Lists of persons on their way in: taken, read and checked row by row, imported, and taken back within seven days.

taking: the file. checking: every row → what an import would make of it. matching: which entry a row means, if any.
values: what a row says, as the registry keeps it. applying, reverting: the import and its way back. errorfile: what was
not taken, with the reasons, to be mended and sent again. keeping: what is emptied when the time is over.
"""
