"""Earlier documents a draft speaks of changing: offered, never linked by themselves."""

from datetime import date

import pytest

from tasks.amending.finding import recorded, suggestions
from tasks.models import Amendment, CitedDocument, Directive
from tests.tasks.amending.papers import make_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers():
    papers = make_papers()
    Directive.objects.filter(pk=papers.earlier.pk).update(issued_date=date(2024, 2, 15))
    CitedDocument.objects.create(directive=papers.later, number="41-CV/TU", date=date(2024, 2, 15))
    return papers


def offered(papers, body):
    papers.later.texts.update(body=body)
    return [
        (str(one.amended), one.kind, one.task.code if one.task else None, one.new_due)
        for one in suggestions(papers.later, user=papers.office)
    ]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "Gia hạn nhiệm vụ 2 của Công văn số 41-CV/TU, hoàn thành trước ngày 26/4/2024.",
            [("Ngày hội", "due", "2", date(2024, 4, 26))],
        ),
        ("Điều chỉnh thời gian tại Công văn số 41-CV/TU.", [("Ngày hội", "due", None, None)]),
        (
            "Bãi bỏ điểm 1 và điểm 4 Công văn số 41-CV/TU.",
            [("Ngày hội", "ends", "1", None), ("Ngày hội", "ends", "4", None)],
        ),
        ("Văn bản này thay thế Công văn số 41-CV/TU.", [("Ngày hội", "replaces", None, None)]),
        ("Bổ sung Công văn số 41-CV/TU như sau.", [("Ngày hội", "adds", None, None)]),
        ("Tiếp tục thực hiện Công văn số 41-CV/TU.", []),
        ("Bãi bỏ Công văn số 141-CV/TU.", []),
        ("Bãi bỏ Công văn số 41-CV/TUX.", []),
    ],
)
def test_a_sentence_with_the_number_and_a_word_of_change_is_offered(papers, sentence, found):
    assert offered(papers, f"Mở đầu.\n{sentence}\nHết.") == found
    assert Amendment.objects.count() == 0


def test_what_is_written_down_is_not_offered_again(papers):
    papers.amend("ends", "1")
    assert offered(papers, "Bãi bỏ điểm 1 và điểm 4 Công văn số 41-CV/TU.") == [("Ngày hội", "ends", "4", None)]


@pytest.mark.parametrize(
    ("number", "day", "issuer", "found"),
    [
        ("41-CV/TU", date(2024, 2, 15), "", "Ngày hội"),
        ("41 - cv / tu", date(2024, 2, 15), "", "Ngày hội"),
        ("41-CV/TU", date(2023, 2, 15), "Tỉnh ủy Kon Tum", None),
        ("41-CV/TU", None, "Tỉnh ủy Kon Tum", "Ngày hội"),
        ("41-CV/TU", None, "", None),
        ("42-CV/TU", date(2024, 2, 15), "", None),
        ("không số", date(2024, 2, 15), "", None),
    ],
)
def test_a_cited_document_is_the_recorded_one_of_its_number_and_day(papers, number, day, issuer, found):
    cited = CitedDocument.objects.create(directive=papers.later, number=number, date=day, issuer=issuer)
    one = recorded([cited], user=papers.office).get(cited.pk)
    assert (str(one) if one else None) == found


def test_the_corrected_number_counts_as_well(papers):
    cited = CitedDocument.objects.create(
        directive=papers.later, number="4l-CV/TU", number_corrected="41-CV/TU", date=date(2024, 2, 15)
    )
    assert recorded([cited], user=papers.office) == {cited.pk: papers.earlier}


def test_hundreds_of_cited_documents_cost_one_statement(papers, django_assert_num_queries):
    cited = CitedDocument.objects.bulk_create(
        CitedDocument(directive=papers.later, number=f"{number}-CV/TU", date=date(2024, 2, 15)) for number in range(300)
    )
    recorded(cited[:1], user=papers.office)
    with django_assert_num_queries(1):
        found = recorded(cited, user=papers.office)
    assert found == {cited[41].pk: papers.earlier}
