"""The switch of languages, in every footer: also in pages that many visitors share, so its form has no token of anybody's."""

from django.conf import settings
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@csrf_exempt
@require_POST
def switch(request):
    """A browser says of each form which site it was sent from; where none has said so, it needs a token like any other."""
    return set_language(request) if _from_here(request) else _with_token(request)


_with_token = csrf_protect(set_language)


def _from_here(request) -> bool:
    own = f"{request.scheme}://{request.get_host()}"
    # Browsers keep the origin of some pages to themselves, and tell only that it is the same.
    return (
        request.headers.get("Origin") in {own, *settings.ALLOWED_ORIGINS}
        or request.headers.get("Sec-Fetch-Site") == "same-origin"
    )
