"""The letter that chases one unit (công văn đôn đốc), from its frozen content, in Party form."""

from datetime import date, datetime
from typing import Any

from directive_tracker.vietnamese import vn_date
from tasks.exports import docx
from tasks.exports.party_form import PartyForm

HEADS = ("STT", "Mã", "Nhiệm vụ", "Thời hạn", "Quá hạn (ngày làm việc)", "Nguyên nhân đơn vị nêu", "Dự kiến xong")
# Millimetres; together the width of the text, 165.
WIDTHS = (12, 14, 43, 23, 23, 28, 22)
NOT_SAID = "chưa nêu"


def chase_letter(content: dict[str, Any], form: PartyForm, *, moment: datetime, demo: bool) -> bytes:
    """The Word file of a letter.

    Args:
        content: as tasks/chasing/letters.py freezes it; days are ISO.
        moment: when it was made.
        demo: put the line that says the data is invented on every page.
    """
    as_of, report_by = date.fromisoformat(content["as_of"]), date.fromisoformat(content["report_by"])
    groups = content["groups"]
    count = sum(len(group["works"]) for group in groups)
    paper = docx.new_paper(form, title=f"Công văn đôn đốc {content['to']}", moment=moment, demo=demo)
    docx.head(
        paper,
        form,
        superior=content["superior"],
        organ=content["organ"],
        symbol=content["symbol"],
        place=content["place"],
        day=as_of,
        subject=content["subject"],
    )
    docx.addressed(paper, form, [content["to"]])
    docx.body(paper, form, _opening(content))
    docx.body(
        paper,
        form,
        f"Tính đến ngày {vn_date(as_of)}, đơn vị còn {count:02} nhiệm vụ đã quá thời hạn nhưng chưa hoàn thành:",
        keep_with_next=True,
        after_pt=form.text.before_pt,
    )
    docx.grid(paper, form, HEADS, _rows(groups), WIDTHS)
    for number, text in enumerate(last := _requests(content, report_by)):
        docx.body(paper, form, text, keep_with_next=number == len(last) - 1)
    docx.closing(
        paper,
        form,
        recipients=content["recipients"],
        authority=content["authority"],
        position=content["position"],
    )
    return docx.write_bytes(paper)


def _opening(content: dict[str, Any]) -> str:
    """On what ground the office writes: the document, where the late work stems from one."""
    groups = content["groups"]
    if len(groups) == 1:
        return f"Thực hiện {groups[0]['directive']}, {content['issuer']} theo dõi, đôn đốc việc thực hiện các nhiệm vụ được giao."
    return (
        f"Thực hiện nhiệm vụ theo dõi, đôn đốc việc thực hiện các văn bản chỉ đạo, {content['issuer']} đã rà soát "
        "các nhiệm vụ giao cho đơn vị."
    )


def _rows(groups: list[dict[str, Any]]) -> list[list[str]]:
    """The lines of the table; a line with the document's name before its work where there are several."""
    rows, number = [], 0
    for group in groups:
        if len(groups) > 1:
            name = group["directive"]
            rows.append([name[:1].upper() + name[1:]])
        for work in group["works"]:
            number += 1
            rows.append(
                [
                    str(number),
                    work["code"],
                    work["title"],
                    vn_date(date.fromisoformat(work["due"])),
                    str(work["working_days_late"]),
                    work["cause"] or NOT_SAID,
                    vn_date(date.fromisoformat(work["expected_on"])) if work["expected_on"] else NOT_SAID,
                ]
            )
    return rows


def _requests(content: dict[str, Any], report_by: date) -> list[str]:
    """What the unit is asked to do, by when."""
    return [
        f"{content['issuer']} đề nghị {content['to']} khẩn trương lãnh đạo, chỉ đạo thực hiện các nhiệm vụ nêu trên; "
        f"báo cáo kết quả (nêu rõ nguyên nhân chậm, ngày dự kiến hoàn thành đối với nhiệm vụ chưa xong) về "
        f"{content['issuer']} chậm nhất ngày {vn_date(report_by)} để tổng hợp, báo cáo Thường trực "
        f"{content['committee']}.",
    ]
