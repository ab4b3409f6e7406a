"""The pages of reports to the bodies above, and of the documents that ask for them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records.models import AuditEvent
from tasks.models import CitedDocument, CitedFile, UpwardReport
from tests.factories import at, make_directive, make_office_user, make_reporter, make_unit
from tests.tasks.upward.files import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(client):
    user = make_office_user()
    client.force_login(user)
    return user


@pytest.fixture
def draft(office):
    return make_directive(state="draft")


@pytest.fixture
def cited(draft):
    return CitedDocument.objects.create(
        directive=draft, number="l35-HD/BTGTW", date=date(2024, 1, 8), issuer="Ban Tuyên giáo Trung ương"
    )


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- reports --------------------------------------------------------------------------------------


def test_from_the_cited_document_to_sent(client, draft, cited):
    new = f"/van-ban/{draft.pk}/bao-cao-cap-tren/moi/?vien-dan={cited.pk}"
    assert 'value="Ban Tuyên giáo Trung ương"' in page(client, new)
    values = {"to_whom": "Ban Tuyên giáo Trung ương", "about": "Kết quả", "due": "20/5/2024", "cited": cited.pk}
    answer = client.post(new, values)
    report = UpwardReport.objects.get()
    assert answer["Location"] == f"/bao-cao-cap-tren/{report.pk}/"
    assert "Kết quả" in page(client, f"/van-ban/{draft.pk}/")
    sent = {"sent_on": "15/02/2024", "number": "12-BC/TU", "signer": "Lê Văn A"}
    client.post(f"/bao-cao-cap-tren/{report.pk}/da-gui/", sent)
    assert "số 12-BC/TU, ngày 15/02/2024, Lê Văn A ký" in page(client, f"/bao-cao-cap-tren/{report.pk}/")
    assert "12-BC/TU" in page(client, "/bao-cao-cap-tren/?xem=da-gui")
    assert "Không có báo cáo nào" in page(client, "/bao-cao-cap-tren/")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"to_whom": ""}, "Hãy ghi báo cáo gửi đến đâu."),
        ({"about": ""}, "Hãy ghi báo cáo về việc gì."),
        ({"due": "31/02/2024"}, "31/02/2024"),
        ({"cited": "999999"}, "Theo văn bản viện dẫn"),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_stays(client, draft, values, said):
    typed = {"to_whom": "Ban Tuyên giáo", "about": "Kết quả giữ lại", "due": "20/5/2024", **values}
    answer = client.post(f"/van-ban/{draft.pk}/bao-cao-cap-tren/moi/", typed)
    shown = answer.content.decode()
    assert (answer.status_code, UpwardReport.objects.count()) == (422, 0)
    assert said in shown
    assert (typed["about"] or typed["to_whom"]) in shown


@pytest.mark.parametrize("wanted", ["abc", "²", "9" * 30, "999999"])
def test_a_cited_document_that_is_none_fills_nothing(client, draft, wanted):
    assert client.get(f"/van-ban/{draft.pk}/bao-cao-cap-tren/moi/?vien-dan={wanted}").status_code == 200


def test_the_list_costs_the_same_for_one_and_three_hundred(client, draft, django_assert_num_queries):
    def make(count):
        UpwardReport.objects.bulk_create(
            UpwardReport(
                directive=draft,
                to_whom="Ban",
                about=f"Việc {number}",
                due=date(2024, 5, 20),
                made_at=at("2024-02-15"),
                updated_at=at("2024-02-15"),
            )
            for number in range(count)
        )

    make(1)
    client.get("/bao-cao-cap-tren/")
    with django_assert_num_queries(STATEMENTS):
        client.get("/bao-cao-cap-tren/")
    make(299)
    with django_assert_num_queries(STATEMENTS):
        answer = client.get("/bao-cao-cap-tren/")
    assert (answer.content.decode().count("<tr>"), "300 báo cáo" in answer.content.decode()) == (26, True)


STATEMENTS = 4


# --- cited documents ------------------------------------------------------------------------------


def test_the_right_number_stands_beside_the_printed_one(client, draft, cited):
    address = f"/van-ban/{draft.pk}/vien-dan/{cited.pk}/sua/"
    values = {"number_corrected": "135-HD/BTGTW", "date": "09/01/2024", "issuer": "BTGTW", "title": "Tuyên truyền"}
    client.post(address, values)
    cited.refresh_from_db()
    assert (cited.number, cited.number_corrected, cited.date, cited.title) == (
        "l35-HD/BTGTW",
        "135-HD/BTGTW",
        date(2024, 1, 9),
        "Tuyên truyền",
    )
    assert "(đúng: 135-HD/BTGTW)" in page(client, f"/van-ban/{draft.pk}/")
    assert AuditEvent.objects.get(verb="cited.changed").data["fields"] == [
        "number_corrected",
        "date",
        "issuer",
        "title",
    ]


def test_what_was_issued_is_not_changed_but_its_file_may_be_replaced(client, draft, cited):
    type(draft).objects.filter(pk=draft.pk).update(state="issued", issued_on=date(2024, 2, 15))
    address = f"/van-ban/{draft.pk}/vien-dan/{cited.pk}/"
    assert client.post(f"{address}sua/", {"title": "Khác"}).status_code == 403
    client.post(address, {"file": SimpleUploadedFile("mot.txt", b"Mot.")})
    client.post(address, {"file": SimpleUploadedFile("hai.txt", b"Hai.")})
    names = list(CitedFile.objects.order_by("pk").values_list("file__original_name", flat=True))
    cited.refresh_from_db()
    assert (names, cited.file.original_name) == (["mot.txt", "hai.txt"], "hai.txt")
    shown = page(client, f"{address}sua/")
    assert "mot.txt" in shown
    verbs = list(AuditEvent.objects.filter(verb__startswith="cited.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["cited.file_added", "cited.file_replaced"]


def test_a_file_from_before_the_history_stays_in_it(client, draft, cited):
    cited.file = kept("cu.txt")
    cited.save()
    client.post(f"/van-ban/{draft.pk}/vien-dan/{cited.pk}/", {"file": SimpleUploadedFile("moi.txt", b"Moi.")})
    names = list(CitedFile.objects.order_by("pk").values_list("file__original_name", flat=True))
    assert names == ["cu.txt", "moi.txt"]


def test_the_replaced_file_is_read_by_whoever_reads_the_document(client, draft, cited):
    type(draft).objects.filter(pk=draft.pk).update(state="issued", issued_on=date(2024, 2, 15))
    for name in ("mot.txt", "hai.txt"):
        client.post(f"/van-ban/{draft.pk}/vien-dan/{cited.pk}/", {"file": SimpleUploadedFile(name, name.encode())})
    old = CitedFile.objects.order_by("pk").first().file
    client.force_login(make_reporter(make_unit()))
    assert client.get(f"/tep/{old.pk}/").status_code in (200, 302)


def test_a_missing_file_is_said_and_a_recorded_document_is_linked(client, office, draft, cited):
    assert "thiếu tệp" in page(client, f"/van-ban/{draft.pk}/")
    known = make_directive(number="135-HD/BTGTW", issued_date=date(2024, 1, 8), issuer="Ban Tuyên giáo Trung ương")
    CitedDocument.objects.filter(pk=cited.pk).update(number_corrected="135-HD/BTGTW")
    shown = page(client, f"/van-ban/{draft.pk}/")
    assert "thiếu tệp" not in shown
    assert f'<a href="/van-ban/{known.pk}/">Văn bản đã ghi: {known}</a>' in shown
