from tasks.models.activity import Activity, ActivityFigure, ActivityKind, ActivityPhoto, ActivityState, ActivityStep
from tasks.models.amendment import Amendment, AmendmentKind, AmendmentUnit, UnitChange
from tasks.models.archive import DirectiveArchive
from tasks.models.assignment import (
    Assignment,
    AssignmentProduct,
    DueChange,
    Nudge,
    StatusChange,
)
from tasks.models.calendar_feed import CalendarFeed
from tasks.models.chasing import CallNote, ChaseLetter, DelayCause, DelayNote
from tasks.models.comment import Comment, CommentMention, CommentScope
from tasks.models.digest import Digest, DigestKind
from tasks.models.directive import (
    Addressee,
    CitedDocument,
    Clause,
    CopyRecipient,
    Directive,
    DirectiveText,
    NonTaskSpan,
)
from tasks.models.draft_change import DraftChange, DraftVerb
from tasks.models.drafts import DraftCopy, DraftPresence
from tasks.models.extension import ExtensionPermit, ExtensionRequest
from tasks.models.figure_day import FigureDay
from tasks.models.filters import FilteredPage, SavedFilter
from tasks.models.incoming import IncomingFile, IncomingPlace, ScanPage, ScanReading
from tasks.models.indicator import Indicator, IndicatorCategory, IndicatorTarget
from tasks.models.inspection import (
    Finding,
    FindingState,
    FindingStep,
    InspectedPlace,
    Inspection,
    PlaceKind,
    StepKind,
)
from tasks.models.instruction import (
    Instruction,
    InstructionSource,
    InstructionState,
    InstructionStep,
    InstructionStepKind,
)
from tasks.models.link import ReportLink
from tasks.models.paper_template import PaperTemplate
from tasks.models.question import UnitQuestion
from tasks.models.ranking import Ranking, RankingAnswer
from tasks.models.report import (
    FigureReconciled,
    FiguresKept,
    IndicatorValue,
    ProgressReport,
    ReportingPeriod,
    ReportRound,
    SectionFile,
    SectionProduct,
    UnitReport,
)
from tasks.models.search import SearchWord
from tasks.models.summary import SummaryFile, SummaryReport
from tasks.models.tally import Tally
from tasks.models.task import DirectiveTask, Product, TaskRecipient, TaskSpan
from tasks.models.together import ContributionRequest, IdleKind, IdleWork, Partner, ProductRelease, ReleaseRecipient
from tasks.models.upward import (
    CitedFile,
    UpwardReport,
    UpwardReportStep,
    UpwardState,
    UpwardStepKind,
)
from tasks.models.waiting import TaskWait

__all__ = [
    "Activity",
    "ActivityFigure",
    "ActivityKind",
    "ActivityPhoto",
    "ActivityState",
    "ActivityStep",
    "Addressee",
    "Amendment",
    "AmendmentKind",
    "AmendmentUnit",
    "Assignment",
    "AssignmentProduct",
    "CalendarFeed",
    "CallNote",
    "ChaseLetter",
    "CitedDocument",
    "CitedFile",
    "Clause",
    "Comment",
    "CommentMention",
    "CommentScope",
    "ContributionRequest",
    "CopyRecipient",
    "DelayCause",
    "DelayNote",
    "Digest",
    "DigestKind",
    "Directive",
    "DirectiveArchive",
    "DirectiveTask",
    "DirectiveText",
    "DraftChange",
    "DraftCopy",
    "DraftPresence",
    "DraftVerb",
    "DueChange",
    "ExtensionPermit",
    "ExtensionRequest",
    "FigureDay",
    "FigureReconciled",
    "FiguresKept",
    "FilteredPage",
    "Finding",
    "FindingState",
    "FindingStep",
    "IdleKind",
    "IdleWork",
    "IncomingFile",
    "IncomingPlace",
    "Indicator",
    "IndicatorCategory",
    "IndicatorTarget",
    "IndicatorValue",
    "InspectedPlace",
    "Inspection",
    "Instruction",
    "InstructionSource",
    "InstructionState",
    "InstructionStep",
    "InstructionStepKind",
    "NonTaskSpan",
    "Nudge",
    "PaperTemplate",
    "Partner",
    "PlaceKind",
    "Product",
    "ProductRelease",
    "ProgressReport",
    "Ranking",
    "RankingAnswer",
    "ReleaseRecipient",
    "ReportLink",
    "ReportRound",
    "ReportingPeriod",
    "SavedFilter",
    "ScanPage",
    "ScanReading",
    "SearchWord",
    "SectionFile",
    "SectionProduct",
    "StatusChange",
    "StepKind",
    "SummaryFile",
    "SummaryReport",
    "Tally",
    "TaskRecipient",
    "TaskSpan",
    "TaskWait",
    "UnitChange",
    "UnitQuestion",
    "UnitReport",
    "UpwardReport",
    "UpwardReportStep",
    "UpwardState",
    "UpwardStepKind",
]
