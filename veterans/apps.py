from django.apps import AppConfig
from django.utils.module_loading import import_string

from accounts import field_words
from records import seeing, verbs
from tasks import figures
from veterans.enums import SensitiveKind, Verification
from veterans.verbs import WORDS


class VeteransConfig(AppConfig):
    name = "veterans"
    verbose_name = "Sổ tri ân"

    def ready(self):
        """Offer figures to the overview and words to the log, which cannot import this room."""
        verbs.register(
            WORDS,
            values={str(step): str(step.label).lower() for step in Verification},
            fields={f"veterans.person.{kind}": str(kind.label) for kind in SensitiveKind},
        )
        seeing.register("veterans", import_string("veterans.readers.sight_of"))
        # What was typed about a person is never shown on a page of the accounts.
        field_words.register_private("veterans")
        # By name: models cannot be imported while the applications are still being loaded.
        figures.register("veterans", import_string("veterans.figures.public_figures"))
