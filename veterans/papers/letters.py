"""Invitations to a meeting and their envelopes: one copy a person, in the words of the template that counts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import ZONE, vn_date
from tasks import paper_templates
from tasks.exports.templates import Fields, fill
from tasks.paper_templates import Kind
from veterans.enums import Honour, Paper, Sex
from veterans.models import GratitudePlan, Person
from veterans.papers import frame, reading

OWN = Path(__file__).parent / "templates"
_PERSON = {
    "kinh_goi": "ông, bà, hoặc ông/bà nơi chưa rõ",
    "ho_ten": "họ và tên",
    "noi_o": "thôn, xã, huyện",
    "thon": "thôn, làng, tổ dân phố",
    "xa": "xã, phường, thị trấn",
    "huyen": "huyện, thành phố",
}
_COMMON = {
    "don_vi": "đơn vị mời",
    "dot": "tên đợt tri ân",
    "ngay_ky_niem": "ngày kỷ niệm",
    "nam": "năm",
}
_MEETING = {"thoi_gian": "thời gian gặp mặt", "dia_diem": "địa điểm gặp mặt"}
INVITATION = Fields(
    {**_PERSON, "xe_dua_don": "câu báo có xe đưa đón, trống nếu không cần", **_COMMON, **_MEETING},
    required=frozenset({"ho_ten", "thoi_gian", "dia_diem"}),
    common=frozenset({*_COMMON, *_MEETING}),
)
ENVELOPE = Fields({**_PERSON, **_COMMON}, required=frozenset({"ho_ten"}), common=frozenset(_COMMON))
RIDE = "Ban Tổ chức bố trí xe đưa đón tại nhà."
_CALLED = {Sex.MALE: "ông", Sex.FEMALE: "bà"}

paper_templates.register(
    Paper.INVITATIONS,
    Kind(str(Paper.INVITATIONS.label), INVITATION, OWN / "thu-moi.docx", "registry.template_", "xe_dua_don"),
)
paper_templates.register(
    Paper.ENVELOPES, Kind(str(Paper.ENVELOPES.label), ENVELOPE, OWN / "phong-bi.docx", "registry.template_", "thon")
)


def invited(user, plan: GratitudePlan) -> list[Person]:
    """Whom a plan invites, by commune."""
    return reading.people_of(reading.entries_of(user, plan).filter(form=Honour.MEETING))


def of_plan(
    user,
    plan: GratitudePlan,
    *,
    paper: str,
    words: Mapping[str, str],
    now: datetime,
    demo: bool,
    step: Callable[[int, int], None],
) -> tuple[bytes, int]:
    """A letter or an envelope for everybody who is invited, one behind the other.

    Args:
        words: thoi_gian and dia_diem, as they were typed. plan.campaign and plan.unit are loaded.
    """
    people = invited(user, plan)
    common = {
        "don_vi": plan.unit.name,
        "dot": plan.campaign.name,
        "ngay_ky_niem": vn_date(plan.campaign.honour_day),
        "nam": str(now.astimezone(ZONE).year),
        "thoi_gian": words.get("thoi_gian", ""),
        "dia_diem": words.get("dia_diem", ""),
    }
    content = fill(
        paper_templates.content(paper),
        [_copy(person) for person in people],
        common=common,
        banner=DEMO_LINE if demo else "",
        step=lambda done: step(done, len(people)),
    )
    return content, len(people)


def _copy(person: Person) -> dict[str, str]:
    """What a template may say of one person."""
    commune, district = person.residence, person.residence.parent
    place = [person.hamlet, frame.lower_first(commune.name) if person.hamlet else commune.name]
    place += [frame.lower_first(district.name)] if district else []
    return {
        "kinh_goi": _CALLED.get(Sex(person.sex), "ông/bà"),
        "ho_ten": person.full_name,
        "noi_o": ", ".join(part for part in place if part),
        "thon": person.hamlet,
        "xa": commune.name,
        "huyen": district.name if district else "",
        "xe_dua_don": RIDE if person.needs_vehicle else "",
    }
