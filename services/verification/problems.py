"""Verification's own kinds of refusal, for its catalogue."""

from __future__ import annotations

from typing import Final

from shared.runtime.notes import NOTE_OWNER_UNKNOWN
from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "child-circumstances-missing",
        422,
        "须查明儿童父母双方的情形",
        "What either parent's situation is has to be stated",
    ),
    ProblemType(
        "child-circumstances-out-of-place",
        422,
        "该项保障不查验儿童父母情形",
        "This programme does not ask for a child's parents",
    ),
    ProblemType(
        "child-parents-unclear",
        422,
        "父母双方须各载明一次，并按其情形载明残疾、期限、依据",
        "Both parents once each, with the disability, months and evidence that go with it",
    ),
    ProblemType(
        "parent-evidence-not-allowed",
        422,
        "当时规定不允许以此方式查验",
        "The regime of the day does not establish a situation in this way",
    ),
    ProblemType(
        "means-out-of-place",
        422,
        "该项保障不核查收入和财产",
        "This programme looks into no income and no property",
    ),
    ProblemType(
        "paid-beside-twice",
        422,
        "同一项已领待遇只填一次",
        "What is paid beside is stated once for each benefit",
    ),
    ProblemType(
        "parent-not-in-registers",
        409,
        "部门信息未载明该情形，须补充材料",
        "No department's data say so: papers are to be brought",
    ),
    NOTE_OWNER_UNKNOWN,
    ProblemType("check-not-open", 409, "该调查核实不在办理中", "The check is not open"),
    ProblemType(
        "department-not-failed",
        409,
        "只能对查询失败的部门重新发起查询",
        "Only a department that gave no data is asked again",
    ),
    ProblemType(
        "home-county-not-asked",
        404,
        "该县未被请求协查",
        "That county was not asked about this case",
    ),
    ProblemType(
        "home-county-outstanding",
        409,
        "户籍地协查期限未满且尚未答复",
        "A home county has not answered and its days are not over",
    ),
    ProblemType(
        "home-county-silent",
        409,
        "户籍地逾期未答复，该地区规定须有答复方可办理",
        "A home county did not answer in time, and the place does not go on without",
    ),
    ProblemType(
        "person-not-asked-about",
        422,
        "所列人员不在协查范围",
        "Somebody was not asked about",
    ),
    ProblemType(
        "letter-without-digest",
        422,
        "复函须有摘要值，网上答复不填",
        "A letter shows its digest, and no other answer does",
    ),
    ProblemType(
        "visit-day-impossible",
        409,
        "入户日期须在受理之日与当日之间",
        "A visit lies between acceptance and today",
    ),
    ProblemType(
        "surveyed-before",
        403,
        "异议成立后应由其他人员重新调查",
        "After an upheld objection others survey the household",
    ),
    ProblemType(
        "obligor-consent-missing",
        409,
        "核对法定义务人经济状况须经其本人同意",
        "An obligor's means are checked with the obligor's own consent",
    ),
    ProblemType(
        "obligor-of-the-household",
        422,
        "家庭成员不作为法定义务人核对",
        "A member of the household is not checked as an obligor",
    ),
    ProblemType("too-few-surveyors", 409, "入户调查人员不足", "Too few different surveyors"),
    ProblemType(
        "person-not-in-household", 422, "所列人员不是家庭成员", "Not a member of the household"
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
    ProblemType(
        "tekun-circumstances-missing",
        422,
        "特困人员认定须填写劳动能力和法定义务人情况",
        "A visit for tekun states ability to work and who is bound to support the person",
    ),
    ProblemType(
        "tekun-circumstances-out-of-place",
        422,
        "只有特困人员认定填写劳动能力和法定义务人情况",
        "Only a visit for tekun states ability to work and obligors",
    ),
    ProblemType(
        "tekun-disability-unclear",
        422,
        "残疾类别和等级应当且只应当在因残疾无劳动能力时填写",
        "Kind and grade are stated with the ground of disability, and only with it",
    ),
    ProblemType(
        "disability-circumstances-missing",
        422,
        "残疾人两项补贴须填写残疾类别、等级和长期照护情况",
        "A visit for a disability subsidy states the disability and the need of long-term care",
    ),
    ProblemType(
        "disability-circumstances-out-of-place",
        422,
        "只有残疾人两项补贴填写残疾和长期照护情况",
        "Only a visit for a disability subsidy states disability and long-term care in this way",
    ),
    ProblemType(
        "circumstances-out-of-place",
        422,
        "由本人单独申请的保障不填写家庭成员情况",
        "A visit for one person's support states no circumstances of a household",
    ),
    ProblemType(
        "circumstances-incomplete",
        422,
        "家庭成员情况须逐人填写，每人一次",
        "Circumstances are stated of every member of the household, of each once",
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
        "circumstances-missing",
        422,
        "当地按规定核算就业成本或者务工收入，须填写家庭成员情况",
        "The place computes the cost of working or assumes wages: circumstances are needed",
    ),
    ProblemType(
        "employment-cost-computed",
        409,
        "当地按比例核算就业成本，不得自行填写",
        "The place computes the cost of working: it is not stated",
    ),
    ProblemType(
        "bill-of-no-rigid-spending",
        422,
        "就业成本不凭票据扣减",
        "The cost of working has no bills",
    ),
    ProblemType(
        "bill-reimbursed-beyond",
        422,
        "报销金额超过票据金额",
        "More was reimbursed than the bill amounts to",
    ),
    ProblemType(
        "bill-outside-window",
        409,
        "票据日期不在核算期内",
        "The bill lies outside the months over which spending counts",
    ),
    ProblemType(
        "deduction-stated-and-billed",
        422,
        "同一类支出已有票据，不得另行填写金额",
        "Spending of this kind has bills: its amount is computed, not stated",
    ),
    ProblemType(
        "bills-needed",
        409,
        "当地规定刚性支出须凭票据核定",
        "The place counts rigid spending by bills only",
    ),
    ProblemType(
        "family-waiver-not-provided-for",
        409,
        "该地区、该日期、该救助种类不得免予家庭经济状况核对",
        "In that division, on that date, for that programme no family's check is waived",
    ),
    ProblemType(
        "family-waiver-over",
        409,
        "脱贫攻坚期已过，家庭经济状况须经核对",
        "The campaign is over: the family's means are checked",
    ),
    ProblemType(
        "family-waiver-without-ground",
        409,
        "家庭成员均不属于可免予家庭经济状况核对的单人保情形",
        "Nobody in the household enters alone on a ground for which the family's check is waived",
    ),
    ProblemType(
        "family-waiver-by-surveyor",
        409,
        "入户调查人员不得决定免予家庭经济状况核对",
        "Who surveyed the household does not decide the waiver",
    ),
    ProblemType(
        "family-waived-before",
        409,
        "已决定免予家庭经济状况核对",
        "The family's check was waived already",
    ),
    ProblemType(
        "necessities-beyond-property",
        422,
        "生活生产必需财产须在所填房屋、车辆数之内，唯一住房须只有一套",
        "Necessities are among the houses and vehicles stated; the only home is the only house",
    ),
    ProblemType(
        "necessity-not-shown",
        422,
        "代步车须为残疾成员所用，生产用车和农机须为务工务农成员所用",
        "A scooter is a disabled member's; a vehicle or machine for work is one's who works",
    ),
    ProblemType("lead-unknown", 404, "没有该核对线索", "The check has no such lead"),
    ProblemType(
        "lead-not-open",
        409,
        "该线索已消除或者正在复查",
        "The lead is cleared, or is being checked again",
    ),
    ProblemType(
        "lead-conclusion-contradicts",
        422,
        "只有采纳家庭说明时才能不采信部门数据",
        "Data are set aside only where an explanation is accepted",
    ),
    ProblemType(
        "lead-without-department",
        409,
        "该线索不涉及部门数据，无法复查",
        "The lead is not of a department's data: nobody can be asked again",
    ),
    ProblemType(
        "lead-rechecked-before",
        409,
        "该线索已经复查过",
        "The lead has been checked again before",
    ),
    ProblemType(
        "leads-open",
        409,
        "尚有核对线索未经家庭说明或者正在复查",
        "Leads wait for the household's answer, or are being checked again",
    ),
    ProblemType(
        "signatures-missing",
        422,
        "入户调查表须由调查人员和家庭成员签字",
        "The form of a visit is signed by the surveyors and by a member of the household",
    ),
    ProblemType(
        "signatures-incomplete",
        422,
        "签字人员与调查人员、家庭成员不符",
        "Every surveyor signs, a member of the household, and nobody else",
    ),
    ProblemType(
        "survey-contactless-not-allowed",
        409,
        "依规定不得以电话、视频等方式代替入户调查",
        "The regime knows no survey by phone or video",
    ),
    ProblemType(
        "spot-check-day-ahead",
        409,
        "抽查截止日期尚未到来",
        "Spot checks are drawn up to a past day",
    ),
    ProblemType(
        "nothing-to-draw",
        409,
        "截至该日没有尚未抽取的个案",
        "No check completed up to that day has not been drawn of yet",
    ),
    ProblemType(
        "spot-check-case-unknown",
        422,
        "所列个案不在本次抽取范围内",
        "A named case is not among those that are drawn of",
    ),
    ProblemType(
        "spot-check-ground-unknown",
        409,
        "依规定该情形不属于应当入户的情形",
        "The regime does not name this as a ground for a visit of the county",
    ),
    ProblemType("check-not-complete", 409, "该调查核实尚未完成", "The check is not complete"),
    ProblemType(
        "spot-check-same-hands",
        409,
        "参与调查的人员不得参加该户的入户抽查",
        "Who had a part in the survey does not spot-check it",
    ),
    ProblemType(
        "review-not-provided-for",
        409,
        "依规定不进行民主评议",
        "No democratic review is provided for",
    ),
    ProblemType(
        "review-before-visit",
        409,
        "民主评议应在入户调查之后",
        "A democratic review follows the home visit",
    ),
    ProblemType(
        "recorder-no-surveyor",
        409,
        "调查人员只能登记本人参加的入户调查",
        "A surveyor records only visits that they took part in",
    ),
    ProblemType(
        "review-day-impossible",
        409,
        "评议日期须在入户调查与当日之间",
        "A review lies between the visit and today",
    ),
    ProblemType(
        "review-counts-contradict",
        422,
        "评议人数前后矛盾",
        "More representatives or votes than people present",
    ),
    ProblemType(
        "too-few-representatives",
        409,
        "村（居）民代表比例不足",
        "Too few residents' representatives among those present",
    ),
    ProblemType(
        "departments-outstanding", 409, "尚有部门未反馈", "Departments have not answered yet"
    ),
    ProblemType("visit-missing", 409, "尚未入户调查", "There was no home visit yet"),
    ProblemType("review-missing", 409, "尚未民主评议", "There was no democratic review yet"),
    ProblemType(
        "review-contested",
        409,
        "民主评议争议较大，应重新入户调查",
        "The review contested the survey: visit the household again",
    ),
)
