"""Why a file was not taken; str() is the Vietnamese sentence for the person at the screen."""


class UploadRefused(ValueError):
    """The file cannot be taken: too large, of a wrong kind, damaged or dangerous. Nothing was stored."""


class StoreDoesNotAnswer(UploadRefused):
    """The file is in order, but the store of the files does not answer just now."""


class SecretDocumentRefused(UploadRefused):
    """The document bears, or is declared to bear, a mark of secrecy."""


class PersonListRefused(UploadRefused):
    """The file is a list of persons, which belongs in the registry and nowhere else."""
