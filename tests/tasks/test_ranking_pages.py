"""The pages of rankings: made, looked at, answered and sent in the browser's way."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from records.models import Job
from records.models.jobs import JobState
from tasks.models import Ranking, RankingAnswer
from tasks.ranking import making, steps
from tasks.ranking.jobs import make_ranking
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from units.models import UnitKind

pytestmark = pytest.mark.django_db

MONDAY = date(2024, 4, 15)


class House:
    """A directive on which Đắk Hà was late once in three works and Ngọc Hồi never; the clock stands still until moved."""

    def __init__(self, monkeypatch) -> None:
        self._monkeypatch = monkeypatch
        self.move(MONDAY)
        self.office = make_office_user()
        self.directive = make_directive()
        self.mine, self.other = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
        self.reporter, self.stranger = make_reporter(self.mine, "dakha"), make_reporter(self.other, "ngochoi")
        self.reader = make_user("thuongtruc")
        make_membership(self.reader, make_unit("Thường trực", kind=UnitKind.STANDING_COMMITTEE), "reader")
        done = {"due": date(2024, 4, 10), "state": "completed", "completed_on": date(2024, 4, 10)}
        tasks = [make_task(self.directive, f"1a.{number}") for number in (1, 2, 3)]
        for task in tasks:
            make_assignment(task, self.other, **done)
        for task in tasks[:2]:
            make_assignment(task, self.mine, **done)
        self.late = make_assignment(tasks[2], self.mine, due=date(2024, 4, 9), state="in_progress")

    def move(self, day: date) -> None:
        """Let the pages' clock show that day, 09:00."""
        self._monkeypatch.setattr("directive_tracker.clock.now", lambda: at(day, "09:00"))
        self._monkeypatch.setattr("directive_tracker.clock.today", lambda: day)

    def browser(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def make(self) -> Ranking:
        return making.make(self.directive, day=date(2024, 4, 14), minimum=3, by=self.office, now=at(MONDAY))

    def shown(self) -> Ranking:
        ranking = self.make()
        steps.show(ranking, by=self.office, now=at(MONDAY))
        return ranking


@pytest.fixture
def house(monkeypatch) -> House:
    return House(monkeypatch)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def text(response) -> str:
    return " ".join(response.content.decode().split())


# --- making ----------------------------------------------------------------------------------------


def test_the_office_makes_one_of_a_document_for_the_end_of_yesterday(house):
    office = house.browser(house.office)
    chosen = f"?van-ban={house.directive.pk}"
    assert f'href="/xep-hang/{chosen}"' in text(office.get(f"/tong-quan/{house.directive.pk}/"))
    assert f'href="/xep-hang/lap/{chosen}"' in text(office.get(f"/xep-hang/{chosen}"))
    form = office.get("/xep-hang/lap/", {"van-ban": house.directive.pk}).context["form"]
    assert (form["scope"].value(), form["day"].value(), form["minimum"].value()) == (
        str(house.directive.pk),
        "hom-qua",
        "3",
    )

    response = office.post(
        "/xep-hang/lap/", {"scope": house.directive.pk, "day": "hom-qua", "minimum": "3"}, follow=True
    )

    ranking = Ranking.objects.get()
    assert response.redirect_chain == [(f"/xep-hang/{ranking.pk}/", 302)]
    assert said(response) == ["Đã lập bảng xếp hạng. Hiện chỉ Văn phòng xem được."]
    assert (ranking.directive, ranking.day, ranking.minimum) == (house.directive, date(2024, 4, 14), 3)
    assert "3/3 (100%)" in text(response)
    assert "2/3 (66%)" in text(response)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"minimum": "0"}, "Số việc ít nhất phải từ 1 đến 50."),
        ({"minimum": "51"}, "Số việc ít nhất phải từ 1 đến 50."),
        ({"scope": "999999"}, "Hãy chọn một văn bản đang theo dõi, hoặc tất cả."),
        ({"scope": "²"}, "Hãy chọn một văn bản đang theo dõi, hoặc tất cả."),
        ({"scope": "9" * 40}, "Hãy chọn một văn bản đang theo dõi, hoặc tất cả."),
        ({"day": "mai"}, "Hãy chọn hôm qua hoặc hôm nay."),
    ],
)
def test_what_cannot_be_ranked_is_said_and_what_was_typed_stays(house, typed, words):
    asked = {"scope": "tat-ca", "day": "hom-nay", "minimum": "4"} | typed

    response = house.browser(house.office).post("/xep-hang/lap/", asked)

    assert response.status_code == 422
    assert words in text(response)
    assert {name: response.context["form"][name].value() for name in asked} == asked
    assert Ranking.objects.count() == 0


