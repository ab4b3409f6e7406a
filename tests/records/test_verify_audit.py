"""verify_audit finds whatever is done to the log past the application, and says which row."""

import json
import time
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from records import chain
from records.canonical import COLUMNS, Keys, canonical, link
from records.models import AuditEvent
from tests.factories import at, make_user
from tests.records.chains import TABLE, past_the_application, two_people, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def head_file(settings, tmp_path):
    settings.AUDIT_HEAD_FILE = tmp_path / "audit-head.json"
    return settings.AUDIT_HEAD_FILE


@pytest.fixture
def ten(head_file):
    """Ten sealed events by one person, the head file beside them."""
    first, second = two_people()
    write(10, by=first)
    chain.seal()
    return first, second


def verify(*arguments: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return end.code, out.getvalue().strip()
    return 0, out.getvalue().strip()


def broken(words: str) -> tuple[int, str]:
    return 1, f"Nhật ký KHÔNG nguyên vẹn: {words}."


def pk_of(number: int) -> int:
    return AuditEvent.objects.get(number=number).pk


def changed(number: int) -> str:
    return f"dòng số {number} (mã {pk_of(number)}) đã bị sửa: nội dung không khớp mã của dòng"


# --- whole ----------------------------------------------------------------------------------------


def test_an_intact_log_says_how_many_rows_it_has(ten):
    assert verify() == (0, "Nhật ký nguyên vẹn: 10 dòng.")


def test_what_waits_is_sealed_before_the_log_is_verified(ten):
    write(3)
    assert verify() == (0, "Nhật ký nguyên vẹn: 13 dòng.")


def test_an_empty_log_without_a_head_file_is_whole():
    assert verify() == (0, "Nhật ký nguyên vẹn: 0 dòng.")


def test_verifying_leaves_an_event_with_its_result(ten):
    verify()
    event = AuditEvent.objects.get(verb="audit.verified")
    assert (event.data, event.reason, event.topic) == ({"count": 10}, "", "system")


# --- one column of one row ------------------------------------------------------------------------

VALUES = {
    "at": at("2024-04-15", "09:17").replace(microsecond=1),
    "verb": "assignment.resumed",
    "topic": "registry",
    "target_type": "tasks.task",
    "target_id": 7,
    "target_label": "Việc khác",
    "data": json.dumps({"from": "Đang làm", "to": "Xong"}),
    "reason": "Lý do khác",
    "ip": "10.0.0.8",
    "uid": uuid.UUID(int=5),
    "token": "0" * 64,
    "hash": "1" * 64,
}


@pytest.mark.parametrize("column", [*VALUES, "actor_id", "acting_for_id"])
def test_a_changed_column_is_found(ten, column):
    value = VALUES.get(column, ten[1].pk)
    if column == "uid" and connection.vendor == "sqlite":
        value = value.hex
    touched = past_the_application(f"UPDATE {TABLE} SET {column} = %s WHERE number = 5", value)
    assert (touched, verify()) == (1, broken(changed(5)))


def test_a_changed_id_is_found(ten):
    past_the_application(f"UPDATE {TABLE} SET id = 900000 WHERE number = 5")
    assert verify() == broken(changed(5))


def test_a_changed_hash_of_the_row_before_is_found(ten):
    past_the_application(f"UPDATE {TABLE} SET prev_hash = %s WHERE number = 5", "1" * 64)
    words = f"dòng số 5 (mã {pk_of(5)}) không nối vào dòng trước: mã của dòng trước không khớp"
    assert verify() == broken(words)


@pytest.mark.embedded
@pytest.mark.parametrize("column", ["data", "at", "uid", "number"])
def test_what_cannot_even_be_read_is_a_broken_row(ten, column):
    """SQLite takes any text into any column."""
    past_the_application(f"UPDATE {TABLE} SET {column} = '{{x' WHERE number = 10")
    code, words = verify()
    assert (code, words.startswith("Nhật ký KHÔNG nguyên vẹn: dòng số "), "đã bị sửa" in words) == (1, True, True)


@pytest.mark.embedded
def test_an_unreadable_row_does_not_keep_others_from_being_sealed(ten):
    past_the_application(f"UPDATE {TABLE} SET number = NULL, prev_hash = '', hash = '', uid = '{{x' WHERE number = 10")
    write(2)
    assert chain.seal() == chain.Sealed(count=2, forged=1)


# --- rows that come, go and change places ---------------------------------------------------------


def test_a_deleted_row_is_found(ten):
    past_the_application(f"DELETE FROM {TABLE} WHERE number = 5")
    assert verify() == broken(f"thiếu dòng số 5: tại đó lại là dòng số 6 (mã {pk_of(6)})")


def test_a_deleted_first_row_is_found(ten):
    past_the_application(f"DELETE FROM {TABLE} WHERE number = 1")
    assert verify() == broken(f"thiếu dòng số 1: tại đó lại là dòng số 2 (mã {pk_of(2)})")


def test_a_deleted_row_with_the_gap_closed_is_found(ten):
    past_the_application(f"DELETE FROM {TABLE} WHERE number = 5")
    for number in range(6, 11):
        past_the_application(f"UPDATE {TABLE} SET number = %s WHERE number = %s", number - 1, number)
    words = f"dòng số 5 (mã {pk_of(5)}) không nối vào dòng trước: mã của dòng trước không khớp"
    assert verify() == broken(words)


INSERT = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}, token, number, prev_hash, hash) VALUES ({', '.join(['%s'] * 16)})"


