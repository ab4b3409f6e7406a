"""Who may see the files of this room: of the text, of what it cites, of reports and of products."""

from django.db.models import Q

from records.models import StoredFile
from tasks.models import (
    ActivityPhoto,
    Assignment,
    ChaseLetter,
    CitedDocument,
    CitedFile,
    Directive,
    DirectiveArchive,
    DirectiveText,
    Finding,
    FindingStep,
    ProductRelease,
    ProgressReport,
    ReportRound,
    SectionFile,
    SectionProduct,
    SummaryFile,
    UnitReport,
    UpwardReport,
    UpwardReportStep,
)
from tasks.querysets import access_for
from tasks.reportview import shows_whole

# Papers of one section; a round keeps them in its frozen content by position.
PAPERS = 8


def may_see(user, stored_file: StoredFile) -> bool:
    """Whoever sees the directive, the assignment or the sent report sees its files; a draft's files
    are the unit's own."""
    return (
        _of_a_directive(user, stored_file)
        or Assignment.objects.visible_to(user).filter(products__file=stored_file).exists()
        or _of_own_draft(user, stored_file)
        or _is_signed_paper(user, stored_file)
        or _of_a_sent_round(user, stored_file)
        or ChaseLetter.objects.visible_to(user).filter(file=stored_file).exists()
        or _of_an_event(user, stored_file)
        or ProductRelease.objects.visible_to(user).filter(file=stored_file).exists()
        or _of_an_upward_report(user, stored_file)
        or SummaryFile.objects.visible_to(user).filter(file=stored_file).exists()
        or DirectiveArchive.objects.visible_to(user).filter(file=stored_file).exists()
    )


def _of_a_directive(user, stored_file: StoredFile) -> bool:
    directives = Directive.objects.visible_to(user)
    return (
        DirectiveText.objects.filter(source_file=stored_file, directive__in=directives).exists()
        or CitedDocument.objects.filter(file=stored_file, directive__in=directives).exists()
        or CitedFile.objects.visible_to(user).filter(file=stored_file).exists()
    )


def _of_an_upward_report(user, stored_file: StoredFile) -> bool:
    """What the office sent to a body above, and what it had noted as sent before."""
    return (
        UpwardReport.objects.visible_to(user).filter(file=stored_file).exists()
        or UpwardReportStep.objects.visible_to(user).filter(file=stored_file).exists()
    )


def _of_an_event(user, stored_file: StoredFile) -> bool:
    """A picture of an activity, while it is not taken off, of a finding, or of an answer to one."""
    return (
        ActivityPhoto.objects.visible_to(user).filter(file=stored_file, removed_at__isnull=True).exists()
        or Finding.objects.visible_to(user).filter(photo=stored_file).exists()
        or FindingStep.objects.visible_to(user).filter(photo=stored_file).exists()
    )


def _of_own_draft(user, stored_file: StoredFile) -> bool:
    """What the unit itself is typing; taken off again, a file is seen by nobody unless it was sent."""
    attached = SectionFile.objects.visible_to(user).filter(file=stored_file, removed_at__isnull=True)
    return attached.exists() or SectionProduct.objects.visible_to(user).filter(file=stored_file).exists()


def _is_signed_paper(user, stored_file: StoredFile) -> bool:
    """The scan of the signed report, for whoever reads the whole report."""
    access = access_for(user)
    return any(
        shows_whole(report, access) for report in UnitReport.objects.visible_to(user).filter(signed_file=stored_file)
    )


def _of_a_sent_round(user, stored_file: StoredFile) -> bool:
    """A file that was sent stays readable with its round, also after the unit has replaced it."""
    rounds = ReportRound.objects.filter(section__in=ProgressReport.objects.visible_to(user))
    if rounds.filter(files=stored_file).exists():
        return True
    in_content = Q()
    for place in range(PAPERS):
        in_content |= Q(**{f"content__products__{place}__file": stored_file.pk})
    # Only the units the uploader works in, or every round ever sent would be read.
    units = stored_file.uploaded_by.memberships.values("unit") if stored_file.uploaded_by else []
    return rounds.filter(in_content, section__unit_report__unit__in=units).exists()
