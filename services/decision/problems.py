"""Decision's own kinds of refusal, for its catalogue."""

from __future__ import annotations

from typing import Final

from shared.runtime.notes import NOTE_OWNER_UNKNOWN
from shared.web.problems import ProblemType

PROBLEMS: Final = (
    NOTE_OWNER_UNKNOWN,
    ProblemType("wrong-stage", 409, "当前阶段不能办理此项", "The case is at another stage"),
    ProblemType(
        "nothing-to-publicise",
        409,
        "拟不予保障的不进行公示",
        "A proposal to refuse is not made public",
    ),
    ProblemType("no-such-publicity", 409, "依规定没有该次公示", "The regime has no such publicity"),
    ProblemType("publicity-posted", 409, "该次公示已张榜", "This publicity was posted before"),
    ProblemType("publicity-missing", 409, "尚未公示", "The publicity was not posted yet"),
    ProblemType("publicity-not-over", 409, "公示期未满", "The publicity is not over yet"),
    ProblemType(
        "no-publicity-running",
        409,
        "异议应在公示期内提出",
        "Objections are raised while a publicity runs",
    ),
    ProblemType(
        "no-such-termination", 404, "没有该项拟终止供养", "No such end of support is proposed"
    ),
    ProblemType(
        "termination-proposed-before",
        409,
        "已拟终止供养，尚未办结",
        "The end of support was proposed before and is not concluded",
    ),
    ProblemType(
        "programme-without-termination",
        409,
        "以提出终止意见的方式结束，仅适用于特困人员和残疾人两项补贴",
        "Only tekun and the subsidies for disabled people end by a proposal",
    ),
    ProblemType(
        "termination-ground-out-of-place",
        422,
        "终止理由不属于该项保障",
        "The ground is none on which this support ends",
    ),
    ProblemType(
        "disability-circumstances-missing",
        409,
        "核查中未填写残疾和长期照护情况",
        "The check says nothing of disability and long-term care",
    ),
    ProblemType(
        "subsidy-ground-gone",
        409,
        "补贴条件已不具备，应当不予确认",
        "What the subsidy rested on is gone: it is to be refused",
    ),
    ProblemType(
        "child-circumstances-missing",
        422,
        "须载明儿童父母双方的情形",
        "What either parent's situation is was not established",
    ),
    ProblemType(
        "child-circumstances-out-of-place",
        422,
        "该项保障不涉及儿童父母情形",
        "This programme does not ask for a child's parents",
    ),
    ProblemType(
        "child-parents-unclear",
        422,
        "父母双方须各载明一次，并按其情形载明残疾、期限、依据",
        "Both parents once each, with the disability, months and evidence that go with it",
    ),
    ProblemType(
        "paid-beside-twice",
        422,
        "同一项已领待遇只填一次",
        "What is paid beside is stated once for each benefit",
    ),
    ProblemType(
        "child-change-is-all",
        422,
        "报告儿童情形变化时，不另报收入或家庭成员变化",
        "A child's circumstances are reported by themselves, without income or members",
    ),
    ProblemType(
        "came-of-age",
        409,
        "首个发放月已年满十八周岁，应当不予确认",
        "The applicant is of age before the first month to be paid: the case is to be refused",
    ),
    ProblemType(
        "support-not-by-age",
        409,
        "该个案的保障不因成年而终止",
        "This support does not end by age",
    ),
    ProblemType(
        "school-does-not-count",
        422,
        "该类学校不延长保障",
        "This kind of school does not keep support on",
    ),
    ProblemType(
        "schooling-ends-before",
        422,
        "在校截止月份不晚于保障终止月份",
        "School ends before support does anyway",
    ),
    ProblemType(
        "coming-of-age-not-near",
        409,
        "尚未到成年提醒日期",
        "The coming of age is not told yet",
    ),
    ProblemType(
        "own-account-already",
        409,
        "已发放至本人账户",
        "The young person is paid in person already",
    ),
    ProblemType("no-such-objection", 404, "没有该项待处理的异议", "No such objection is open"),
    ProblemType("objection-open", 409, "尚有异议未核查", "An objection is still open"),
    ProblemType("objection-upheld", 409, "异议成立，不得通过", "An objection was upheld"),
    ProblemType(
        "nothing-to-approve",
        409,
        "没有可审核同意的保障意见",
        "There is no proposed benefit to approve",
    ),
    ProblemType("no-reason-to-refuse", 409, "没有不予确认的理由", "There is no reason to refuse"),
    ProblemType(
        "not-the-deciding-level",
        403,
        "审核确认权限不在本级",
        "Another level decides in this division on this date",
    ),
    ProblemType(
        "same-hands",
        403,
        "调查、审核、确认人员应分离",
        "Who had a hand in an earlier step cannot do this one",
    ),
    ProblemType(
        "single-person-without-changes",
        409,
        "本系统尚不办理单人保对象的收入变化",
        "Changes of income are not carried yet for members who entered alone",
    ),
    ProblemType(
        "benefit-method-not-carried",
        409,
        "本系统尚不支持该地的低保金计算方式",
        "The place's way of working out the benefit is not carried",
    ),
    ProblemType(
        "programme-without-changes",
        409,
        "本系统目前只办理低保家庭的收入变化",
        "Changes of income are carried for dibao only, so far",
    ),
    ProblemType(
        "person-not-in-household", 422, "所列人员不是家庭成员", "Not a member of the household"
    ),
    ProblemType(
        "income-item-out-of-place",
        422,
        "该项目只能列在转移净收入或者其他收入项下",
        "What is named as an item of its own is a transfer, or other income",
    ),
    ProblemType(
        "basic-pension-unsettled",
        409,
        "现行规定未明确基础养老金是否计入家庭收入，须由办理人决定",
        "The rules of the day do not say whether the basic pension counts: somebody decides",
    ),
    ProblemType(
        "basic-pension-settled",
        409,
        "基础养老金是否计入家庭收入已有规定或者没有此项收入，不得自行选择",
        "There is no basic pension whose treatment is open: nothing to choose",
    ),
    ProblemType(
        "line-listed-twice", 422, "同一项目重复填写", "The same line of the account is listed twice"
    ),
    ProblemType(
        "deduction-not-allowed",
        409,
        "该地区、该日期不得扣减此项支出",
        "This is not deducted in that division on that date",
    ),
    ProblemType("benefit-over", 409, "待遇已发放期满", "The last month that is paid is over"),
    ProblemType(
        "no-such-change", 404, "没有该项待处理的变化", "No such change waits for a decision"
    ),
    ProblemType(
        "already-leaving",
        409,
        "该家庭已在渐退期内或已决定停发",
        "The household is phased out or stopped already",
    ),
    ProblemType(
        "no-phase-out",
        409,
        "依规定不给予渐退期",
        "The regime grants no phase-out for this",
    ),
    ProblemType(
        "phase-out-months-missing",
        409,
        "请确定渐退期月数",
        "Say for how many months the phase-out runs",
    ),
    ProblemType(
        "phase-out-months-outside",
        409,
        "渐退期月数不在规定范围内",
        "The regime does not allow a phase-out of so many months",
    ),
    ProblemType(
        "phase-out-reason-missing",
        409,
        "不给予渐退期应说明理由",
        "Granting no phase-out asks for a reason",
    ),
    ProblemType(
        "hearing-missing",
        409,
        "调减、终止前应当听取意见",
        "The household is heard before aid is reduced or stopped",
    ),
    ProblemType(
        "choice-missing",
        409,
        "收入等于标准，请作出保留或者停发的决定",
        "Exactly at the standard: decide whether the household stays or is stopped",
    ),
    ProblemType(
        "nothing-to-choose",
        409,
        "该项变化不在人工复核中",
        "The change is not under manual review",
    ),
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
        "recognition-out-of-place",
        422,
        "只有支出型临时救助可以指明已认定的个案",
        "Only aid for expenses names a case that recognises the household",
    ),
    ProblemType("followed-up-before", 409, "已经跟进", "The household was looked after before"),
    ProblemType(
        "tekun-circumstances-missing",
        409,
        "调查未载明劳动能力和法定义务人情况",
        "The survey does not state ability to work and obligors",
    ),
    ProblemType(
        "work-offer-not-counted",
        409,
        "该地区、该日期没有此类拒绝就业的规定",
        "Refusals of this kind count for nothing in that division on that date",
    ),
    ProblemType(
        "not-bound-to-work",
        409,
        "只适用于有劳动能力但未就业的成员",
        "Only a member who is able to work and has none is bound to take up work",
    ),
    ProblemType(
        "poverty-standing-unknown",
        409,
        "调查未载明是否建档立卡",
        "The survey does not state whether the household is registered as poor",
    ),
    ProblemType(
        "not-registered-poor",
        409,
        "扶贫项目只适用于建档立卡家庭",
        "Poverty projects bind members of registered poor households only",
    ),
    ProblemType(
        "work-offer-dates-astray",
        422,
        "介绍、答复日期应依次且不晚于今日",
        "The answer follows the offer, and neither lies ahead",
    ),
    ProblemType(
        "work-excuse-astray",
        422,
        "有正当理由的应注明理由，其他情形不填",
        "An excused refusal names its good reason, and nothing else has one",
    ),
    ProblemType(
        "no-such-work-consequence",
        404,
        "没有该项待处理的拒绝就业事项",
        "No such matter of refused work waits for a decision",
    ),
    ProblemType(
        "work-consequence-not-allowed",
        409,
        "依规定不能作此处理",
        "The regime does not leave this choice",
    ),
    ProblemType(
        "work-consequence-reason-missing",
        409,
        "不减发、不停发应说明理由",
        "Neither reducing nor stopping asks for a reason",
    ),
    ProblemType("no-own-share", 409, "该成员没有本人份额", "The member has no share of the amount"),
    ProblemType("no-such-notice", 404, "没有该份告知书", "There is no such notice"),
    ProblemType("notice-served", 409, "该告知书已送达", "This notice was served before"),
    ProblemType(
        "notice-date-astray",
        422,
        "送达日期应在决定之后且不晚于今日",
        "A notice is served after its decision, and not ahead",
    ),
    ProblemType(
        "notice-recipient-astray",
        422,
        "公告送达无签收人，其他方式应写明签收人",
        "A public notice has no recipient, every other service has one",
    ),
    ProblemType(
        "notice-witness-missing",
        422,
        "留置送达应有见证人",
        "A notice that is left names a witness who is not its server",
    ),
    ProblemType("no-such-review", 404, "没有该项进行中的复核", "No such review is open"),
    ProblemType(
        "family-means-missing",
        422,
        "免予核对已到期，复核须填写家庭收入和财产",
        "The waiver of the family's check is over: the review states the household's means",
    ),
    ProblemType(
        "family-means-out-of-place",
        422,
        "本次复核不填写家庭收入和财产",
        "This review states no household's means",
    ),
    ProblemType(
        "review-extension-not-provided-for",
        409,
        "该日期的规定不允许延长复核期限",
        "The regime does not let an emergency move a review's last day",
    ),
    ProblemType(
        "review-extension-not-later",
        422,
        "延长后的期限应晚于原期限",
        "An extended review ends later than before",
    ),
    ProblemType(
        "review-manner-not-allowed",
        409,
        "非重大突发事件应入户核查",
        "Only in a major emergency is a household reviewed without a visit",
    ),
    ProblemType(
        "review-change-astray",
        422,
        "有变化的应关联已报告的变化，无变化的不填",
        "A review that finds a change names the one that was reported, and no other does",
    ),
    ProblemType(
        "household-change-waits",
        409,
        "家庭成员变化尚未处理",
        "A change of the household waits for its decision",
    ),
    ProblemType(
        "change-date-astray",
        422,
        "请填写不晚于今日的发生日期",
        "Say when it happened, not later than today",
    ),
    ProblemType("member-listed-twice", 422, "成员重复", "Somebody would be in the household twice"),
    ProblemType(
        "household-change-astray",
        422,
        "成员增减与变化原因不符",
        "Who left or joined does not fit the cause",
    ),
    ProblemType(
        "death-certificate-astray",
        422,
        "死亡应附证明，其他原因不填",
        "A death is proved by a certificate, and nothing else by one",
    ),
    ProblemType(
        "payee-missing", 422, "请指定新的领取人", "Name who of the household is paid from now on"
    ),
    ProblemType(
        "payee-astray", 422, "领取人未变，不需指定", "The payee has not left: name no other"
    ),
    ProblemType("no-such-appeal", 404, "没有该项复议、诉讼或信访", "There is no such appeal"),
    ProblemType("appeal-ruled", 409, "已有结论", "The appeal was ruled upon"),
    ProblemType("appeal-replied", 409, "已经答复", "The appeal was answered before"),
    ProblemType(
        "appeal-date-astray",
        422,
        "日期应依次且不晚于今日",
        "An appeal follows its decision, a ruling the appeal, and neither lies ahead",
    ),
    ProblemType(
        "nothing-to-carry-out",
        409,
        "没有需要执行的撤销或重作决定",
        "No decision fell that is still to be taken back",
    ),
    ProblemType(
        "later-decision-stands",
        409,
        "其后已有新的决定",
        "A later decision rests on this one: it is taken back or reported anew first",
    ),
    ProblemType(
        "meeting-attendance-twice", 422, "参会人员重复", "Somebody is listed as attending twice"
    ),
    ProblemType(
        "meeting-too-small",
        409,
        "参会部门不足",
        "Too few bodies attended for a meeting on a case",
    ),
    ProblemType("meeting-date-astray", 422, "会议日期不晚于今日", "A meeting does not lie ahead"),
    ProblemType(
        "not-a-slip",
        409,
        "此项不属笔误，应另行作出决定",
        "Something rests on this: it is changed by a decision of its own",
    ),
    ProblemType(
        "correction-astray",
        422,
        "请填写一项更正后的内容",
        "Say what the field should read, and only that",
    ),
    ProblemType("appeal-suspended", 409, "已决定停止执行", "The decision is suspended already"),
    ProblemType(
        "nothing-to-suspend",
        409,
        "只有停发或者减发可以停止执行",
        "Only a stop or a cut can wait for a ruling",
    ),
    ProblemType(
        "division-sets-no-standards",
        422,
        "该级区划不制定保障标准",
        "Counties, prefectures and provinces set standards",
    ),
    ProblemType(
        "floor-is-the-provinces",
        422,
        "最低指导标准由省级制定",
        "The floor that standards are held against is the province's to set",
    ),
    ProblemType(
        "standard-not-ahead",
        409,
        "标准应自尚未开始的月份起执行",
        "A standard counts from a month that has not begun",
    ),
    ProblemType(
        "later-standard-set",
        409,
        "已核定更晚月份起执行的标准",
        "Something is set already from a later month on",
    ),
    ProblemType(
        "floor-not-set",
        409,
        "本省尚未制定该项最低指导标准",
        "The province has set no floor to hold this standard against",
    ),
    ProblemType(
        "standard-below-floor",
        409,
        "不得低于全省最低指导标准",
        "A standard does not lie below the province's floor",
    ),
    ProblemType(
        "standard-raised-too-little",
        409,
        "儿童基本生活标准的提高幅度低于规定",
        "What is paid to children is raised by less than the place's plan asks",
    ),
    ProblemType(
        "no-such-standard", 404, "没有该项待核定的标准", "No such standard waits to be set"
    ),
)
