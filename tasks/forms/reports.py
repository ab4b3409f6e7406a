"""The forms of a unit's report: the part for the whole report and one section per assignment."""

from django import forms

from tasks.drafts.inputs import PAPER_FIELDS, REPORT_FIELDS, SECTION_FIELDS, ProductInput, ReportInput, SectionInput
from tasks.forms.fields import SeveralFilesField, VnDateField, WrittenField
from tasks.forms.indicators import add_figure_fields, typed_figures
from tasks.models import AssignmentProduct, ProgressReport, UnitReport

PROBLEM_FIELDS = {"product_": "number_"}


class TypedForm(forms.Form):
    """A form whose valid fields can be saved while others are still wrong."""

    use_required_attribute = False
    not_compared: tuple[str, ...] = ("version", "whole_version", "page", "files", "remove")

    def value_of(self, name: str):
        """The typed value, or the stored one where the field has an error."""
        return getattr(self, "cleaned_data", {}).get(name, self.initial.get(name))

    def differences(self, stored: "TypedForm") -> list[tuple[str, str]]:
        """Where the stored values differ from what was typed: (label, what is stored).

        Args:
            stored: an unbound form of the same thing as it stands now.
        """
        found = []
        for name, field in self.fields.items():
            if name in self.not_compared or isinstance(field, forms.FileField):
                continue
            theirs = stored.initial.get(name)
            if (theirs or None) != (self.value_of(name) or None):
                found.append((str(field.label), "có" if theirs is True else str(stored[name].value() or "(để trống)")))
        return found


class ReportForm(TypedForm):
    """What concerns the report as a whole; carries the version the page was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    whole_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000, required=False)
    # Which opened page it is, made up by the browser; without JavaScript it stays empty.
    page = forms.RegexField(r"^[0-9a-z]{1,32}\Z", widget=forms.HiddenInput, required=False)
    general_note = WrittenField(label="Đánh giá chung", max_length=5000, rows=3)
    paper_number = WrittenField(label="Số", max_length=30, widget=forms.TextInput(attrs={"class": "dt-w-short"}))
    paper_symbol = WrittenField(label="Ký hiệu", max_length=60, widget=forms.TextInput(attrs={"class": "dt-w-short"}))
    paper_date = VnDateField(label="Ngày văn bản")
    paper_signer = WrittenField(
        label="Người ký", max_length=120, widget=forms.TextInput(attrs={"class": "dt-w-medium"})
    )

    def __init__(self, *args, report: UnitReport, **kwargs):
        initial = {name: getattr(report, name) for name in REPORT_FIELDS} | {
            "version": report.version,
            "whole_version": report.whole_version,
        }
        kwargs.setdefault("prefix", "chung")
        super().__init__(*args, initial=initial, **kwargs)

    def typed(self) -> ReportInput:
        """What was typed; a field with an error keeps its stored value."""
        return ReportInput(
            **{name: self.value_of(name) for name in REPORT_FIELDS},
            whole_version=self.cleaned_data.get("whole_version"),
            page=self.cleaned_data.get("page") or "",
        )


class SectionForm(TypedForm):
    """What a unit says about one assignment: words, figures, papers, files, boxes.

    A task that takes words and counts only has no file field and refuses links in its texts.
    """

    no_change = forms.BooleanField(label="Không có thay đổi so với lần báo cáo trước", required=False)
    nothing_arose = forms.BooleanField(label="Không phát sinh trong kỳ này", required=False)
    claims_completion = forms.BooleanField(label="Đã xong, đề nghị Văn phòng xác nhận hoàn thành", required=False)
    reported_outside_on = VnDateField(label="Đã báo cáo ngoài hệ thống, ngày")
    expected_on = VnDateField(label="Dự kiến xong ngày")

    def __init__(self, *args, section: ProgressReport, **kwargs):
        self.section = section
        self.task = section.assignment.task
        self.plain = self.task.words_and_counts_only
        self.deliveries: list[AssignmentProduct] = []
        self.indicators = list(self.task.indicators.all())
        self.attached = [item for item in section.files.all() if item.removed_at is None]
        initial = {name: getattr(section, name) for name in SECTION_FIELDS}
        kwargs.setdefault("prefix", f"muc{section.pk}")
        super().__init__(*args, initial=initial, **kwargs)
        self._add_texts()
        add_figure_fields(self, section, self.indicators, plain=self.plain)
        self._add_products()
        if not self.plain:
            self._add_files()
        self.order_fields(["results", "difficulties", "proposals"])

    def _add_texts(self) -> None:
        labels = (
            ("results", "Kết quả thực hiện", 10_000, 4),
            ("difficulties", "Khó khăn, nguyên nhân", 5000, 2),
            ("proposals", "Kiến nghị", 5000, 2),
        )
        for name, label, longest, rows in labels:
            self.fields[name] = WrittenField(label=label, max_length=longest, rows=rows, plain=self.plain)

    def _add_products(self) -> None:
        for product in self.section.products.all():
            delivery = product.delivery
            self.deliveries.append(delivery)
            self.fields |= {
                f"number_{delivery.pk}": self._line("Số", 30, "dt-w-short"),
                f"symbol_{delivery.pk}": self._line("Ký hiệu", 60, "dt-w-short"),
                f"paper_date_{delivery.pk}": VnDateField(label="Ngày văn bản"),
                f"signer_{delivery.pk}": self._line("Người ký", 120, "dt-w-medium"),
            }
            self.initial.update({f"{name}_{delivery.pk}": getattr(product, name) for name in PAPER_FIELDS})
            if not self.plain:
                self.fields[f"paper_{delivery.pk}"] = forms.FileField(
                    label="Tệp văn bản", required=False, allow_empty_file=True, widget=forms.FileInput
                )

    def _line(self, label: str, longest: int, width: str) -> WrittenField:
        return WrittenField(
            label=label, max_length=longest, plain=self.plain, widget=forms.TextInput(attrs={"class": width})
        )

    def _add_files(self) -> None:
        self.fields["files"] = SeveralFilesField(label="Chọn tệp")
        self.fields["remove"] = forms.TypedMultipleChoiceField(
            label="Gỡ tệp",
            choices=[(str(item.pk), str(item.file)) for item in self.attached],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            # A box of a file that a colleague removed meanwhile is no mistake worth a sentence.
            error_messages={"invalid_choice": "Tệp này vừa được gỡ rồi."},
        )

    def typed(self, *, papers: dict | None = None, new_files: list | None = None) -> SectionInput:
        """What was typed; a field with an error keeps its stored value.

        Args:
            papers: files stored for products, by delivery id.
            new_files: files stored for the section.
        """
        papers = papers or {}
        return SectionInput(
            **{name: self.value_of(name) for name in SECTION_FIELDS},
            **typed_figures(self, self.section, self.indicators),
            products={
                delivery.pk: ProductInput(
                    **{name: self.value_of(f"{name}_{delivery.pk}") for name in PAPER_FIELDS},
                    file=papers.get(delivery.pk),
                )
                for delivery in self.deliveries
            },
            new_files=new_files or [],
            removed_file_ids=set(self.value_of("remove") or ()),
        )

    def add_problem(self, field: str, sentence: str) -> None:
        """Put a problem found on sending beside its field."""
        for theirs, ours in PROBLEM_FIELDS.items():
            field = field.replace(theirs, ours)
        self.add_error(field if field in self.fields else None, sentence)
