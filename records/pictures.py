"""Photos, written anew from their points: place, camera and anything hidden stay behind."""

import io
import struct
import zlib

from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from directive_tracker.vietnamese import vn_number
from records.errors import UploadRefused

MAX_PIXELS = 50_000_000
MAX_FRAMES = 100
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}
# What Pillow raises on damaged files and on its own limits.
TROUBLE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    MemoryError,
    struct.error,
    zlib.error,
)


def encode_anew(data: bytes, name: str, extension: str) -> bytes:
    """The picture turned upright and written again; of a moving one its first image, of a TIFF all its pages.

    Arguments: data; name, for the sentences; extension, a key of FORMATS.
    Errors: UploadRefused for too many points or pages (said before any is unpacked) and for damaged files.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[FORMATS[extension]]) as picture:
            _refuse_large(picture, name)
            if FORMATS[extension] == "TIFF":
                return _pages_anew(picture, name)
            bare = _bare(picture, keeps_transparency=extension == ".png")
        written = io.BytesIO()
        options = {"quality": 90} if extension != ".png" else {}
        bare.save(written, FORMATS[extension], **options)
    except UploadRefused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many(f"Ảnh “{name}” có quá nhiều điểm ảnh") from error
    except TROUBLE as error:
        raise UploadRefused(f"Không đọc được ảnh “{name}”: tệp bị hỏng hoặc không đúng là ảnh.") from error
    return written.getvalue()


def frames_of(data: bytes, extension: str) -> int:
    """How many pages a picture has: more than one only in a TIFF. Errors: UploadRefused for a damaged one."""
    if FORMATS[extension] != "TIFF":
        return 1
    try:
        with Image.open(io.BytesIO(data), formats=["TIFF"]) as picture:
            return picture.n_frames
    except TROUBLE as error:
        raise UploadRefused("Không đọc được ảnh.") from error


def _refuse_large(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _too_many(f"Ảnh “{name}” có {vn_number(width)} × {vn_number(height)} điểm ảnh")


def _pages_anew(picture: TiffImagePlugin.TiffImageFile, name: str) -> bytes:
    """Every page of a TIFF, one after the other, so that only one is unpacked at a time."""
    if picture.n_frames > MAX_FRAMES:
        raise UploadRefused(
            f"Ảnh “{name}” có {vn_number(picture.n_frames)} trang, vượt giới hạn {vn_number(MAX_FRAMES)} trang."
        )
    written = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(written) as pages:
        for number in range(picture.n_frames):
            picture.seek(number)
            _refuse_large(picture, name)
            has_two_colours = picture.mode == "1"
            page = _bare(picture, keeps_transparency=False)
            page = page.convert("1") if has_two_colours else page
            page.save(pages, "TIFF", compression="group4" if has_two_colours else "tiff_adobe_deflate")
            pages.newFrame()
    return written.getvalue()


def thumbnail(data: bytes, *, side: int = 240) -> bytes:
    """A small JPEG of a stored picture, at most `side` pixels wide and high. Errors: UploadRefused for a damaged one."""
    try:
        with Image.open(io.BytesIO(data), formats=list(dict.fromkeys(FORMATS.values()))) as picture:
            # A JPEG is read at about the size that is needed.
            picture.draft("RGB", (side * 2, side * 2))
            picture.thumbnail((side, side))
            small = Image.new("RGB", picture.size, "white")
            upright = picture.convert("RGBA") if "A" in picture.getbands() else picture.convert("RGB")
            small.paste(upright, mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
        written = io.BytesIO()
        small.save(written, "JPEG", quality=80)
    except TROUBLE as error:
        raise UploadRefused("Không đọc được ảnh.") from error
    return written.getvalue()


def _too_many(what: str) -> UploadRefused:
    return UploadRefused(f"{what}, vượt giới hạn {vn_number(MAX_PIXELS)} điểm ảnh.")


def _bare(picture: Image.Image, *, keeps_transparency: bool) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    see_through = keeps_transparency and ("A" in upright.getbands() or "transparency" in upright.info)
    mode = "RGBA" if see_through else ("L" if upright.mode in ("1", "L") else "RGB")
    # A new picture of the points alone carries no metadata of any kind.
    bare = Image.new(mode, upright.size)
    bare.paste(upright if upright.mode == mode else upright.convert(mode))
    return bare
