"""Reviews of a confirmed household."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
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
        "recognised-means-missing",
        422,
        "对已认定家庭的复核须填写家庭收入和财产",
        "The review of a recognised household states its income and property",
    ),
    ProblemType(
        "review-outcome-contradicts",
        422,
        "复核结论与按填写的收入和财产得出的结论不符",
        "The outcome is not what the stated means come to by the rules",
    ),
    ProblemType("recognition-over", 409, "认定已终止", "The recognition is over"),
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
)
