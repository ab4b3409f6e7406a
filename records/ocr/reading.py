"""The letters of one page, and of its head once more, for the guard: stamps stand aslant and in red."""

import io
import unicodedata

from PIL import Image, ImageChops

from records.ocr.tools import LANGUAGE, CannotRead, Tools, run

PAGE_SECONDS = 60
STAMP_SECONDS = 5
# Columns side by side stay apart by blanks, as in a text made from a PDF.
_PAGE = ("--psm", "3", "-c", "preserve_interword_spaces=1")
_SCATTERED = ("--psm", "11")
# The part of the first page in which a mark of secrecy stands, and the way it may lean.
_HEAD = 0.45
_LEANING = (0, 6, -6, 12, -12)
_STAMP_WIDTH = 1650
_RED = 60
# Fewer red points than this are dust.
_RED_POINTS = 400


def read_page(picture: Image.Image, tools: Tools) -> str:
    """The words of a page, line by line. Errors: CannotRead."""
    return _read(picture.convert("L"), tools, _PAGE, seconds=PAGE_SECONDS)


def read_stamps(picture: Image.Image, tools: Tools) -> list[str]:
    """Whatever words the head of the page gives when it is turned a little and when only its red is kept, each time.

    For the guard alone: most of it is noise. Errors: none; what cannot be read gives nothing.
    """
    head = picture.crop((0, 0, picture.width, max(1, round(picture.height * _HEAD))))
    if head.width > _STAMP_WIDTH:
        head = head.resize((_STAMP_WIDTH, max(1, round(head.height * _STAMP_WIDTH / head.width))))
    layers = [head.convert("L")]
    red = _red_of(head)
    if red is not None:
        layers.append(red)
    found = []
    for layer in layers:
        for angle in _LEANING:
            turned = layer.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
            try:
                found.append(_read(turned, tools, _SCATTERED, seconds=STAMP_SECONDS))
            except CannotRead:
                continue
    return found


def _red_of(head: Image.Image) -> Image.Image | None:
    """Red ink as black on white; None where there is none."""
    if head.mode != "RGB":
        return None
    red, green, blue = head.split()
    ink = ImageChops.subtract(red, ImageChops.lighter(green, blue)).point(lambda value: 0 if value > _RED else 255)
    return ink if ink.histogram()[0] >= _RED_POINTS else None


def _read(picture: Image.Image, tools: Tools, how: tuple[str, ...], *, seconds: int) -> str:
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    command = [tools.tesseract, "stdin", "stdout", "-l", LANGUAGE, "--dpi", "300", *how]
    text = run(command, written.getvalue(), seconds=seconds).decode("utf-8", errors="replace")
    return unicodedata.normalize("NFC", text).replace("\x0c", "").replace("\x00", "").strip("\n")
