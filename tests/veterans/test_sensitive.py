"""Sensitive things: sealed, masked, typed, opened one at a time."""

import pytest
from django.db import connection
from django.urls import reverse

from records.models import AuditEvent
from tests.veterans.conftest import NOW, logged_words
from tests.veterans.test_views import edit_data
from veterans import ethnic_groups, people, sensitive
from veterans.enums import SensitiveKind
from veterans.sensitive_words import clean_id_number, masked, shown

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]

EVERYTHING = {
    "id_number": "062030000123",
    "ethnicity": "Xê Đăng",
    "health": "limited",
    "circumstances": ["alone", "poor"],
    "phone": "0950 000 007",
    "relative_contact": "Y Mai, con gái",
    "relative_phone": "+84950000008",
    "note": "Nhà ở cuối làng",
}
STORED = {
    "id_number": "062030000123",
    "ethnicity": "Xơ Đăng",
    "health": "limited",
    "circumstances": "alone;poor",
    "phone": "0950000007",
    "relative_contact": "Y Mai, con gái",
    "relative_phone": "0950000008",
    "note": "Nhà ở cuối làng",
}


def address(name, person):
    return reverse(f"veterans:{name}", args=[person.pk])


@pytest.mark.parametrize(
    ("kind", "value", "mask"),
    [
        ("id_number", "079030000001", "0790******01"),
        ("id_number", "233000111", "2330***11"),
        ("id_number", "12", "***"),
        ("phone", "0950000001", "0950***001"),
        ("relative_phone", "0260 3862 524", "0260***524"),
        ("phone", "12345", "***"),
        ("health", "bedridden", ""),
        ("relative_contact", "A Khiên", ""),
    ],
)
def test_a_number_is_masked_and_a_word_is_not_shown_at_all(kind, value, mask):
    assert masked(kind, value) == mask


def test_codes_are_shown_by_their_names():
    assert shown("circumstances", "alone;poor") == "Sống một mình, Hộ nghèo"
    assert shown("health", "walks") == "Tự đi lại được"
    assert shown("ethnicity", "Brâu") == "Brâu"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Việt", "Kinh"),
        ("XÊ ĐĂNG", "Xơ Đăng"),
        ("J'rai", "Gia Rai"),
        ("gié-triêng", "Giẻ Triêng"),
        ("Bahnar", "Ba Na"),
        ("H'Mông", "Mông"),
        ("Ro Mam", "Rơ Măm"),
        ("Thổ", "Thổ"),
        ("Anh", "Anh"),
        ("", ""),
    ],
)
def test_an_ethnic_group_has_one_name_and_what_is_none_stays_as_written(written, name):
    assert ethnic_groups.name_of(written) == name


def test_there_are_54_groups_each_once():
    assert len(set(ethnic_groups.names())) == 54


@pytest.mark.parametrize("typed", ["12", "12345678901", "06203000012a"])
def test_an_id_number_of_another_length_is_refused(typed):
    with pytest.raises(ValueError, match="9 chữ số"):
        clean_id_number(typed)


def test_the_form_writes_every_kind_sealed_and_logs_their_names(client, add, land):
    person = add()
    client.force_login(land.of_near)
    answer = client.post(address("person_edit", person), edit_data(person, **EVERYTHING))

    assert answer.status_code == 302
    assert sensitive.read(person, SensitiveKind.values) == STORED
    event = AuditEvent.objects.get(verb="person.changed")
    assert set(event.data["fields"]) == {"categories", *SensitiveKind.values}
    assert [words for words in STORED.values() if words in logged_words()] == []


def test_what_is_stored_is_not_shown_for_editing(client, add, land):
    person = add(**STORED)
    client.force_login(land.of_near)
    page = client.get(address("person_edit", person)).content.decode()
    hidden = ("062030000123", "Y Mai", "0950000007", "0950000008", "cuối làng", 'value="limited" selected')
    assert [words for words in hidden if words in page] == []
    assert ["0620******23" in page, "0950***007" in page] == [True, True]


def test_each_kind_is_opened_alone_with_one_log_row(client, add, land):
    person = add(**STORED)
    client.force_login(land.of_near)
    words = {kind: shown(kind, value) for kind, value in STORED.items()}
    for kind in STORED:
        page = client.post(address("person_open", person), {"kind": kind, "purpose-purpose": "check"}).content.decode()
        # The group's name is no secret word: it may stand in a list elsewhere.
        assert [other for other, text in words.items() if f">{text}<" in page] == [kind]
    events = AuditEvent.objects.filter(verb="person.sensitive_read").order_by("pk")
    assert [event.data for event in events] == [{"fields": [kind], "purpose": "check"} for kind in STORED]


@pytest.mark.parametrize("kind", ["", "full_name", "password", "health\0"])
def test_another_kind_than_ours_opens_nothing(client, add, land, kind):
    person = add(**STORED)
    client.force_login(land.of_near)
    answer = client.post(address("person_open", person), {"kind": kind, "purpose-purpose": "check"})
    assert answer.status_code == 302
    assert AuditEvent.objects.filter(verb="person.sensitive_read").count() == 0


def test_without_the_key_the_card_and_the_form_still_open_and_say_so(client, add, land, settings):
    person = add(**STORED)
    settings.FIELD_KEY = b"k" * 32
    client.force_login(land.of_near)
    card = client.get(address("person_detail", person))
    opened = client.post(address("person_open", person), {"kind": "phone", "purpose-purpose": "check"})
    assert [card.status_code, client.get(address("person_edit", person)).status_code] == [200, 200]
    assert "thiếu khóa mã hóa" in card.content.decode()
    assert (opened.status_code, "máy chủ thiếu khóa" in opened.content.decode()) == (422, True)
    assert AuditEvent.objects.filter(verb="person.sensitive_read").count() == 0


def test_no_table_of_the_registry_holds_a_sensitive_value_in_the_open(add):
    add(**STORED)
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("veterans_"):
                continue
            cursor.execute(f"SELECT * FROM {table}")
            found += [table for row in cursor.fetchall() if any(word in str(row) for word in STORED.values())]
    assert found == []


def test_a_value_that_did_not_change_is_not_written_again(add, land):
    person = add(**STORED)
    same = people.change_person(
        person,
        fields=STORED,
        categories={"frontline_labourer": ("Giấy chứng nhận", "DC-01")},
        version=person.version,
        by=land.of_near,
        now=NOW,
    )
    assert same.version == 1
    assert AuditEvent.objects.filter(verb="person.changed").count() == 0
