"""The list for the press: only whose newest answer about the own name is yes. Name, commune, group, and nothing else."""

from django.db.models import prefetch_related_objects

from tasks.exports import docx
from veterans.models import GratitudePlan
from veterans.papers import frame, reading

TITLE = "Danh sách cung cấp cho báo chí"
HEADS = ("TT", "Họ và tên", "Xã, phường, thị trấn", "Đối tượng")
WIDTHS = (12, 58, 55, 50)


def of_plan(user, plan: GratitudePlan, mark: frame.Mark) -> tuple[bytes, int]:
    """The file and how many people stand in it. How many do not is said on the page, not to the press."""
    people = reading.people_of(reading.with_name_published(reading.entries_of(user, plan)))
    prefetch_related_objects(people, "categories")
    form = frame.upright(mark)
    paper = frame.begin(form, mark, title=TITLE)
    frame.heading(paper, plan.unit.name, TITLE, (plan.campaign.name,))
    docx.line(paper, "Những người có tên dưới đây đã đồng ý công bố họ tên.", 12, italic=True)
    rows = [
        [
            str(number),
            person.full_name,
            _place(person),
            ", ".join(str(row) for row in person.categories.all()),
        ]
        for number, person in enumerate(people, start=1)
    ]
    if rows:
        frame.aligned(docx.grid(paper, form, HEADS, rows, WIDTHS), "clll")
    else:
        docx.line(paper, "Chưa có ai đồng ý công bố họ tên.", 13, align=docx.CENTRE)
    return frame.end(paper, mark), len(people)


def _place(person) -> str:
    district = person.residence.parent
    return ", ".join([person.residence.name, *([frame.lower_first(district.name)] if district else [])])
