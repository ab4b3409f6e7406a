"""Expected refusals; each carries a Vietnamese sentence for the person at the screen."""


class Refused(Exception):
    """Something was asked that cannot be done now; str() is the sentence to show."""


class TransitionNotAllowed(Refused):
    """The assignment or section is not in a state that allows this, or changed meanwhile."""
