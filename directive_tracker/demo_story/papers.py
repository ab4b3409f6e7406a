"""Papers of the demo: their number, symbol, day and signer, and small files that say what they are."""

import io
import zipfile
from datetime import date, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.demo_story.figures import pick
from directive_tracker.vietnamese import fold, vn_date
from records.models import StoredFile
from records.uploads import store_upload
from units.models import Unit

# The kind of paper by task; a plan where nothing else is said.
KINDS = {"1a.3": "CV", "3a.1": "HD", "2": "CV", "1c.1": "CT"}

_NAMESPACE = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_NAMESPACE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_NAMESPACE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_NAMESPACE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
}


class Paper(NamedTuple):
    """How a paper is called."""

    number: str
    symbol: str
    day: date
    signer: str

    @property
    def identity(self) -> str:
        """ "Kế hoạch số 45-KH/HU"."""
        words = {"KH": "Kế hoạch", "CV": "Công văn", "HD": "Hướng dẫn", "CT": "Chỉ thị", "BC": "Báo cáo"}
        return f"{words[self.symbol.partition('/')[0]]} số {self.number}-{self.symbol}"


def paper_of(unit: Unit, task: str, product: str, day: date, signer: str) -> Paper:
    """The paper with which a unit answers a task's product."""
    kind = "KH" if product == "plan" and task == "2" else KINDS.get(task, "KH")
    return Paper(str(12 + pick(unit.code, task, product, of=85)), f"{kind}/{unit.symbol}", day, signer)


def report_paper(unit: Unit, day: date, signer: str) -> Paper:
    """The paper of a whole report."""
    return Paper(str(5 + pick(unit.code, "BC", str(day.month), of=80)), f"BC/{unit.symbol}", day, signer)


def file_of(paper: Paper, unit: Unit, about: str, *, by, now: datetime) -> StoredFile:
    """A small text document in the paper's name, stored through the door all uploads take."""
    name = fold(f"{paper.number} {paper.symbol}").replace("/", " ").replace(" ", "-").upper()
    lines = [
        DEMO_LINE,
        unit.name.upper(),
        f"Số {paper.number}-{paper.symbol}, ngày {vn_date(paper.day)}",
        f"Về việc: {about}",
        "Tệp này do chương trình tạo ra để dùng thử, không phải văn bản thật.",
    ]
    return store_upload(SimpleUploadedFile(f"{name}.docx", _document(lines)), by=by, now=now)


def _document(lines: list[str]) -> bytes:
    """A word-processor file with these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = f'<w:document xmlns:w="{_NAMESPACE}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**_PARTS, "word/document.xml": document}.items():
            # The same bytes each time: a moment of its own would change the checksum.
            archive.writestr(
                zipfile.ZipInfo(path, (2024, 2, 15, 8, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + content
            )
    return written.getvalue()
