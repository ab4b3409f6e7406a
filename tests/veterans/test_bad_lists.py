"""Whatever is sent as a list is answered with a sentence, through the pages; nothing of it stays half stored."""

import io
import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from records import jobs_runner
from records.models import Job, StoredFile
from tests.veterans.conftest import NOW
from tests.veterans.lists import hostile
from tests.veterans.lists.made import writers
from veterans.importing import applying, checking, keeping, preparing
from veterans.models import ColumnMemory, ImportedRow, Person, PersonImport
from veterans.views import imports

pytestmark = pytest.mark.django_db

HEAD = ["TT", "Họ và tên", "Năm sinh", "Xã", "Đối tượng"]
ROW = [1, "A Thử", 1931, "Hà Mòn", "TNXP"]
TEXT = "TT,Họ và tên,Năm sinh,Xã,Đối tượng\n1,A Thử,1931,Hà Mòn,TNXP\n"
FORMULAS = (
    TEXT
    + '2,=1+1,1931,Hà Mòn,TNXP\n3,"=HYPERLINK(""http://a.vn"",""B"")",1931,Hà Mòn,TNXP\n4,@SUM(A1),1931,Hà Mòn,TNXP\n'
)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def windows_1258(text: str) -> bytes:
    """As old Windows wrote Vietnamese: a letter with its hat, then the tone as a sign of its own."""
    hats = "\u0302\u0306\u031b"
    signs = []
    for sign in text:
        letter, *accents = unicodedata.normalize("NFD", sign)
        hat = unicodedata.normalize("NFC", letter + "".join(one for one in accents if one in hats))
        signs += [hat, *(one for one in accents if one not in hats)]
    return "".join(signs).encode("cp1258")


_BOOKS: dict[str, bytes] = {}


def book(*rows, head=HEAD, name="Trang 1") -> bytes:
    """The same bytes for the same rows: a workbook holds the second in which it was made."""
    key = repr((rows, head, name))
    if key not in _BOOKS:
        _BOOKS[key] = writers.xlsx([hostile.page(head, *rows, name=name)])
    return _BOOKS[key]


def url(name: str, *args) -> str:
    return reverse(f"veterans:{name}", args=args)


@pytest.fixture
def send(client, land):
    """Send a file as the registrar of the district; the page that answers, whatever redirects lie between."""
    client.force_login(land.of_near)

    def sent(content: bytes, name: str = "ds.xlsx", *, sender="UBND xã Hà Mòn", area=None):
        data = {"file": SimpleUploadedFile(name, content), "sender": sender, "area": (area or land.near).pk}
        return client.post(url("imports"), data, follow=True)

    return sent


