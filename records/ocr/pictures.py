"""One page of a file as a picture, small enough to be read in seconds."""

import io
import sys
from pathlib import Path

from PIL import Image

from records.errors import UploadRefused
from records.ocr.tools import CannotRead, run
from records.pdfs import page_count
from records.pictures import TROUBLE, frames_of

# An A4 page at 300 points an inch is 3508 points high; a larger sheet is read as coarse as it has to be.
LONGEST_SIDE = 4200
DRAWING_SECONDS = 30
_DRAW = Path(__file__).with_name("draw.py")


def count_pages(data: bytes, extension: str) -> int:
    """How many pages a checked file has. Errors: UploadRefused for a damaged one."""
    if extension == ".pdf":
        return page_count(data)
    return frames_of(data, extension)


def page_picture(data: bytes, extension: str, number: int) -> Image.Image:
    """Page `number` (from 1) in colours or grey, its longest side at most LONGEST_SIDE.

    Errors: CannotRead.
    """
    try:
        if extension == ".pdf":
            with Image.open(io.BytesIO(_drawn(data, number)), formats=["PPM"]) as drawn:
                return drawn.copy()
        with Image.open(io.BytesIO(data)) as picture:
            if number > 1:
                picture.seek(number - 1)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    except (*TROUBLE, UploadRefused, Image.DecompressionBombError) as error:
        raise CannotRead(f"page {number} is no picture: {type(error).__name__}") from error


def _drawn(data: bytes, number: int) -> bytes:
    return run([sys.executable, "-I", str(_DRAW), str(number), str(LONGEST_SIDE)], data, seconds=DRAWING_SECONDS)
