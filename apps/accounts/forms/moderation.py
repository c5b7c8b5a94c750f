"""What a moderator says when banning or hiding; the admin's log keeps it."""

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.utils.translation import gettext_lazy as _


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Причина"), max_length=200, required=False)


def with_reason(request, act: str) -> str:
    """The line of the log: what was done and, if it was said, why."""
    reason = " ".join(request.POST.get("reason", "").split())[: ReasonForm.base_fields["reason"].max_length]
    return f"{act}: {reason}" if reason else act