def insert(*, number=None, prev_hash="", hash_="", token="f" * 64, uid=None) -> int:
    """Put a row into the table past the application; its id."""
    uid = uid or uuid.uuid4()
    stored = uid.hex if connection.vendor == "sqlite" else uid
    values = [
        stored,
        at("2024-04-15", "10:00"),
        None,
        None,
        "assignment.cancelled",
        "work",
        "",
        None,
        "",
        "{}",
        "",
        None,
    ]
    past_the_application(INSERT, *values, token, number, prev_hash, hash_)
    return AuditEvent.objects.order_by("-pk").first().pk


def test_a_row_inserted_without_a_number_is_never_sealed_and_found(ten):
    pk = insert()
    assert verify() == broken(f"dòng chưa có số (mã {pk}) không do hệ thống ghi: dấu không đúng")
    assert AuditEvent.objects.get(pk=pk).number is None


def test_a_row_inserted_without_a_number_does_not_keep_others_from_being_sealed(ten):
    insert()
    write(2)
    assert chain.seal() == chain.Sealed(count=2, forged=1)


def test_a_row_inserted_in_the_middle_is_found(ten):
    for number in range(10, 5, -1):
        past_the_application(f"UPDATE {TABLE} SET number = %s WHERE number = %s", number + 1, number)
    five = AuditEvent.objects.get(number=5)
    pk = insert(number=6, prev_hash=five.hash, hash_="a" * 64)
    assert verify() == broken(f"dòng số 6 (mã {pk}) đã bị sửa: nội dung không khớp mã của dòng")


def test_a_row_appended_with_a_right_hash_but_without_our_key_is_found(ten):
    last = AuditEvent.objects.get(number=10)
    uid = uuid.uuid4()
    values = [uid, at("2024-04-15", "10:00"), None, None, "assignment.cancelled", "work", "", None, "", {}, "", None]
    text = canonical(values)
    token = Keys.of("a key somebody else has guessed").sign(text)
    next_pk = AuditEvent.objects.order_by("-pk").first().pk + 1
    pk = insert(number=11, prev_hash=last.hash, token=token, uid=uid, hash_=link(last.hash, 11, next_pk, token, text))
    assert pk == next_pk
    assert verify() == broken(f"dòng số 11 (mã {pk}) không do hệ thống ghi: dấu không đúng")


def test_two_rows_with_their_places_swapped_are_found(ten):
    for old, new in ((4, -1), (7, 4), (-1, 7)):
        past_the_application(f"UPDATE {TABLE} SET number = %s WHERE number = %s", new, old)
    words = f"dòng số 4 (mã {pk_of(4)}) không nối vào dòng trước: mã của dòng trước không khớp"
    assert verify() == broken(words)


def test_two_rows_with_their_content_swapped_are_found(ten):
    four, seven = AuditEvent.objects.get(number=4), AuditEvent.objects.get(number=7)
    for one, other in ((four, seven), (seven, four)):
        past_the_application(f"UPDATE {TABLE} SET at = %s WHERE id = %s", other.at, one.pk)
    assert verify() == broken(changed(4))


def test_a_cut_tail_is_found_by_the_head_file(ten):
    past_the_application(f"DELETE FROM {TABLE} WHERE number > 8")
    assert verify() == broken("thiếu từ dòng số 9: tệp audit-head.json ghi 10 dòng, nhật ký chỉ còn 8")


def test_a_cut_tail_stays_found_after_new_events_have_grown_over_it(ten, caplog):
    past_the_application(f"DELETE FROM {TABLE} WHERE number > 8")
    write(5)
    chain.seal()
    words = f"dòng số 10 (mã {pk_of(10)}) không phải dòng mà tệp audit-head.json đã ghi: chuỗi đã bị viết lại"
    assert verify() == broken(words)


