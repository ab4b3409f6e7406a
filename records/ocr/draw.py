"""A program of its own that draws one page of a PDF: PDF on standard input, picture (PPM) on standard output.

python draw.py PAGE SIDE: the page counted from 1, its longest side in points of the picture. Of its own, so that a page that
breaks PDFium, or wants too much, ends this program and nothing else; it knows nothing of our settings.
"""

import sys

import pypdfium2

MOST_SCALE = 300 / 72


def main(number: int, side: int) -> None:
    """Draw and write. Errors: pypdfium2.PdfiumError, IndexError end the program."""
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    page = document[number - 1]
    scale = min(MOST_SCALE, side / max(page.get_size()))
    bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=True, prefer_bgrx=False)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    points = memoryview(bitmap.buffer)
    out = sys.stdout.buffer
    out.write(b"P%d %d %d 255\n" % (5 if bitmap.n_channels == 1 else 6, width, height))
    for row in range(height):
        out.write(points[row * stride : row * stride + width * bitmap.n_channels])
    out.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
