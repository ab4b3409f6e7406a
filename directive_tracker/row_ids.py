"""The id of a row as it stands in an address or a form, where anybody may have typed anything."""

from django.http import Http404

# Any number of so many figures fits into the key of either database.
MOST_FIGURES = 18


def row_id(text: str | None) -> int | None:
    """The id; None for what is none: nothing, other signs than 0–9, more figures than a key has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MOST_FIGURES else None


def row_id_or_404(text: str) -> int:
    """The id out of an address. Errors: Http404 for what is none."""
    found = row_id(text)
    if found is None:
        raise Http404("Địa chỉ không đúng.")
    return found
