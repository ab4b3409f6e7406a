"""A draft is checked beside its document: what the page shows, what is still to be looked at, the steps it takes."""