def words(answer) -> str:
    """The page as it is read: without marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def stored() -> dict[str, int]:
    """How many rows there are of everything that a list makes."""
    models = (PersonImport, StoredFile, ImportedRow, Person, Job)
    return {model.__name__: model.objects.count() for model in models}


NOTHING = {"PersonImport": 0, "StoredFile": 0, "ImportedRow": 0, "Person": 0, "Job": 0}
# The file waits, refused, with its reason.
REFUSED = {"PersonImport": 1, "StoredFile": 1, "ImportedRow": 0, "Person": 0, "Job": 0}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ds.xlsx", lambda: b"khong phai Excel", "Nội dung của tệp “ds.xlsx” không đúng với đuôi “.xlsx”. Hãy lưu lại đúng định dạng."),
        ("ds.xlsx", lambda: b"", "Tệp này trống. Hãy kiểm tra lại tệp đã chọn."),
        ("ds.docx", hostile.word_document, "Không nhận tệp “ds.docx”. Chỉ nhận các loại tệp: csv, ods, xls, xlsx."),
        ("ds.xlsx", hostile.word_document, "Nội dung của tệp “ds.xlsx” không đúng với đuôi “.xlsx”."),
        ("ds.xlsx", lambda: writers.xls([hostile.page(HEAD, ROW)]), "Nội dung của tệp “ds.xlsx” không đúng với đuôi “.xlsx”. Hãy lưu lại đúng định dạng."),
        ("ds.xlsx", hostile.locked, "Tệp “ds.xlsx” có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại."),
        ("ds.xlsx", hostile.office_locked, "Tệp “ds.xlsx” có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại."),
        ("ds.xls", hostile.office_locked, "Tệp “ds.xls” có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại."),
        ("ds.xlsx", hostile.bomb, "Tệp “ds.xlsx” khi bung ra vượt giới hạn 100 MB hoặc 100 lần cỡ tệp."),
        ("ds.xlsx", hostile.lying_bomb, "Không đọc được tệp “ds.xlsx”: tệp bị hỏng."),
        ("ds.xlsx", hostile.entity_bomb, "Tệp “ds.xlsx” có khai báo DTD hoặc thực thể XML nên bị từ chối vì lý do an toàn."),
        ("ds.xlsx", lambda: hostile.broken(hostile.good(), 0.5), "Không đọc được tệp “ds.xlsx”: tệp bị hỏng."),
        ("ds.xlsx", lambda: book(ROW, head=["MẬT"]), "Tài liệu có dấu “MẬT” nên không được đưa vào hệ thống này; chưa có gì được lưu lại."),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_at_the_door_and_nothing_is_stored(send, name, content, sentence):
    answer = send(content(), name)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="UBND xã Hà Mòn"' in answer.content.decode()
    assert stored() == NOTHING


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ds.xlsx", lambda: writers.xlsx([hostile.page()]), "Tệp “ds.xlsx” không có ô nào có giá trị. Hãy kiểm tra lại tệp đã chọn."),
        ("ds.csv", lambda: b"\n\n,,,\n", "Tệp “ds.csv” không có ô nào có giá trị. Hãy kiểm tra lại tệp đã chọn."),
        ("ds.xls", hostile.old_locked, "Tệp “ds.xls” có mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi gửi lại."),
        ("ds.xlsx", hostile.wide, "Trang “Trang 1” của tệp “ds.xlsx” có hơn 500 cột. Hãy xóa các cột thừa rồi gửi lại."),
        ("ds.ods", lambda: hostile.repeated_ods(1_000_000, 1000), "Tệp “ds.ods” khi bung ra vượt 100 MB. Hãy chia thành nhiều tệp nhỏ, mỗi tệp một danh sách."),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_says_why_and_no_row_of_it_is_kept(send, name, content, sentence):
    answer = send(content(), name)

    assert answer.status_code == 200
    assert sentence in words(answer)
    assert PersonImport.objects.get().state == "refused"
    assert stored() == REFUSED


def kept(rows: int) -> dict[str, int]:
    return {"PersonImport": 1, "StoredFile": 1, "ImportedRow": rows, "Person": 0, "Job": 0}


@pytest.mark.parametrize(
    ("name", "content", "rows", "counts", "sentences"),
    [
        ("ds.csv", lambda: FORMULAS.encode(), 4, "tạo 1 cập nhật 0 giữ nguyên 0 lỗi 3", ["Dòng 3, cột B “Họ và tên”: Họ và tên “=1+1” bắt đầu bằng dấu mà bảng tính coi là công thức. Gõ lại họ và tên, bỏ dấu ở đầu."]),
        ("ds.xlsx", lambda: book([1, "Nguy?n V?n H?u", 1931, "Hà Mòn", "TNXP"], [2, "B\ufffd Th\ufffd", 1931, "Hà Mòn", "TNXP"], ROW), 3, "tạo 1 cập nhật 0 giữ nguyên 0 lỗi 2", ["Trang “Trang 1”, dòng 2, cột B “Họ và tên”: Họ và tên “Nguy?n V?n H?u” đã mất chữ khi chuyển bảng mã. Gõ lại họ và tên theo danh sách gốc."]),
        ("ds.xlsx", lambda: book([1, "A Thử", 1931, "Rờ Kơi", "TNXP"], [2, "A Thức", 1931, "Mô Rai", "TNXP"]), 2, "tạo 0 cập nhật 0 giữ nguyên 0 lỗi 2", ["Xã Rờ Kơi không thuộc địa bàn của danh sách (Huyện Đăk Hà).", "Chưa có dòng nào nhập được. Tải các dòng lỗi, sửa rồi gửi lại."]),
        ("ds.xlsx", lambda: hostile.far(65_536), 1, "tạo 0 cập nhật 0 giữ nguyên 0 lỗi 1", ["Không có xã, phường, thị trấn nào tên “Đăk Pxi” trong tỉnh."]),
        ("ds.csv", lambda: TEXT.encode("utf-16"), 1, "tạo 1 cập nhật 0 giữ nguyên 0 lỗi 0", ["A Thử", "Thanh niên xung phong"]),
        ("ds.csv", lambda: TEXT.encode("utf-16-le"), 1, "tạo 1 cập nhật 0 giữ nguyên 0 lỗi 0", ["A Thử", "Thanh niên xung phong"]),
        ("ds.csv", lambda: TEXT.encode("utf-16-be"), 1, "tạo 1 cập nhật 0 giữ nguyên 0 lỗi 0", ["A Thử", "Thanh niên xung phong"]),
        ("ds.csv", lambda: windows_1258(TEXT), 1, "tạo 1 cập nhật 0 giữ nguyên 0 lỗi 0", ["A Thử", "Thanh niên xung phong"]),
    ],
)  # fmt: skip
def test_an_odd_list_is_read_row_by_row_and_nothing_of_it_is_in_the_registry(
    send, name, content, rows, counts, sentences
):
    answer = send(content(), name)

    assert answer.status_code == 200
    shown = words(answer)
    assert counts in shown
    assert [one for one in sentences if one not in shown] == []
    assert stored() == kept(rows)


def test_a_list_in_an_old_encoding_that_bears_a_mark_of_secrecy_is_refused_like_any_other(send):
    answer = send(windows_1258("MẬT\n" + TEXT), "ds.csv")

    assert answer.status_code == 422
    assert "Tài liệu có dấu “MẬT”" in words(answer)
    assert stored() == NOTHING


def test_a_used_range_to_row_65536_is_read_by_a_job_and_holds_one_person(send):
    answer = send(hostile.empty_rows(65_536))
    assert "Đang đọc…" in words(answer)
    assert stored() == {"PersonImport": 1, "StoredFile": 1, "ImportedRow": 0, "Person": 0, "Job": 1}

    jobs_runner.run(Job.objects.get().pk, now=NOW)

    found = PersonImport.objects.get()
    assert (found.state, found.rows.count(), Person.objects.count()) == ("checked", 1, 0)


def test_two_sheets_whose_names_differ_by_a_blank_are_both_read_and_put_right(client, send):
    """What is kept of a row hangs on its sheet's name and its number."""
    other = [1, "Y Thức", 1930, "Hà Mòn", "DC"]
    pages = [hostile.page(HEAD, row, name=name) for name, row in (("DS", ROW), ("DS ", other))]

    answer = send(writers.xlsx(pages))

    assert "tạo 2" in words(answer)
    found = PersonImport.objects.get()
    assert list(found.rows.values_list("sheet", "number")) == [("DS", 2), ("DS (2)", 2)]
    client.post(url("import_columns", found.pk), {"cot-1-E": "note"})
    found.refresh_from_db()
    # The sender's heading is known from now on, so the first sheet reads it like the second.
    assert (found.corrections, found.summary["codes"]) == ({"DS (2)": {"E": "note"}}, {"category_missing": 2})


