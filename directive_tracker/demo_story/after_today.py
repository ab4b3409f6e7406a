"""What comes after the demo's day, for a demo that begins later: from 15/4 to 20/5/2024."""

from collections.abc import Iterator

from directive_tracker.demo_story import steps
from directive_tracker.demo_story.build import accepts, acts, approves, corrects, day, returns, sends, told
from directive_tracker.demo_story.cast import DISTRICTS
from directive_tracker.demo_story.reports import Told
from directive_tracker.demo_story.steps import Step

# unit → (report of the April period sent, accepted) by those who had not sent it before 15/4.
APRIL = {
    "tu-kon-tum": (day(4, 15), day(4, 17)),
    "hu-ngoc-hoi": (day(4, 15), day(4, 17)),
    "dang-uy-khoi": (day(4, 15), day(4, 17)),
    "mttq": (day(4, 16), day(4, 19)),
    "hoi-nong-dan": (day(4, 16), day(4, 19)),
    "hu-kon-ray": (day(4, 16), day(4, 19)),
    "hu-dak-ha": (day(4, 16), day(4, 19)),
    "hu-kon-plong": (day(4, 19), day(4, 23)),
    "hu-tu-mo-rong": (day(4, 19), day(4, 22)),
    "hu-ia-hdrai": (day(4, 22), day(4, 24)),
}
# unit → (sent, accepted, what is done): most by 07/5, two afterwards, one not at all.
FINISHED = {
    "quan-su": (day(4, 26), day(5, 3), ("1a.1", "1a.4")),
    "tinh-doan": (day(4, 26), day(5, 3), ("1a.1",)),
    "cong-an": (day(4, 26), day(5, 3), ("1a.4",)),
    "ldld": (day(5, 3), day(5, 7), ("1a.4",)),
    "hoi-phu-nu": (day(5, 3), day(5, 7), ("1a.1",)),
    "hu-dak-to": (day(5, 3), day(5, 7), ("1a.1", "1a.4")),
    "mttq": (day(5, 6), day(5, 8), ("1a.1", "1a.4")),
    "hoi-nong-dan": (day(5, 6), day(5, 8), ("1a.1", "1a.4")),
    "tu-kon-tum": (day(5, 6), day(5, 8), ("1a.1", "1a.4")),
    "hu-ngoc-hoi": (day(5, 6), day(5, 8), ("1a.1", "1a.4")),
    "bien-phong": (day(5, 6), day(5, 8), ("1a.4",)),
    "hu-dak-ha": (day(5, 6), day(5, 9), ("1a.1", "1a.4")),
    "hoi-ccb": (day(5, 7), day(5, 9), ("1a.1", "1a.4")),
    "hu-dak-glei": (day(5, 7), day(5, 9), ("1a.1", "1a.4")),
    "hu-kon-ray": (day(5, 7), day(5, 9), ("1a.1", "1a.4")),
    "hu-sa-thay": (day(5, 7), day(5, 9), ("1a.1", "1a.4")),
    "dang-uy-khoi": (day(5, 7), day(5, 9), ("1a.1", "1a.4")),
    "hu-kon-plong": (day(5, 9), day(5, 14), ("1a.1", "1a.4")),
}
# unit → (report of the May period sent, accepted); 1a.2 is due on 08/5.
MAY = {
    "mttq": (day(5, 8), day(5, 10)),
    "ldld": (day(5, 8), day(5, 10)),
    "hoi-phu-nu": (day(5, 8), day(5, 10)),
    "tinh-doan": (day(5, 8), day(5, 10)),
    "tu-kon-tum": (day(5, 8), day(5, 10)),
    "hu-ngoc-hoi": (day(5, 8), day(5, 10)),
    "hu-dak-to": (day(5, 8), day(5, 10)),
    "hu-dak-ha": (day(5, 8), day(5, 10)),
    "quan-su": (day(5, 8), day(5, 10)),
    "cong-an": (day(5, 8), day(5, 10)),
    "bien-phong": (day(5, 8), day(5, 10)),
    "hoi-nong-dan": (day(5, 10), day(5, 14)),
    "hoi-ccb": (day(5, 10), day(5, 14)),
    "hu-dak-glei": (day(5, 10), day(5, 14)),
    "hu-kon-ray": (day(5, 10), day(5, 14)),
    "hu-sa-thay": (day(5, 10), day(5, 14)),
    "dang-uy-khoi": (day(5, 10), day(5, 14)),
    "hu-kon-plong": (day(5, 15), day(5, 17)),
}


