"""Reading letters from pictures of pages, by programs of this machine: no picture and no word leaves it.

Tesseract with Vietnamese reads, poppler's pdftoppm turns a page of a PDF into a picture. Both are looked for when they are
needed and need not be there. They get the file through a pipe and write none; memory and seconds of each are limited.
"""
