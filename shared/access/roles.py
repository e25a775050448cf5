"""Roles: in what capacity somebody acts. One token names one role."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A capacity in which an official, an overseer or a service acts.

    The value is what tokens and events carry. ``zh`` and ``en`` are its labels.
    """

    VILLAGE_ASSISTANT = "village_assistant"
    TOWNSHIP_CLERK = "township_clerk"
    TOWNSHIP_SURVEYOR = "township_surveyor"
    TOWNSHIP_APPROVER = "township_approver"
    WELFARE_VISITOR = "welfare_visitor"
    CHILD_DIRECTOR = "child_director"
    COUNTY_OFFICER = "county_officer"
    COUNTY_APPROVER = "county_approver"
    STANDARDS_OFFICER = "standards_officer"
    PAYMENT_PREPARER = "payment_preparer"
    PAYMENT_APPROVER = "payment_approver"
    REGISTRY_KEEPER = "registry_keeper"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    SERVICE = "service"

    @property
    def zh(self) -> str:
        """The role's Chinese label."""
        return _LABELS[self][0]

    @property
    def en(self) -> str:
        """The role's English label."""
        return _LABELS[self][1]

    @property
    def label(self) -> str:
        """Both labels, Chinese first."""
        return f"{self.zh} / {self.en}"


_LABELS = {
    Role.VILLAGE_ASSISTANT: ("村级社会救助协理员", "village assistant"),
    Role.TOWNSHIP_CLERK: ("乡镇经办人员", "township clerk"),
    Role.TOWNSHIP_SURVEYOR: ("乡镇入户调查人员", "township surveyor"),
    Role.TOWNSHIP_APPROVER: ("乡镇审核审批人员", "township approver"),
    Role.WELFARE_VISITOR: ("探视责任人", "welfare visitor"),
    Role.CHILD_DIRECTOR: ("儿童主任", "child director"),
    Role.COUNTY_OFFICER: ("县级民政经办人员", "county officer"),
    Role.COUNTY_APPROVER: ("县级民政确认人员", "county approver"),
    Role.STANDARDS_OFFICER: ("保障标准管理人员", "standards officer"),
    Role.PAYMENT_PREPARER: ("资金发放制单人员", "payment preparer"),
    Role.PAYMENT_APPROVER: ("资金发放复核人员", "payment approver"),
    Role.REGISTRY_KEEPER: ("个人信息保管人员", "registry keeper"),
    Role.AUDITOR: ("审计监督人员", "auditor"),
    Role.OPERATOR: ("系统运维人员", "operator"),
    Role.SERVICE: ("系统服务", "service"),
}
