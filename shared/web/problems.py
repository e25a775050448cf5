"""Problems: what a client is told when something cannot be done (RFC 9457).

Every kind of problem has a code that never changes, a status and a title in Chinese and English.
A problem carries what a person needs to act: the rule, what is allowed, its source. It never
repeats what the client sent, since that may be personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import JsonValue
from starlette.responses import JSONResponse

from shared.kernel.decider import Refusal

MEDIA_TYPE = "application/problem+json"

Members = Mapping[str, JsonValue | Sequence[str] | Mapping[str, int | str]]
"""Extensions of a problem: codes, numbers, what is allowed."""

_CODE = re.compile(r"[a-z]+(-[a-z]+)*\Z")
_MEMBERS = frozenset({"type", "title", "status", "detail", "instance", "code"})


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: its stable code, its HTTP status, its title in both languages.

    Raises ``ValueError`` for a code that is not lower-case words joined by hyphens (so that no
    number, and so nothing personal, fits in it) or a status that is no error.
    """

    code: str
    status: int
    zh: str
    en: str

    def __post_init__(self) -> None:
        if not _CODE.match(self.code) or not 400 <= self.status <= 599:
            raise ValueError(f"not a problem type: {self.code!r} with status {self.status}")

    @property
    def uri(self) -> str:
        """The stable identifier of the kind: what stands in ``type``."""
        return f"urn:doudi:problem:{self.code}"

    @property
    def title(self) -> str:
        """Chinese first, English beside."""
        return f"{self.zh} / {self.en}"


class Known(Enum):
    """The problems that every service shares. A service adds its refusals to its catalogue."""

    BAD_REQUEST = ProblemType("bad-request", 400, "请求无法识别", "Request not understood")
    IDEMPOTENCY_KEY_MISSING = ProblemType(
        "idempotency-key-missing", 400, "缺少幂等键", "Idempotency-Key is missing"
    )
    IDEMPOTENCY_KEY_MALFORMED = ProblemType(
        "idempotency-key-malformed", 400, "幂等键格式不符", "Idempotency-Key is not a UUID"
    )
    IF_MATCH_MALFORMED = ProblemType(
        "if-match-malformed", 400, "If-Match 格式不符", "If-Match is malformed"
    )
    CURSOR_INVALID = ProblemType("cursor-invalid", 400, "分页游标无效", "Invalid page cursor")
    WAIT_FOR_INVALID = ProblemType("wait-for-invalid", 400, "wait_for 无效", "Invalid wait_for")
    TOKEN_MISSING = ProblemType("token-missing", 401, "未提供令牌", "No bearer token")
    TOKEN_INVALID = ProblemType("token-invalid", 401, "令牌无效", "The token is not valid")
    TOKEN_EXPIRED = ProblemType("token-expired", 401, "令牌已过期", "The token has expired")
    ROLE_NOT_ALLOWED = ProblemType(
        "role-not-allowed", 403, "该岗位无权办理", "This role may not do this"
    )
    PURPOSE_NOT_ALLOWED = ProblemType(
        "purpose-not-allowed", 403, "该用途无权办理", "This purpose does not allow this"
    )
    DIVISION_NOT_COVERED = ProblemType(
        "division-not-covered", 403, "不在本人辖区", "Outside the caller's jurisdiction"
    )
    NOT_FOUND = ProblemType("not-found", 404, "未找到", "Not found")
    METHOD_NOT_ALLOWED = ProblemType(
        "method-not-allowed", 405, "不支持该方法", "Method not allowed"
    )
    CONFLICT = ProblemType("conflict", 409, "与当前状态冲突", "In conflict with the present state")
    NOTE_EXPIRED = ProblemType(
        "note-expired", 409, "附注已过期", "A note of this command has expired"
    )
    NOT_PARKED = ProblemType("not-parked", 409, "并非待处理的首条记录", "Not the first one parked")
    VIEW_REBUILD_UNDER_WAY = ProblemType(
        "view-rebuild-under-way", 409, "该视图正在重建", "The view is being rebuilt already"
    )
    VIEW_NOT_REBUILDING = ProblemType(
        "view-not-rebuilding", 409, "该视图未在重建", "The view is not being rebuilt"
    )
    VIEW_DIFFERENCES_OTHER = ProblemType(
        "view-differences-other",
        409,
        "并非当前列出的差异",
        "Not the differences that are listed now",
    )
    PARAMETER_MISSING = ProblemType(
        "parameter-missing",
        409,
        "该地区、该日期缺少政策参数",
        "A parameter of the policy has no value for that division and date",
    )
    VERSION_STALE = ProblemType(
        "version-stale", 412, "数据已被他人更新", "The version has moved on"
    )
    BODY_TOO_LARGE = ProblemType("body-too-large", 413, "请求内容过大", "The body is too large")
    MEDIA_TYPE_UNSUPPORTED = ProblemType(
        "media-type-unsupported", 415, "不支持的内容类型", "Unsupported media type"
    )
    INVALID_FIELDS = ProblemType("invalid-fields", 422, "内容不符合要求", "Fields are not valid")
    IDEMPOTENCY_KEY_REUSED = ProblemType(
        "idempotency-key-reused",
        422,
        "幂等键已用于其他请求",
        "Idempotency-Key was used for another request",
    )
    RULE_NOT_MET = ProblemType("rule-not-met", 422, "不符合规定", "A rule is not met")
    IF_MATCH_MISSING = ProblemType("if-match-missing", 428, "缺少 If-Match", "If-Match is required")
    TOO_MANY_REQUESTS = ProblemType("too-many-requests", 429, "查询过于频繁", "Too many requests")
    INTERNAL = ProblemType("internal", 500, "系统内部错误", "Internal error")
    ENGINE_AWAY = ProblemType(
        "engine-away", 503, "依赖的系统暂不可用", "A system that this needs is away"
    )
    ISSUER_AWAY = ProblemType(
        "issuer-away", 503, "身份认证暂不可用", "The token issuer cannot be reached"
    )
    OVERLOADED = ProblemType("overloaded", 503, "系统繁忙，请稍后再试", "Busy: try again later")
    NOT_READY = ProblemType("not-ready", 503, "系统尚未就绪", "Not ready")
    OUTCOME_UNKNOWN = ProblemType(
        "outcome-unknown", 503, "处理超时，结果未知", "Timed out: the outcome is not known yet"
    )
    VIEW_BEHIND = ProblemType(
        "view-behind", 503, "数据尚未同步到所要求的位置", "The view has not caught up yet"
    )


