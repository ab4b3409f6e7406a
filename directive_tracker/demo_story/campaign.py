"""The campaign up to the morning of 15/4/2024: that day every screen has something of every kind to show."""

from collections.abc import Iterator

from directive_tracker.demo_story import steps
from directive_tracker.demo_story.build import accepts, acts, corrects, day, returns, sends, told
from directive_tracker.demo_story.cast import DISTRICTS
from directive_tracker.demo_story.figures import pick
from directive_tracker.demo_story.reports import Told
from directive_tracker.demo_story.steps import Step

ADDRESSED = (
    "bcsd-ubnd",
    "ban-tuyen-giao",
    "mttq",
    "ldld",
    "hoi-nong-dan",
    "hoi-phu-nu",
    "hoi-ccb",
    "tinh-doan",
    *DISTRICTS,
    "quan-su",
    "dang-uy-khoi",
    "cong-an",
    "bien-phong",
)
# What two districts have not taken note of until today.
NOT_NOTED = {"hu-dak-ha": ("1a.5",), "hu-ia-hdrai": ("1a.4",)}

# unit → (văn bản triển khai sent, accepted); the last three are late, three more have sent none by 15/4.
DEPLOYED = {
    "quan-su": (day(2, 22), day(2, 26)),
    "tinh-doan": (day(2, 23), day(2, 27)),
    "cong-an": (day(2, 23), day(2, 27)),
    "hu-dak-to": (day(2, 26), day(2, 28)),
    "mttq": (day(2, 27), day(2, 29)),
    "hoi-phu-nu": (day(2, 27), day(2, 29)),
    "hu-dak-ha": (day(2, 27), day(2, 29)),
    "ldld": (day(2, 28), day(3, 1)),
    "tu-kon-tum": (day(2, 28), day(3, 1)),
    "hu-ngoc-hoi": (day(2, 28), day(3, 1)),
    "bien-phong": (day(2, 28), day(3, 1)),
    "hoi-nong-dan": (day(2, 29), day(3, 4)),
    "hu-dak-glei": (day(2, 29), day(3, 4)),
    "hu-sa-thay": (day(2, 29), day(3, 4)),
    "hu-kon-ray": (day(3, 5), day(3, 7)),
    "dang-uy-khoi": (day(3, 6), day(3, 8)),
    "hu-kon-plong": (day(3, 8), day(3, 12)),
}
DEPLOYMENTS_WITH_FILE = ("tinh-doan", "hu-dak-ha", "tu-kon-tum", "mttq", "quan-su")
NO_DEPLOYMENT = ("hoi-ccb", "hu-tu-mo-rong", "hu-ia-hdrai")

# unit → (report of the March period sent, accepted); cut off on 14/3.
MARCH = {
    "quan-su": (day(3, 12), day(3, 14)),
    "tinh-doan": (day(3, 12), day(3, 14)),
    "cong-an": (day(3, 13), day(3, 15)),
    "hoi-phu-nu": (day(3, 13), day(3, 15)),
    "hu-dak-to": (day(3, 13), day(3, 15)),
    "ban-tuyen-giao": (day(3, 14), day(3, 18)),
    "ldld": (day(3, 14), day(3, 18)),
    "tu-kon-tum": (day(3, 14), day(3, 18)),
    "hu-ngoc-hoi": (day(3, 14), day(3, 18)),
    "bien-phong": (day(3, 14), day(3, 18)),
    "mttq": (day(3, 15), day(3, 19)),
    "hoi-nong-dan": (day(3, 15), day(3, 19)),
    "hu-dak-ha": (day(3, 15), day(3, 19)),
    "hu-sa-thay": (day(3, 15), day(3, 19)),
    "dang-uy-khoi": (day(3, 15), day(3, 19)),
    "hu-dak-glei": (day(3, 18), day(3, 20)),
    "hu-kon-ray": (day(3, 18), day(3, 20)),
    "hu-kon-plong": (day(3, 20), day(3, 22)),
}
# unit → (1a.3 sent, accepted); due on 29/3, so the last two are late.
EMULATION = {
    "quan-su": (day(3, 20), day(3, 22)),
    "hu-dak-to": (day(3, 21), day(3, 25)),
    "hoi-phu-nu": (day(3, 22), day(3, 26)),
    "cong-an": (day(3, 22), day(3, 26)),
    "tinh-doan": (day(3, 25), day(3, 27)),
    "bien-phong": (day(3, 26), day(3, 28)),
    "ldld": (day(3, 27), day(3, 29)),
    "tu-kon-tum": (day(3, 27), day(3, 29)),
    "mttq": (day(3, 28), day(4, 1)),
    "hoi-nong-dan": (day(3, 28), day(4, 1)),
    "hu-sa-thay": (day(3, 28), day(4, 1)),
    "hu-ngoc-hoi": (day(3, 29), day(4, 2)),
    "dang-uy-khoi": (day(4, 2), day(4, 4)),
    "hu-kon-ray": (day(4, 3), day(4, 5)),
}
FIRST_PLANS = ("tu-kon-tum", "hu-dak-to", "hu-ngoc-hoi", "hu-sa-thay", "hu-kon-ray")
# The office goes through its notices.
OFFICE_READS = (day(2, 21), day(2, 28), day(3, 6), day(3, 13), day(3, 20), day(3, 27), day(4, 3), day(4, 10))


