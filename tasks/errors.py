"""Expected refusals; each carries a Vietnamese sentence for the person at the screen."""

from typing import Any


class Refused(Exception):
    """Something was asked that cannot be done now; str() is the sentence to show."""


class TransitionNotAllowed(Refused):
    """The assignment or section is not in a state that allows this, or changed meanwhile."""


class AlreadyRecorded(Refused):
    """The document is recorded under another file. directive: the one that is there."""

    def __init__(self, directive: Any) -> None:
        super().__init__(
            f"Văn bản số {directive.number} của {directive.issuer} đã được ghi từ một tệp khác. "
            "Hãy mở văn bản đó; nếu tệp này có lời văn đúng hơn thì thêm thành phiên bản mới."
        )
        self.directive = directive
