"""The lists of this room as Excel files (records/sheets.py): each module names the lists of one group of screens.

A list is opened with the functions of its page – the same door, the same filters, the same order – and only says which values
stand in a row. Telephone numbers and names of contacts stay on the page: a file goes further than it was meant to.
"""

from tasks.sheets import assignments, dated, digests, documents, figures, unit, waiting

__all__ = ["assignments", "dated", "digests", "documents", "figures", "unit", "waiting"]
