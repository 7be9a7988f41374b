"""Forms of claims: an agreement, a new claim, the supplier of a line, the answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement import access, actions, queries
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.web.claims.registers import address_of
from aftercare.web.pages import fields
from aftercare.web.pages.choosers import SupplierCombo
from aftercare.web.pages.edits import EditPage


def _percent(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=1000, max_digits=6, decimal_places=2, initial=Decimal(100))


class AgreementForm(fields.RowForm):
    """What a supplier reimburses."""

    name = SupplierCombo(_("供应商"), help_text=_("输入名称或编号，从供应商档案中选；档案里没有的按所填名称保存"))
    brands = fields.text(_("品牌"), 1000, rows=3, help_text=_("每行一个；这些品牌的保内费用审核后自动列入索赔"))
    part_percent = _percent(_("配件赔付比例"))
    labour_percent = _percent(_("人工赔付比例"))
    travel_percent = _percent(_("上门赔付比例"))
    contact = fields.text(_("联系方式"), 200)
    is_active = fields.yes(_("启用"), initial=True)

    def start(self) -> dict[str, Any]:
        if self.row is None:
            return {}
        supplier = self.row.supplier.number if self.row.supplier_id else ""
        return super().start() | {"version": self.row.version, "name": (self.row.name, supplier), "brands": "\n".join(self.row.brands)}

    def fit(self) -> None:
        if self.row is None:
            del self.fields["is_active"]

    def clean_brands(self) -> list[str]:
        """One brand a line."""
        return [line.strip() for line in self.cleaned_data["brands"].splitlines() if line.strip()]


def save_agreement(row, cleaned, *, actor, at, version):
    """Make it or change it."""
    values = fields.values(cleaned)
    supplier = parties.find_supplier(values["name"], actor)
    # The name alone, unchanged, does not take a supplier off whom this person does not see.
    if supplier is not None or row is None or values["name"] != row.name:
        values["supplier"] = supplier
    if supplier is not None:
        values["name"] = supplier.name
    if row is None:
        actions.set_agreement(actor=actor, at=at, **values)
    else:
        given = {name: value for name, value in values.items() if getattr(row, name) != value}
        actions.edit_agreement(row, version=version, actor=actor, at=at, **given)
    return "/claim-agreements/"


AGREEMENT = EditPage(
    name="claim_agreement", title=_("索赔约定"), is_thing=True, permission=access.KEEP_CLAIM, list_label=_("索赔约定"), list_url="/claim-agreements/",
    form=AgreementForm.build, save=save_agreement, load=lambda key, actor: queries.get_agreement(fields.whole(key), actor),
    sections=((_("供应商"), ("name", "contact", "brands", "is_active")), (_("赔付"), ("part_percent", "labour_percent", "travel_percent"))),
)


class ClaimForm(fields.RowForm):
    """All that waits for a supplier in a branch becomes one claim."""

    agreement = fields.row(_("供应商"), required=True)
    branch = fields.row(_("机构"), required=True)
    note = fields.text(_("备注"), 200)

    def start(self) -> dict[str, Any]:
        return {"branch": self.actor.branch_id}

    def fit(self) -> None:
        self.fields["agreement"].queryset = queries.list_agreements(self.actor).filter(is_active=True).order_by("name")
        self.fields["branch"].queryset = people.list_branches(self.actor)


def save_claim(row, cleaned, *, actor, at, version):
    """Open it."""
    claim = actions.open_claim(cleaned["agreement"], branch_id=cleaned["branch"].pk, note=cleaned["note"], actor=actor, at=at)
    return address_of(claim)


CLAIM = EditPage(
    name="claim", title=_("新索赔单"), permission=access.KEEP_CLAIM, list_label=_("供应商索赔"), list_url="/claims/", form=ClaimForm.build,
    save=save_claim, sections=((_("把待索赔的明细汇成一单"), ("agreement", "branch", "note")),),
)


class LineForm(fields.RowForm):
    """Which supplier is to bear a line, and how much is claimed."""

    agreement = fields.row(_("供应商"), required=True)
    claimed_amount = fields.money(_("索赔金额"))

    def fit(self) -> None:
        self.fields["agreement"].queryset = queries.list_agreements(self.actor).filter(is_active=True).order_by("name")


def save_line(row, cleaned, *, actor, at, version):
    """Note it."""
    actions.assign(row, cleaned["agreement"], claimed_amount=cleaned["claimed_amount"], actor=actor, at=at)
    return "/claim-lines/"


LINE = EditPage(
    name="claim_line", title=_("定供应商"), permission=access.KEEP_CLAIM, list_label=_("索赔明细"), list_url="/claim-lines/",
    form=LineForm.build, save=save_line, load=lambda key, actor: queries.get_claim_line(fields.whole(key), actor),
)


class AnswerForm(forms.Form):
    """The supplier's answers, three fields a line; lines without an answer are passed over."""

    CHOICES = (("", _("未答复")), ("accepted", _("认可")), ("partly", _("部分认可")), ("rejected", _("拒绝")))

    def __init__(self, lines: list, data: Any = None) -> None:
        super().__init__(data)
        self.lines = [line for line in lines if not line.answer]
        for line in self.lines:
            self.fields[f"answer_{line.pk}"] = forms.ChoiceField(label=_("答复"), choices=self.CHOICES, required=False)
            self.fields[f"accepted_{line.pk}"] = fields.money(_("认可金额"), required=False)
            self.fields[f"reason_{line.pk}"] = fields.text(_("理由"), 200)

    def rows(self) -> list[dict[str, Any]]:
        """The lines with their three fields."""
        return [{"line": line, **{name: self[f"{name}_{line.pk}"] for name in ("answer", "accepted", "reason")}} for line in self.lines]

    def answers(self) -> list[dict[str, Any]]:
        """What was answered."""
        cleaned = self.cleaned_data
        return [
            {"line": line.pk, "answer": cleaned[f"answer_{line.pk}"], "accepted": cleaned[f"accepted_{line.pk}"],
             "reason": cleaned[f"reason_{line.pk}"]}
            for line in self.lines if cleaned[f"answer_{line.pk}"]
        ]


def of_claim(claim: Any, data: Any = None) -> AnswerForm:
    """The form for the lines of a claim that are not answered yet."""
    return AnswerForm(queries.lines_of_claim(claim), data)


def load_claim(key: str, actor: Actor):
    """That claim."""
    return queries.get_claim(key, actor)