def test_a_document_without_work_that_counts_is_refused_in_words(house):
    empty = make_directive(title="Chỉ đạo khác", short_title="Chỉ đạo khác")

    response = house.browser(house.office).post("/xep-hang/lap/", {"scope": empty.pk, "day": "hom-qua", "minimum": "3"})

    assert response.status_code == 422
    assert "Chưa có việc nào thuộc diện thống kê trong phạm vi này" in text(response)


def test_very_much_work_is_counted_by_a_job_that_tells_when_it_is_done(house, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 5)

    response = house.browser(house.office).post("/xep-hang/lap/", {"scope": "tat-ca", "day": "hom-qua", "minimum": "3"})
    job = Job.objects.get()
    assert (response.url, job.title) == (f"/viec-nen/{job.pk}/", "Lập bảng xếp hạng: tất cả văn bản đang theo dõi")
    make_ranking(job.pk)

    job.refresh_from_db()
    ranking = Ranking.objects.get()
    assert (job.state, job.percent) == (JobState.DONE, 75)
    assert (ranking.directive, ranking.day, ranking.data["ranked"]) == (None, date(2024, 4, 14), 2)
    notices = house.browser(house.office).get("/thong-bao/")
    assert "Đã lập xong: Xếp hạng tiến độ đến hết 14/4/2024" in text(notices)


# --- the way through the office's and the units' pages ---------------------------------------------


def test_from_the_office_to_the_unit_and_on_to_the_standing_committee(house):
    office, unit, reader = (house.browser(user) for user in (house.office, house.reporter, house.reader))
    ranking = house.make()
    page, own = f"/xep-hang/{ranking.pk}/", f"/xep-hang/{ranking.pk}/don-vi/{house.mine.pk}/"
    assert [client.get(page).status_code for client in (office, unit, reader)] == [200, 404, 404]

    shown = office.post(f"{page}cho-xem/", follow=True)
    assert said(shown) == ["Các đơn vị đã xem được, 2 người được báo. Từ ngày 17/4/2024 mới gửi Thường trực được."]
    assert "Gửi Thường trực</button>" not in text(shown)

    home = unit.get("/don-vi/")
    assert f'Bảng xếp hạng chờ đơn vị xem, đến ngày 17/4/2024: <a href="{own}">' in text(home)
    answered = unit.post(f"{own}y-kien/", {"text": "Việc 1a.3 đã gửi ngày 8/4."}, follow=True)
    assert said(answered) == ["Đã gửi ý kiến cho Văn phòng."]
    assert said(office.post(f"{own}tra-loi/", {"text": "Đã xem lại."}, follow=True)) == ["Đã gửi trả lời cho đơn vị."]

    early = office.post(f"{page}gui/", follow=True)
    assert said(early) == [
        "Chưa gửi Thường trực được: các đơn vị còn được xem và nêu ý kiến, từ ngày 17/4/2024 mới gửi được."
    ]
    assert reader.get(page).status_code == 404

    house.move(date(2024, 4, 17))
    assert "Gửi Thường trực</button>" in text(office.get(page))
    office.post(f"{page}gui/")
    whole = text(reader.get(page))
    assert f'<a href="{own}#y-kien">1 ý kiến</a>' in whole
    assert "1 đơn vị đã nêu ý kiến, xem ở từng dòng." in whole
    assert "Việc 1a.3 đã gửi ngày 8/4." in text(reader.get(own))
    assert "Bảng xếp hạng chờ đơn vị xem" not in text(unit.get("/don-vi/"))


