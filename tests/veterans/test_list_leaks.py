"""A list on its whole way through the pages: what it says of people stands where it belongs, and nowhere else."""

import io
import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from directive_tracker import logs
from notifications.models import Message, Notice
from records.models import AuditEvent, Job
from tests.veterans.conftest import NOW
from veterans.duplicates.jobs import run_duplicates
from veterans.importing import applying, values
from veterans.importing import jobs as importing_jobs
from veterans.models import DuplicatePair, Merge, Person, PersonImport
from veterans.protection import erasing
from veterans.views import imports

pytestmark = pytest.mark.django_db

WORD = "Zqcanari"
NUMBERS = ("079099996666", "079099995555", "0950777003", "0950777004")
NEEDLES = (WORD.lower(), *NUMBERS)
HEAD = "STT,Họ và tên,Năm sinh,Thôn,Xã,Đối tượng,Số CCCD,Điện thoại,Ghi chú,Cột lạ\n"
SAME = f"1,A {WORD},1931,Thôn {WORD},Hà Mòn,TNXP,079099996666,0950777003,{WORD} đau yếu,{WORD}\n"
WRONG = f"2,Y {WORD},19x4,Thôn 1,Hà Mòn,TNXP,079099995555,0950777004,{WORD},\n"
AGAIN = f"1,A {WORD},1931,Thôn {WORD},Hà Mòn,TNXP,,,,\n"
OTHER = f"1,B {WORD}un,1933,Thôn {WORD},Hà Mòn,DC,079099995555,0950777004,,\n"
NO_HEADING = f"1,A {WORD},1931,Hà Mòn\n2,Y {WORD},1930,Hà Mòn\n"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT, settings.ERASED_FILE = tmp_path / "media", str(tmp_path / "erased.jsonl")


@pytest.fixture
def written():
    """What the programs would have written: every logger from DEBUG on, formatted as on a production server."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.HideLinks())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


def url(name: str, *args) -> str:
    return reverse(f"veterans:{name}", args=args)


def heard(text: str) -> list[str]:
    return [needle for needle in NEEDLES if needle in text.lower()]


class Walk:
    """A registrar at work with lists; every answer is kept."""

    def __init__(self, client: Client, land) -> None:
        self.client, self.land, self.answers = client, land, []

    def get(self, address: str):
        self.answers.append(self.client.get(address))
        return self.answers[-1]

    def post(self, address: str, data=None):
        self.answers.append(self.client.post(address, data or {}))
        return self.answers[-1]

    def send(self, text: str, *, sender="UBND xã Hà Mòn", name=f"ds {WORD}.csv") -> PersonImport:
        file = SimpleUploadedFile(name, text.encode())
        self.post(url("imports"), {"file": file, "sender": sender, "area": self.land.near.pk})
        return PersonImport.objects.latest("pk")

    def look(self, found: PersonImport) -> None:
        for kind in ("create", "update", "keep", "error"):
            self.get(url("import", found.pk) + f"?xem={kind}")
        self.get(url("imports"))
        self.get(url("import_columns", found.pk))


def by_a_job(found: PersonImport) -> None:
    """As the worker runs it, its own log included; what goes wrong is in the job's row."""
    importing_jobs.run_importing.apply(args=[PersonImport.objects.get(pk=found.pk).job_id])


def pair_and_merge(walk: Walk) -> None:
    """The search by a job, the pair side by side, merged, taken apart, merged again."""
    run_duplicates.apply(args=[Job.objects.latest("pk").pk])
    pair = DuplicatePair.objects.get()
    walk.get(url("pair_list"))
    walk.get(url("pair_detail", pair.pk))
    walk.post(url("pair_merge", pair.pk), {"keep": WORD})
    for again in (False, True):
        pair.refresh_from_db()
        versions = {f"version_{one.pk}": one.version for one in Person.objects.filter(pk__in=(pair.first_id, pair.second_id))}  # fmt: skip
        walk.post(url("pair_merge", pair.pk), {"keep": "left", **versions})
        if not again:
            walk.post(url("person_take_apart", pair.first_id), {"merge": Merge.objects.latest("pk").pk})