def test_a_name_that_looks_like_a_formula_comes_back_as_text_in_the_file_of_errors(client, send):
    send(FORMULAS.encode(), "ds.csv")

    answer = client.post(url("import_errors", PersonImport.objects.get().pk))

    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [(cell.value, cell.data_type, cell.quotePrefix) for cell in sheet["B"][1:]]
    assert cells == [
        ("=1+1", "s", True),
        ('=HYPERLINK("http://a.vn","B")', "s", True),
        ("@SUM(A1)", "s", True),
    ]


# --- sent twice, two pages open, others at work ----------------------------------------------------


def test_a_form_sent_twice_brings_one_list(send):
    first, second = send(book(ROW)), send(book(ROW))

    assert first.redirect_chain == second.redirect_chain
    assert stored() == kept(1)


def test_a_form_sent_twice_while_a_job_reads_brings_one_list_and_one_job(send, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 0)

    send(book(ROW))
    answer = send(book(ROW))

    assert "Đang đọc…" in words(answer)
    assert stored() == {"PersonImport": 1, "StoredFile": 1, "ImportedRow": 0, "Person": 0, "Job": 1}


def test_importing_twice_from_two_pages_writes_once_and_says_who_did_it_when(client, send, land):
    send(book(ROW))
    pk = PersonImport.objects.get().pk
    client.post(url("import_apply", pk))

    again = client.post(url("import_apply", pk), follow=True)

    assert "Nguyễn Văn Dakha đã nhập danh sách này lúc 09:00 15/4/2024." in words(again)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("name", ["import_leave", "import_read_again", "import_columns", "import_apply"])
