"""Who signed what, and who allowed whom to be asked about."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "check-authorization-missing",
        409,
        "缺少家庭经济状况核对授权书",
        "The household's authorisation of the means check is missing",
    ),
    ProblemType(
        "signatures-missing",
        409,
        "核对授权、近亲属备案申明或者真实性承诺尚未签齐",
        "Authorisations, the declaration of kin or that of truthfulness are not all signed",
    ),
    ProblemType(
        "authorisation-missing",
        409,
        "有家庭成员尚未授权核对，或授权已到期、已撤回",
        "A member's authorisation of the check is missing, over, or withdrawn",
    ),
    ProblemType(
        "authorisation-unknown",
        409,
        "此人没有在本申请中授权",
        "The person has not authorised anything here",
    ),
    ProblemType(
        "authorisation-not-in-force",
        422,
        "授权书签署日期或有效期不合要求",
        "The authorisation is signed after today, or over",
    ),
    ProblemType(
        "authorised-as-another",
        422,
        "家庭成员与法定义务人填写有误",
        "A member is of the household, an obligor is not",
    ),
    ProblemType(
        "signed-without-ground",
        422,
        "代签须写明理由，本人签署无需理由",
        "Who signs for another says why; who signs for themselves does not",
    ),
    ProblemType(
        "obligor-signs-in-person",
        422,
        "核对法定义务人须经其本人同意",
        "An obligor consents in person",
    ),
    ProblemType(
        "declared-by-another",
        422,
        "承诺须由申请人或代为申请的人作出",
        "The applicant declares it, or who applies for them",
    ),
)
