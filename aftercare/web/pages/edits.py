"""Form pages: show, check, save; a refusal keeps what was typed and stands beside the field it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Invalid, Refusal
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


@dataclass(frozen=True)
class EditPage:
    """One form page, for new rows (`load` is None) and for edits.

    `form(actor, row, data)` builds the bound or unbound Django form; `save(row, cleaned, *, actor, at, version)`
    calls the action and answers the address to go on with; `sections` are (heading, field names) cards.
    """

    name: str
    title: Any
    permission: str
    list_label: Any
    list_url: str
    form: Callable[[Actor, Any, Any], forms.Form]
    save: Callable[..., str]
    load: Callable[[str, Actor], Any] | None = None
    sections: Sequence[tuple[Any, Sequence[str]]] = ()
    done: Any = ""
    template: str = "layouts/form.html"
    is_thing: bool = False  # `title` names the thing that is edited: a new one is headed "new …"
    # What a new row's form begins with because of the address, e.g. `?customer=C000012`.
    prefill: Callable[[Any, Actor], dict[str, Any]] | None = None
    # The page of the row that is edited: the heading names the row, and leaving the form goes back there.
    back: Callable[[Any], str] | None = None


def view(edit: EditPage):
    """The view of a form page, with its policy."""

    @page(edit.permission)
    def show(request: HttpRequest, key: str = "") -> HttpResponse:
        actor = actor_of(request)
        row = edit.load(key, actor) if edit.load and key else None
        form = edit.form(actor, row, request.POST if request.method == "POST" else None)
        if edit.prefill and row is None and request.method == "GET":
            form.initial |= edit.prefill(request.GET, actor)
        refusal, status = "", 422 if request.method == "POST" else 200
        if request.method == "POST" and form.is_valid():
            try:
                return perform(request, edit.name, _saver(edit, row, form, request), done=edit.done or _("已保存"))
            except Refusal as refused:
                refusal = attach(form, refused)
                status = 503 if refused.status == 503 else 422  # too busy: nothing is wrong with what was typed
        context = {
            "title": _heading(edit) if row is None else _told(edit, row),
            "cancel_url": edit.back(row) if edit.back and row is not None else "",
            "list_label": edit.list_label,
            "list_url": edit.list_url,
            "form": form,
            "row": row,
            "sections": _sections(edit, form),
            "refusal": refusal,
        }
        return render(request, edit.template, context, status=status)

    return show


def _heading(edit: EditPage) -> str:
    # A page named by the thing it edits says of a new one that it is new; a page named by what it does stays as it is.
    return _("新建%s") % edit.title if edit.is_thing else str(edit.title)


def _told(edit: EditPage, row: Any) -> str:
    name = row if edit.back else getattr(row, "number", "")
    return f"{edit.title} {name}".strip()


def _saver(edit: EditPage, row: Any, form: forms.Form, request: HttpRequest) -> Callable[..., str]:
    version = request.POST.get("version", "")

    def act(*, actor: Actor, at) -> str:
        return edit.save(
            row, form.cleaned_data, actor=actor, at=at, version=int(version) if version.isdigit() else None
        )

    return act


def attach(form: forms.Form, refusal: Refusal) -> str:
    """Put a refusal beside the field it names; the message itself when it names none of this form."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {refusal.field: refusal.message}
    rest = []
    # A form with lines knows which of its fields is meant by the field of a line.
    name_of = getattr(form, "name_of", None)
    for field, message in errors.items():
        field = name_of(field, refusal) if name_of else field
        if field in form.fields:
            form.add_error(field, str(message))
        else:
            rest.append(str(message))
    return " ".join(rest)


def _sections(edit: EditPage, form: forms.Form) -> list[dict]:
    shown = [(label, [form[name] for name in names if name in form.fields]) for label, names in edit.sections]
    return [
        {"label": label, "fields": [{"field": field, "full": "rows" in field.field.widget.attrs} for field in found]}
        for label, found in shown
        if found
    ]


class VersionedForm(forms.Form):
    """A form that carries the version of the row its editor saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
