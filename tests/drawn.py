"""Drawn pages as a scanner gives them: letters as points, stamps in red and aslant, files with and without a text layer."""

import io
from pathlib import Path

import pypdf
from PIL import Image, ImageDraw, ImageFont

from tests.matrix.rows import pdf
from tests.services import give_up

FONTS = Path("/usr/share/fonts/truetype/dejavu")
RED = (200, 20, 20)
LETTER = (
    "KẾ HOẠCH",
    "Về việc trồng cây ven đường",
    "Kính gửi: Sở Xây dựng, Công an tỉnh",
    "1. Sở Xây dựng chủ trì, phối hợp với Sở Tài chính lập dự toán trước ngày",
    "30/4/2025.",
    "2. Công an tỉnh bảo đảm an toàn giao thông.",
)


def page(lines: tuple[str, ...] = LETTER, *, mark: str = "", angle: float = 0) -> Image.Image:
    """An A4 page at 200 points an inch with two columns of head; mark: a boxed red stamp, leaning by `angle` degrees."""
    regular, bold, stamp = _font("", 31), _font("-Bold", 31), _font("-Bold", 47)
    sheet = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((160, 130), "TỈNH ỦY AN BÌNH", font=bold, fill="black")
    draw.text((860, 130), "ĐẢNG CỘNG SẢN VIỆT NAM", font=bold, fill="black")
    draw.text((860, 185), "An Bình, ngày 05 tháng 3 năm 2025", font=regular, fill="black")
    draw.text((160, 220), "Số: 12-KH/TU", font=regular, fill="black")
    if mark:
        box = Image.new("RGBA", (420, 110), (255, 255, 255, 0))
        pen = ImageDraw.Draw(box)
        pen.rectangle((4, 4, 415, 105), outline=RED, width=4)
        pen.text(((420 - pen.textlength(mark, font=stamp)) / 2, 24), mark, font=stamp, fill=RED)
        turned = box.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        sheet.paste(turned, (160, 280), turned)
    for number, line in enumerate(lines):
        draw.text((200, 460 + 54 * number), line, font=regular, fill="black")
    return sheet


def png(picture: Image.Image) -> bytes:
    """The picture as a file."""
    return _saved(picture, "PNG")


def jpg(picture: Image.Image) -> bytes:
    """The picture as a file."""
    return _saved(picture, "JPEG", quality=85)


def tif(*pictures: Image.Image) -> bytes:
    """Pages in one file."""
    return _saved(pictures[0], "TIFF", save_all=True, append_images=list(pictures[1:]), compression="tiff_lzw")


def scanned_pdf(*pictures: Image.Image) -> bytes:
    """Pages as a scanner's PDF, without a text layer."""
    return _saved(pictures[0], "PDF", save_all=True, append_images=list(pictures[1:]), resolution=200)


def mixed_pdf(text: str, *pictures: Image.Image) -> bytes:
    """A page of letters (without accents), then scanned ones."""
    writer = pypdf.PdfWriter()
    for part in (pdf(text), scanned_pdf(*pictures)):
        writer.append(io.BytesIO(part))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    path = FONTS / f"DejaVuSerif{weight}.ttf"
    if not path.is_file():
        give_up("không có phông DejaVu để vẽ trang thử (gói Debian: fonts-dejavu-core)")
    return ImageFont.truetype(str(path), size)
