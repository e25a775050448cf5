"""What a survey states of persons."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType
from shared.web.refusals import CHILD_PROBLEMS

PROBLEMS: Final = (
    *CHILD_PROBLEMS,
    ProblemType(
        "applicant-left-out",
        422,
        "申请人依规定不计入共同生活的家庭成员：由其他成员申请，宗教教职人员由本人单独申请",
        "The applicant does not count into the household: another member applies, clergy alone",
    ),
    ProblemType(
        "circumstances-missing",
        422,
        "当地按规定核算就业成本或者务工收入，须填写家庭成员情况",
        "The place computes the cost of working or assumes wages: circumstances are needed",
    ),
    ProblemType(
        "circumstances-incomplete",
        422,
        "家庭成员情况须逐人填写，每人一次",
        "Circumstances are stated of every member of the household, of each once",
    ),
    ProblemType(
        "circumstances-out-of-place",
        422,
        "由本人单独申请的保障不填写家庭成员情况",
        "A visit for one person's support states no circumstances of a household",
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
        "parent-evidence-not-allowed",
        422,
        "当时规定不允许以此方式查验",
        "The regime of the day does not establish a situation in this way",
    ),
    ProblemType(
        "parent-not-in-registers",
        409,
        "部门信息未载明该情形，须补充材料",
        "No department's data say so: papers are to be brought",
    ),
)
