"""The registry's own kinds of problem, for intake's catalogue. None repeats what was sent."""

from __future__ import annotations

from shared.web.problems import ProblemType

PROBLEMS: tuple[ProblemType, ...] = (
    ProblemType(
        "id-number-length",
        422,
        "公民身份号码应为18位",
        "An identity card number has 18 characters",
    ),
    ProblemType(
        "id-number-first-generation",
        422,
        "15位旧号码已停用，请提供18位号码",
        "15-digit numbers are no longer valid: give the 18-character one",
    ),
    ProblemType(
        "id-number-characters",
        422,
        "公民身份号码应为17位数字加一位数字或X",
        "An identity card number is 17 digits and a digit or X",
    ),
    ProblemType(
        "id-number-check-digit",
        422,
        "公民身份号码校验位不符，请核对",
        "The identity card number's check character does not fit: compare it with the card",
    ),
    ProblemType(
        "id-number-birth-date",
        422,
        "公民身份号码中的出生日期无效",
        "The identity card number's birth date is not possible",
    ),
    ProblemType(
        "id-number-province",
        422,
        "公民身份号码中的省级代码无效",
        "The identity card number's province does not exist",
    ),
    ProblemType(
        "division-unknown", 422, "该日期没有此行政区划", "No such division exists on that date"
    ),
    ProblemType("birth-date-impossible", 422, "出生日期不能晚于今天", "Nobody is born after today"),
    ProblemType(
        "person-not-stored",
        409,
        "登记已失效，请以新的幂等键重新登记",
        "The registration has lapsed: send it again with a new Idempotency-Key",
    ),
    ProblemType(
        "person-name-mismatch",
        409,
        "姓名与该身份号码的登记不符，请由登记管理员核对",
        "The name is not the one registered with this number: the registry keeper must look",
    ),
    ProblemType("person-unknown", 422, "没有登记此人", "No such person is registered"),
    ProblemType(
        "person-unreadable",
        409,
        "登记信息损坏，请由登记管理员恢复后再更正",
        "The registered data is damaged: the registry keeper must restore it first",
    ),
    ProblemType("person-erased", 410, "此人信息已删除", "The person's data was erased"),
    ProblemType(
        "fields-beyond-purpose",
        403,
        "所查内容超出用途所需",
        "More was asked for than the purpose needs",
    ),
    ProblemType(
        "too-much-read",
        429,
        "查询次数已达上限",
        "The allowance of readings is used up for now",
    ),
    ProblemType(
        "erasure-pending",
        409,
        "已有在办的删除申请",
        "An erasure was requested before and is not decided",
    ),
    ProblemType("no-erasure-requested", 409, "没有待批准的删除申请", "No erasure is requested"),
    ProblemType("erasure-not-approved", 409, "删除尚未批准", "The erasure is not approved"),
    ProblemType(
        "erasure-approved",
        409,
        "删除已获批准，不能再暂停",
        "The erasure is approved: it is too late to forbid it",
    ),
    ProblemType(
        "person-in-a-case",
        409,
        "此人有在办申请或已获确认，不得删除",
        "The person is in an open application or a confirmed case",
    ),
    ProblemType(
        "inside-retention",
        409,
        "法定保存期限未满，不得删除",
        "The data must be kept until the retention is over",
    ),
    ProblemType("person-on-hold", 409, "此人信息已暂停删除", "A hold forbids the erasure for now"),
    ProblemType(
        "hold-of-auditors",
        403,
        "审计暂停由审计监督人员办理",
        "An audit's hold is placed and lifted by auditors alone",
    ),
    ProblemType("no-such-hold", 404, "没有该项暂停", "No such hold stands"),
    ProblemType(
        "text-names-person",
        422,
        "说明中不得写明此人身份，请改用不指名的表述",
        "The text tells who the person is: it outlives them, so it must name nobody",
    ),
    ProblemType(
        "same-hands", 403, "申请与批准人员应分离", "Who requested an erasure cannot decide on it"
    ),
)
