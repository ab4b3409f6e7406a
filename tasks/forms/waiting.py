"""Which task comes before another one."""

from django import forms

from tasks.models import DirectiveTask
from tasks.models.directive import CODE_LENGTH
from tasks.waiting import WORDS

# Codes offered while one types; a longer document takes any code all the same.
OFFERED = 300
CODES_TOLD = 30


class WaitForm(forms.Form):
    """A task of the same document by its code, and why."""

    code = forms.CharField(
        label="Chờ nhiệm vụ",
        max_length=CODE_LENGTH,
        widget=forms.TextInput(attrs={"class": "dt-w-short", "list": "task-codes", "autocomplete": "off"}),
        help_text="Mã của nhiệm vụ phải xong trước.",
    )
    words = forms.CharField(
        label="Vì sao chờ",
        max_length=WORDS,
        required=False,
        help_text="Ví dụ: kế hoạch lập từ danh sách đã rà soát.",
    )

    def __init__(self, *args, task: DirectiveTask, **kwargs):
        super().__init__(*args, **kwargs)
        others = task.directive.tasks.exclude(pk=task.pk).order_by("order", "pk")
        self.others = list(others.only("pk", "code", "short_title", "directive_id")[:OFFERED])
        self.task = task

    def clean_code(self) -> DirectiveTask:
        """The task of that code. Errors: ValidationError with the codes there are."""
        typed = self.cleaned_data["code"].strip()
        for other in self.others:
            if other.code.casefold() == typed.casefold():
                return other
        found = self.task.directive.tasks.filter(code=typed).first()
        if found is not None:
            return found
        told = ", ".join(other.code for other in self.others[:CODES_TOLD])
        more = ", …" if len(self.others) > CODES_TOLD else ""
        raise forms.ValidationError(
            f"Văn bản này không có nhiệm vụ “{typed}”. Các mã có: {told or 'không có nhiệm vụ khác'}{more}."
        )
