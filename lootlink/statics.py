"""Static files under names that change with their content, so that a browser may keep them for ever."""

from functools import cached_property

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    # Modules name each other by these names too: a page never runs old and new ones together.
    support_js_module_import_aggregation = True

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def url(self, name, force=False):
        """Looked up once: the names don't change while a worker runs, and a page asks for a hundred."""
        if force:
            return super().url(name, force)
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]
