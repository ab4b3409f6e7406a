"""manage.py summary_report: the draft as a row and as a Word file; what is wrong in words."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from directive_tracker import clock
from tasks.models import SummaryReport
from tests.factories import at, make_directive
from tests.tasks.summary.story import make_play, play_until_15_march

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _march(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("2024-03-15", "20:00"))


def run(*args: str) -> tuple[str, str]:
    """What stands on stdout and stderr."""
    out, err = StringIO(), StringIO()
    call_command("summary_report", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue().strip()


def refused(*args: str) -> str:
    """The sentence of a refusal, whose exit code is 2."""
    with pytest.raises(CommandError) as refusal:
        run(*args)
    assert refusal.value.returncode == 2
    assert not SummaryReport.objects.exists()
    return str(refusal.value)


def test_one_directive_needs_no_number(tmp_path):
    play_until_15_march(make_play())
    file = tmp_path / "bao-cao.docx"

    out, err = run(str(file))

    report = SummaryReport.objects.get()
    assert (out, err) == ("", f"Đã ghi dự thảo lần 1 của “70 năm Điện Biên Phủ” vào {file}.")
    assert (report.made_by, report.data["as_of"]) == (None, "2024-03-15")
    words = "\n".join(paragraph.text for paragraph in Document(BytesIO(file.read_bytes())).paragraphs)
    assert "Đã tổ chức 5 buổi." in words


def test_a_day_that_is_over_and_a_second_draft_over_the_first_file(tmp_path):
    play_until_15_march(make_play())
    file = tmp_path / "bao-cao.docx"
    run(str(file))

    _, err = run(str(file), "--as-of", "2024-02-28")

    assert err == f"Đã ghi dự thảo lần 2 của “70 năm Điện Biên Phủ” vào {file}, thay tệp cũ."
    assert SummaryReport.objects.get(draft_number=2).data["as_of"] == "2024-02-28"


def test_of_several_one_has_to_be_named(tmp_path):
    first = make_directive(short_title="Văn bản một")
    second = make_directive(short_title="Văn bản hai")
    file = str(tmp_path / "a.docx")

    words = refused(file)
    run(file, "--directive", str(second.pk))

    assert words == (
        f"Có nhiều văn bản, hãy chọn bằng --directive: {first.pk} (Văn bản một), {second.pk} (Văn bản hai)."
    )
    assert SummaryReport.objects.get().directive == second


def test_the_only_one_that_is_followed_is_meant(tmp_path):
    make_directive(state="draft")
    make_directive(state="closed")
    issued = make_directive()

    run(str(tmp_path / "a.docx"))

    assert SummaryReport.objects.get().directive == issued


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--as-of", "hôm qua"], "--as-of: “hôm qua” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 07/5/2024."),
        (
            ["--as-of", "2024-03-16"],
            "Ngày 16/3/2024 chưa tới; số liệu chỉ lấy được đến hôm nay, 15/3/2024.",
        ),
        (
            ["--as-of", "2024-01-01"],
            "Ngày 01/01/2024 trước ngày giao việc (15/02/2024); hãy ghi một ngày từ ngày giao.",
        ),
    ],
)
def test_a_day_that_cannot_be_is_refused(tmp_path, args, words):
    make_directive()

    assert refused(str(tmp_path / "a.docx"), *args) == words
    assert not (tmp_path / "a.docx").exists()


@pytest.mark.parametrize("pk", ["999", "-1", "9" * 30])
def test_a_directive_that_is_not_there_is_refused_with_those_that_are(tmp_path, pk):
    there = make_directive()

    words = refused(str(tmp_path / "a.docx"), f"--directive={pk}")

    assert words == f"Không có văn bản số {pk}. Các văn bản hiện có: {there.pk} (70 năm Điện Biên Phủ)."


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_directive_that_is_not_followed_is_refused(tmp_path, state):
    make_directive(state=state)

    assert refused(str(tmp_path / "a.docx")) == (
        "Văn bản chưa giao hoặc đã kết thúc theo dõi, nên không lập báo cáo tổng hợp được."
    )


def test_without_any_directive_it_says_so(tmp_path):
    assert refused(str(tmp_path / "a.docx")) == "Chưa ghi văn bản nào."


@pytest.mark.parametrize("place", ["khong-co/a.docx", ""])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_frozen(tmp_path, place):
    make_directive()
    file = tmp_path / place

    assert refused(str(file)) == f"Không ghi được vào {file}; hãy kiểm tra đường dẫn và quyền ghi."
