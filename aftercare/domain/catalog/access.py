"""Permissions and row scope of this room: the catalogue is one for the whole company."""

from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import for_holders, permission, scope_of

VIEW = permission("catalog.view", _("查看产品与配件"))
EDIT = permission("catalog.edit", _("维护产品、配件和词典"))
EDIT_PRICE = permission("catalog.edit_price", _("维护收费标准和配件价格"))
MERGE = permission("catalog.merge", _("合并重复的产品、品类、配件和词条"))
ADD_WORD = permission("catalog.add_word", _("登记时录入新词条"))

for _model in ("Category", "Product", "Part", "Code", "WorkType", "ServiceLevel", "LabourPrice", "PartPrice", "Pack",
               "ArticleCode", "Fitting", "Substitute"):
    scope_of(f"catalog.{_model}", view=VIEW)(for_holders)