@pytest.mark.parametrize(
    ("after", "sentence", "people"),
    [
        (["import_apply"], "Nguyễn Văn Dakha đã nhập danh sách này lúc 09:00 15/4/2024.", 1),
        (["import_apply", "import_revert"], "Nguyễn Văn Dakha đã gỡ danh sách này lúc 09:00 15/4/2024.", 0),
        (["import_leave"], "Danh sách này đã được bỏ. Muốn nhập thì gửi lại tệp.", 0),
    ],
)
def test_a_page_that_is_old_does_nothing_and_tells_what_was_done(client, send, name, after, sentence, people):
    send(book(ROW))
    found = PersonImport.objects.get()
    for step in after:
        client.post(url(step, found.pk))
    found.refresh_from_db()
    state = found.state

    answer = client.post(url(name, found.pk), {"cot-0-E": "note"}, follow=True)

    found.refresh_from_db()
    assert answer.status_code == 200
    assert sentence in words(answer)
    assert (found.state, Person.objects.count(), ColumnMemory.objects.count()) == (state, people, 0)


def test_when_somebody_imported_meanwhile_nothing_is_written_and_the_new_result_is_shown(client, send):
    send(book(ROW))
    waiting = PersonImport.objects.get()
    send(book(ROW, [2, "Y Thức", 1930, "Hà Mòn", "DC"]))
    client.post(url("import_apply", PersonImport.objects.latest("pk").pk))

    answer = client.post(url("import_apply", waiting.pk), follow=True)

    assert "Sổ đã thay đổi từ lúc kiểm tra danh sách nên chưa nhập gì. Kết quả kiểm tra mới ở bên dưới." in words(
        answer
    )
    assert "tạo 0 cập nhật 0 giữ nguyên 1 lỗi 0" in words(answer)
    assert Person.objects.count() == 2


# --- stopped, and failed half-way -------------------------------------------------------------------


@pytest.fixture
def long_list(send, monkeypatch) -> SimpleNamespace:
    """A list that a job will read, in three chunks."""
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    monkeypatch.setattr("veterans.importing.matching.CHUNK", 2)
    monkeypatch.setattr(checking, "in_chunks", _pairs)
    rows = [[n, name, 1931, "Hà Mòn", "TNXP"] for n, name in enumerate(("A Một", "A Hai", "A Ba", "A Tư", "A Năm"), 1)]
    send(book(*rows))
    return SimpleNamespace(found=PersonImport.objects.get(), job=Job.objects.get())


