"""Signed papers: which reports still lack the scan of theirs."""
