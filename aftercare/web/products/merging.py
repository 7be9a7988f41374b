"""One page for merging: a product, part, category or dictionary word into the one that it really is."""

from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, queries
from aftercare.flows import merge_words
from aftercare.foundation.refusals import RuleBroken
from aftercare.web.dictionary.forms import load_code
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.parts.forms import load as load_part
from aftercare.web.products.forms import load_category, load_product


class MergeForm(fields.RowForm):
    """Which entry it becomes; below it what would move and what stands in the way."""

    into = fields.Combo(_("并入"), "product", help_text=_("选择要保留的那一个"))

    def start(self):
        return {}

    def fit(self):
        rows, kind = _targets(self.row, self.actor)
        field = self.fields["into"]
        field.queryset = rows.filter(is_active=True, merged_into=None).exclude(pk=self.row.pk)
        field.widget.source = f"/options/{kind}/"
        field.find = lambda text: field.queryset.filter(name=text.strip()).first()
        self.foreseen = merge_words.foresee(self.row, actor=self.actor)
        if self.foreseen.why_not:
            del self.fields["into"]


def _targets(row, actor):
    lists = {"catalog.product": queries.list_products, "catalog.part": queries.list_parts, "catalog.category": queries.list_categories}
    if row.kind in lists:
        return lists[row.kind](actor), row.kind.partition(".")[2]
    return queries.list_codes(actor, row.kind_of), row.kind_of


def _back(row) -> str:
    page = merge_words.PLANS[row.kind].page
    return page % row.pk if "%s" in page else page


def save(row, cleaned, *, actor, at, version):
    """Merge; answers the page of what it became. Without a target the flow tells why there can be none."""
    if "into" not in cleaned:
        raise RuleBroken(merge_words.foresee(row, actor=actor).why_not, code="cannot_merge")
    return _back(merge_words.merge(row, cleaned["into"], actor=actor, at=at))


def _page(name, label, url, load):
    return EditPage(name=f"{name}_merge", title=_("合并"), permission=access.MERGE, list_label=label, list_url=url, form=MergeForm.build,
                    save=save, load=load, template="products/merge.html", done=_("已合并"), back=_back)


PRODUCT = _page("product", _("产品"), "/products/", load_product)
PART = _page("part", _("配件"), "/parts/", load_part)
CATEGORY = _page("category", _("品类"), "/categories/", load_category)
CODE = _page("code", _("词典"), "/codes/", load_code)
