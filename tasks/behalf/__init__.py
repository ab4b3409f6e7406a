"""A unit's report that the office enters from paper, mail or telephone."""