def test_a_units_people_are_led_to_their_place_and_see_no_other_name(house):
    ranking = house.shown()
    unit = house.browser(house.reporter)

    response = unit.get(f"/xep-hang/{ranking.pk}/", follow=True)

    assert response.redirect_chain == [(f"/xep-hang/{ranking.pk}/don-vi/{house.mine.pk}/", 302)]
    assert "Hạng 2 trên 2 đơn vị" in text(response)
    assert f'<a href="{house.late.get_absolute_url()}">' in text(response)
    assert "Ngọc Hồi" not in text(response)
    assert unit.get(f"/xep-hang/{ranking.pk}/don-vi/{house.other.pk}/").status_code == 404


def test_readers_have_no_way_to_rankings_before_one_was_sent(house):
    ranking = house.shown()
    reader = house.browser(house.reader)
    for page in ("/bao-cao-nhanh/", f"/tong-quan/{house.directive.pk}/"):
        assert "/xep-hang/" not in text(reader.get(page))
    assert "Chưa có bảng xếp hạng nào" in text(reader.get("/xep-hang/"))

    house.move(date(2024, 4, 17))
    steps.release(ranking, by=house.office, now=at("2024-04-17"))

    assert "/xep-hang/" in text(reader.get("/bao-cao-nhanh/"))
    assert f"/xep-hang/{ranking.pk}/" in text(reader.get("/xep-hang/"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Hãy ghi ý kiến."),
        ("  ", "Hãy ghi ý kiến."),
        ("ừ", "Hãy ghi rõ hơn, ít nhất 3 chữ cái."),
        ("a" * 1001, "Ý kiến dài quá 1000 chữ cái, hãy ghi gọn lại."),
    ],
)
def test_an_answer_that_says_nothing_or_too_much_is_refused_and_stays(house, typed, words):
    ranking = house.shown()

    response = house.browser(house.reporter).post(
        f"/xep-hang/{ranking.pk}/don-vi/{house.mine.pk}/y-kien/", {"text": typed}
    )

    assert response.status_code == 422
    assert words in text(response)
    assert response.context["words_form"]["text"].value() == typed
    assert RankingAnswer.objects.count() == 0


def test_it_is_withdrawn_with_a_reason_and_then_the_offices_again(house):
    ranking = house.shown()
    office, unit = house.browser(house.office), house.browser(house.reporter)

    refused = office.post(f"/xep-hang/{ranking.pk}/rut/", {"reason": ""})
    assert (refused.status_code, "Hãy ghi lý do rút." in text(refused)) == (422, True)
    office.post(f"/xep-hang/{ranking.pk}/rut/", {"reason": "Số liệu của hai huyện chưa đúng"})

    assert "Số liệu của hai huyện chưa đúng" in text(office.get(f"/xep-hang/{ranking.pk}/"))
    assert unit.get(f"/xep-hang/{ranking.pk}/don-vi/{house.mine.pk}/").status_code == 404
    assert Ranking.objects.get().state == "withdrawn"


def test_names_and_words_with_signs_of_markup_stay_words(house):
    house.mine.short_name = 'Huyện ủy <b>&"Đắk Hà"</b>'
    house.mine.save()
    ranking = house.shown()

    page = house.browser(house.office).get(f"/xep-hang/{ranking.pk}/").content.decode()

    assert "Huyện ủy &lt;b&gt;&amp;&quot;Đắk Hà&quot;&lt;/b&gt;" in page
    assert "<b>&" not in page


@pytest.mark.parametrize("page", ["-1", "0", "abc", "99999999999999999999"])
def test_any_page_number_shows_a_page(house, page):
    house.make()

    assert house.browser(house.office).get("/xep-hang/", {"page": page}).status_code == 200


def test_the_lists_statements_do_not_grow_with_the_rankings(house, django_assert_num_queries):
    office = house.browser(house.office)
    house.make()
    office.get("/xep-hang/")
    with CaptureQueriesContext(connection) as few:
        office.get("/xep-hang/")
    for _ in range(10):
        house.make()

    with django_assert_num_queries(len(few)):
        response = office.get("/xep-hang/")
    assert response.context["page"].paginator.count == 11