class Problem(Exception):
    """A problem to be answered.

    ``detail`` says what to do, Chinese first, English beside; it is written by us and never holds
    anything the client sent. ``members`` extend the document: allowed values, the rule's source.
    ``headers`` go with the response.

    Raises ``ValueError`` for a member that would overwrite one of the standard ones.
    """

    def __init__(
        self,
        kind: ProblemType | Known,
        detail: str = "",
        *,
        members: Members | None = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        self.kind = kind.value if isinstance(kind, Known) else kind
        super().__init__(self.kind.code)
        self.detail = detail
        self.members: dict[str, Any] = dict(members or {})
        self.headers: dict[str, str] = dict(headers or {})
        self.status = self.kind.status if status is None else status
        if taken := _MEMBERS & self.members.keys():
            raise ValueError(f"standard members cannot be extensions: {sorted(taken)}")

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The problem details document; ``instance`` names this one occurrence."""
        document: dict[str, Any] = {
            "type": self.kind.uri,
            "title": self.kind.title,
            "status": self.status,
            "code": self.kind.code,
        }
        if self.detail:
            document["detail"] = self.detail
        if instance:
            document["instance"] = instance
        return document | self.members

    def response(self, instance: str | None = None) -> JSONResponse:
        """The HTTP response that tells it."""
        return JSONResponse(
            self.document(instance),
            status_code=self.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


class Catalogue:
    """The kinds of problem that one service can answer with, by code.

    Raises ``ValueError`` when two kinds claim one code: a type means one thing for ever.
    """

    def __init__(self, kinds: Iterable[ProblemType] = ()) -> None:
        self._kinds: dict[str, ProblemType] = {}
        for kind in (*(known.value for known in Known), *kinds):
            if self._kinds.setdefault(kind.code, kind) != kind:
                raise ValueError(f"two problem types share the code {kind.code!r}")

    def __iter__(self) -> Iterator[ProblemType]:
        return iter(self._kinds.values())

    def get(self, code: str) -> ProblemType | None:
        """The kind with this code, if the service declared it."""
        return self._kinds.get(code)

    def of_refusal(self, refusal: Refusal) -> Problem:
        """A refusal of the rules as a problem.

        Its code becomes the type, its facts and source the extensions, its own status the answer.
        A code that the service did not declare still gets its stable type, under a general title.
        """
        kind = self.get(refusal.code)
        if kind is None:
            general = Known.CONFLICT if refusal.status == 409 else Known.RULE_NOT_MET
            kind = ProblemType(refusal.code, refusal.status, general.value.zh, general.value.en)
        members: dict[str, str | Mapping[str, int | str]] = {}
        if refusal.facts:
            members["facts"] = refusal.facts
        if refusal.source:
            members["source"] = refusal.source
        return Problem(kind, members=members, status=refusal.status)
