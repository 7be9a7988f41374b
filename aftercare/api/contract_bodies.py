"""What the writes of service contracts take."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from aftercare.api.fields import Amount, Day, Id, Minutes, Number, Percent, Plain, Small, Strict, Write

Title = Annotated[Plain, Field(min_length=1, max_length=120)]
Why = Annotated[Plain, Field(min_length=1, max_length=200)]
Remark = Annotated[Plain, Field(max_length=2000)]
Quantity = Annotated[Decimal, Field(max_digits=10, decimal_places=2, ge=0)]
OverUse = Literal["rate", "schedule"]


class ContractQuotaIn(Strict):
    """What is granted; what is not named is unlimited."""

    visits: Quantity | None = None
    hours: Quantity | None = None
    parts: Quantity | None = None


class InstalmentIn(Strict):
    """One instalment."""

    due_on: Day
    amount: Amount


class NewContractScope(Write):
    """A line of coverage; all that it names must fit, one that names nothing covers every unit of the customer."""

    asset: Number | None = Field(None, description="Number of the unit.")
    category_id: Id | None = None
    site: Annotated[Plain, Field(max_length=120)] = Field("", description="Part of the place where the unit stands.")


class NewContractVisitPlan(Write):
    """Every so many weeks or months; `month_day` 31 is each month's last day."""

    title: Title = Field(examples=["季度保养"])
    work_type_id: Id
    asset: Number | None = None
    first_on: Day | None = None
    every: Annotated[int, Field(ge=1, le=120)] = 1
    unit: Literal["week", "month"] = "month"
    month_day: Annotated[int, Field(ge=0, le=31)] = 0
    holidays: Literal["next", "previous", "keep"] = "next"
    lead_days: Annotated[int, Field(ge=0, le=365)] = 7


class NewContract(Write):
    """A contract as a draft. It ends on `ends_on`, or after `months` less a day."""

    customer: Number
    branch: Number | None = None
    owner: Number | None = Field(None, description="Number of the employee who looks after it.")
    name: Title = Field(examples=["中央空调全保合同"])
    starts_on: Day
    ends_on: Day | None = None
    months: Small = 0
    price: Amount = Decimal("0.00")
    covers_parts: bool = True
    covers_labour: bool = True
    covers_travel: bool = True
    respond_minutes: Minutes | None = None
    repair_minutes: Minutes | None = None
    over_use: OverUse = "schedule"
    over_visit_amount: Amount | None = None
    over_hour_amount: Amount | None = None
    over_part_percent: Percent | None = None
    counts_planned: bool = False
    remark: Remark = ""
    quota: ContractQuotaIn = ContractQuotaIn()
    scopes: Annotated[list[NewContractScope], Field(max_length=500)] = []
    instalments: Annotated[list[InstalmentIn], Field(max_length=120)] | None = None
    instalment_count: Annotated[int, Field(ge=1, le=120)] = 1
    first_due_on: Day | None = None
    every_months: Annotated[int, Field(ge=1, le=24)] = 1
    visit_plans: Annotated[list[NewContractVisitPlan], Field(max_length=50)] = []


class ContractEdit(Write):
    """What may be changed."""

    name: Title = None
    owner: Number | None = None
    starts_on: Day = None
    ends_on: Day = None
    price_amount: Amount = None
    covers_parts: bool = None
    covers_labour: bool = None
    covers_travel: bool = None
    respond_minutes: Minutes | None = None
    repair_minutes: Minutes | None = None
    over_use: OverUse = None
    over_visit_amount: Amount | None = None
    over_hour_amount: Amount | None = None
    over_part_percent: Percent | None = None
    counts_planned: bool = None
    remark: Remark = None
    quota: ContractQuotaIn | None = None
    instalments: Annotated[list[InstalmentIn], Field(max_length=120)] = None


class ScopeRemoval(Write):
    """Nothing more to say."""


class VisitPlanEnd(Write):
    """Why the plan ends."""

    reason: Why


class ContractSuspension(Write):
    """From which day it stands still, and why."""

    from_on: Day
    reason: Why


class ContractResumption(Write):
    """The first day on which it runs again."""

    resume_on: Day


class ContractEnding(Write):
    """The last day that counts, and why."""

    last_on: Day
    reason: Why


class ContractRenewal(Write):
    """How long the new contract runs (default: as long as this one) and its price (default: the same)."""

    months: Annotated[int, Field(ge=1, le=240)] = None
    price: Amount = None


class VisitPutOff(Write):
    """The new day of the visit."""

    visit_on: Day


class NoticeOutcome(Write):
    """What he answered."""

    outcome: Annotated[Plain, Field(max_length=200)] = ""
