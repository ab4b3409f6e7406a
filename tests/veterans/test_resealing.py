"""A new key: everything is sealed anew, found again by its number, and the old key can be thrown away."""

import pytest
from django.core.management import CommandError, call_command

from directive_tracker import crypto
from records.results import keep_file
from tests.veterans.conftest import NOW
from veterans import sensitive
from veterans.duplicates import snapshot
from veterans.enums import SensitiveKind
from veterans.models import Merge, Person, SensitiveValue
from veterans.protection import resealing

pytestmark = pytest.mark.django_db
OLD, NEW = b"o" * 32, b"n" * 32
KNOWN = {"id_number": "062030000123", "phone": "0950000001", "health": "walks"}


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT, settings.FIELD_KEY, settings.FIELD_KEY_FALLBACKS = tmp_path, OLD, []


@pytest.fixture
def sealed(add, land):
    """A person, a file and a merge's copy under the old key."""
    person, other = add("A Thút", **KNOWN), add("A Khác")
    file = keep_file(b"Canari" * 100_000, "a.txt", "text/plain", by=land.of_near, now=NOW, sealed=True)
    copy = crypto.encrypt(b"as they were", snapshot.context_of(person.pk, other.pk))
    Merge.objects.create(kept=person, absorbed=other, sealed=copy, key_id=crypto.key_id(copy), by=land.of_near, at=NOW)
    return person, file


def change_key(settings):
    settings.FIELD_KEY, settings.FIELD_KEY_FALLBACKS = NEW, [OLD]


def test_after_it_the_old_key_is_not_needed_for_anything(sealed, settings, capsys):
    person, file = sealed
    change_key(settings)
    call_command("reseal")
    settings.FIELD_KEY_FALLBACKS = []
    file.refresh_from_db()
    merge = Merge.objects.get()
    assert "Đã mã hóa lại 5 mục bằng khóa mới; còn 0 mục dưới khóa cũ." in capsys.readouterr().out
    assert sensitive.read(person, SensitiveKind.values) == KNOWN
    assert file.open_plain().read() == b"Canari" * 100_000
    assert crypto.decrypt(merge.sealed, snapshot.context_of(merge.kept_id, merge.absorbed_id)) == b"as they were"
    found = [sensitive.with_number(Person.objects.all(), number).get().pk for number in ("062030000123", "0123")]
    assert found == [person.pk, person.pk]


def test_while_the_key_is_being_changed_a_number_is_found_under_the_old_one(sealed, settings):
    change_key(settings)
    assert sensitive.with_number(Person.objects.all(), "0123").get().pk == sealed[0].pk


def test_run_again_it_finds_nothing_and_leaves_one_file_on_the_disk(sealed, settings, capsys, tmp_path):
    change_key(settings)
    call_command("reseal")
    before = sorted(SensitiveValue.objects.values_list("pk", "key_id"))
    call_command("reseal")
    assert "Đã mã hóa lại 0 mục" in capsys.readouterr().out.splitlines()[-1]
    assert sorted(SensitiveValue.objects.values_list("pk", "key_id")) == before
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_stopped_in_the_middle_it_goes_on_where_it_was(sealed, settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 1)
    change_key(settings)
    next(resealing.reseal_values(resealing.Counts()))
    keys = list(SensitiveValue.objects.order_by("pk").values_list("key_id", flat=True))
    assert [key == resealing.newest() for key in keys] == [True, False, False]
    call_command("reseal")
    assert resealing.left() == 0


def test_what_no_key_opens_is_said_and_not_lost(sealed, settings):
    kept = bytes(SensitiveValue.objects.first().sealed)
    settings.FIELD_KEY, settings.FIELD_KEY_FALLBACKS = NEW, []
    with pytest.raises(CommandError, match="Có 5 mục không mở được bằng khóa nào và 4 mục chưa chuyển"):
        call_command("reseal")
    assert bytes(SensitiveValue.objects.first().sealed) == kept


def test_copies_nobody_registered_keep_the_old_key_needed(sealed, settings, monkeypatch):
    monkeypatch.delitem(resealing._contexts, Merge)
    change_key(settings)
    with pytest.raises(CommandError, match="1 mục chưa chuyển; chưa được bỏ khóa cũ"):
        call_command("reseal")