def campaign() -> Iterator[Step]:
    """Everything from the acknowledgements to the evening of 14/4."""
    yield from _notes()
    yield from _deployment()
    yield from _march()
    yield from _emulation()
    yield from _dak_ha()
    yield from _front_and_army()
    yield from _april()
    yield from _chasing()


def _notes() -> Iterator[Step]:
    """Who says "đã nhận", and when; the Front fixes the ten districts for its three tasks."""
    for unit in ADDRESSED:
        on = day(2, 15) if unit in ("cong-an", "quan-su", "tinh-doan") else day(2, 16)
        on = {"hu-kon-plong": day(2, 19), "hoi-ccb": day(2, 19), "hu-ia-hdrai": day(2, 20)}.get(unit, on)
        hour = 14 + pick(unit, "notes", of=2)
        yield acts(on, hour, pick(unit, of=60), steps.acknowledge, unit=unit, but=NOT_NOTED.get(unit, ()))
    yield acts(day(2, 16), 15, 10, steps.acknowledge, unit="dai-ptth")
    for code, fixed in (("1b.1", day(2, 19)), ("1b.2", day(3, 11)), ("1b.3", day(4, 8))):
        yield acts(fixed, 9, 0, steps.fix_coordinating, code=code)
        noted = {"1b.1": day(2, 21), "1b.2": day(3, 12), "1b.3": day(4, 9)}[code]
        for district in DISTRICTS:
            # Đắk Hà has yet to see its share of the visits, Kon Rẫy does not want it.
            if code != "1b.3" or district not in ("hu-dak-ha", "hu-kon-ray"):
                yield acts(noted, 8, pick(district, code, of=60), steps.acknowledge, unit=district, only=(code,))
    reason = "Đề nghị giao thẳng cho Ủy ban MTTQ Việt Nam huyện; Huyện ủy đã có văn bản phân công nội dung này."
    yield acts(day(4, 11), 10, 20, steps.give_back, unit="hu-kon-ray", code="1b.3", reason=reason)


def _deployment() -> Iterator[Step]:
    """The papers that put the directive to work, due on 29/02."""
    for unit, (sent, accepted) in DEPLOYED.items():
        paper = Told("1a.1", papers=("deployment",), with_file=unit in DEPLOYMENTS_WITH_FILE)
        yield from sends(unit, sent, paper)
        yield from accepts([unit], accepted)
    yield from sends("ban-tuyen-giao", day(2, 26), Told("3a.1", done=True, papers=("deployment",), with_file=True))
    yield from accepts(["ban-tuyen-giao"], day(2, 28))
    yield from sends("bcsd-ubnd", day(2, 28), Told("2", papers=("deployment",)))
    yield from accepts(["bcsd-ubnd"], day(2, 29))


def _march() -> Iterator[Step]:
    """The first report on everything."""
    for unit, (sent, accepted) in MARCH.items():
        sections = told("1a.1", "1a.2", "1a.5") if unit != "hu-dak-ha" else told("1a.1", "1a.2")
        if pick(unit, "culture", of=2):
            sections += told("1a.4")
        if unit in DISTRICTS:
            sections += (Told("1b.1", done=True),)
        if unit == "mttq":
            sections += (Told("1b.1", done=True), Told("1b.2", expected_on=day(3, 29)))
        if unit == "quan-su":
            sections += told("1c.1")
        if unit == "ban-tuyen-giao":
            sections = told("3a.2", "3a.3", "3a.4")
        if unit == "hu-ngoc-hoi":
            sections = tuple(Told("1a.2", without_figures=True) if item.code == "1a.2" else item for item in sections)
        yield from sends(unit, sent, *sections)
        yield from accepts([unit], accepted)
    reason = "Mục số liệu để trống: đề nghị ghi số tin bài, pano, băng rôn đến ngày 14/3."
    yield returns("hu-ngoc-hoi", day(3, 18), "1a.2", reason, "indicators")
    yield from corrects("hu-ngoc-hoi", day(3, 20), Told("1a.2"))
    yield from accepts(["hu-ngoc-hoi"], day(3, 21))
    for on in (day(3, 15), day(3, 18), day(3, 20), day(3, 22)):
        yield acts(on, 16, 0, steps.accept_contributions, lead="mttq", codes=("1b.1",))


