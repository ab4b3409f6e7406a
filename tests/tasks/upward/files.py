"""A stored file as it stood before histories were kept."""

from records.models import StoredFile
from records.results import keep_file
from tests.factories import at


def kept(name: str) -> StoredFile:
    return keep_file(b"Noi dung.", name, "text/plain", by=None, now=at("2024-02-15"))
