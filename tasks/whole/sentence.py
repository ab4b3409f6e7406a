"""What every sentence about figures says first, in one place: how much is done, how much is late, how much waits."""

from directive_tracker.vietnamese import vn_number
from tasks.tallies import Figures


def overdue_words(total: Figures) -> str:
    """ "3 việc quá hạn" or "không có việc quá hạn"."""
    return f"{vn_number(total.open_overdue)} việc quá hạn" if total.open_overdue else "không có việc quá hạn"


def figures_said(total: Figures) -> list[str]:
    """["40 trên 90 việc hoàn thành", "3 việc quá hạn", "5 việc chờ xác nhận"], the last one where something waits."""
    said = [f"{vn_number(total.done)} trên {vn_number(total.counted)} việc hoàn thành", overdue_words(total)]
    return [*said, f"{vn_number(total.waiting)} việc chờ xác nhận"] if total.waiting else said