def _emulation() -> Iterator[Step]:
    """1a.3, due on 29/3: most in time, some late, one more day for one, three not yet."""
    for unit, (sent, accepted) in EMULATION.items():
        sections = (Told("1a.3", done=True, papers=("plan",), with_file=pick(unit, "attaches", of=4) == 0),)
        if unit == "tinh-doan":  # Youth month has brought its festival in March.
            sections += (Told("1a.4", done=True),)
        if unit in FIRST_PLANS:
            sections += (Told("1b.2", done=True),)
        yield from sends(unit, sent, *sections)
        yield from accepts([unit], accepted)
    # Returned, mended, accepted: still in time, because the day moved with the return.
    yield from sends("hoi-ccb", day(3, 27), Told("1a.3", done=True, papers=("plan",)), *told("1a.1", "1a.2"))
    reason = "Văn bản phát động chưa nêu chỉ tiêu thi đua; đề nghị bổ sung và gửi lại."
    yield returns("hoi-ccb", day(3, 29), "1a.3", reason, "products")
    yield from accepts(["hoi-ccb"], day(3, 29))
    yield from corrects("hoi-ccb", day(4, 2), Told("1a.3", done=True, papers=("plan",), with_file=True))
    yield from accepts(["hoi-ccb"], day(4, 4))
    reason = "Huyện gắn phát động với hội nghị sơ kết quý I tổ chức ngày 18/4; đề nghị lùi để phát động cùng dịp."
    yield acts(
        day(3, 26), 9, 40, steps.ask_for_time, unit="hu-tu-mo-rong", code="1a.3", new_due=day(4, 19), reason=reason
    )
    reason = "Đồng ý, đề nghị gửi văn bản phát động đúng hạn mới."
    yield acts(day(3, 28), 14, 30, steps.grant_time, unit="hu-tu-mo-rong", code="1a.3", reason=reason)
    reason = "Huyện đã gọi điện nói rõ: văn bản phát động đang trình ký."
    yield acts(day(4, 12), 8, 40, steps.let_ask, unit="hu-kon-plong", code="1a.3", until=day(4, 16), reason=reason)
    reason = "Văn bản phát động đã trình ký, cán bộ phụ trách đi công tác; xin gửi chậm nhất ngày 22/4."
    yield acts(
        day(4, 12), 8, 50, steps.ask_for_time, unit="hu-kon-plong", code="1a.3", new_due=day(4, 22), reason=reason
    )


def _dak_ha() -> Iterator[Step]:
    """Đắk Hà on 15/4: work not yet noted, one section to mend, a draft begun, its head approving everything."""
    contributed = Told("1b.2", done=True)
    yield from sends(
        "hu-dak-ha", day(3, 28), contributed, Told("1a.3", done=True, papers=("plan",)), approved=day(3, 29)
    )
    reason = "Tệp văn bản chưa kèm và nội dung chưa nêu chỉ tiêu của các xã, thị trấn."
    yield returns("hu-dak-ha", day(4, 2), "1a.3", reason, "products", "files")
    yield from corrects("hu-dak-ha", day(4, 5), Told("1a.3", done=True, papers=("plan",)))
    yield acts(day(4, 10), 15, 30, steps.keep_draft, unit="hu-dak-ha", told=told("1a.1"))
    reason = "Đã có chỉ tiêu nhưng vẫn chưa kèm tệp văn bản phát động; đề nghị đính kèm bản có số, ký hiệu."
    yield returns("hu-dak-ha", day(4, 11), "1a.3", reason, "files")


def _front_and_army() -> Iterator[Step]:
    """The plan of gratitude: the Army's part in time, the Front's plan five days late."""
    yield from sends("quan-su", day(3, 28), Told("1c.2", done=True, papers=("plan",)))
    yield from accepts(["quan-su"], day(4, 1))
    hard = "Chờ thống nhất mức quà với ngành Tài chính nên kế hoạch ban hành chậm."
    yield from sends(
        "mttq",
        day(4, 3),
        Told("1b.2", done=True, papers=("plan",), with_file=True, hard=hard),
        Told("1c.2", done=True),
    )
    yield from accepts(["mttq"], day(4, 5))
    for on in (day(3, 25), day(3, 29), day(4, 3)):
        yield acts(on, 16, 10, steps.accept_contributions, lead="mttq", codes=("1b.2",))
    yield acts(day(4, 4), 9, 15, steps.accept_contributions, lead="quan-su", codes=("1c.2",))