def fail(walk: Walk, monkeypatch) -> None:
    """An import by a job that the database refuses: PostgreSQL tells the whole row."""
    plain = values.entry
    month = values.ENTRY.index("birth_month")

    def impossible(*args, **kwargs):
        entry = plain(*args, **kwargs)
        return (*entry[:month], 13, *entry[month + 1 :])

    found = walk.send(HEAD + OTHER, sender="Hội Người cao tuổi")
    with monkeypatch.context() as patched:
        patched.setattr(applying, "AT_ONCE", 0)
        patched.setattr(values, "entry", impossible)
        walk.post(url("import_apply", found.pk))
        by_a_job(found)
    assert Job.objects.latest("pk").state == "failed"
    page = walk.get(url("import", found.pk)).content.decode()
    assert "Lần nhập vừa rồi dừng giữa chừng, chưa có gì được nhập." in page


@pytest.fixture
def walked(client, land, written, monkeypatch, django_capture_on_commit_callbacks) -> SimpleNamespace:
    """Upload, check, errors, columns, import, pair, merge, undo, a refusal, a taking back, a list left, a failing job."""
    client.force_login(land.of_near)
    walk = Walk(client, land)
    walk.post(url("imports"), {"sender": WORD, "area": WORD})
    no_workbook = SimpleUploadedFile(f"{WORD}.xlsx", WORD.encode())
    walk.post(url("imports"), {"file": no_workbook, "sender": WORD, "area": land.near.pk})
    first = walk.send(HEAD + SAME + WRONG)
    walk.look(first)
    walk.post(url("import_columns", first.pk), {"cot-0-J": WORD})
    walk.post(url("import_columns", first.pk), {"cot-0-J": "unit"})
    walk.post(url("import_errors", first.pk))
    walk.post(url("import_apply", first.pk))
    second = walk.send(HEAD + AGAIN, sender="Hội Cựu TNXP")
    walk.post(url("import_apply", second.pk))
    pair_and_merge(walk)
    walk.post(url("import_revert", second.pk))
    fail(walk, monkeypatch)
    third = walk.send(HEAD + OTHER, sender="Hội Cựu chiến binh")
    walk.post(url("import_apply", third.pk))
    walk.look(third)
    walk.post(url("import_revert", third.pk))
    fourth = walk.send(NO_HEADING)
    walk.look(fourth)
    walk.post(url("import_leave", fourth.pk))
    with monkeypatch.context() as patched:
        patched.setattr(imports, "AT_ONCE", 0)
        by_a_job(walk.send(HEAD + OTHER, sender="UBND xã Đăk Hring"))
    return SimpleNamespace(walk=walk, written=written.getvalue(), first=first, second=second)


def test_nothing_of_a_list_leaves_it_on_its_way(walked, land):
    answers = walked.walk.answers
    assert {answer.status_code for answer in answers} == {200, 302, 422}
    assert list(PersonImport.objects.order_by("pk").values_list("state", flat=True)) == [
        "applied", "applied", "checked", "reverted", "cancelled", "checked",
    ]  # fmt: skip
    assert list(Merge.objects.order_by("pk").values_list("undone_at", flat=True)) == [NOW, None]
    places = {
        "log": walked.written,
        "addresses": " ".join(answer.headers.get("Location", "") for answer in answers),
        "headers": str([dict(answer.headers) for answer in answers]),
        "cookies": str([answer.cookies.output() for answer in answers]),
        "sessions": str([session.get_decoded() for session in Session.objects.all()]),
        "events": str(list(AuditEvent.objects.values())),
        "jobs": str(list(Job.objects.values())),
        "notices": str(list(Notice.objects.values())),
        "messages": str(list(Message.objects.values())) + str([one.message().as_string() for one in mail.outbox]),
    }
    assert {place: heard(text) for place, text in places.items() if heard(text)} == {}
    assert "birth_month" in walked.written or "CHECK constraint" in walked.written