def after_today() -> Iterator[Step]:
    """Everything from 15/4 on."""
    yield from _answers()
    yield from _april()
    yield from _clause_2()
    yield from _finish()
    yield from _may()
    yield from _guidance_and_visits()


def _answers() -> Iterator[Step]:
    """The office answers what waits on 15/4."""
    yield from accepts(["hu-dak-glei", "ldld", "hoi-ccb"], day(4, 15))
    reason = "Đồng ý gia hạn lần cuối."
    yield acts(day(4, 15), 14, 10, steps.grant_time, unit="hu-kon-plong", code="1a.3", reason=reason)
    reason = "Mục số liệu để trống: đề nghị ghi số tin bài, pano, băng rôn đến ngày 14/4."
    yield returns("hu-sa-thay", day(4, 16), "1a.2", reason, "indicators")
    yield from accepts(["hoi-phu-nu", "hu-sa-thay", "ban-tuyen-giao"], day(4, 16))
    yield from corrects("hu-sa-thay", day(4, 17), Told("1a.2"))
    yield from accepts(["hu-sa-thay"], day(4, 19))
    reason = "Công an báo số lượt thi của riêng tháng 4, không phải lũy kế; đã trao đổi, kỳ sau báo lại."
    yield acts(day(4, 16), 10, 20, steps.leave_figure_out, unit="cong-an", code="1a.5", indicator="CT10", reason=reason)
    yield approves("bien-phong", day(4, 15))
    yield from accepts(["bien-phong"], day(4, 17))
    reason = "Huyện ủy chỉ phối hợp, bố trí đầu mối; Ủy ban MTTQ huyện trực tiếp thực hiện."
    yield acts(day(4, 16), 9, 0, steps.keep, unit="hu-kon-ray", code="1b.3", reason=reason)
    yield acts(day(4, 17), 8, 40, steps.acknowledge, unit="hu-kon-ray")
    yield acts(day(4, 15), 9, 5, steps.acknowledge, unit="hu-dak-ha")
    mended = Told("1a.3", done=True, papers=("plan",), with_file=True)
    yield from corrects("hu-dak-ha", day(4, 15), mended)
    yield from accepts(["hu-dak-ha"], day(4, 16))
    yield acts(
        day(4, 16),
        8,
        30,
        steps.call,
        unit="hu-ia-hdrai",
        code="1a.4",
        spoke_with="Cán bộ đầu mối của huyện",
        said="Huyện chưa tiếp nhận việc 1a.4; hứa xác nhận và gửi văn bản triển khai.",
        until=day(4, 17),
    )
    yield acts(day(4, 17), 9, 30, steps.acknowledge, unit="hu-ia-hdrai")
    for on in (day(4, 17), day(4, 24), day(5, 3), day(5, 8), day(5, 15)):
        yield acts(on, 16, 20, steps.read_notices, username="vanphong")
    yield acts(day(4, 22), 9, 0, steps.resume, unit="hoi-ccb", code="1a.4")


