"""Reads of claims on suppliers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.entitlement.lifecycle import ClaimStatus
from aftercare.domain.entitlement.models import ClaimAgreement, ClaimLine, SupplierClaim
from aftercare.domain.entitlement.rules import claims as rules
from aftercare.foundation import kept, money
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound


def list_agreements(actor: Actor) -> QuerySet[ClaimAgreement]:
    """What was agreed with suppliers."""
    return visible(ClaimAgreement, actor).select_related("supplier")


def get_agreement(agreement_id: int, actor: Actor) -> ClaimAgreement:
    """One agreement."""
    found = list_agreements(actor).filter(pk=agreement_id).first()
    if found is None:
        raise NotFound(_("没有找到索赔约定"), kind="entitlement.claimagreement", key=str(agreement_id))
    return found


def agreement_for(brand: str) -> ClaimAgreement | None:
    """Who reimburses warranty work on that brand, whoever asks."""
    brand = brand.strip().casefold()
    if not brand:
        return None
    return kept.setting("entitlement.agreements", _agreements).get(brand)


def _agreements() -> dict[str, ClaimAgreement]:
    """The first active agreement of each brand; they are shared: nobody may change them."""
    rows = ClaimAgreement.objects.filter(is_active=True).order_by("-pk")
    return {brand.casefold(): row for row in rows for brand in row.brands}


def list_claims(actor: Actor) -> QuerySet[SupplierClaim]:
    """The claims the actor may see."""
    return visible(SupplierClaim, actor).select_related("agreement", "branch")


def get_claim(key: str | int, actor: Actor) -> SupplierClaim:
    """The claim of that number or id."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_claims(actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到索赔单"), kind="entitlement.supplierclaim", key=str(key))
    return found


def list_claim_lines(actor: Actor) -> QuerySet[ClaimLine]:
    """The lines the actor may see, those taken off left out."""
    rows = visible(ClaimLine, actor).filter(is_dropped=False)
    return rows.select_related("claim", "agreement", "branch", "product", "asset")


def get_claim_line(line_id: int, actor: Actor) -> ClaimLine:
    """One line."""
    found = list_claim_lines(actor).filter(pk=line_id).first()
    if found is None:
        raise NotFound(_("没有找到索赔明细"), kind="entitlement.claimline", key=str(line_id))
    return found


def waiting(rows: QuerySet[ClaimLine]) -> QuerySet[ClaimLine]:
    """Lines that lie in no claim yet."""
    return rows.filter(claim=None)


def waiting_sums(actor: Actor) -> list[dict]:
    """What waits to be claimed, by branch and supplier: `{branch_id, agreement_id, name, lines, claimed}`. One statement."""
    rows = waiting(list_claim_lines(actor)).select_related(None).order_by("agreement__name", "branch__name")
    groups = rows.values("branch_id", "branch__name", "agreement_id", "agreement__name")
    return [
        {"branch_id": row["branch_id"], "branch": row["branch__name"], "agreement_id": row["agreement_id"],
         "name": row["agreement__name"] or "", "lines": row["n"], "claimed": row["total"] or money.ZERO}
        for row in groups.annotate(n=Count("pk"), total=money.summed("claimed_amount"))
    ]


def lines_of_claim(claim: SupplierClaim) -> list[ClaimLine]:
    """The lines of a claim in the order in which they were collected."""
    return list(ClaimLine.objects.filter(claim=claim).select_related("product", "asset").order_by("pk"))


def compare(rows: Iterable[ClaimLine]) -> rules.Comparison:
    """Claimed, accepted, reimbursed and cost of these lines by supplier, product and month of the audit."""
    return rules.compare((_row(row) for row in rows), 3)


def _row(row: ClaimLine) -> rules.ClaimRow:
    paid = row.claim is not None and row.claim.reimbursed_at is not None
    # Of a claim that was paid short every line counts with its part.
    share = row.claim.reimbursed_amount / row.claim.accepted_amount if paid and row.claim.accepted_amount else 0
    return rules.ClaimRow(
        (row.agreement.name if row.agreement_id else _("未定供应商"), row.product.name if row.product_id else _("未定产品"),
         f"{row.audited_on:%Y-%m}"),
        row.cost_amount, row.claimed_amount, row.accepted_amount, money.rounded(row.accepted_amount * share),
        is_open=not row.answer,
    )


def is_claim_open(claim: SupplierClaim) -> bool:
    """True as long as its lines may still change."""
    return claim.status == ClaimStatus.OPEN