def _pairs(items, size=2):
    rest = list(items)
    return iter([rest[place : place + size] for place in range(0, len(rest), size)])


def test_a_reading_that_waits_is_stopped_and_can_be_read_again_or_left(client, long_list):
    page = url("import", long_list.found.pk)
    answer = client.post(reverse("records:job_cancel", args=[long_list.job.pk]), {"next": page}, follow=True)
    jobs_runner.run(long_list.job.pk, now=NOW)

    assert answer.redirect_chain == [(page, 302)]
    assert "Việc bị dừng giữa chừng Chưa có gì được nhập. Bấm “Đọc lại”." in words(answer)
    assert (Job.objects.get().state, ImportedRow.objects.count()) == ("cancelled", 0)
    client.post(url("import_leave", long_list.found.pk))
    long_list.found.refresh_from_db()
    assert long_list.found.state == "cancelled"


def test_a_reading_that_is_stopped_half_way_keeps_no_row(client, long_list, monkeypatch):
    """The owner presses "Dừng" while the second chunk is read."""
    keep = checking._Reading._keep

    def stopped_after_two(self, chunk):
        keep(self, chunk)
        if ImportedRow.objects.count() >= 4:
            client.post(reverse("records:job_cancel", args=[long_list.job.pk]))

    monkeypatch.setattr(checking._Reading, "_keep", stopped_after_two)

    jobs_runner.run(long_list.job.pk, now=NOW)

    job = Job.objects.get()
    assert (job.state, job.message, job.done) == ("cancelled", "Đã hủy theo yêu cầu.", 4)
    assert stored() == {"PersonImport": 1, "StoredFile": 1, "ImportedRow": 0, "Person": 0, "Job": 1}
    assert "Việc bị dừng giữa chừng" in words(client.get(url("import", long_list.found.pk)))


def test_an_import_that_is_stopped_half_way_writes_nothing_and_can_be_begun_again(client, send, monkeypatch):
    monkeypatch.setattr(applying, "AT_ONCE", 0)
    monkeypatch.setattr(preparing, "in_chunks", _pairs)
    send(book(*([n, name, 1931, "Hà Mòn", "TNXP"] for n, name in enumerate(("A Một", "A Hai", "A Ba"), 1))))
    pk = PersonImport.objects.get().pk
    client.post(url("import_apply", pk))
    job = Job.objects.get()
    client.post(reverse("records:job_cancel", args=[job.pk]))
    Job.objects.update(state="queued", finished_at=None)

    jobs_runner.run(job.pk, now=NOW)

    assert (Job.objects.get().state, Person.objects.count(), PersonImport.objects.get().state) == (
        "cancelled",
        0,
        "checked",
    )
    shown = words(client.get(url("import", pk)))
    assert "Chưa nhập được Lần nhập vừa rồi dừng giữa chừng, chưa có gì được nhập." in shown
    client.post(url("import_apply", pk))
    jobs_runner.run(Job.objects.latest("pk").pk, now=NOW)
    assert (Person.objects.count(), PersonImport.objects.get().refusal) == (3, "")


def test_a_list_is_not_left_while_a_job_reads_it(client, long_list):
    answer = client.post(url("import_leave", long_list.found.pk), follow=True)

    assert "Danh sách này đang được xử lý hoặc đã nhập rồi." in words(answer)
    assert PersonImport.objects.get().state == "reading"
    jobs_runner.run(long_list.job.pk, now=NOW)
    assert PersonImport.objects.get().state == "checked"