def test_no_calendar_names_anybody(walked, client, land):
    """The office's, which holds everything that a calendar can hold."""
    client.force_login(land.office)
    answers = [client.get(reverse(name), {"thang": "2024-04"}) for name in ("tasks:month", "tasks:month_file")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [heard(answer.content.decode()) for answer in answers] == [[], []]


def test_no_address_that_was_asked_for_names_anybody(walked):
    asked = [answer.wsgi_request.get_full_path() for answer in walked.walk.answers]
    assert heard(" ".join(asked)) == []


def test_a_number_stands_on_no_page_of_a_list(walked):
    """Names do, for the registrar of the area; numbers are only said to be there."""
    pages = " ".join(answer.content.decode(errors="replace") for answer in walked.walk.answers if "html" in answer["Content-Type"])  # fmt: skip
    assert WORD in pages
    assert [number for number in NUMBERS if number in pages] == []


# Where a name or a hamlet stands plain: the entry itself with its history, and the name a sender gave to a file.
PLAIN = {
    ("veterans_person", "full_name"): ["zqcanari"],
    ("veterans_person", "hamlet"): ["zqcanari"],
    ("veterans_person", "search_key"): ["zqcanari"],
    ("veterans_historicalperson", "full_name"): ["zqcanari"],
    ("veterans_historicalperson", "hamlet"): ["zqcanari"],
    ("records_storedfile", "original_name"): ["zqcanari"],
}


def columns_with_canaries() -> dict[tuple[str, str], list[str]]:
    """(table, column) → the canaries that stand in its plain bytes, over the whole database."""
    found: dict[tuple[str, str], set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    for needle in heard(_text(value)):
                        found.setdefault((table, name), set()).add(needle)
    return {place: sorted(needles) for place, needles in found.items()}


def _text(value: object) -> str:
    return bytes(value).decode("utf-8", errors="replace") if isinstance(value, bytes | memoryview) else str(value)


def test_in_the_database_only_names_and_hamlets_of_entries_stand_plain(walked):
    assert columns_with_canaries() == PLAIN


def test_on_the_disk_every_list_lies_sealed(walked, settings):
    files = [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(files) == 6
    assert {data[:8] for data in files} == {b"DTSEAL1\n"}
    assert [heard(data.decode("utf-8", errors="replace")) for data in files] == [[]] * 6


def test_after_an_erasure_no_column_and_no_file_of_the_lists_holds_the_person(walked, land, settings, django_capture_on_commit_callbacks):  # fmt: skip
    """The entry was brought, merged, taken apart and merged again; what was never imported is emptied with its time."""
    kept = Person.objects.get(merged_into__isnull=True)

    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(kept, kind="request", basis="Yêu cầu số 1", by=land.of_province, now=NOW)

    of_person = PersonImport.objects.filter(pk__in=[walked.first.pk, walked.second.pk])
    assert {name: one for (name, column), one in columns_with_canaries().items() if column != "original_name"} == {}
    assert [(one.file.original_name, one.file.size, one.converted) for one in of_person] == [
        ("da-xoa.csv", 0, None)
    ] * 2
    assert of_person.filter(rows__person__isnull=False, rows__sealed__isnull=False).count() == 0
    assert Merge.objects.exclude(sealed=b"").count() == 0


# --- error pages ------------------------------------------------------------------------------------


def test_no_error_page_repeats_what_was_sent(client, land, settings, written):
    """404, 403 (a right, a form's mark) and 400, with a name in everything that was sent."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    client.force_login(land.of_near)
    file = SimpleUploadedFile(f"{WORD}.csv", (HEAD + SAME).encode())
    sent = {"file": file, "sender": WORD, "area": land.near.pk}
    client.post(url("imports"), sent)
    pk = PersonImport.objects.get().pk
    strange = Client(enforce_csrf_checks=True)
    strange.force_login(land.of_near)
    large = {"cot-0-A": WORD * 2000}

    large_answer = client.post(url("import_columns", pk), large)
    client.force_login(land.of_far)
    answers = [
        client.post(url("import_apply", pk), {"sender": WORD}),
        client.get(url("import", 999_999)),
        client.get(url("import_errors", pk)),
        strange.post(url("imports"), {"sender": WORD}),
        large_answer,
    ]
    client.force_login(land.reader)
    answers.append(client.post(url("imports"), {"sender": WORD}))

    assert [answer.status_code for answer in answers] == [404, 404, 405, 403, 400, 403]
    assert [heard(answer.content.decode()) for answer in answers] == [[]] * 6
    assert heard(written.getvalue()) == []


def test_what_the_database_refuses_is_logged_without_the_row(written):
    logger = logging.getLogger("any")
    told = f"new row violates check\nDETAIL:  Failing row contains (7, A {WORD}, 079099996666).\n"
    try:
        raise IntegrityError(told)
    except IntegrityError as error:
        logger.exception("failed", extra={"data": {"exc": repr(error), "args": (1,)}})
    plain = logs.PlainFormatter("%(message)s").format(
        logging.LogRecord("any", logging.ERROR, "x", 1, told + "\n\nThe above exception", None, None)
    )

    assert heard(written.getvalue()) == []
    assert "new row violates check" in written.getvalue()
    assert plain == "new row violates check\nDETAIL: …\n\n\nThe above exception"
