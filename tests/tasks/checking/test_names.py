"""Words nobody knows: fixed on the card, on a page of their own with a search, everywhere at once, or left as words."""

import pytest

from tasks.drafting.changes import last_step, undo
from tasks.models import TaskRecipient
from tests.tasks.checking.draft import address, newest, press
from tests.tasks.drafting.draft import NOW, by_code, everything, given

pytestmark = pytest.mark.django_db
OLD = "Hội Người cao tuổi tỉnh"


def words_at(directive, code="3"):
    return by_code(directive)[code].recipients.get(written=OLD)


def page_of(directive, recipient):
    return f"{address(directive)}{recipient.task_id}/ten/{recipient.pk}/"


def said_lines(directive):
    return [
        (line.written, sorted(map(str, [*line.units.all(), *line.groups.all()])))
        for line in directive.addressees.order_by("order")
    ]


def test_a_search_finds_units_and_groups_and_keeps_the_ticks(desk, directive, bodies):
    page = desk.get(
        page_of(directive, words_at(directive)), {"tim": "doan", "la": f"u{bodies['board'].pk}"}
    ).content.decode()
    assert f'value="u{bodies["board"].pk}" id="la-u{bodies["board"].pk}" checked>' in page
    assert f'value="u{bodies["youth"].pk}" id="la-u{bodies["youth"].pk}">' in page
    page = desk.get(page_of(directive, words_at(directive)), {"tim": "cac huyen uy"}).content.decode()
    assert f'value="g{bodies["group"].pk}" id="la-g{bodies["group"].pk}">' in page
    assert "Nhóm: Các huyện ủy, thành ủy" in page


def test_words_mean_several_bodies_in_one_task(desk, directive, bodies):
    sent = {"la": [f"u{bodies['youth'].pk}", f"g{bodies['group'].pk}"], "seen": "0"}
    answer = desk.post(page_of(directive, words_at(directive)), sent)
    assert answer.url == f"{address(directive)}#nv-{by_code(directive)['3'].pk}"
    assert given(by_code(directive)["3"]) == [
        ("lead", "Tỉnh đoàn", OLD, None),
        ("lead", "Các huyện ủy, thành ủy", OLD, None),
    ]


def test_the_same_words_are_fixed_in_every_task_also_where_the_program_only_guessed(desk, directive, bodies):
    tasks = by_code(directive)
    tasks["1"].recipients.create(role="coordinating", written=OLD)
    tasks["2a"].recipients.create(role="informed", written=OLD, unit=bodies["north"], confidence=70)
    tasks["2b"].recipients.create(role="informed", written=OLD, unit=bodies["south"])
    page = desk.get(page_of(directive, words_at(directive))).content.decode()
    assert "Cho mọi nhiệm vụ có cụm từ này (3 nhiệm vụ khác)" in page
    desk.post(
        page_of(directive, words_at(directive)), {"la": [f"u{bodies['youth'].pk}"], "everywhere": "1", "seen": "0"}
    )
    assert [given(by_code(directive)[code])[-1] for code in ("1", "2a", "2b", "3")] == [
        ("coordinating", "Tỉnh đoàn", "Tỉnh đoàn", 100),
        ("informed", "Tỉnh đoàn", OLD, None),
        # A person had said it there.
        ("informed", "Huyện ủy Nam Mây", OLD, None),
        ("lead", "Tỉnh đoàn", OLD, None),
    ]


def test_nothing_ticked_is_refused_and_leaves_the_words(desk, directive):
    answer = desk.post(page_of(directive, words_at(directive)), {"la": ["u0", "x", "u999999999999"], "seen": "0"})
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một đơn vị hoặc nhóm đơn vị." in answer.content.decode()
    assert given(by_code(directive)["3"]) == [("lead", "", OLD, None)]


def test_words_are_taken_out_of_the_task(desk, directive):
    desk.post(page_of(directive, words_at(directive)), {"drop": "1", "seen": "0"})
    assert given(by_code(directive)["3"]) == []
    assert "Chưa có đơn vị chủ trì" in desk.get(address(directive)).content.decode()


