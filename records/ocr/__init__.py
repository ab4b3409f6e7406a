"""Reading letters from pictures of pages, by programs of this machine: no picture and no word leaves it.

Tesseract with Vietnamese reads; it is looked for when it is needed and need not be there. PDFium turns a page of a PDF into
a picture, in a program of its own (draw.py). Both get the file through a pipe and write none; memory and seconds of each are
limited.
"""
