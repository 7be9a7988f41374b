"""Gallery of layouts and components with sample data, for developers and picture tests; only in DEBUG.

The sample texts are data, not interface, and therefore are not translated.
"""

from datetime import timedelta

from django import forms
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from aftercare.web import toasts
from aftercare.web.gallery import samples, scenes

PAGES = {
    "components": "组件",
    "register": "列表",
    "document": "单据",
    "desk": "前台",
    "board": "看板",
    "field": "手机",
    "dashboard": "仪表盘",
    "form": "表单",
    "print": "打印 A5",
    "print-a4": "打印 A4",
    "label": "标签",
    "login": "登录",
    "portal": "客户门户",
    "error": "错误页",
}
ICONS = {
    "components": "star",
    "register": "list",
    "document": "doc",
    "desk": "headset",
    "board": "board",
    "field": "phone",
    "dashboard": "gauge",
    "form": "edit",
    "login": "lock",
    "portal": "users",
    "error": "warn",
}


class SampleForm(forms.Form):
    """A form with one field of each common kind."""

    name = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类型", choices=[("person", "个人"), ("company", "单位")])
    phone = forms.CharField(label="电话", help_text="手机或带区号的座机")
    level = forms.ChoiceField(label="等级", choices=[("", "普通"), ("gold", "金卡")], required=False)
    address = forms.CharField(label="地址", required=False)
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    callback = forms.BooleanField(label="允许回访", required=False)


class SignInForm(forms.Form):
    """Two fields, as a sign-in page has them."""

    username = forms.CharField(label="账号")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def show(request, page="components"):
    """One gallery page, or one of the small answers that its scripts ask for."""
    if page in ANSWERS:
        return ANSWERS[page](request)
    if page not in PAGES:
        raise Http404
    now = timezone.now()
    context = build_shell(page) | scenes.build_page(page, now)
    template = page
    if page == "form":
        form = SampleForm(
            request.POST
            or {"name": "林晓燕", "kind": "person", "phone": "", "address": "浦东区张杨路 1599 弄 12 号 1803 室"}
        )
        context |= {"form": form, "sections": build_sections(form)}
    elif page == "login":
        context["form"] = SignInForm()
    elif page in ("print-a4", "label"):
        template = "print" if page == "print-a4" else "label"
    elif page == "error":
        return render(request, "404.html", status=404)
    if page == "register" and request.htmx:
        return render(request, "layouts/register_list.html", context)
    return render(request, f"gallery/{template}.html", context)


def build_shell(page):
    """What a context processor gives to every staff page."""

    def url(name):
        return reverse("gallery_page", args=[name])

    entries = [
        {
            "label": text,
            "url": url(name),
            "icon": ICONS.get(name, "print"),
            "current": name == page,
            "count": {"board": 74, "register": 8}.get(name),
            "hot": name == "register",
        }
        for name, text in PAGES.items()
    ]
    return {
        "nav": [
            {"label": "工作台", "entries": entries[:1] + entries[3:7]},
            {"label": "单据", "entries": entries[1:3]},
            {"label": "其他", "entries": entries[7:]},
        ],
        "nav_bottom": [entries[6], entries[1], entries[3], entries[2]],
        "me": {"name": "周敏", "place": "上海服务中心", "links": [{"label": "账号与安全", "url": "#", "icon": "user"}]},
        "logout_url": "#",
        "palette_url": url("palette"),
        "primary_action": {"label": "登记请求", "url": url("desk"), "icon": "plus"},
        "jumps": {"h": url("dashboard"), "o": url("register"), "d": url("board"), "r": url("desk")},
    }


def build_sections(form):
    """Cards of fields, as a form page declares them."""
    return [
        {"label": "基本信息", "fields": [{"field": form[name]} for name in ("name", "kind", "phone", "level")]},
        {
            "label": "地址与备注",
            "fields": [{"field": form[name], "full": True} for name in ("address", "note", "callback")],
        },
    ]


def answer_palette(request):
    """Results of the command palette."""
    return render(request, "components/palette_results.html", {"groups": scenes.find_palette(request.GET.get("q", ""))})


def answer_terms(request):
    """Rows of a combobox."""
    text = request.GET.get("q", "")
    return JsonResponse({"rows": [row for row in samples.TERMS if text in row["label"]][:8]})


def answer_peek(request):
    """The drawer beside a list."""
    now = timezone.now()
    return render(
        request,
        "gallery/peek.html",
        samples.build_document(now) | {"due": now + timedelta(minutes=138), "url": "../document/"},
    )


def answer_move(request):
    """A move that succeeds, or a board that refuses every lane of the last engineer."""
    if request.POST.get("lane") == "9":
        return JsonResponse({"detail": "该时段已有安排，请换一个时间。"}, status=409)
    if request.POST.get("job"):
        return JsonResponse({"text": "已派工", "undo": reverse("gallery_page", args=["move"])})
    return toasts.attach(JsonResponse({"text": "13818061234"}), "已保存")


def answer_lines(request):
    """The line editor after a change."""
    return render(request, "components/line_editor.html", samples.build_lines())


ANSWERS = {
    "palette": answer_palette,
    "terms": answer_terms,
    "peek": answer_peek,
    "move": answer_move,
    "lines": answer_lines,
}
