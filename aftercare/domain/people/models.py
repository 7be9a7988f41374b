from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.money import MoneyField
from aftercare.foundation.subjects import Subject


class Calendar(Subject):
    """A working calendar: weekly hours; official days off and make-up workdays come from `CalendarDay`.

    With `follows_official` official days off close it; with `opens_make_up` it opens on make-up workdays too.
    """

    name = models.CharField(_("日历"), max_length=60, unique=True)
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    follows_official = models.BooleanField(_("按国家节假日"), default=True)
    opens_make_up = models.BooleanField(_("调休补班日营业"), default=True)

    class Meta:
        verbose_name = _("工作日历")

    def __str__(self) -> str:
        return self.name


class CalendarHours(models.Model):
    """One opening interval of a weekday (0 = Monday), half open, in minutes of local wall time; 1440 is midnight.

    Weekday 7 holds the hours of make-up workdays; a calendar without them works as on Monday then.
    """

    MAKE_UP = 7

    calendar = models.ForeignKey(Calendar, models.CASCADE, verbose_name=_("日历"), related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("星期"))
    starts = models.PositiveSmallIntegerField(_("开始"))
    ends = models.PositiveSmallIntegerField(_("结束"))

    class Meta:
        verbose_name = _("工作时间")
        constraints = [models.UniqueConstraint(fields=["calendar", "weekday", "starts"], name="hours_once")]