def _april() -> Iterator[Step]:
    """The April period, cut off on 14/4: some accepted, six waiting, one with its head, the others to come."""
    yield from sends("cong-an", day(4, 9), Told("1a.1", done=True), *told("1a.2", "1a.4", "1a.5"))
    yield from sends("hu-dak-to", day(4, 9), *told("1a.1", "1a.2", "1a.4", "1a.5"))
    yield from accepts(["cong-an", "hu-dak-to"], day(4, 11))
    yield from sends("tinh-doan", day(4, 10), *told("1a.1", "1a.2", "1a.5"))
    yield from sends("quan-su", day(4, 10), *told("1a.1", "1a.2", "1a.4"))
    yield from accepts(["tinh-doan", "quan-su"], day(4, 12))
    hard = "Gửi chậm do lồng ghép với phát động thi đua quý II của huyện."
    late = Told("1a.3", done=True, papers=("plan",), with_file=True, hard=hard)
    yield from sends("hu-dak-glei", day(4, 11), *told("1a.1", "1a.2", "1a.4"), late)
    yield from sends("ldld", day(4, 11), Told("1a.1", done=True), *told("1a.2", "1a.4", "1a.5"))
    yield from sends("hoi-ccb", day(4, 11), Told("1a.1", papers=("deployment",)), *told("1a.2", "1a.5"))
    yield from sends("hoi-phu-nu", day(4, 12), Told("1a.4", done=True), *told("1a.1", "1a.2", "1a.5"))
    yield from sends("hu-sa-thay", day(4, 12), *told("1a.1", "1a.4", "1a.5"), Told("1a.2", without_figures=True))
    yield from sends("ban-tuyen-giao", day(4, 12), *told("3a.2", "3a.3", "3a.4", "3b"))
    # Its head has not looked yet.
    report, _approval = sends("bien-phong", day(4, 12), Told("1a.1", done=True), *told("1a.2", "1a.4", "1a.5"))
    yield report


def _chasing() -> Iterator[Step]:
    """The office reads, nudges like the monitor of 1a.2, and sets one piece of work aside."""
    for on in OFFICE_READS:
        yield acts(on, 16, 20, steps.read_notices, username="vanphong")
    message = "Đề nghị gửi văn bản triển khai (hạn 29/02) trong tuần này."
    units = ("hoi-ccb", "hu-kon-plong", "hu-tu-mo-rong", "hu-ia-hdrai")
    yield acts(day(3, 4), 10, 0, steps.nudge, units=units, code="1a.1", message=message)
    message = "Đã quá hạn phát động thi đua (29/3). Đề nghị gửi văn bản hoặc nêu ngày dự kiến xong."
    units = ("hu-dak-glei", "hu-kon-plong", "hu-ia-hdrai")
    yield acts(day(4, 3), 10, 30, steps.nudge, units=units, code="1a.3", message=message)
    said = "Đã có dự thảo, chờ Thường trực Huyện ủy ký; hứa gửi văn bản phát động."
    yield acts(
        day(4, 10),
        10,
        15,
        steps.call,
        unit="hu-ia-hdrai",
        code="1a.3",
        spoke_with="Chánh Văn phòng Huyện ủy",
        said=said,
        until=day(4, 15),
    )
    yield acts(
        day(4, 11),
        8,
        50,
        steps.delay,
        unit="hu-ia-hdrai",
        code="1a.3",
        cause="subjective",
        reason="Chậm phân công người soạn thảo kế hoạch phát động thi đua.",
        until=day(4, 19),
    )
    message = "Đề nghị sớm đăng ký số pano, băng rôn và tuyến đường treo cờ cho đợt 26/4 – 08/5."
    units = ("hu-ia-hdrai", "hu-tu-mo-rong")
    yield acts(day(4, 5), 9, 20, steps.nudge, units=units, code="1a.2", message=message, by="tuyengiao")
    reason = "Hội tổ chức chung chương trình văn nghệ với Mặt trận; tạm dừng chờ thống nhất nội dung."
    yield acts(day(3, 26), 15, 0, steps.pause, unit="hoi-ccb", code="1a.4", reason=reason)
