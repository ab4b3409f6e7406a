"""What the units room refuses."""


class Refused(Exception):
    """Something cannot be done; the text is a Vietnamese sentence for the person who asked."""
