from django.apps import AppConfig
from django.utils.module_loading import import_string

from tasks import figures


class VeteransConfig(AppConfig):
    name = "veterans"
    verbose_name = "Sổ tri ân"

    def ready(self):
        """Offer the registry's figures to the overview, which cannot import this room."""
        # By name: models cannot be imported while the applications are still being loaded.
        figures.register("veterans", import_string("veterans.figures.public_figures"))
