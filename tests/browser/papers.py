"""The same document as the files offices send: text, Word with its head in a table, PDF as a browser prints it."""

import html
import io

from docx import Document
from playwright.sync_api import Browser

from tasks.textcleaning import clean

MIME = {
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def words_of(text: str) -> list[str]:
    """The paragraphs without the marks of markdown."""
    return [line for line in clean(text).body.split("\n") if line.strip()]


def as_word(text: str) -> bytes:
    """A .docx, one paragraph each."""
    document, file = Document(), io.BytesIO()
    for line in words_of(text):
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def as_pdf(text: str, browser: Browser) -> bytes:
    """A PDF of A4 pages; letters with two signs come from another font than their neighbours."""
    return printed("".join(f"<p>{html.escape(line)}</p>" for line in words_of(text)), browser)


def printed(markup: str, browser: Browser) -> bytes:
    """What the browser prints of paragraphs and tables."""
    page = browser.new_page()
    page.set_content(f"<meta charset=utf-8><style>p,td{{font:14pt serif;text-align:justify}}</style>{markup}")
    made = page.pdf(format="A4")
    page.close()
    return made


def as_file(text: str, kind: str, browser: Browser) -> dict:
    """What a file field takes. Arguments: kind, txt, docx or pdf."""
    made = {"txt": lambda: text.encode(), "docx": lambda: as_word(text), "pdf": lambda: as_pdf(text, browser)}[kind]()
    return {"name": f"cong-van.{kind}", "mimeType": MIME[kind], "buffer": made}
