from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import access, actions, queries
from aftercare.web.calendars.hours import HoursField
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"), _("调休补班日"))
DAY_KINDS = [("off", _("休息")), ("workday", _("补班"))]


def address_of(calendar) -> str:
    """The page of a calendar."""
    return f"/calendars/{calendar.pk}/"


class CalendarForm(fields.RowForm):
    """A calendar with its weekly hours."""

    name = fields.text(_("日历"), 60, required=True)
    zone = fields.text(_("时区"), 40, required=True, initial="Asia/Shanghai")
    follows_official = fields.yes(_("按国家节假日"), initial=True)
    opens_make_up = fields.yes(_("调休补班日营业"), initial=True)

    def __init__(self, *args, **options):
        for day, label in enumerate(WEEKDAYS):
            self.base_fields[f"day{day}"] = HoursField(
                label=label, required=False, max_length=120, help_text=_("留空时与周一相同") if day == 7 else ""
            )
        super().__init__(*args, **options)

    def start(self):
        if self.row is None:
            usual = {f"day{day}": [(510, 720), (780, 1050)] for day in range(6)}
            return {"zone": self.actor.zone, "follows_official": True, "opens_make_up": True} | usual
        found = super().start()
        for day in range(8):
            found[f"day{day}"] = [(h.starts, h.ends) for h in self.row.hours.all() if h.weekday == day]
        return found


class DayForm(fields.RowForm):
    """A day off or a workday, with hours of its own where they differ."""

    date = fields.day(_("日期"))
    kind_of = forms.ChoiceField(label=_("类型"), choices=DAY_KINDS)
    name = fields.text(_("名称"), 40)
    intervals = HoursField(
        label=_("时段"), required=False, max_length=120, help_text=_("只用于补班，留空时按补班日的时间")
    )

    def start(self):
        return {}


class YearForm(fields.RowForm):
    """Whether the official days of a year are announced, and where they come from."""

    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2200)
    is_announced = fields.yes(_("已公布"))
    source = fields.text(_("来源"), 200, help_text=_("如：国务院办公厅通知文号"))

    def start(self):
        return (
            {"year": self.row.year, "is_announced": self.row.is_announced, "source": self.row.source}
            if self.row
            else {}
        )


def load(key, actor):
    """A calendar with its hours."""
    return fields.one(queries.list_calendars(actor), pk=fields.whole(key))


def save(calendar, cleaned, *, actor, at, version):
    """Make a calendar, or edit it and its hours."""
    hours = {day: cleaned[f"day{day}"] for day in range(8)}
    own = {name: cleaned[name] for name in ("name", "zone", "follows_official", "opens_make_up")}
    if calendar is None:
        return address_of(actions.create_calendar(hours=hours, actor=actor, at=at, **own))
    fresh = actions.edit_calendar(calendar, version=version, actor=actor, at=at, **own)
    return address_of(actions.set_hours(fresh, version=fresh.version, hours=hours, actor=actor, at=at))


def save_day(calendar, cleaned, *, actor, at, version):
    """Set a day of one calendar, or of the whole country."""
    given = fields.values(cleaned) | {"intervals": cleaned["intervals"] or None}
    actions.set_day(calendar=calendar, actor=actor, at=at, **given)
    return address_of(calendar) if calendar else f"/calendars/years/{cleaned['date'].year}/"


def load_year(key, actor):
    """What is known of a year."""
    actor.require_anywhere(access.EDIT_CALENDAR)
    return fields.one(queries.list_years(), year=fields.whole(key))


def save_year(year, cleaned, *, actor, at, version):
    """Say whether a year is announced."""
    actions.set_year_announced(actor=actor, at=at, **fields.values(cleaned))
    return f"/calendars/years/{cleaned['year']}/"


def _page(name, title, form, save, **options):
    return EditPage(
        name=name,
        title=title,
        permission=access.EDIT_CALENDAR,
        list_label=_("工作日历"),
        list_url="/calendars/",
        form=form.build,
        save=save,
        **options,
    )


CALENDAR = _page(
    "calendar",
    _("工作日历"),
    CalendarForm,
    save,
    load=load,
    sections=(
        (_("基本信息"), ("name", "zone", "follows_official", "opens_make_up")),
        (_("每周时间"), tuple(f"day{day}" for day in range(8))),
    ),
)
DAY = _page("calendar_day", _("特殊日期"), DayForm, save_day, load=load)
OFFICIAL_DAY = _page("official_day", _("国家节假日"), DayForm, save_day)
YEAR = _page("calendar_year", _("节假日年份"), YearForm, save_year, load=load_year)