class CalendarDay(models.Model):
    """A dated exception: without calendar an official day off or make-up workday, else of that calendar only.

    `intervals` are the day's own hours ([[540, 720], …]); null for a workday means those of make-up workdays.
    """

    class Kind(models.TextChoices):
        OFF = "off", _("休息")
        WORKDAY = "workday", _("补班")

    calendar = models.ForeignKey(Calendar, models.CASCADE, null=True, verbose_name=_("日历"), related_name="days")
    date = models.DateField(_("日期"))
    kind_of = models.CharField(_("类型"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    intervals = models.JSONField(_("时段"), null=True)

    class Meta:
        verbose_name = _("节假日")
        constraints = [
            models.UniqueConstraint(fields=["date"], name="official_day_once", condition=models.Q(calendar=None)),
            models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once"),
        ]


class CalendarYear(models.Model):
    """Whether the official days of a year are known: until the notice is out they are 'not announced yet'."""

    year = models.PositiveSmallIntegerField(_("年份"), unique=True)
    is_announced = models.BooleanField(_("已公布"), default=False)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("节假日年份")


class Branch(Subject):
    """机构: a node of the company: head office, branch, service centre, outlet."""

    class Kind(models.TextChoices):
        HEAD_OFFICE = "head_office", _("总部")
        BRANCH = "branch", _("分公司")
        SERVICE_CENTRE = "service_centre", _("服务中心")
        OUTLET = "outlet", _("特约网点")

    number = models.CharField(_("机构编号"), max_length=24, unique=True)
    name = models.CharField(_("机构"), max_length=80)
    kind_of = models.CharField(_("类型"), max_length=16, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("上级"), related_name="children")
    path = models.CharField(_("路径"), max_length=200, blank=True, db_index=True, editable=False)
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, verbose_name=_("工作日历"), related_name="+")
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    address = models.CharField(_("地址"), max_length=250, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("机构")

    def __str__(self) -> str:
        return self.name

    @property
    def branch_shown(self) -> int | None:
        return self.pk or self.parent_id


class Department(Subject):
    """部门 of a branch; its people are a team."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("机构"), related_name="departments")
    name = models.CharField(_("部门"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("上级"), related_name="children")

    class Meta:
        verbose_name = _("部门")
        constraints = [models.UniqueConstraint(fields=["branch", "name"], name="department_once")]

    def __str__(self) -> str:
        return self.name


class Region(Subject):
    """服务区域: a node of the official divisions (province, city, district), urban or suburban."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("区域"), max_length=60)
    full_name = models.CharField(_("全称"), max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(_("级别"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("上级"), related_name="children")
    is_urban = models.BooleanField(_("城区"), null=True)
    is_new = models.BooleanField(_("新词条"), default=False)

    class Meta:
        verbose_name = _("区域")

    def __str__(self) -> str:
        return self.name


class Employee(Subject):
    """员工: a person of the company, with a number; may have a sign-in."""

    number = models.CharField(_("工号"), max_length=24, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("机构"), related_name="employees")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, verbose_name=_("部门"), related_name="employees"
    )
    post = models.CharField(_("岗位"), max_length=40, blank=True)
    grade = models.CharField(_("技术等级"), max_length=20, blank=True)
    wage_amount = MoneyField(_("岗位工资"), default=0)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    is_engineer = models.BooleanField(_("工程师"), default=False)
    is_active = models.BooleanField(_("在职"), default=True)
    joined_on = models.DateField(_("入职日期"), null=True)
    left_on = models.DateField(_("离职日期"), null=True)

    class Meta:
        verbose_name = _("员工")

    def __str__(self) -> str:
        return self.name

    def people_shown(self):
        return (self.pk,)


class Coverage(models.Model):
    """Who serves a region: a branch or outlet, or one of its engineers. Lower `priority` first."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("区域"), related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("机构"), related_name="coverage")
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, verbose_name=_("工程师"), related_name="coverage")
    priority = models.PositiveSmallIntegerField(_("优先级"), default=1)

    class Meta:
        verbose_name = _("服务范围")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "branch"], name="coverage_branch_once", condition=models.Q(employee=None)
            ),
            models.UniqueConstraint(fields=["region", "employee"], name="coverage_engineer_once"),
        ]


class Skill(models.Model):
    """An engineer's skill for a product category, told by the category's code; empty means all categories."""

    employee = models.ForeignKey(Employee, models.CASCADE, verbose_name=_("工程师"), related_name="skills")
    category_code = models.CharField(_("品类"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("技能")
        constraints = [models.UniqueConstraint(fields=["employee", "category_code"], name="skill_once")]


class Certificate(models.Model):
    """A qualification that lets an engineer be dispatched to a category, until it expires."""

    employee = models.ForeignKey(Employee, models.CASCADE, verbose_name=_("工程师"), related_name="certificates")
    category_code = models.CharField(_("品类"), max_length=40, blank=True)
    name = models.CharField(_("证书"), max_length=80)
    number = models.CharField(_("证书编号"), max_length=60, blank=True)
    issued_on = models.DateField(_("发证日期"), null=True)
    expires_on = models.DateField(_("有效期至"))

    class Meta:
        verbose_name = _("资格证书")


class Account(Subject, AbstractUser):
    """A sign-in: employee number or user name and a password."""

    employee = models.OneToOneField(Employee, models.PROTECT, null=True, verbose_name=_("员工"), related_name="account")
    failed_sign_ins = models.PositiveSmallIntegerField(_("连续登录失败次数"), default=0, editable=False)
    locked_until = models.DateTimeField(_("锁定到"), null=True, editable=False)

    class Meta:
        verbose_name = _("登录账号")

    @property
    def number_shown(self) -> str:
        return self.username

    @property
    def branch_shown(self) -> int | None:
        return self.employee.branch_id if self.employee_id else None

    def people_shown(self):
        return (self.employee_id,)

    def mentions(self) -> list[tuple[str, int]]:
        return [("people.employee", self.employee_id)] if self.employee_id else []


class Role(Subject):
    """A set of permissions with a reach; data, edited on a page.

    `template` is the code of the default role it was made from, empty for a role of the company's own making. `known`
    is what there was to be had when the product last brought the role up to date, `offered` what has come since and waits
    for somebody to grant or decline it (`actions.renew_roles`).
    """

    class Reach(models.TextChoices):
        OWN = "own", _("本人")
        TEAM = "team", _("本部门")
        BRANCH = "branch", _("本机构")
        BELOW = "below", _("本机构及下级")
        ALL = "all", _("全部")

    code = models.CharField(_("编码"), max_length=24, unique=True)
    name = models.CharField(_("角色"), max_length=60)
    permissions = models.JSONField(_("权限"), default=list)
    reach = models.CharField(_("数据范围"), max_length=8, choices=Reach, default=Reach.BRANCH)
    template = models.CharField(_("角色模板"), max_length=24, blank=True, editable=False)
    known = models.JSONField(_("已比对的权限"), default=list, editable=False)
    offered = models.JSONField(_("待授予的新权限"), default=list, editable=False)

    class Meta:
        verbose_name = _("角色")

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """An employee holds a role at a branch."""

    employee = models.ForeignKey(Employee, models.PROTECT, verbose_name=_("员工"), related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("角色"), related_name="grants")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("机构"), related_name="+")

    class Meta:
        verbose_name = _("授权")
        constraints = [models.UniqueConstraint(fields=["employee", "role", "branch"], name="grant_once")]


class Stamp(models.Model):
    """A mark renewed with every change of what processes keep in memory: roles and grants, calendars.

    The mark is random and not counted, so that a change rolled back never looks like another one committed later.
    """

    name = models.CharField(_("名称"), max_length=20, unique=True)
    mark = models.CharField(_("标记"), max_length=32)

    class Meta:
        verbose_name = _("缓存标记")


class Token(models.Model):
    """An API token: only its digest is kept; it acts for its employee within its scopes."""

    employee = models.ForeignKey(Employee, models.PROTECT, verbose_name=_("员工"), related_name="tokens")
    name = models.CharField(_("名称"), max_length=60)
    prefix = models.CharField(_("前缀"), max_length=12, unique=True)
    digest = models.CharField(_("摘要"), max_length=64)
    scopes = models.JSONField(_("范围"), default=list)
    made_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("到期时间"), null=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)

    class Meta:
        verbose_name = _("接口令牌")


class SavedView(models.Model):
    """A list's filters under a name, kept for one employee; the one without a name holds the columns he looks at."""

    employee = models.ForeignKey(Employee, models.CASCADE, verbose_name=_("员工"), related_name="+")
    register = models.CharField(_("列表"), max_length=40)
    name = models.CharField(_("视图名称"), max_length=30)
    query = models.CharField(_("条件"), max_length=1000)

    class Meta:
        verbose_name = _("视图")
        constraints = [models.UniqueConstraint(fields=["employee", "register", "name"], name="view_once")]
