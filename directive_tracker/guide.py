"""The user's guide: which page of it explains which page of the program.

Five pages, one for each kind of work, and a general one about accounts (docs/guide.md). `EXPLAINS` is the one place that says
where the link "Trợ giúp" of a page leads: the page of the guide for the role one acts in, at the topic.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import get_template

GENERAL = ""


@dataclass(frozen=True)
class GuidePage:
    """One page of the guide.

    slug: last part of its address and name of its template; roles: attributes of the access of those it is written for.
    """

    slug: str
    title: str
    lead: str
    roles: tuple[str, ...]


# In this order the page is chosen for a person of several roles.
PAGES = (
    GuidePage("van-phong", "Văn phòng", "Ghi văn bản, giao việc, theo dõi, xem xét báo cáo, đôn đốc.", ("is_office",)),
    GuidePage(
        "don-vi",
        "Đơn vị",
        "Nhận việc, báo cáo một lần cho mọi việc, xin gia hạn, lãnh đạo duyệt.",
        ("is_reporter", "is_unit_head"),
    ),
    GuidePage("thuong-truc", "Thường trực", "Đọc một trang, hỏi đến tận báo cáo, cho ý kiến.", ("is_reader",)),
    GuidePage("so-tri-an", "Sổ tri ân", "Lập danh sách, xác minh, kế hoạch, đi thăm.", ("is_registrar",)),
    GuidePage("quan-tri", "Quản trị", "Đơn vị, người dùng, vai trò, lịch làm việc.", ("is_administrator",)),
)
BY_SLUG = {page.slug: page for page in PAGES}

# page of the guide → topic → the url names of what it explains
EXPLAINS = {
    "van-phong": {
        "hom-nay": "tasks:today tasks:idle_work tasks:go",
        "ghi-van-ban": "tasks:directive_list tasks:directive_new tasks:incoming_list tasks:incoming_record tasks:scan "
        "tasks:directive_header tasks:cited_edit",
        "soat-van-ban": "tasks:check tasks:check_line tasks:check_task tasks:check_split tasks:check_name "
        "tasks:check_product tasks:check_product_new tasks:sentence_dismiss",
        "sua-loi-van": "tasks:text_versions tasks:text_version_new tasks:task_mark_again tasks:amendments",
        "phan-cong": "tasks:assigning tasks:assigning_task tasks:assigning_body tasks:assigning_find "
        "tasks:task_coordinating tasks:product_due tasks:task_waits",
        "giao": "tasks:directive_issue tasks:period_list tasks:period_edit",
        "mot-van-ban": "tasks:directive_detail tasks:task_detail",
        "phan-viec": "tasks:assignment_list tasks:assignment_detail tasks:assignment_action tasks:assignment_told "
        "tasks:assignment_talk tasks:together tasks:filter_list tasks:filter_new tasks:filter_change",
        "ma-tran": "tasks:matrix_home tasks:matrix tasks:assignment_panel",
        "xem-xet": "tasks:review_queue tasks:report_review tasks:report_detail tasks:report_behalf",
        "quyet-dinh": "tasks:extension_decide tasks:extension_permit tasks:question tasks:condition_set "
        "tasks:condition_decide",
        "don-doc": "tasks:chase_list tasks:nudge_preview tasks:chase_letters tasks:chase_letter_new tasks:chase_letter "
        "tasks:call_note tasks:missing_scans tasks:missing_scans_remind",
        "nhac-viec": "notifications:rules notifications:ledger notifications:next_mails notifications:message_detail "
        "notifications:addresses notifications:address tasks:directive_rules",
        "so-lieu": "tasks:directive_figures tasks:figure_doubts tasks:indicator_detail tasks:indicator_rules "
        "tasks:indicator_targets tasks:indicator_new tasks:figure_leave_out tasks:figure_reconcile "
        "tasks:figures_keep_both",
        "lich": "tasks:month tasks:feed_list tasks:feed_make tasks:activity_list tasks:activity_detail tasks:inspection_list tasks:inspection_detail "
        "tasks:finding_list tasks:finding_detail",
        "tong-quan": "tasks:overview_home tasks:overview tasks:overview_wall tasks:overview_year tasks:overview_trend",
        "trinh": "tasks:brief_home tasks:brief tasks:digest_list tasks:digest tasks:digest_new",
        "y-kien": "tasks:instruction_list tasks:instruction tasks:instruction_new",
        "tong-hop": "tasks:summary_list tasks:summary tasks:summary_trace tasks:summary_word tasks:summary_pdf "
        "tasks:template_list tasks:template",
        "ket-thuc": "tasks:directive_end tasks:directive_follow_again tasks:directive_archive",
        "xep-hang": "tasks:ranking_list tasks:ranking_new tasks:ranking tasks:ranking_unit tasks:ranking_show "
        "tasks:ranking_release tasks:ranking_withdraw tasks:ranking_reply",
        "tep-cua-toi": "records:own_files records:job",
        "cap-tren": "tasks:upward_list tasks:upward_detail tasks:upward_new tasks:upward_edit",
        "nhat-ky": "records:log",
    },
    "don-vi": {
        "nhan-viec": "tasks:unit_home tasks:acknowledge tasks:acknowledge_all tasks:assignment_detail "
        "tasks:assignment_talk tasks:task_detail tasks:directive_list tasks:directive_detail",
        "hoi-lai": "tasks:question_ask tasks:question_due tasks:question tasks:give_back",
        "bao-cao": "tasks:unit_reports tasks:report_edit tasks:report_detail tasks:report_open "
        "tasks:report_figures_fill tasks:report_figures_form",
        "duyet": "tasks:report_head",
        "gia-han": "tasks:extension_request tasks:extension_withdraw tasks:delay_note",
        "duong-dan": "tasks:report_links",
        "cung-lam": "tasks:together tasks:hand_on tasks:parts_left tasks:partners tasks:contribution_review "
        "tasks:release_new tasks:release_list tasks:release",
        "su-kien": "tasks:month tasks:feed_list tasks:feed_make tasks:activity_list tasks:activity_new tasks:activity_detail tasks:activity_edit "
        "tasks:activity_step",
        "theo-doi": "tasks:review_queue tasks:report_review tasks:inspection_list tasks:inspection_new "
        "tasks:inspection_detail tasks:place_new tasks:finding_list tasks:finding_new tasks:finding_detail",
        "thong-bao": "notifications:inbox",
        "xep-hang": "tasks:ranking_list tasks:ranking_unit tasks:ranking_answer",
        "tep-cua-toi": "records:own_files records:job",
    },
    "thuong-truc": {
        "mot-trang": "tasks:brief_home tasks:brief",
        "bao-cao-nhanh": "tasks:digest_list tasks:digest",
        "y-kien": "tasks:instruction_list tasks:instruction tasks:instruction_new",
        "tong-quan": "tasks:overview_home tasks:overview tasks:overview_wall tasks:overview_year tasks:overview_trend "
        "tasks:matrix_home tasks:matrix tasks:directive_figures",
        "tong-hop": "tasks:summary_list tasks:summary tasks:summary_trace",
        "xep-hang": "tasks:ranking_list tasks:ranking tasks:ranking_unit",
        "doc-tiep": "tasks:directive_list tasks:directive_detail tasks:task_detail tasks:assignment_detail "
        "tasks:report_detail",
        "xac-nhan": "tasks:review_queue tasks:report_review",
        "lich": "tasks:month tasks:feed_list tasks:feed_make",
    },
    "so-tri-an": {
        "danh-sach": "veterans:person_list veterans:person_search veterans:person_filter",
        "ho-so": "veterans:person_add veterans:person_detail veterans:person_edit veterans:person_move "
        "veterans:person_history veterans:visit_add",
        "nhap-danh-sach": "veterans:imports veterans:import veterans:import_columns",
        "trung": "veterans:pair_list veterans:pair_detail",
        "xac-minh": "veterans:verify_list veterans:person_verify",
        "ra-soat": "veterans:area_review veterans:area_review_cell",
        "con-song": "veterans:living_list veterans:condolence_list veterans:condolence_decide",
        "dot": "veterans:campaign veterans:campaign_of veterans:campaign_open veterans:campaign_change "
        "veterans:campaign_close",
        "ke-hoach": "veterans:plan_list veterans:plan_add veterans:plan_detail veterans:plan_edit veterans:plan_money "
        "veterans:plan_people veterans:plan_choose veterans:plan_approve veterans:plan_entry",
        "doan": "veterans:delegation_list veterans:delegation_add veterans:delegation veterans:delegation_edit "
        "veterans:delegation_pick veterans:plan_papers veterans:template_list veterans:template",
        "dien-thoai": "veterans:village_list veterans:village_page veterans:sent_list veterans:sent_detail "
        "veterans:copy_list",
        "chua-duoc-tham": "veterans:coverage",
        "du-lieu": "veterans:person_data veterans:data_requests veterans:data_request veterans:export "
        "veterans:retention veterans:person_sheet veterans:person_notice",
        "sau-dot": "veterans:campaign_after veterans:campaign_keeping",
    },
    "quan-tri": {
        "bat-dau": "setup",
        "nhap-tep": "units:import units:import_check",
        "nguoi-dung": "admin:accounts_user_changelist admin:accounts_user_change admin:accounts_user_add "
        "admin:accounts_user_deed admin:accounts_user_sheet admin:accounts_user_second_factor admin:units_leave",
        "vai-tro": "admin:index admin:units_membership_changelist admin:units_membership_add "
        "admin:units_membership_change admin:units_deputation_changelist",
        "don-vi": "admin:units_unit_changelist admin:units_unit_change admin:units_unit_add "
        "admin:units_unitgroup_changelist admin:units_area_changelist",
        "lich-lam-viec": "admin:units_calendarday_changelist admin:units_calendar_year admin:units_calendar_entry "
        "admin:units_calendar_import",
        "nhat-ky": "records:log",
    },
    GENERAL: {
        "dang-nhap": "accounts:login accounts:password_reset",
        "buoc-hai": "accounts:second_factor accounts:second_factor_setup accounts:second_factor_recovery "
        "accounts:second_factor_replace accounts:second_factor_off",
        "tai-khoan": "accounts:profile accounts:sessions accounts:held_form",
        "thay-mat": "units:deputies",
        "ma-api": "units:tokens",
    },
}


def _topics() -> dict[str, dict[str, str]]:
    """Url name → page of the guide → topic."""
    found: dict[str, dict[str, str]] = {}
    for slug, topics in EXPLAINS.items():
        for topic, names in topics.items():
            for name in names.split():
                found.setdefault(name, {})[slug] = topic
    return found


TOPICS = _topics()


def pages_of(access: Any) -> tuple[GuidePage, ...]:
    """The pages written for the roles of `access` (units.access.Access or None), the first of them first."""
    return tuple(page for page in PAGES if any(getattr(access, role, False) for role in page.roles))


def place(name: str, access: Any) -> tuple[str, str]:
    """Where the page `name` is explained to a person: slug of the guide's page and topic, "" for none.

    A page that nothing explains leads to the first page of the person's role.
    """
    mine = [page.slug for page in pages_of(access)]
    topics = TOPICS.get(name, {})
    for slug in [*mine, GENERAL, *topics]:
        if slug in topics:
            return slug, topics[slug]
    return (mine[0] if mine else GENERAL), ""


def template_of(slug: str) -> str:
    """The template of a page of the guide."""
    return f"guide/{slug or 'chung'}.html"


@lru_cache(maxsize=16)
def headings(slug: str) -> tuple[tuple[str, str], ...]:
    """The topics of a page as its template has them: anchor and words, for the list at its head."""
    source = get_template(template_of(slug)).template.source
    return tuple(re.findall(r'<h2 id="([a-z0-9-]+)">([^<]+)</h2>', source))
