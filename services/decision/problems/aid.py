"""Temporary assistance."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "not-the-granting-tier",
        403,
        "审批权限不在本级",
        "This aid lies with the other tier: the township up to its limit, above it the county",
    ),
    ProblemType(
        "aid-of-another-kind",
        409,
        "该类型的临时救助不按此程序办理",
        "Aid of this kind goes another way",
    ),
    ProblemType(
        "small-aid-above-limit",
        409,
        "超过小额快救限额，应按急难型办理",
        "Above the limit of small quick aid: what goes instead is emergency aid",
    ),
    ProblemType(
        "small-aid-had-before",
        409,
        "同一困难已给予小额快救，应按急难型办理",
        "Small quick aid was given in this hardship: what goes instead is emergency aid",
    ),
    ProblemType(
        "not-recognised-before",
        409,
        "所指个案未认定该家庭",
        "The case that is named does not recognise this household",
    ),
    ProblemType(
        "recognised-elsewhere",
        409,
        "该家庭由其他县（市、区）认定，当时规定不得直接采用，须核对家庭经济状况",
        "Another county recognised this household, which the rules of the day do not take over:"
        " its means are looked at",
    ),
    ProblemType(
        "recognition-out-of-place",
        422,
        "只有支出型临时救助可以指明已认定的个案",
        "Only aid for expenses names a case that recognises the household",
    ),
    ProblemType("followed-up-before", 409, "已经跟进", "The household was looked after before"),
    ProblemType(
        "aid-of-nothing",
        422,
        "请填写救助金、实物或者服务，至少一项",
        "Say what it is of: money, goods or a service, at least one of them",
    ),
    ProblemType(
        "in-kind-listed-twice",
        422,
        "同一种实物或者服务只填一次",
        "Goods or a service of one kind are listed once",
    ),
    ProblemType(
        "in-kind-not-provided-for",
        409,
        "当地当日不以此种实物或者服务给予救助",
        "Aid does not consist of such goods or services there on that day",
    ),
    ProblemType(
        "in-kind-above-cap",
        409,
        "实物和服务折价已超过救助限额",
        "The goods and services alone are worth more than may be granted",
    ),
    ProblemType(
        "needs-not-assessed",
        409,
        "审批前应当评估困难群众实际需求",
        "What the household needs is assessed before anything is proposed or granted",
    ),
    ProblemType(
        "not-as-assessed",
        409,
        "救助方式与评估的需求不符，应与评估一致或者重新评估",
        "The aid is granted in the forms that were assessed, all of them, or is assessed anew",
    ),
    ProblemType(
        "above-assessed-need",
        409,
        "金额或者折价高于评估的需求",
        "More is granted than was assessed as needed",
    ),
    ProblemType(
        "stages-not-provided-for",
        409,
        "当地当日该类型的临时救助不分阶段发放",
        "Aid of this kind is not paid in stages there on that day",
    ),
    ProblemType(
        "stages-out-of-place",
        422,
        "只有临时救助可以分阶段发放",
        "Only temporary assistance is paid in stages",
    ),
    ProblemType(
        "stages-outside-total",
        422,
        "后续各阶段金额均应大于零，合计应小于审批总额，首次发放须有金额",
        "Each later stage is of something, and together they are less than the total: the first is "
        "paid at once",
    ),
    ProblemType(
        "stages-astray",
        422,
        "各阶段日期应当晚于审批日，依次递增，且不超过规定期间",
        "Stages fall due after the grant, each later than the one before, within the time allowed",
    ),
    ProblemType(
        "aid-outstanding",
        409,
        "尚有阶段未发放或者实物、服务未提供，不能补充说明结案",
        "A stage or a delivery is still to come: it is paid, delivered or stopped first",
    ),
    ProblemType(
        "nothing-to-come",
        409,
        "没有后续阶段或者待提供的实物、服务",
        "Nothing of this aid is still to come",
    ),
    ProblemType(
        "no-other-payee",
        409,
        "只能改由家庭其他成员领取，且须有待发放的阶段",
        "Another member of the household is named, while a stage is still to come",
    ),
    ProblemType(
        "nothing-to-deliver",
        409,
        "该项实物或者服务不在待提供之列",
        "These goods or this service are not among what is still to be delivered",
    ),
    ProblemType(
        "delivery-date-astray",
        422,
        "提供日期应不早于受理日且不晚于今日",
        "Delivered between the acceptance and today",
    ),
    ProblemType(
        "referral-astray",
        422,
        "转介须载明接收单位，其他不填",
        "A referral says who took it on, and nothing else does",
    ),
)
