"""The tables of the work: which columns invented rows have; the loader fills in the rest."""

from directive_tracker.scale.loader import Rows
from notifications.models import Notice, NoticeState
from tasks.enums import DueSource
from tasks.models import (
    Assignment,
    AssignmentProduct,
    DueChange,
    ExtensionRequest,
    IndicatorValue,
    Nudge,
    ProgressReport,
    ReportRound,
    SectionProduct,
    StatusChange,
    UnitReport,
)


class WorkTables:
    """Rows of parts and their products, history, requests, nudges, reports and notices, to be written in this order."""

    def __init__(self, tables: list[Rows]) -> None:
        self._make_parts()
        self._make_history()
        self._make_reports()
        self._make_notices()
        tables += [
            *(self.assignments, self.deliveries, self.moves, self.due_changes, self.extensions, self.nudges),
            *(self.reports, self.sections, self.section_products, self.rounds, self.values, self.notices),
        ]

    def _make_parts(self) -> None:
        """Parts and what each has to deliver."""
        self.assignments = Rows(
            Assignment,
            *("directive_id", "task_id", "unit_id", "role", "state", "paused_from", "state_reason"),
            *("due_original", "due_current", "due_version", "due_source", "assigned_on", "acknowledged_on"),
            *("acknowledged_by_id", "submitted_on", "completed_on", "updated_at"),
        )
        self.deliveries = Rows(
            AssignmentProduct,
            *("assignment_id", "product_id", "due_date", "number", "symbol", "paper_date", "signer"),
            *("submitted_on", "delivered_on"),
        )

    def _make_history(self) -> None:
        """What happened to a part: moves, new days, requests for time, nudges."""
        self.moves = Rows(StatusChange, "assignment_id", "old_state", "new_state", "by_id", "at", "note")
        self.due_changes = Rows(
            DueChange,
            *("assignment_id", "old_due", "new_due", "reason", "by_id", "at"),
            version=2,
            source=DueSource.EXTENDED.value,
        )
        self.extensions = Rows(
            ExtensionRequest,
            *("assignment_id", "old_due", "requested_due", "reason", "requested_by_id", "requested_at", "state"),
            *("granted_due", "decided_by_id", "decided_at"),
        )
        self.nudges = Rows(Nudge, "assignment_id", "by_id", "at", "message")

    def _make_reports(self) -> None:
        """What units sent: reports, sections, papers, sendings, figures."""
        self.reports = Rows(
            UnitReport,
            *("directive_id", "unit_id", "period_id", "state", "version", "general_note", "created_by_id"),
            *("created_at", "saved_by_id", "saved_at", "submitted_by_id", "submitted_at"),
        )
        self.sections = Rows(
            ProgressReport,
            *("unit_report_id", "assignment_id", "state", "version", "results", "difficulties", "claims_completion"),
            "indicator_values",
        )
        self.section_products = Rows(
            SectionProduct, "section_id", "delivery_id", "number", "symbol", "paper_date", "signer"
        )
        self.rounds = Rows(
            ReportRound,
            *("section_id", "number", "submitted_by_id", "submitted_at", "submitted_on", "content", "decision"),
            *("reason", "returned_fields", "decided_by_id", "decided_at"),
        )
        self.values = Rows(IndicatorValue, "round_id", "indicator_id", "value")

    def _make_notices(self) -> None:
        """Whom it was told."""
        self.notices = Rows(
            Notice,
            *("key", "kind", "recipient_id", "unit_id", "obligation", "target_type", "target_id", "target_version"),
            *("title", "detail", "url", "due_at", "planned_at", "sent_at", "read_at"),
            state=NoticeState.SENT.value,
        )
