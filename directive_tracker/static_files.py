"""Where static files are served from."""

from functools import cached_property

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptManifestStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with the address of each file made once: a page names fourteen, and the manifest does not
    change while a server runs."""

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def url(self, name: str, force: bool = False) -> str:
        """The address of a file under its name with the hash of its content. Errors: ValueError where the manifest lacks it."""
        if force:
            return super().url(name, force=True)
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]
