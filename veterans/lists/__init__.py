"""A messy list of persons → rows that were understood, with what is wrong in the others.

Pure Python without a database: the province's areas and the day are handed in, what was read is handed out.
opening: which kind of file, and hostile ones refused. formats: each kind of file → the same plain grid.
text: stray signs → clean Unicode (TCVN3 and VNI: directive_tracker/old_encodings.py). columns, guessing: heading → role.
headings, sections, layout: which row is a title, a heading, a section, a total, a person. fields: one rule each.
rows: a row → a person or its errors. reading: all of it together. codes: every error with its sentence.

The rules are those agreed for lists of persons (docs/registry-lists.md says them in one place).
"""
