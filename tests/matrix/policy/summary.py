"""The summary report."""
