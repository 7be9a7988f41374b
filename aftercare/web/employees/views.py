from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.custody import queries as custody
from aftercare.domain.files import queries as kept
from aftercare.domain.people import access, actions, queries
from aftercare.foundation import clock
from aftercare.web.employees.forms import find_account
from aftercare.web.employees.registers import address_of
from aftercare.web.files import shown as files
from aftercare.web.pages import fields, timelines
from aftercare.web.policy import actor_of, page


@page(access.VIEW_EMPLOYEE)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """An employee's file: post, skills, certificates, roles, sign-in, regions."""
    actor = actor_of(request)
    employee = queries.get_employee(key, actor)
    here = {"branch_id": employee.branch_id, "people": (employee.pk,)}
    names = {c.code: c.name for c in catalog.list_categories(actor)}
    today = clock.local_day(clock.now(), actor.zone)
    sees_roles = actor.holds(access.VIEW_ROLE)
    context = {
        "employee": employee,
        "account": find_account(employee, actor),
        "skills": [names.get(s.category_code, s.category_code) or _("全部品类") for s in employee.skills.all()],
        "certificates": [
            {
                "row": c,
                "category": names.get(c.category_code, c.category_code) or _("全部品类"),
                "is_over": c.expires_on < today,
                "is_soon": today <= c.expires_on and (c.expires_on - today).days <= 30,
            }
            for c in employee.certificates.order_by("-expires_on")
        ],
        "grants": list(queries.list_grants(actor, employee_id=employee.pk)) if sees_roles else None,
        "coverage": list(queries.list_coverage(actor).filter(employee=employee)[:50])
        if actor.holds(access.VIEW_BRANCH)
        else [],
        "sees_wage": actor.may(access.VIEW_WAGE, branch_id=employee.branch_id),
        "may_edit": actor.may(access.EDIT_EMPLOYEE, **here),
        "may_grant": actor.may(access.EDIT_ROLE, branch_id=employee.branch_id),
        "may_account": actor.may(access.EDIT_ACCOUNT, branch_id=employee.branch_id),
        "is_locked": _is_locked(employee, actor),
        "things": len(custody.list_in_hands(employee.pk)) if actor.holds("custody.view_things") else None,
        "attached": files.section(employee, actor),
        "events": timelines.events("people.employee", employee.pk, limit=30),
    }
    return render(request, "employees/employee.html", context)


def _is_locked(employee, actor) -> bool:
    account = find_account(employee, actor)
    return bool(account and account.locked_until and account.locked_until > clock.now())


@page(access.VIEW_EMPLOYEE)
def badge(request: HttpRequest, key: str) -> HttpResponse:
    """A badge to print: photo, name, post, number, branch and a QR code of the number."""
    employee = queries.get_employee(key, actor_of(request))
    portrait = kept.find_portrait(employee.kind, employee.pk)
    context = {
        "employee": employee, "title": _("工牌"), "back_url": address_of(employee), "portrait": portrait,
        "company": queries.company_of(employee.branch).name,
        "note": _("54 × 86 毫米，与银行卡同大") if portrait else _("在员工档案的附件里上传证件照，就会印在工牌上"),
    }
    return render(request, "employees/badge.html", context)


def revoke(key: str, grant_id: int, *, actor, at) -> str:
    """Take a role away."""
    employee = queries.get_employee(key, actor)
    actions.revoke(fields.one(queries.list_grants(actor, employee_id=employee.pk), pk=grant_id), actor=actor, at=at)
    return address_of(employee)


def drop_certificate(key: str, certificate_id: int, *, actor, at) -> str:
    """Take a certificate away."""
    employee = queries.get_employee(key, actor)
    actions.remove_certificate(fields.one(employee.certificates.all(), pk=certificate_id), actor=actor, at=at)
    return address_of(employee)


def close_account(key: str, *, actor, at) -> str:
    """Close the sign-in."""
    employee = queries.get_employee(key, actor)
    actions.close_account(fields.one(queries.list_accounts(actor), employee=employee), actor=actor, at=at)
    return address_of(employee)


def open_account(key: str, *, actor, at) -> str:
    """Open the sign-in again and forget wrong passwords."""
    employee = queries.get_employee(key, actor)
    actions.open_account(fields.one(queries.list_accounts(actor), employee=employee), actor=actor, at=at)
    return address_of(employee)


def rejoin(key: str, *, actor, at) -> str:
    """Somebody who left is back."""
    employee = queries.get_employee(key, actor)
    return address_of(actions.rejoin(employee, version=employee.version, actor=actor, at=at))
