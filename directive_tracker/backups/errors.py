"""Why a backup, a check or a restore ends; the text is a Vietnamese sentence for whoever runs the command."""


class Refused(Exception):
    """Nothing was made or changed; the text says what is wrong and what to do."""


class Damaged(Refused):
    """The file is not what was written: cut off, changed, or never a backup."""
