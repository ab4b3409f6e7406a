"""Areas, units, people, roles and deputies from a workbook: read, check, show, then apply.

reading: workbook → rows, without a database. checking: rows and a snapshot of the database → a plan
and its errors. applying: a plan → the database, in one transaction. workbook: what goes out (template,
current state, file of errors). service: one upload from the check to the import.
"""