def test_a_file_that_is_gone_is_told_in_words_on_every_page(client, send, settings):
    send(book(ROW, [2, "", 1931, "Hà Mòn", "TNXP"]))
    pk = PersonImport.objects.get().pk
    for path in Path(settings.MEDIA_ROOT).rglob("*.xlsx"):
        path.unlink()
    gone = "Không còn đọc được tệp này. Hãy gửi lại tệp."

    told = [
        words(client.get(url("import_columns", pk), follow=True)),
        words(client.post(url("import_errors", pk), follow=True)),
        words(client.post(url("import_read_again", pk), follow=True)),
    ]

    assert [gone in page for page in told] == [True, True, True]
    assert stored() == REFUSED


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"sender": "", "area": ""},
        {"sender": "x" * 161, "area": "1"},
        {"sender": "UBND xã", "area": "999999999999999999999"},
        {"sender": "UBND xã", "area": "²"},
        {"sender": "\x00", "area": "x"},
        {"sender": "UBND xã", "file": "no file"},
    ],
)
def test_a_form_that_is_not_filled_in_is_answered_with_sentences(client, land, data):
    client.force_login(land.of_near)

    answer = client.post(url("imports"), data)

    assert answer.status_code == 422
    assert "Hãy chọn tệp." in words(answer)
    assert stored() == NOTHING


@pytest.mark.parametrize("query", ["?xem=error&page=999", "?xem=%00", "?xem=²&page=²", "?page=-1", "?page=9999999999999999999999"])  # fmt: skip
def test_whatever_stands_in_the_address_the_result_is_shown(client, send, query):
    send(book(ROW))

    answer = client.get(url("import", PersonImport.objects.get().pk) + query)

    assert (answer.status_code, "tạo 1" in words(answer)) == (200, True)


def test_a_column_of_no_known_role_is_answered_with_a_sentence(client, send):
    send(book(ROW))

    answer = client.post(url("import_columns", PersonImport.objects.get().pk), {"cot-0-E": "\x00", "cot-9-Z": "note"})

    assert answer.status_code == 422
    assert "Có cột chưa chọn đúng loại. Hãy chọn trong danh sách." in words(answer)
    assert (ColumnMemory.objects.count(), PersonImport.objects.get().corrections) == (0, {})


def test_a_list_without_errors_has_no_file_of_errors_and_one_whose_time_is_over_neither(client, send):
    send(book(ROW))
    first = PersonImport.objects.get()
    send(book(ROW, [2, "", 1931, "Hà Mòn", "TNXP"]))
    second = PersonImport.objects.latest("pk")
    client.post(url("import_apply", second.pk))
    keeping.empty_old(NOW + timedelta(days=8))

    answers = [client.post(url("import_errors", one.pk), follow=True) for one in (first, second)]

    none = "Không còn dòng lỗi nào được giữ của danh sách này."
    assert [none in words(answer) for answer in answers] == [True, True]


def test_a_list_keeps_a_column_for_the_name_and_what_was_chosen_stays_on_the_page(client, send):
    """Without it the list, and the sender's next ones, would be read as nothing at all."""
    send(book(ROW))
    page = url("import_columns", PersonImport.objects.get().pk)

    answer = client.post(page, {"cot-0-B": "note", "cot-0-D": "village"})

    assert answer.status_code == 422
    assert "Trang “Trang 1” cần một cột “Họ và tên”, hoặc hai cột “Họ và tên đệm” và “Tên”." in words(answer)
    roles = {column["letter"]: column["role"] for column in answer.context["tables"][0]["columns"]}
    assert roles == {"A": "no", "B": "note", "C": "birth", "D": "village", "E": "category"}
    assert (ColumnMemory.objects.count(), PersonImport.objects.get().corrections) == (0, {})
    assert client.post(page, {"cot-0-B": "given_name"}).status_code == 302


def test_a_list_whose_columns_cannot_be_known_at_all_says_so(send):
    made = Workbook()
    for row in (["a", "b", "c"], ["x", "y", "z"]):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)

    answer = send(out.getvalue())

    assert answer.status_code == 200
    wanted = "Không thấy người nào trong tệp. Danh sách cần một dòng tiêu đề có cột họ và tên, và mỗi người một dòng."
    assert wanted in words(answer)
    assert "Sửa cột" not in words(answer)
