"""Static files under names that change with their content, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    # Modules name each other by these names too: a page never runs old and new ones together.
    support_js_module_import_aggregation = True
