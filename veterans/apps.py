from django.apps import AppConfig
from django.utils.module_loading import import_string

from accounts import field_words
from records import seeing, verbs
from tasks import figures
from veterans.enums import (
    ExportPurpose,
    KeptKind,
    Paper,
    PaperPurpose,
    Purpose,
    ReviewSource,
    ReviewState,
    SensitiveKind,
    Verification,
)
from veterans.verbs import DETAILS, WORDS

# Prefix of a code in the log → where its words stand.
CODED = {
    "request": ("DataRequest", "Kind"),
    "consent": ("Consent", "Purpose"),
    "scan": ("PersonScan", "Kind"),
    "photo": ("VisitPhoto", "Kind"),
    "erasure": ("Erasure", "Kind"),
}


def _values() -> dict[str, str]:
    """Words of the code that the log holds as values; called once all models are there."""
    plain = (Verification, Purpose, ExportPurpose, Paper, PaperPurpose)
    found = {str(step): str(step.label).lower() for choices in plain for step in choices}
    for prefix, (model, name) in CODED.items():
        choices = getattr(import_string(f"veterans.models.{model}"), name)
        found |= {f"{prefix}_{choice}": str(choice.label).lower() for choice in choices}
    found |= {f"kept_{choice}": str(choice.label).lower() for choice in KeptKind}
    return found | {f"review_{choice}": str(choice.label) for choice in (*ReviewSource, *ReviewState)}


class VeteransConfig(AppConfig):
    name = "veterans"
    verbose_name = "Sổ tri ân"

    def ready(self):
        """Offer figures to the overview and words to the log, which cannot import this room."""
        verbs.register(
            WORDS,
            details=DETAILS,
            values=_values(),
            fields={f"veterans.person.{kind}": str(kind.label) for kind in SensitiveKind}
            | {"veterans.person.wishes": "nguyện vọng"},
        )
        import_string("records.access.register")("veterans.lists", import_string("veterans.importing.access.may_see"))
        import_string("records.access.register")("veterans.plans", import_string("veterans.planning.access.may_see"))
        seeing.register("veterans", import_string("veterans.readers.sight_of"))
        # What was typed about a person is never shown on a page of the accounts.
        field_words.register_private("veterans")
        # By name: models cannot be imported while the applications are still being loaded.
        figures.register("veterans", import_string("veterans.figures.public_figures"))
        figures.register_table("veterans", import_string("veterans.figures.summary_table"))
        import_string("veterans.counting.register")()