def test_words_that_were_fixed_meanwhile_lead_back_to_the_task(desk, directive, bodies):
    page = page_of(directive, words_at(directive))
    desk.post(page, {"la": [f"u{bodies['youth'].pk}"], "seen": "0"})
    assert desk.get(page).url == f"{address(directive)}#nv-{by_code(directive)['3'].pk}"


def test_near_names_are_buttons_on_the_card_and_fix_every_task(desk, directive, bodies):
    by_code(directive)["1"].recipients.create(role="coordinating", written=OLD)
    press(desk, directive, f"name:{words_at(directive).pk}-u{bodies['youth'].pk}")
    assert not TaskRecipient.objects.filter(unit=None, group=None).exists()
    assert str(last_step(directive)) == f"Đã giao đơn vị 1, 3: {OLD} là Tỉnh đoàn"


def test_a_slip_of_the_pen_is_offered_as_what_it_sounds_like(desk, directive, bodies):
    row = words_at(directive)
    row.written = "Ban Tuyên giáo Tỉnh ủỷ trung tâm"
    row.save()
    page = desk.get(address(directive)).content.decode()
    assert f'value="name:{row.pk}-u{bodies["board"].pk}">Là Ban Tuyên giáo Tỉnh ủy</button>' in page


@pytest.mark.parametrize(
    "do", ["name:", "name:x-u1", "name:1", "name:{pk}-x9", "name:{pk}-", "name:{pk}-u999999999999"]
)
def test_strange_names_change_nothing(desk, directive, do):
    before = everything(directive)
    answer = press(desk, directive, do.format(pk=words_at(directive).pk))
    assert answer.status_code in (302, 422)
    assert everything(directive) == before


def test_how_sure_the_program_was_is_shown_and_can_be_confirmed(desk, directive, bodies):
    row = by_code(directive)["1"].recipients.get(unit=bodies["board"])
    TaskRecipient.objects.filter(pk=row.pk).update(confidence=80)
    assert f'href="{page_of(directive, row)}">cần xem' in desk.get(address(directive)).content.decode()
    page = desk.get(page_of(directive, row)).content.decode()
    assert f'id="la-u{bodies["board"].pk}" checked>' in page
    desk.post(page_of(directive, row), {"la": [f"u{bodies['board'].pk}"], "seen": newest(directive)})
    assert ("lead", "Ban Tuyên giáo Tỉnh ủy", "Ban Tuyên giáo Tỉnh ủy", None) in given(by_code(directive)["1"])


# --- Kính gửi -------------------------------------------------------------------------------------


def test_a_line_under_kinh_gui_is_said_to_be_somebody_and_taken_back(desk, directive, bodies, office):
    line = directive.addressees.get(written__startswith="Ban Tuyên giáo")
    before = said_lines(directive)
    page = f"{address(directive)}kinh-gui/{line.pk}/"
    assert f'id="la-u{bodies["board"].pk}" checked>' in desk.get(page).content.decode()
    answer = desk.post(page, {"la": [f"u{bodies['youth'].pk}", f"g{bodies['group'].pk}"]})
    assert answer.url == f"{address(directive)}#kinh-gui"
    assert said_lines(directive)[0] == ("Ban Tuyên giáo Tỉnh ủy", ["Các huyện ủy, thành ủy", "Tỉnh đoàn"])
    assert str(last_step(directive)) == (
        "Đã sửa nơi kính gửi Ban Tuyên giáo Tỉnh ủy: Tỉnh đoàn, Các huyện ủy, thành ủy"
    )
    undo(directive, by=office, now=NOW)
    assert said_lines(directive) == before


def test_a_line_nobody_knows_stands_among_the_warnings_until_it_is_fixed(desk, directive, bodies):
    line = directive.addressees.get(written__startswith="Ban Tuyên giáo")
    line.units.clear()
    assert "Dòng kính gửi chưa rõ là đơn vị nào" in desk.get(address(directive)).content.decode()
    assert "Được giao chủ trì nhưng không có trong nơi kính gửi" in desk.get(address(directive)).content.decode()
    desk.post(f"{address(directive)}kinh-gui/{line.pk}/", {"la": [f"u{bodies['board'].pk}"]})
    assert "Dòng kính gửi chưa rõ là đơn vị nào" not in desk.get(address(directive)).content.decode()
