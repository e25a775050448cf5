"""Payment's own kinds of refusal, for its catalogue."""

from __future__ import annotations

from typing import Final

from shared.runtime.notes import NOTE_OWNER_UNKNOWN
from shared.web.problems import ProblemType

PROBLEMS: Final = (
    NOTE_OWNER_UNKNOWN,
    ProblemType(
        "fraud-months-impossible",
        422,
        "认定的月份应首尾有序，且不超过十年",
        "The months of a finding are in order, and ten years at most",
    ),
    ProblemType(
        "fraud-day-impossible",
        409,
        "违法行为终了之日须在首月所在季度开始与当日之间",
        "The deed ended between the beginning of the first month's quarter and today",
    ),
    ProblemType(
        "fraud-found-already",
        409,
        "该月份已作出骗取认定",
        "One of these months was found to be obtained by fraud already",
    ),
    ProblemType(
        "nothing-obtained",
        409,
        "该月份没有多发并已到账的待遇",
        "Nothing beyond what was due reached the payee in these months",
    ),
    ProblemType("no-such-finding", 404, "没有该项骗取认定", "There is no such finding of fraud"),
    ProblemType(
        "finder-fines", 403, "认定与处罚人员应分离", "Who found the fraud does not fine for it"
    ),
    ProblemType("fined-already", 409, "该项认定已处罚款", "There is a fine for this finding"),
    ProblemType(
        "fine-out-of-range",
        409,
        "罚款数额不在法定倍数之内",
        "The fine lies outside the multiples of the amount obtained that the law allows",
    ),
    ProblemType("not-fined", 409, "该项认定未处罚款", "There is no fine for this finding"),
    ProblemType("fine-paid", 409, "罚款已缴纳", "The fine is paid already"),
    ProblemType(
        "fine-day-impossible",
        409,
        "缴纳日期须在处罚决定之日与当日之间",
        "A fine is paid between the day it was imposed and today",
    ),
    ProblemType("entitlement-open", 409, "该个案待遇已建立", "The case is entitled already"),
    ProblemType("entitlement-not-open", 409, "该个案无有效待遇", "The case is not entitled"),
    ProblemType(
        "run-is-a-townships", 422, "发放批次按乡镇（街道）编制", "A run is prepared for a township"
    ),
    ProblemType(
        "run-is-a-quarters",
        409,
        "按季发放的，批次按每季度首月编制",
        "Where a quarter is paid at once, its run is that of its first month",
    ),
    ProblemType(
        "run-ahead-of-its-month",
        409,
        "不得提前编制尚未开始月份的批次",
        "The month of this run has not begun",
    ),
    ProblemType("nothing-to-pay", 409, "没有待发放的待遇", "There is nothing to pay"),
    ProblemType("run-not-prepared", 409, "没有待复核的批次", "No run waits for approval"),
    ProblemType(
        "run-replaced", 409, "该批次已被重新编制", "This preparation was replaced by another"
    ),
    ProblemType(
        "run-outdated",
        409,
        "待发放名单已变化，请重新编制",
        "What is to be paid has changed: prepare the run anew",
    ),
    ProblemType("same-hands", 403, "制单与复核人员应分离", "Who prepared a run cannot approve it"),
    ProblemType(
        "payment-not-open", 409, "该笔支付不在办理中", "The payment is not waiting for the bank"
    ),
    ProblemType("payment-intended", 409, "该笔救助金已发起支付", "The aid is being paid already"),
    ProblemType(
        "fund-is-a-townships", 422, "备用金按乡镇（街道）设立", "A reserve fund is a township's"
    ),
    ProblemType(
        "fund-replenished-by-county",
        403,
        "备用金由县级补充",
        "A township's fund is replenished by the county",
    ),
    ProblemType("fund-full", 409, "备用金超出可记载的上限", "The fund can hold no more than that"),
    ProblemType("advance-not-out", 409, "该笔备用金垫付未支出", "The fund's advance is not out"),
)
