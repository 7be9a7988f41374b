import datetime as dt

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import access, actions, queries
from aftercare.foundation import clock
from aftercare.foundation.access import PERMISSIONS
from aftercare.foundation.refusals import Refusal
from aftercare.web.pages import fields
from aftercare.web.pages.edits import attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


class TokenForm(fields.RowForm):
    """A token of one's own: a name, how long, and what it may do."""

    name = fields.text(_("名称"), 60, required=True, help_text=_("写明给谁用，如：商城对接"))
    days = forms.TypedChoiceField(
        label=_("有效期"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 天")), (90, _("90 天")), (365, _("一年")), (0, _("不限"))],
    )
    wide = forms.ChoiceField(
        label=_("范围"),
        choices=[("read", _("只读：我能查看的一切")), ("*", _("全部：我能做的一切")), ("", _("只限下面选中的权限"))],
        required=False,
        initial="read",
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限"), required=False, widget=forms.SelectMultiple(attrs={"size": 10, "rows": 10})
    )

    def fit(self):
        self.fields["scopes"].choices = [
            (c, f"{label} · {c}") for c, label in sorted(PERMISSIONS.items()) if self.actor.holds(c)
        ]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("wide") and not cleaned.get("scopes"):
            self.add_error("scopes", _now("请至少选一个权限"))
        return cleaned


@page(access.MAKE_TOKEN)
def browse(request: HttpRequest) -> HttpResponse:
    """One's tokens; a POST makes one and shows its text this once: it is in no page, log or database afterwards."""
    actor = actor_of(request)
    form = TokenForm(request.POST if request.method == "POST" else None, actor=actor)
    raw, status, refusal = "", 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                raw, answer = _make(request, form.cleaned_data)
                if not raw:
                    return answer
                form, status = TokenForm(actor=actor), 200
            except Refusal as refused:
                refusal = attach(form, refused)
    context = {
        "form": form,
        "raw": raw,
        "refusal": refusal,
        "now": clock.now(),
        "employee_id": actor.employee_id,
        "tokens": list(queries.list_tokens(actor)[:200]),
    }
    response = render(request, "tokens/browse.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _make(request, cleaned) -> tuple[str, HttpResponse]:
    made: list[str] = []

    def act(*, actor, at) -> str:
        scopes = [cleaned["wide"]] if cleaned["wide"] else cleaned["scopes"]
        expires_at = at + dt.timedelta(days=cleaned["days"]) if cleaned["days"] else None
        employee = queries.get_employee(actor.employee_id, actor)
        _token, raw = actions.make_token(
            employee, name=cleaned["name"], scopes=scopes, expires_at=expires_at, actor=actor, at=at
        )
        made.append(raw)
        return "/tokens/"

    # The answer kept for the key is only the address, so a repeat of the form cannot show the text again.
    answer = perform(request, "token", act)
    return (made[0] if made else ""), answer


def revoke(token: int, *, actor, at) -> str:
    """End a token at once."""
    actions.revoke_token(fields.one(queries.list_tokens(actor), pk=token), actor=actor, at=at)
    return "/tokens/"
