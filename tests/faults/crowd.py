"""The crowd of a rush: so many people, each opens the report form, attaches a file and sends it, as a browser would.

A program of its own, so that what it costs is not taken for the server's: it reads its plan as JSON from standard input and
answers with JSON. It speaks HTTP by hand, a few tenths of a millisecond a request, because it shares the cores with what
it measures; `cpu_seconds` and `requests` in the answer say what it took.

A browser's retry is the very same body again: same form, same version, same file.
"""

import asyncio
import hashlib
import html
import io
import json
import random
import re
import resource
import sys
import time
import zipfile
from dataclasses import asdict, dataclass, field

BOUNDARY = "----crowd7MA4YWxkTrZu0gW"
# What is taken for "try again": no answer, or one that says that the server has trouble.
TROUBLE = (0, 500, 502, 503, 504)
PAUSE = 0.5  # seconds between two tries
_FIELD = re.compile(r"<(input|textarea)\b([^>]*)>(?:([^<]*)</textarea>)?")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_DOCX = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/'
    '2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType='
    '"image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>',
}
_WORDS = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Báo cáo kết quả thực hiện, đơn vị số {}</w:t></w:r></w:p></w:body></w:document>"
)


@dataclass
class Answer:
    """What a server said; status 0: nothing."""

    status: int
    location: str = ""
    body: bytes = b""


@dataclass
class Told:
    """What became of one person."""

    number: int
    report: int = 0
    section: int = 0
    accepted: bool = False
    sha256: str = ""
    # Of every sending: the status, 0 for no answer.
    statuses: list[int] = field(default_factory=list)
    # Of opening and reading the form.
    trouble_before: int = 0
    # Seconds of the sending that was accepted; the moments (time.monotonic) of the first sending that failed and of the
    # one that was accepted.
    submit_seconds: float = 0.0
    failed_at: float = 0.0
    accepted_at: float = 0.0
    # Of a second click at the same moment.
    twice: int | None = None


def document(number: int, size: int) -> bytes:
    """A Word file of about so many bytes, another one for each number: words and a picture that packs no further."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, text in _DOCX.items():
            archive.writestr(name, text)
        archive.writestr("word/document.xml", _WORDS.format(number))
        archive.writestr("word/media/image1.png", random.Random(number).randbytes(max(0, size - 1600)))
    return packed.getvalue()


def fields_of(page: str) -> dict[str, str]:
    """The form's fields as a browser would send them untouched."""
    form = page[page.index('id="report-form"') :]
    found = {}
    for kind, attributes, text in _FIELD.findall(form):
        values = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        is_sent = values.get("type") not in ("file", "submit", "button") and (
            values.get("type") not in ("checkbox", "radio") or " checked" in attributes
        )
        if "name" in values and is_sent:
            found[values["name"]] = (
                html.unescape(text).removeprefix("\n") if kind == "textarea" else values.get("value", "")
            )
    return found


def multipart(fields: dict[str, str], name: str, filename: str, content: bytes) -> bytes:
    """The body of the form with one file."""
    lines = []
    for key, value in fields.items():
        lines.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n')
    lines.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return "".join(lines).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


