"""One rule for each field of a person; each module quotes the rule it follows."""
