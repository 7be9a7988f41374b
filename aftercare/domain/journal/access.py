from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("journal.view_fact", _("查看日志"))
BACKDATE = permission("journal.backdate", _("补录过去的时间"))
OPERATE = permission("journal.operate", _("处理失败的后台任务"))


@scope_of("journal.Fact", view=VIEW)
def facts(actor: Actor, permission: str) -> Q:
    """Facts filed under the branches reached; facts without branch only for who sees everything."""
    return by_branch(actor, permission, people=("actor_id",))


@scope_of("journal.Delivery", view=OPERATE)
def deliveries(actor: Actor, permission: str) -> Q:
    """Operators see every delivery."""
    return for_holders(actor, permission)
