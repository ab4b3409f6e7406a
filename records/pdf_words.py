"""A program of its own that gives the words of a PDF: PDF on standard input, a JSON list of pages on standard output.

python pdf_words.py PAGES: of so many pages. Of its own, so that a file that breaks PDFium, or wants too much, ends this program
and nothing else; it knows nothing of our settings.
"""

import json
import re
import sys

import pypdfium2

# How PDFium marks a hyphen at the end of a line; Vietnamese divides no words, so it is one that was typed.
_LINE_HYPHENS = re.compile("[\ufffe\x02]")


def main(pages: int) -> None:
    """Read and write. Errors: pypdfium2.PdfiumError ends the program."""
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    found = [_words_of(document, number) for number in range(min(pages, len(document)))]
    sys.stdout.write(json.dumps(found))


def _words_of(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        letters = page.get_textpage()
        text = letters.get_text_bounded()
    except pypdfium2.PdfiumError:
        # One page without a readable drawing; the others have their words.
        return ""
    letters.close()
    page.close()
    return _LINE_HYPHENS.sub("-\n", text).replace("\r\n", "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
