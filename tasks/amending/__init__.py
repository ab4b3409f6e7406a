"""A later document that adds to, changes or ends what an earlier one gave."""
