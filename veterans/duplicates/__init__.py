"""Who may be in the lists twice: proposals with reasons, decided by people, merged and taken apart again.

entries → pairs (blocking) → weights (what speaks for and against) are pure Python without a database; registry (proposals
about the people of the registry), merging and undoing work on the models.
"""