class Crowd:
    """All people of one plan."""

    def __init__(self, plan: dict) -> None:
        self.plan, self.requests = plan, 0

    async def ask(self, method: str, path: str, key: str, body: bytes = b"", kind: str = "") -> Answer:
        """One request on a connection of its own, which the server's workers close anyway."""
        plan = self.plan
        self.requests += 1
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {plan['host']}\r\nConnection: close\r\nX-Forwarded-Proto: https\r\n"
            f"Origin: https://{plan['host']}\r\nReferer: https://{plan['host']}/\r\nAccept-Language: vi\r\n"
            f"Cookie: {plan['cookie']}={key}; {plan['csrf_cookie']}={plan['csrf']}\r\n"
        )
        if method == "POST":
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        try:
            async with asyncio.timeout(plan["longest"]):
                reader, writer = await asyncio.open_connection("127.0.0.1", plan["port"])
                try:
                    writer.write(f"{head}\r\n".encode() + body)
                    await writer.drain()
                    answer = await reader.read(-1)
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return Answer(0)
        top, _, rest = answer.partition(b"\r\n\r\n")
        lines = top.decode("latin-1").split("\r\n")
        if len(lines) < 2:
            return Answer(0)
        found = dict(line.partition(": ")[::2] for line in lines[1:])
        if len(rest) < int(found.get("Content-Length", 0)):
            return Answer(0)
        return Answer(int(lines[0].split()[1]), found.get("Location", ""), rest)

    def is_tried_again(self, answer: Answer) -> bool:
        """Whether people try again after that answer; without faults nobody should have to."""
        return self.plan["retries"] and answer.status in TROUBLE

    async def sure(self, told: Told, method: str, path: str, key: str, body: bytes = b"", kind: str = "") -> Answer:
        """The same until the server answers without trouble, as long as people are patient."""
        until = time.monotonic() + self.plan["patience"]
        while True:
            answer = await self.ask(method, path, key, body, kind)
            if not self.is_tried_again(answer) or time.monotonic() > until:
                return answer
            told.trouble_before += 1
            await asyncio.sleep(PAUSE)

    async def person(self, number: int, path: str, key: str, after: float) -> Told:
        """One person comes after so many seconds, opens the form, reads it, sends it."""
        told = Told(number)
        await asyncio.sleep(after)
        typed = f"csrfmiddlewaretoken={self.plan['csrf']}".encode()
        opened = await self.sure(told, "POST", path, key, typed, "application/x-www-form-urlencoded")
        form = re.search(r"/don-vi/bao-cao/(\d+)/soan/", opened.location)
        if form is None:
            told.statuses.append(opened.status)
            return told
        told.report = int(form[1])
        page = await self.sure(told, "GET", form[0], key)
        if page.status != 200:
            told.statuses.append(page.status)
            return told
        body = self.filled_in(told, page.body.decode())
        await self.send(told, form[0], key, body)
        return told

    def filled_in(self, told: Told, page: str) -> bytes:
        """The body that is sent, however often."""
        fields = fields_of(page)
        first = next(name for name in fields if re.fullmatch(r"muc\d+-results", name))
        told.section = int(first.removeprefix("muc").partition("-")[0])
        fields[first] = f"Đã hoàn thành, đơn vị số {told.number}."
        fields[f"muc{told.section}-claims_completion"] = "on"
        fields["do"] = "submit"
        content = document(told.number, self.plan["file_bytes"])
        told.sha256 = hashlib.sha256(content).hexdigest()
        return multipart(fields, f"muc{told.section}-files", f"bao-cao-{told.number}.docx", content)

    async def send(self, told: Told, path: str, key: str, body: bytes) -> None:
        """Send until it is accepted or patience ends."""
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        sent_page = f"/don-vi/bao-cao/{told.report}/"
        until = time.monotonic() + self.plan["patience"]
        second = None
        if self.plan["twice_every"] and told.number % self.plan["twice_every"] == 0:
            second = asyncio.create_task(self.ask("POST", path, key, body, kind))
        while True:
            begun = time.monotonic()
            answer = await self.ask("POST", path, key, body, kind)
            told.statuses.append(answer.status)
            now = time.monotonic()
            if answer.status == 302 and answer.location == sent_page:
                told.accepted, told.submit_seconds, told.accepted_at = True, now - begun, now
                break
            told.failed_at = told.failed_at or now
            if not self.is_tried_again(answer) or now > until:
                break
            await asyncio.sleep(PAUSE)
        if second is not None:
            told.twice = (await second).status

    async def all(self) -> list[Told]:
        """Everybody, spread evenly over the seconds; one after the other when there are none."""
        people, seconds = self.plan["people"], self.plan["seconds"]
        if not seconds:
            return [await self.person(*who, 0.0) for who in people]
        step = seconds / len(people)
        return await asyncio.gather(*(self.person(*who, place * step) for place, who in enumerate(people)))


def main() -> None:
    """Read the plan, be the crowd, answer."""
    crowd = Crowd(json.load(sys.stdin))
    begun = time.monotonic()
    told = asyncio.run(crowd.all())
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer = {
        "people": [asdict(one) for one in told],
        "seconds": time.monotonic() - begun,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "requests": crowd.requests,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