def test_an_emptied_table_is_found(ten):
    past_the_application(f"DELETE FROM {TABLE}")
    assert verify() == broken("thiếu từ dòng số 1: tệp audit-head.json ghi 10 dòng, nhật ký trống")


def test_an_emptied_table_stays_found_after_new_events(ten):
    past_the_application(f"DELETE FROM {TABLE}")
    write(12)
    words_of = "không phải dòng mà tệp audit-head.json đã ghi: chuỗi đã bị viết lại"
    code, words = verify()
    assert (code, words.endswith(f"{words_of}.")) == (1, True)


def test_a_chain_written_anew_after_a_change_is_found(ten):
    """Somebody without our key changes a row and computes every later hash again."""
    past_the_application(f"UPDATE {TABLE} SET reason = 'khác' WHERE number = 5")
    previous = AuditEvent.objects.get(number=4).hash
    for event in AuditEvent.objects.filter(number__gte=5).order_by("number"):
        text = canonical([getattr(event, name) for name in COLUMNS])
        digest = link(previous, event.number, event.pk, event.token, text)
        past_the_application(f"UPDATE {TABLE} SET prev_hash = %s, hash = %s WHERE id = %s", previous, digest, event.pk)
        previous = digest
    assert verify() == broken(f"dòng số 5 (mã {pk_of(5)}) không do hệ thống ghi: dấu không đúng")


# --- keys and files -------------------------------------------------------------------------------


def test_rows_of_an_old_key_stay_whole_while_the_key_is_known(ten, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "m" * 50, [settings.SECRET_KEY]
    write(2)
    assert verify() == (0, "Nhật ký nguyên vẹn: 12 dòng.")


def test_rows_of_a_forgotten_key_are_vouched_for_by_the_head_file(ten, settings):
    settings.SECRET_KEY = "m" * 50
    assert verify() == (0, "Nhật ký nguyên vẹn: 10 dòng.")


def test_an_older_copy_of_the_head_file_still_fits(ten, head_file, tmp_path):
    older = tmp_path / "older.json"
    older.write_bytes(head_file.read_bytes())
    write(5)
    assert verify("--file", str(older)) == (0, "Nhật ký nguyên vẹn: 15 dòng.")


def test_a_copy_of_the_head_file_finds_the_cut_that_the_own_file_was_made_to_fit(ten, head_file, tmp_path):
    copy = tmp_path / "copy.json"
    copy.write_bytes(head_file.read_bytes())
    past_the_application(f"DELETE FROM {TABLE} WHERE number > 8")
    for path in tmp_path.glob("audit-head.*"):
        path.unlink()
    assert verify() == (0, "Nhật ký nguyên vẹn: 8 dòng.")
    assert verify("--file", str(copy))[0] == 1


def test_the_daily_line_finds_what_the_head_file_was_made_to_fit(ten, head_file):
    """The file is set back to what is left; the line of the day beside it is not."""
    past_the_application(f"DELETE FROM {TABLE} WHERE number > 8")
    eight = AuditEvent.objects.get(number=8)
    head_file.write_text(json.dumps({**json.loads(head_file.read_text()), "count": 8, "head": eight.hash}))
    code, words = verify()
    assert (code, "trong tệp audit-head.log ghi 10 dòng" in words) == (1, True)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"count": "x"}', "\x00"])
def test_a_damaged_head_file_is_said_so(ten, head_file, content):
    head_file.write_text(content)
    code, words = verify()
    assert (code, words.startswith("Nhật ký KHÔNG nguyên vẹn: không đọc được tệp")) == (1, True)


def test_a_named_file_that_is_missing_is_an_error(ten, tmp_path):
    with pytest.raises(CommandError, match="không có tệp"):
        verify("--file", str(tmp_path / "missing.json"))


# --- how fast -------------------------------------------------------------------------------------


def test_verifying_reads_thousands_of_rows_a_second(head_file, capsys):
    user = make_user("nhanh")
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(verb="assignment.paused", actor=user, at=at("2024-04-15"), data={"nr": number}, reason="Chờ")
            for number in range(5000)
        ]
    )
    began = time.perf_counter()
    chain.seal()
    sealed = time.perf_counter() - began
    began = time.perf_counter()
    result = chain.verify([])
    verified = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n{connection.vendor}: sealed {5000 / sealed:.0f} rows/s, verified {5000 / verified:.0f} rows/s")
    assert (result.rows, result.broken) == (5000, "")
    assert verified < 10
