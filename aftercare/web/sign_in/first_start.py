"""The first start: a company that nobody can sign in to yet gets its name and its first administrator.

Who comes first would own the company, so the page asks for a code that only the server's operator sees: `aftercare serve`
prints the address with it as long as there is no account.
"""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import actions as people
from aftercare.domain.people import queries
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal
from aftercare.web import toasts
from aftercare.web.pages import fields
from aftercare.web.pages.edits import attach
from aftercare.web.policy import page

PATH = "/accounts/setup/"


def code() -> str:
    """The code of this installation: from its own key, so that all its processes know the same one."""
    return salted_hmac("aftercare first start", "code").hexdigest()[:20]


def address(base: str) -> str:
    """Where the operator goes on the first start; empty once somebody can sign in."""
    return "" if queries.is_founded() else f"{base.rstrip('/')}{PATH}?code={code()}"


class FirstStartForm(forms.Form):
    """The company and who administers it."""

    company = fields.text(_("公司名称"), 60, required=True, help_text=_("作为总部机构，以后可以改"))
    name = fields.text(_("管理员姓名"), 60, required=True)
    number = fields.text(_("管理员工号"), 24, required=True, initial="1001", help_text=_("用工号登录"))
    password = forms.CharField(
        label=_("密码"), strip=False, help_text=_("至少 10 个字符"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("再输一次密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _now("两次输入的密码不同"))
        return cleaned


@page(public=True)
def found(request: HttpRequest) -> HttpResponse:
    """Ask once, make the company, go on to the sign-in; not there without the code or once somebody can sign in."""
    if queries.is_founded() or not constant_time_compare(request.GET.get("code", ""), code()):
        raise Http404
    form = FirstStartForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            told = {name: form.cleaned_data[name] for name in ("company", "name", "number", "password")}
            try:
                people.found_company(**told, actor=Actor.system("first start"), at=clock.now())
            except Refusal as refused:
                refusal = attach(form, refused)
            else:
                toasts.add(request, _now("已建好，请用工号 %s 登录") % told["number"].strip())
                return redirect("account_login")
    context = {"form": form, "refusal": refusal, "heading": _now("初始化系统"), "submit": _now("建立公司")}
    return render(request, "account/setup.html", context, status=status)
