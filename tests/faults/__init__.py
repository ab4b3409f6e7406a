"""Faults: real workers are killed, frozen and cut off from database, queue and mail server while a mail server counts.

`make faults` runs all of it (docs/faults.md), `make test` the short selection in test_short.py.
"""
