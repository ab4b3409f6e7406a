"""Why the program thinks that words are a task, in the office's words (the rules' names are those of tasks/intake)."""

REASONS = {
    "subject": "câu nêu tên cơ quan phải làm",
    "handed_over": "câu giao việc (“giao …”, “yêu cầu …”)",
    "heading": "đứng dưới đề mục nêu tên cơ quan",
    "introduced": "đứng dưới câu mở đầu giao việc chung",
    "later_subject": "cơ quan được nêu ở giữa hoặc cuối câu",
    "bracket": "cơ quan phải làm ghi trong ngoặc sau câu",
    "sibling_blocks": "thuộc các mục Nội dung – Chủ trì – Phối hợp – Thời gian",
    "table_row": "một dòng của bảng phân công",
    "unnumbered": "đoạn không đánh số nhưng có giao việc",
    "closing_line": "câu cuối văn bản giao việc theo dõi, báo cáo",
}
UNNAMED = "theo cách đọc văn bản của chương trình"


def reasons_of(why: str) -> list[str]:
    """The words of a task's rules, each once; empty where a person made the task.

    Arguments: why, names parted by blanks (DirectiveTask.why).
    """
    return list(dict.fromkeys(REASONS.get(name, UNNAMED) for name in why.split()))