def _april() -> Iterator[Step]:
    """The reports of the April period that were still to come."""
    for unit, (sent, accepted) in APRIL.items():
        sections = told("1a.1", "1a.2", "1a.4", "1a.5")
        if unit == "mttq":
            sections += told("1b.3")
        if unit in ("hu-kon-plong", "hu-tu-mo-rong", "hu-ia-hdrai"):
            sections += (Told("1a.3", done=True, papers=("plan",)),)
        if unit in ("hu-tu-mo-rong", "hu-ia-hdrai"):
            sections = (Told("1a.1", papers=("deployment",)), *sections[1:], Told("1b.1", done=True))
        yield from sends(unit, sent, *sections)
        yield from accepts([unit], accepted)
    for on in (day(4, 22), day(4, 24)):
        yield acts(on, 16, 0, steps.accept_contributions, lead="mttq", codes=("1b.1",))


def _clause_2() -> Iterator[Step]:
    """Kon Tum is one of the places of the broadcast. (18/4 is a holiday, 19/4 the last day.)"""
    reason = "Theo thông báo của Đài Truyền hình Việt Nam, tỉnh Kon Tum là một điểm cầu, tổ chức tại Nhà rông Kon Klor."
    yield acts(day(4, 17), 16, 30, steps.decide_condition, code="2", reason=reason)
    yield from sends("bcsd-ubnd", day(4, 24), Told("2", papers=("plan",), with_file=True))
    yield from accepts(["bcsd-ubnd"], day(4, 26))
    yield from sends("bcsd-ubnd", day(5, 5), Told("2", done=True), late=True)
    yield from accepts(["bcsd-ubnd"], day(5, 7))


def _finish() -> Iterator[Step]:
    """1a.1 and 1a.4, due on 07/5."""
    for unit, (sent, accepted, codes) in FINISHED.items():
        sections = told(*codes, done=True)
        if unit == "quan-su":
            sections += (Told("1c.1", done=True, papers=("plan",)),)
        if unit in DISTRICTS:
            sections += (Told("1b.3", done=True),)
        if unit == "mttq":
            sections += (Told("1b.3", done=True),)
        yield from sends(unit, sent, *sections)
        yield from accepts([unit], accepted)
    for on in (day(5, 7), day(5, 8), day(5, 9), day(5, 14)):
        yield acts(on, 16, 0, steps.accept_contributions, lead="mttq", codes=("1b.3",))
    message = "Đã quá hạn 07/5; đề nghị báo cáo kết quả đợt sinh hoạt và hoạt động văn nghệ, thể thao."
    units = ("hu-tu-mo-rong", "hu-ia-hdrai")
    yield acts(day(5, 9), 10, 0, steps.nudge, units=units, code="1a.1", message=message)


def _may() -> Iterator[Step]:
    """The May period; two districts report late and on part of their work only."""
    for unit, (sent, accepted) in MAY.items():
        yield from sends(unit, sent, *told("1a.2", "1a.5", done=True))
        yield from accepts([unit], accepted)
    yield from sends("hu-tu-mo-rong", day(5, 13), Told("1a.1", done=True), *told("1a.2", "1a.4"))
    yield from accepts(["hu-tu-mo-rong"], day(5, 15))
    yield from sends("hu-ia-hdrai", day(5, 17), *told("1a.1", "1a.2", "1a.4"))


def _guidance_and_visits() -> Iterator[Step]:
    """What Ban Tuyên giáo has in hand; 3a.4 goes on to the end of May."""
    yield from sends("ban-tuyen-giao", day(5, 3), Told("3a.2", done=True))
    yield from sends("dai-ptth", day(5, 6), Told("3a.3", done=True))
    yield acts(day(5, 7), 8, 30, steps.accept_contributions, lead="ban-tuyen-giao", codes=("3a.3",))
    yield from sends("ban-tuyen-giao", day(5, 7), Told("3a.3", done=True))
    yield from accepts(["ban-tuyen-giao"], day(5, 7))
    yield from sends("ban-tuyen-giao", day(5, 8), Told("3b", done=True), *told("3a.4"))
    yield from accepts(["ban-tuyen-giao"], day(5, 10))
