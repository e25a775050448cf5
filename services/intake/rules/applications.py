"""The rules of applying, pure: who applies, where, with what, and how soon the survey follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.intake.registry.rules import known_division
from services.intake.rules.needed import needed_parameters
from shared.calendar import Month
from shared.contracts.children import Minor
from shared.contracts.fields import AidPlace, AidRequest, Due, Member, Programme, Relation
from shared.contracts.intake import ActingFor, ActingGround, Material, NearKin
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.policy import MissingValue, Parameters
from shared.regions import Level, Regions

APPLY_WHERE_SOURCE: Final = "国务院令第649号 art. 11"
ACTING_SOURCE: Final = "民发〔2021〕57号"
ALONE_SOURCE: Final = "民发〔2021〕43号 art. 9; 民发〔2019〕62号 2(1); 国发〔2015〕52号 3(1)"
CHILD_SOURCE: Final = "民发〔2019〕62号 1, 2(1)"
CHILD_BEFORE_TEKUN_SOURCE: Final = "民发〔2021〕43号 art. 9"
CHECK_AUTHORIZATION_SOURCE: Final = "国务院令第649号 art. 58"

HANDLING_LEVELS: Final = (Level.TOWNSHIP, Level.VILLAGE)
"""An application is made to the township, or through one of its villages."""

CHOSEN_BEFORE: Final = {Programme.TEKUN: Programme.CHILD_ALLOWANCE}
"""What somebody cannot have chosen before who applies for a programme."""


def require_household(applicant: UUID, members: Sequence[Member]) -> None:
    """A household lists each person once, its applicant as such, and at most one spouse."""
    persons = [member.person_id for member in members]
    if len(set(persons)) != len(persons):
        raise Refusal("member-listed-twice", facts={"members": len(persons)}, status=422)
    applicants = [m.person_id for m in members if m.relation is Relation.APPLICANT]
    if applicants != [applicant]:
        raise Refusal("applicant-not-in-household", facts={"applicants": 1}, status=422)
    if sum(member.relation is Relation.SPOUSE for member in members) > 1:
        raise Refusal("more-than-one-spouse", facts={"allowed": 1}, status=422)


def require_alone(programme: Programme, members: Sequence[Member]) -> None:
    """What is recognised person by person: nobody else stands in the application.

    Who needs both subsidies for disabled people applies for each: they rest on different things,
    and one may end while the other goes on. Source: 民发〔2021〕43号, arts. 4, 9 (本人提出申请);
    民发〔2019〕62号, 2(1); 国发〔2015〕52号, 3(1) (由残疾人提出申请).
    """
    if programme.is_of_one_person and len(members) > 1:
        code = "tekun-applies-alone" if programme is Programme.TEKUN else "person-applies-alone"
        raise Refusal(
            code,
            facts={"members": len(members), "allowed": 1},
            source=ALONE_SOURCE,
            status=422,
        )


def require_acting(applicant: UUID, acting: ActingFor | None) -> None:
    """Who applies for somebody is one other person, or one office.

    Which article says so has not been read. Source: 民发〔2021〕57号 (代为提出申请).
    """
    if acting is None:
        return
    if (acting.person_id is None) == (acting.office is None):
        raise Refusal("acting-is-one", source=ACTING_SOURCE, status=422)
    if acting.person_id == applicant:
        raise Refusal("acting-for-oneself", source=ACTING_SOURCE, status=422)


def require_guardian(
    programme: Programme,
    applicant: UUID,
    acting: ActingFor | None,
    parents: Collection[UUID] | None,
) -> None:
    """A child's allowance is applied for by the guardian or whoever they sent, or by an office.

    ``parents`` are those of the child's parents who are registered; of any other programme none
    are named. Source: 民发〔2019〕62号, 2(1) (监护人或受监护人委托的近亲属; 村（居）民委员会).
    """
    facts: dict[str, int | str] = {"programme": programme}
    if programme is not Programme.CHILD_ALLOWANCE:
        if parents:
            raise Refusal("parents-out-of-place", facts=facts, status=422)
        return
    if acting is None or acting.ground is not ActingGround.MINOR:
        raise Refusal("guardian-missing", facts=facts, source=CHILD_SOURCE, status=422)
    named = [applicant, *(parents or ())]
    if len(named) > 3 or len(set(named)) != len(named):
        raise Refusal("parents-unclear", facts={"parents": len(named) - 1}, status=422)


def require_not_in_child_allowance(
    programme: Programme, cases: Iterable[UUID | None], parameters: Parameters
) -> None:
    """Who has chosen the basic living of orphans and unattended children is not tekun beside it.

    ``cases`` are the persons' cases of a child's allowance, open or confirmed.
    Source: 民发〔2021〕43号, art. 9 (不再认定为特困人员).
    """
    if programme not in CHOSEN_BEFORE or not parameters.flag("tekun_excluded_by_child_allowance"):
        return
    if any(case is not None for case in cases):
        raise Refusal("child-allowance-was-chosen", source=CHILD_BEFORE_TEKUN_SOURCE)


def turns_eighteen(born: date) -> Month:
    """The month in which somebody comes of age, at eighteen (民法典, art. 17)."""
    return Month(born.year + 18, born.month)


def minor_of(
    programme: Programme,
    turns_eighteen: Month | None,
    acting: ActingFor | None,
    parents: Collection[UUID] | None,
    today: date,
) -> Minor | None:
    """What is recorded of an applicant who is not of age: the month in which they will be.

    Of anybody else nothing. A child's allowance is for those who have a month of it before them.
    Source: 国办发〔2010〕54号 (未满18周岁); 民发〔2021〕43号, art. 24.
    """
    if turns_eighteen is None or turns_eighteen <= Month.of(today):
        if programme is Programme.CHILD_ALLOWANCE:
            raise Refusal("child-of-age", source=CHILD_SOURCE)
        return None
    guardian = acting is not None and acting.ground is ActingGround.MINOR
    return Minor(
        turns_eighteen=turns_eighteen,
        payee=acting.person_id if acting is not None and guardian else None,
        parents=tuple(parents or ()),
    )


def require_handling_division(regions: Regions, division: str, on: date) -> None:
    """The division exists on the date, and is one that takes applications in.

    Applications go to the township (乡镇人民政府、街道办事处); a village may hand them in for it.
    """
    found = known_division(regions, division, on)
    if found.level not in HANDLING_LEVELS:
        raise Refusal(
            "division-takes-no-applications",
            facts={"level": found.level, "allowed": ", ".join(HANDLING_LEVELS)},
            source=APPLY_WHERE_SOURCE,
            status=422,
        )


def require_no_open_application(cases: Iterable[UUID | None]) -> None:
    """Nobody is in two open applications, or in one beside a confirmed case, of one programme.

    ``cases`` holds, per member, the case that the person is in. Otherwise two members of one
    household could each apply for all of it, and the same household would be paid twice. Which
    case it is, is not told: another county may handle it.
    """
    if any(case is not None for case in cases):
        raise Refusal("open-application-exists", source="民发〔2012〕220号 art. 11")


def require_check_authorization(supplied: Collection[Material]) -> None:
    """Departments may be asked about a household only at its own request (请求、委托)."""
    if Material.CHECK_AUTHORIZATION not in supplied:
        raise Refusal(
            "check-authorization-missing",
            facts={"material": Material.CHECK_AUTHORIZATION},
            source=CHECK_AUTHORIZATION_SOURCE,
        )


def require_regulated(parameters: Parameters, aid: AidRequest | None = None) -> None:
    """Division, programme and date have a procedure: none of what its way asks for is missing.

    Otherwise a case would be accepted that nobody could bring to its end.
    """
    for name in needed_parameters(Programme(parameters.programme), aid):
        try:
            parameters.value(name)
        except MissingValue as missing:
            raise Refusal(
                "programme-not-regulated",
                facts={
                    "parameter": missing.name,
                    "programme": missing.programme,
                    "on": missing.on.isoformat(),
                    "nearest": "; ".join(map(str, missing.nearest)) or "none",
                },
                status=422,
            ) from None


def require_one_notice(parameters: Parameters, *, noticed: bool) -> None:
    """What is missing is named all at once (一次性告知), so there is no second notice.

    Source: 民发〔2012〕220号, art. 13; 民发〔2021〕57号, art. 10; 民发〔2021〕43号, art. 12;
    陕民发〔2022〕23号, 2(3).2.
    """
    if noticed and parameters.flag("materials_asked_once"):
        source = parameters.value("materials_asked_once").source
        raise Refusal("materials-requested-before", source=source)


def require_not_queryable(parameters: Parameters, asked: Iterable[Material]) -> None:
    """What departments can answer is not asked of the applicant (能够查询的，不得要求提供).

    Which papers these are is a parameter of each place. Source: 民发〔2021〕57号, art. 10.
    """
    queryable = parameters.codes("papers_departments_answer")
    named = [paper for paper in asked if paper in queryable]
    if named:
        raise Refusal(
            "paper-departments-answer",
            facts={"materials": ", ".join(named)},
            source=parameters.value("papers_departments_answer").source,
        )


def require_not_supplied(
    parameters: Parameters, asked: Iterable[Material], supplied: Collection[Material]
) -> None:
    """What was brought is not asked for again (不得重复提交)."""
    named = [paper for paper in asked if paper in supplied]
    if named:
        raise Refusal(
            "materials-supplied-before",
            facts={"materials": ", ".join(named)},
            source=parameters.value("materials_asked_once").source,
        )


def require_place(place: AidPlace | None, parameters: Parameters) -> None:
    """Whose township may be asked: that of registration, or of a residence permit.

    Of temporary assistance see ``aid.require_aid_place``. Source: 民发〔2012〕220号, art. 11;
    民发〔2019〕62号, 2(1) (儿童户籍所在地);
    巩固拓展脱贫攻坚兜底保障成果指导意见, 2(9) (持有居住证人员在居住地申办).
    """
    if place is None:
        return
    allowed = parameters.codes("application_places")
    if place not in allowed:
        raise Refusal(
            "application-place-not-allowed",
            facts={"place": place, "allowed": ", ".join(allowed)},
            source=parameters.value("application_places").source,
            status=422,
        )


def require_kin(parameters: Parameters, members: Sequence[Member], kin: Sequence[NearKin]) -> None:
    """Kin are filed of members of the household, by the relations that count as near.

    Source: 民发〔2012〕220号, art. 14; 民发〔2021〕57号, art. 11.
    """
    persons = {member.person_id for member in members}
    relations = parameters.codes("kin_filing_relations")
    for position, filed in enumerate(kin, start=1):
        if filed.person_id not in persons:
            raise Refusal("kin-not-in-household", facts={"position": position}, status=422)
        if filed.relation not in relations:
            raise Refusal(
                "kin-not-near",
                facts={"position": position, "allowed": ", ".join(relations)},
                source=parameters.value("kin_filing_relations").source,
                status=422,
            )


def kin_owed(parameters: Parameters, *, filed: bool) -> bool:
    """Whether somebody has yet to say who of the household is near kin to an official.

    The acceptance does not wait for it: what was accepted is registered apart (单独登记备案).
    Source: 民发〔2012〕220号, art. 14; 民发〔2021〕57号, art. 11.
    """
    return parameters.flag("kin_filing_required") and not filed


def acceptance_due(parameters: Parameters, on: date) -> Due:
    """The last day for the township to accept, or to name what is missing (限时办理)."""
    return working_day_due(parameters, on, parameters.whole("acceptance_within_working_days"))


def survey_due(parameters: Parameters, accepted_on: date) -> Due:
    """The last day for the household survey, in working days from acceptance.

    Source: 民发〔2012〕220号, art. 18 (surveyed within the days); 民发〔2021〕57号, art. 15 (begun
    within them); 民发〔2021〕43号, art. 13.
    """
    days = parameters.whole_or_none("survey_complete_within_working_days")
    if days is None:
        days = parameters.whole("survey_start_within_working_days")
    return working_day_due(parameters, accepted_on, days)
