"""One stylesheet for the browser out of one file a component: `css/all.css`, made whenever files are found or collected."""

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/all.css"


class StylesheetFinder(BaseFinder):
    def __init__(self, *args, **kwargs):
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "bundle")

    def check(self, **kwargs):
        return []

    def list(self, ignore_patterns):
        self._write()
        yield NAME, self.storage

    def find(self, path, find_all=False):
        if path != NAME:
            return []
        self._write()
        found = self.storage.path(NAME)
        return [found] if find_all else found

    def _write(self):
        # Sorted, so that `_layers.css` comes first and names the layers.
        parts = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
        text = "\n".join(part.read_text(encoding="utf-8") for part in parts)
        target = settings.VAR_DIR / "bundle" / NAME
        # An unchanged file keeps its time, and collectstatic leaves it alone.
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
