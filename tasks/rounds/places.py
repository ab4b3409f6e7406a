"""The places of a section that can come back by themselves: texts, figures with their parts, papers, files.

The first six are there in every section and stand for a whole kind; the others are what the task asks for and what was
sent. A place is kept on the round by its key and its label of that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from tasks.models import ProgressReport, ReportRound

WHOLE = {
    "results": "Kết quả",
    "difficulties": "Khó khăn, nguyên nhân",
    "proposals": "Kiến nghị",
    "indicators": "Số liệu",
    "products": "Văn bản, sản phẩm",
    "files": "Tệp kèm",
}
# What is said at a place that came back without a word of its own.
NO_WORDS = "Văn phòng đề nghị sửa chỗ này."


@dataclass(frozen=True)
class Place:
    """One place; `group` is the key in WHOLE of the kind it belongs to, its own key for a whole kind."""

    key: str
    label: str
    group: str


@dataclass(frozen=True)
class Mend:
    """One place that came back; `why` is "" where only the whole has a reason."""

    key: str
    label: str
    why: str


def figure_key(code: str, category: str = "") -> str:
    """Of a figure, or of one part of it, by their codes; fit for the name of a field."""
    return ":".join(["figure", *(quote(part, safe="") for part in (code, category) if part)])


def product_key(delivery_id: int) -> str:
    """Of a paper that the unit owes."""
    return f"product:{delivery_id}"


def file_key(file_id: int) -> str:
    """Of a file that was sent."""
    return f"file:{file_id}"


def places_of(section: ProgressReport, round_: ReportRound | None) -> list[Place]:
    """Every place of one sending, in the order of the form, each kind before its single ones.

    Args:
        section: reads the indicators of its task with their categories, its papers with their products.
        round_: reads its files; None before anything was sent.
    """
    single: dict[str, list[Place]] = {"indicators": [], "products": [], "files": []}
    for indicator in section.assignment.task.indicators.all():
        single["indicators"].append(Place(figure_key(indicator.code), indicator.name, "indicators"))
        for part in indicator.categories.all():
            key = figure_key(indicator.code, part.code)
            single["indicators"].append(Place(key, f"{indicator.name} – {part.name}", "indicators"))
    for paper in section.products.all():
        single["products"].append(Place(product_key(paper.delivery_id), paper.delivery.product.name, "products"))
    for file in round_.files.all() if round_ else ():
        single["files"].append(Place(file_key(file.pk), file.original_name, "files"))
    found = []
    for key, label in WHOLE.items():
        found += [Place(key, label, key), *single.get(key, [])]
    return found


def labels_of(places: Iterable[Place]) -> dict[str, str]:
    """Key → label, in the order of the places."""
    return {place.key: place.label for place in places}


def mends_of(round_: ReportRound) -> list[Mend]:
    """What was to be mended in a sending, in the order of the form."""
    labels = {**WHOLE, **round_.returned_labels}
    return [Mend(key, labels.get(key, key), round_.field_reasons.get(key, "")) for key in round_.returned_fields]
