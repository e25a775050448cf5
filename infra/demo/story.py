"""The story of the demo: a Fujian household in spring 2020, from application to May's money.

Worked case 1: four persons, wages 2,900, rigid spending 400, cost of working 300, standard 600:
600 × 4 − 2,200 = 200 yuan a month. The dates are those of 民发〔2012〕220号 with the approval
delegated to the township (闽民救〔2020〕21号).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from infra.demo.office import (
    APPROVER,
    CLERK,
    CONFIRMER,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
    House,
    StoryFailed,
)
from infra.demo.people import HOUSEHOLD, Household, told
from shared.calendar import Month

ACCEPTED_ON = date(2020, 4, 1)
SURVEYED_ON = date(2020, 4, 3)
REVIEWED_ON = date(2020, 4, 7)
APPROVED_ON = date(2020, 4, 15)
CONFIRMED_ON = date(2020, 4, 23)
PAID_ON = date(2020, 5, 8)

WAGES_FEN = 2_900_00
RIGID_FEN = 400_00
JOB_COST_FEN = 300_00

Tell = Callable[[str], None]
Clock = Callable[[date], Awaitable[None]]


@dataclass(frozen=True)
class Figures:
    """What the story comes to; money in fen."""

    survey_due: str
    persons: int
    standard_fen: int
    counted_income_fen: int
    amount_fen: int
    first_publicity_until: str
    second_publicity_until: str
    pay_from: str
    payments: int
    paid_fen: int
    bank_credits: int
    bank_fen: int


EXPECTED = Figures(
    survey_due="2020-04-16",
    persons=4,
    standard_fen=600_00,
    counted_income_fen=2_200_00,
    amount_fen=200_00,
    first_publicity_until="2020-04-14",
    second_publicity_until="2020-04-22",
    pay_from="2020-05",
    payments=1,
    paid_fen=200_00,
    bank_credits=1,
    bank_fen=200_00,
)


class Story:
    """One telling: ``tell`` hears each step in Chinese first, English beside.

    ``clock`` moves the hand clock to a date and returns when nothing is on its way.
    ``household`` lists applicant, spouse and others in that order. The parts of a life are
    apart, so that several households can share a clock and a run.
    """

    def __init__(
        self,
        house: House,
        clock: Clock,
        tell: Tell,
        *,
        household: Household = HOUSEHOLD,
    ) -> None:
        self._house = house
        self._tell = tell
        self._household = household
        self._clock = clock
        self._credited_before: frozenset[str] = frozenset()

    async def live(self) -> tuple[UUID, Figures]:
        """Live it to the end; the case and its figures. Raises ``StoryFailed``."""
        case_id = await self.until_confirmed()
        await self.pay()
        return case_id, await self.figures(case_id)

    async def until_confirmed(self) -> UUID:
        """From the application to the confirmed case, which is returned."""
        ledger = await self._house.bank_ledger()
        self._credited_before = frozenset(str(credit["payment_id"]) for credit in ledger)
        await self._clock(ACCEPTED_ON)
        members = await self._register()
        case_id = await self._apply(members)
        await self._check(case_id, members)
        await self._determine(case_id)
        return UUID(case_id)

    async def _register(self) -> list[dict[str, str]]:
        house = self._house
        members = []
        for person, relation in self._household:
            body = person.registration(TOWNSHIP)
            found = await house.do(CLERK, "intake", "/persons", body)
            members.append({"person_id": found["person_id"], "relation": relation})
        (applicant, _), (spouse, _), *_others = self._household
        await house.load_departments(
            [
                {
                    "department": "tax",
                    "id_number": spouse.id_number,
                    "income": [{"kind": "wage", "amount_fen": WAGES_FEN}],
                },
                {"department": "banks", "id_number": applicant.id_number, "deposits_fen": 800_00},
                {"department": "housing", "id_number": applicant.id_number, "houses": 1},
            ]
        )
        self._tell("登记家庭成员四人 / four members of the household registered")
        return members

    async def _apply(self, members: list[dict[str, str]]) -> str:
        house = self._house
        body = {
            "programme": "dibao",
            "division": TOWNSHIP,
            "applicant": members[0]["person_id"],
            "members": members,
            "materials": ["identity", "household_registration"],
            "reason": told("丈夫工资低，女儿上学，母亲有病，生活困难"),
        }
        applied = await house.do(CLERK, "intake", "/applications", body)
        case_id = str(applied["case_id"])
        here = f"/applications/{case_id}"
        self._tell(f"提交低保申请，个案号 {case_id} / application submitted")
        missing = {"materials": ["check_authorization", "medical_record"]}
        await house.do(CLERK, "intake", f"{here}/material-requests", missing, at=here)
        await house.do(CLERK, "intake", f"{here}/materials", missing)
        self._tell("一次性告知并补齐材料 / missing papers named once, and brought")
        await house.do(CLERK, "intake", f"{here}/kin-filing", {"kin": []}, at=here)
        self._tell("申明非经办人员、村干部近亲属 / no kin of officials, as declared")
        await house.do(CLERK, "intake", f"{here}/acceptance", at=here)
        self._tell("受理 / accepted")
        return case_id

    async def _check(self, case_id: str, members: list[dict[str, str]]) -> None:
        house = self._house
        here = f"/checks/{case_id}"
        await self._clock(SURVEYED_ON)
        visit = {
            "visited_on": SURVEYED_ON.isoformat(),
            "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
            "income": [
                {"person_id": members[1]["person_id"], "kind": "wage", "amount_fen": WAGES_FEN}
            ],
            "deductions": [
                {"kind": "illness", "amount_fen": RIGID_FEN},
                {"kind": "employment", "amount_fen": JOB_COST_FEN},
            ],
            "findings": told("入户调查，房屋一处，母亲长期服药"),
        }
        await house.do(SURVEYOR, "verification", f"{here}/home-visits", visit)
        self._tell(
            "两名调查人员入户调查，部门数据已核对 / two surveyors visited; departments answered"
        )
        await self._clock(REVIEWED_ON)
        review = {
            "held_on": REVIEWED_ON.isoformat(),
            "present": 12,
            "representatives": 9,
            "agreed": 12,
            "upheld": True,
            "minutes": told("民主评议会议记录，与会人员一致同意"),
        }
        await house.do(CLERK, "verification", f"{here}/reviews", review)
        await house.do(CLERK, "verification", f"{here}/completion", at=here)
        self._tell("民主评议，完成家庭收入核算 / democratic review held, the account completed")
        await self._clock(REVIEWED_ON)

    async def _determine(self, case_id: str) -> None:
        house = self._house
        here = f"/cases/{case_id}"
        seen = f"{here}/determination"
        explanation = {"explanation": told("按差额计算，月保障金二百元")}
        await house.do(CLERK, "decision", f"{here}/proposal", explanation)
        await house.do(CLERK, "decision", f"{here}/publicities/first")
        self._tell("提出拟保障意见，第一次公示七天 / proposed; first publicity, seven days")
        await self._clock(APPROVED_ON)
        await house.do(APPROVER, "decision", f"{here}/approval", at=seen)
        await house.do(CLERK, "decision", f"{here}/publicities/second")
        self._tell("乡镇审核同意，第二次公示七天 / the township approved; second publicity")
        await self._wrong_hands(case_id)
        await self._clock(CONFIRMED_ON)
        await house.do(CONFIRMER, "decision", f"{here}/confirmation", at=seen)
        self._tell("另一名审批人员确认 / confirmed by other hands")

    async def _wrong_hands(self, case_id: str) -> None:
        """Who approved cannot confirm: the story tries it, and must be refused."""
        here = f"/cases/{case_id}"
        refused = await self._house.refused(
            APPROVER, "decision", f"{here}/confirmation", at=f"{here}/determination"
        )
        if refused != (HTTPStatus.FORBIDDEN, "same-hands"):
            raise StoryFailed(f"the approver's own confirmation was answered {refused}")
        self._tell("审核人员自行确认被拒绝 / the approver's own confirmation was refused")

    async def pay(self) -> None:
        """May's run of the township: every case that is confirmed by then."""
        await self._clock(PAID_ON)
        await self._house.pay("dibao", TOWNSHIP, Month(2020, 5))
        await self._clock(PAID_ON)
        self._tell(
            "五月发放批次：一人制单、另一人复核，银行已入账 / May's run prepared, approved, paid"
        )

    async def figures(self, case_id: UUID) -> Figures:
        """What the case, and the bank's whole ledger since it began, have come to."""
        house = self._house
        application = await house.see(CLERK, "intake", f"/applications/{case_id}")
        case = await house.see(CLERK, "decision", f"/cases/{case_id}/determination")
        payments = await house.see(CLERK, "payment", f"/cases/{case_id}/payments")
        settled = [p for p in payments["items"] if p["stage"] == "settled"]
        ledger = [
            credit
            for credit in await house.bank_ledger()
            if credit["payment_id"] not in self._credited_before
        ]
        until = {p["round"]: p["until_on"] for p in case["publicities"]}
        return Figures(
            survey_due=application["survey_due"]["on"],
            persons=case["proposal"]["persons"],
            standard_fen=case["proposal"]["standard_fen"],
            counted_income_fen=case["proposal"]["counted_income_fen"],
            amount_fen=case["confirmed"]["amount_fen"],
            first_publicity_until=until["first"],
            second_publicity_until=until["second"],
            pay_from=case["confirmed"]["pay_from"],
            payments=len(settled),
            paid_fen=sum(p["amount_fen"] for p in settled),
            bank_credits=len(ledger),
            bank_fen=sum(credit["amount_fen"] for credit in ledger),
        )


def differences(seen: Figures, wanted: Figures = EXPECTED) -> list[str]:
    """Each figure that is off, as a sentence."""
    pairs: list[tuple[str, Any, Any]] = [
        (f.name, getattr(seen, f.name), getattr(wanted, f.name)) for f in fields(Figures)
    ]
    return [f"{name} is {got}, must be {must}" for name, got, must in pairs if got != must]
