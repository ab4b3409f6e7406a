"""A frozen summary report made by hand: what tests of its files write, every value typed."""

from typing import Any, cast

from tasks.models import SummaryReport
from tasks.summary.shape import Summary
from tests.factories import at, make_directive, make_office_user

AS_OF = at("2024-05-20", "17:00")
NO_FIGURES = dict.fromkeys(
    [
        "done_on_time",
        "done_late",
        "open_in_time",
        "open_overdue",
        "open_without_due",
        "outside",
        "paused",
        "undecided",
        "encouraged",
        "waiting",
        "not_acknowledged",
    ],
    0,
)
DOCUMENT = (
    "Công văn số 127-CV/TU, ngày 05/02/2024 của Ban Thường vụ Tỉnh ủy về tuyên truyền kỷ niệm 70 năm Chiến thắng Điện "
    "Biên Phủ"
)


def said(unit: str = "Huyện ủy Đắk Hà", text: str = "Đã tổ chức 11 buổi nói chuyện.", **values: Any) -> dict[str, Any]:
    return {
        "assignment": 1,
        "round": 1,
        "unit_pk": 1,
        "unit": unit,
        "sent_on": "2024-05-14",
        "text": text,
        "difficulties": "",
        "proposals": "",
        **values,
    }


def indicator(**values: Any) -> dict[str, Any]:
    return {
        "pk": 1,
        "code": "1b.1",
        "name": "Số người được thăm",
        "measure": "người",
        "value": "31",
        "target": "40",
        "share": "77%",
        "reported": 9,
        "asked": 10,
        **values,
    }


def task(code: str = "1a.1", title: str = "Ban hành kế hoạch tuyên truyền", **values: Any) -> dict[str, Any]:
    return {"pk": 1, "code": code, "title": title, "figures": NO_FIGURES, "said": [], "indicators": [], **values}


def unit_row(name: str = "Huyện ủy Đắk Hà", extensions: int = 1, returned: int = 0, **figures: int) -> dict[str, Any]:
    return {
        "pk": 1,
        "name": name,
        "figures": {**NO_FIGURES, **figures},
        "extensions": extensions,
        "returned": returned,
    }


def frozen(**values: Any) -> Summary:
    """A small whole report."""
    data: dict[str, Any] = {
        "as_of": "2024-05-20T17:00:00+07:00",
        "period_from": "2024-02-15",
        "directive": "70 năm Chiến thắng Điện Biên Phủ",
        "document": DOCUMENT,
        "event_date": "2024-05-07",
        "head": {
            "superior": "Tỉnh ủy Kon Tum",
            "organ": "Văn phòng",
            "symbol": "BC/VPTU",
            "place": "Kon Tum",
            "subject": f"tổng hợp kết quả thực hiện {DOCUMENT}",
            "recipients": ["Ban Tuyên giáo Trung ương (b/c)", "Thường trực Tỉnh ủy (b/c)", "Lưu Văn phòng Tỉnh ủy"],
            "authority": "K/T Chánh Văn phòng",
            "position": "Phó Chánh Văn phòng",
        },
        "sentence": "8 phần việc trong thống kê: 5 hoàn thành, 1 quá hạn.",
        "total": {
            **NO_FIGURES,
            "done_on_time": 4,
            "done_late": 1,
            "open_in_time": 2,
            "open_overdue": 1,
            "open_without_due": 1,
            "outside": 3,
        },
        "extensions": 2,
        "returned": 1,
        "leading": {
            "asked": 3,
            "papers": [
                {
                    "assignment": 1,
                    "unit_pk": 1,
                    "unit": "Huyện ủy Đắk Hà",
                    "name": "Kế hoạch",
                    "identity": "12-KH/HU",
                    "paper_date": "2024-02-20",
                },
                {
                    "assignment": 2,
                    "unit_pk": 2,
                    "unit": "Tỉnh đoàn",
                    "name": "Hướng dẫn",
                    "identity": "",
                    "paper_date": "",
                },
            ],
            "missing": ["Huyện ủy Ngọc Hồi"],
        },
        "clauses": [
            {"code": "1", "heading": "Mặt trận, cấp ủy trực thuộc", "tasks": []},
            {
                "code": "1a",
                "heading": "Đợt sinh hoạt chính trị tư tưởng, công tác tuyên truyền",
                "tasks": [
                    task(
                        said=[
                            said(difficulties="Kinh phí cấp chậm.", proposals="Cấp thêm kinh phí"),
                            said("Tỉnh đoàn", "Đã có 5 câu lạc bộ.\n\nDòng thứ hai <A & B>."),
                        ]
                    ),
                    task("1a.2", "Cổ động trực quan"),
                ],
            },
            {
                "code": "1b",
                "heading": "Rà soát, gặp mặt, thăm hỏi, tri ân",
                "tasks": [
                    task("1b.1", "Rà soát, thăm hỏi", indicators=[indicator(), indicator(name="Kinh phí", value="")])
                ],
            },
        ],
        "units": [
            unit_row(done_on_time=4, open_in_time=1, open_without_due=1),
            unit_row("Đoàn <A & B>", 1, 1, done_late=1, open_in_time=1, open_overdue=1, outside=3),
        ],
        "overdue": [
            {
                "assignment": 9,
                "code": "1a.2",
                "title": "Cổ động trực quan",
                "unit_pk": 2,
                "unit": "Đoàn <A & B>",
                "due": "2024-05-07",
                "days": 13,
                "working_days": 9,
                "reason": "Khách quan: mưa lũ",
                "expected": "2024-05-31",
            }
        ],
        "conditions": [
            {
                "task": 5,
                "code": "2.1",
                "title": "Cầu truyền hình",
                "question": "nếu có điểm cầu",
                "decider": "Ban cán sự đảng UBND tỉnh",
                "decide_by": "2024-04-19",
            }
        ],
        "coming": [{"day": "2024-05-31", "task": 3, "code": "1b.1", "title": "Rà soát, thăm hỏi", "count": 2}],
        "registry": {
            "heads": {"verified": "Người đã xác minh", "visited": "Đã được thăm"},
            "rows": [
                {"name": "Huyện Đắk Hà", "figures": {"verified": 12, "visited": 7}},
                {"name": "Huyện Sa Thầy", "figures": {"verified": None, "visited": None}},
            ],
            "total": {"verified": 1234, "visited": 7},
        },
        "typed": {"good": "Các đơn vị triển khai nghiêm túc.", "bad": "", "next": ""},
        "works": [],
        "traces": {},
        "changes": None,
    }
    return cast(Summary, {**data, **values})


def make_report(*, profile: str = "HD36", draft_number: int = 2, template: Any = None, **values: Any) -> SummaryReport:
    """A row with such a snapshot, at 17:00 of 20/5/2024."""
    return SummaryReport.objects.create(
        directive=make_directive(),
        draft_number=draft_number,
        as_of=AS_OF,
        profile=profile,
        template=template,
        data=frozen(**values),
        made_by=make_office_user(),
        made_at=AS_OF,
    )
