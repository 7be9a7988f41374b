"""Buttons and dialogs of moves: drawn from the lifecycle, posted to one view per subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import Lifecycle, Move
from aftercare.foundation.refusals import NotAllowed, NotFound, Refusal
from aftercare.web.pages.edits import attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


@dataclass(frozen=True)
class MoveDoor:
    """The moves of one subject on pages.

    `runs` maps a move's name to the function that makes it (an action or a flow): `run(row, *, actor, at, **inputs)`.
    `asks` maps an input's name to a form field maker `(actor, row) -> forms.Field | None` (None: not asked now); the form of a move is built of
    the inputs that the lifecycle says it asks for, and of `more` (move → further input names, optional ones).
    """

    slug: str
    lifecycle: Lifecycle
    load: Callable[[str, Actor], Any]
    address: Callable[[Any], str]
    runs: Mapping[str, Callable[..., Any]]
    asks: Mapping[str, Callable[[Actor, Any], forms.Field | None]]
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Which of the legal moves are shown; a room may know more than the state, e.g. the way of service.
    open_moves: Callable[[Any, Actor], list[Move]] | None = None

    def inputs(self, move: Move) -> tuple[str, ...]:
        """Names of the inputs that this move's dialog has."""
        return (*move.asks, *self.more.get(move.name, ()))

    def build_form(self, move: Move, actor: Actor, row: Any, data: Any = None) -> forms.Form:
        """The form of a move's dialog."""
        made = {name: self.asks[name](actor, row) for name in self.inputs(move)}
        fields = {name: field for name, field in made.items() if field is not None}
        for name in self.more.get(move.name, ()):
            if name in fields:
                fields[name].required = False
        return type("MoveForm", (forms.Form,), fields)(data, auto_id=f"{move.name}-%s")

    def buttons(self, row: Any, actor: Actor) -> list[dict]:
        """What components/move_buttons.html and the dialogs beside it need; nothing that the actor may not do."""
        buttons = []
        for move in (self.open_moves or self.lifecycle.open_moves)(row, actor):
            if move.name not in self.runs:
                continue
            form = self.build_form(move, actor, row)
            asks = bool(form.fields) or move.danger
            buttons.append(
                {
                    "name": move.name,
                    "label": move.label,
                    "primary": move.primary,
                    "danger": move.danger,
                    "url": f"{self.address(row)}moves/{move.name}",
                    "dialog": f"#move-{move.name}" if asks else "",
                    "form": form if asks else None,
                }
            )
        # One primary button at most: the first legal one of the lifecycle's order.
        primary = next((b for b in buttons if b["primary"]), None)
        for button in buttons:
            button["primary"] = button is primary
        return sorted(buttons, key=lambda b: not b["primary"])


def view(door: MoveDoor):
    """The view that makes a move of that subject: GET shows its form as a page (no script), POST makes it."""

    @page()
    @require_http_methods(["GET", "POST"])
    def show(request: HttpRequest, key: str, move: str) -> HttpResponse:
        actor = actor_of(request)
        row = door.load(key, actor)
        declared = door.lifecycle.moves.get(move)
        if declared is None or move not in door.runs:
            raise NotFound("")
        form = door.build_form(declared, actor, row, request.POST if request.method == "POST" else None)
        refusal = ""
        if request.method == "POST" and form.is_valid():

            def act(*, actor: Actor, at) -> str:
                given = {k: v for k, v in form.cleaned_data.items() if v not in (None, "")}
                door.runs[move](row, actor=actor, at=at, **given)
                return request.POST.get("next") or door.address(row)

            try:
                return perform(request, f"{door.slug}.{move}:{key}", act, done=declared.label)
            except Refusal as refused:
                if not form.fields or isinstance(refused, NotAllowed | NotFound) or request.headers.get("HX-Request"):
                    raise
                refusal = attach(form, refused)
        context = {
            "title": declared.label,
            "list_label": getattr(row, "number", key),
            "list_url": door.address(row),
            "form": form,
            "refusal": refusal,
            "submit": declared.label,
        }
        return render(request, "layouts/form.html", context, status=422 if request.method == "POST" else 200)

    return show
