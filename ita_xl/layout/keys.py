"""The keys by which code names sheets, tables, single cells and columns.

They are types: the type checker refuses a view, a reader or a drawer that names what is not listed here. Keys that
belong to a year, an instrument or a number stand in tables, so that none is put together from parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

SheetKey = (
    Literal["home", "stated", "scores_iit", "scores_eit", "scores_oit", "comments", "findings"]
    | Literal["summary", "years", "issues", "analysis_iit", "analysis_eit", "analysis_oit"]
    | Literal["actions", "topics", "measures", "removed", "tracking", "follow", "answers", "results"]
    | Literal["signed", "imported", "form"]
    | Literal["survey_iit", "survey_eit"]
    | Literal["simulation", "guidance", "structure", "recheck", "memory"]
)

BlockKey = (
    Literal["offices", "routing", "stated", "scores", "comments", "findings"]
    | Literal["instruments", "ranking", "indicators", "changes", "causes", "bars", "years"]
    | Literal["all", "best", "urgent", "groups", "missing"]
    | Literal["issues", "actions", "measures", "removed", "tracking", "results", "last"]
    | Literal["history", "signed", "imported", "topics", "survey", "texts"]
    | Literal["by_office", "by_measure", "by_step", "answers", "form"]
    | Literal["cases", "leaves", "guidance", "nodes", "levels", "program", "check", "holds", "helpers"]
    | Literal["memory"]
)

QuarterKey = Literal["quarter1", "quarter2", "quarter3", "quarter4"]
"""A quarter's column, and the cell in which a run writes what the quarter is called."""

StepKey = Literal["step1", "step2", "step3", "step4", "step5", "step6"]
"""How many gave an answer, from the fewest points to the most."""

FieldKey = (
    Literal["title", "subtitle", "howto", "back", "where", "draft", "about", "live"]
    | Literal["next_step", "state_about", "state_scores", "state_findings"]
    | Literal["state_texts", "state_measures", "state_signed", "texts_read", "signed_on"]
    | Literal["agency", "agency_type", "district", "province", "year", "chief_name", "chief_title"]
    | Literal["chief_acting", "chief_post"]
    | Literal["papers", "paper_section", "paper_phone", "memo_number", "memo_date"]
    | Literal["writer_name", "writer_title", "announced_on"]
    | Literal["mail_to", "mail_cc", "mail_reply", "thai_digits"]
    | Literal["live_total", "live_level", "live_iit", "live_eit", "live_oit", "live_missing"]
    | Literal["options", "weak_below", "urgent_ranks", "best_count", "lowest_if_none_weak", "fell_by"]
    | Literal["count", "headline", "meaning", "intro", "note"]
    | Literal["kpi_total", "kpi_level", "kpi_iit", "kpi_eit", "kpi_oit", "kpi_change"]
    | Literal["heading_instruments", "heading_ranking", "heading_indicators", "heading_changes", "heading_causes"]
    | Literal["heading_all", "heading_best", "heading_urgent", "heading_groups", "heading_missing"]
    | Literal["heading_comments", "heading_last", "heading_routing", "heading_cases", "heading_leaves"]
    | Literal["causes_sentence", "best_sentence", "urgent_sentence", "missing_sentence", "comments_sentence"]
    | Literal["last_sentence", "sign", "chief", "start_quarter", "folded"]
    | Literal[
        "as_of",
        "heading_offices",
        "heading_measures",
        "heading_steps",
        "form_office",
        "counter",
        "quarter",
        "return_to",
    ]
    | QuarterKey
    | Literal["status", "confirmed", "verdict", "largest", "one_sided", "unreadable"]
    | Literal["seal", "suggested", "edited", "form", "needs", "differing"]
)

TextKey = Literal["problem", "in_place", "approach", "steps", "report", "unit", "due"]
"""Our text for a question, in whose place the agency may have one of its own."""

ColumnKey = (
    Literal["act", "day", "reason", "part", "text", "year", "kind", "place"]
    | Literal["code", "name", "no", "key", "instrument", "topic", "question", "indicator", "items"]
    | Literal["y2", "y1", "y0", "p2", "p1", "p0", "hold2", "hold1", "hold0"]
    | Literal[
        "office",
        "head",
        "position",
        "person",
        "signatory",
        "signature",
        "date",
        "raise",
        "reason",
        "link",
        "comment",
        "answer",
    ]
    | Literal["severity", "finding", "sheet", "cell", "message", "hint"]
    | Literal["score", "weight", "weighted", "source", "rank", "change", "span", "explanation"]
    | Literal["from_total", "to_total", "from_level", "to_level", "before", "after", "effect", "bar", "up", "down"]
    | Literal["range", "status", "note", "missing_codes", "complete"]
    | Literal["issue", "action", "measure", "codes", "method", "responsible", "wording", "keep"]
    | Literal["proposal", "bring_back", "same_as"]
    | Literal["budget", "success", "goal"]
    | TextKey
    | Literal["own_problem", "own_in_place", "own_approach", "own_steps", "own_report", "own_unit", "own_due"]
    | QuarterKey
    | StepKey
    | Literal["people", "unanswered", "surveyed", "scale"]
    | Literal["remark", "result", "achieved", "evidence", "done", "worked"]
    | Literal["case", "total", "level", "worth", "left", "target"]
    | Literal["layer", "parent", "verified", "min_total", "min_iit", "min_eit", "min_oit"]
    | Literal["children", "typed", "stated", "layer1", "layer2", "layer3", "layer4", "layer5"]
    | Literal["program", "difference", "reached", "hold"]
    | Literal["nth", "upper", "weights", "at_iit", "at_eit", "at_oit", "at_stated"]
    | Literal["block", "row", "column", "mark"]
    | Literal["quarter", "percent", "obstacle", "use", "state", "file", "form", "counter"]
    | Literal["steps", "steps_due", "steps_done", "overdue", "unheard", "days_late"]
)

ChartKey = Literal["ranking", "radar", "years", "causes"]

ListKey = (
    Literal["yes_no", "raise", "hold", "layer", "agency_type", "chief_acting", "office"]
    | Literal["wording", "achieved", "start_quarter", "bring_back", "step_status", "use"]
)
"""What a drop-down list offers."""

YEAR_KEYS: Mapping[ColumnKey, int] = {"y2": -2, "y1": -1, "y0": 0}
POINT_KEYS: Mapping[ColumnKey, int] = {"p2": -2, "p1": -1, "p0": 0}
HOLD_KEYS: Mapping[ColumnKey, int] = {"hold2": -2, "hold1": -1, "hold0": 0}
"""Each with how far its year is from the workbook's."""

QUARTER_KEYS: tuple[QuarterKey, ...] = ("quarter1", "quarter2", "quarter3", "quarter4")
STEP_KEYS: tuple[StepKey, ...] = ("step1", "step2", "step3", "step4", "step5", "step6")
LAYER_KEYS: tuple[ColumnKey, ...] = ("layer1", "layer2", "layer3", "layer4", "layer5")
"""From the questions to the total."""

SCORE_SHEETS: Mapping[str, SheetKey] = {"IIT": "scores_iit", "EIT": "scores_eit", "OIT": "scores_oit"}
ANALYSIS_SHEETS: Mapping[str, SheetKey] = {"IIT": "analysis_iit", "EIT": "analysis_eit", "OIT": "analysis_oit"}
SURVEY_SHEETS: Mapping[str, SheetKey] = {"IIT": "survey_iit", "EIT": "survey_eit"}
MINIMUM_KEYS: Mapping[str, ColumnKey] = {"IIT": "min_iit", "EIT": "min_eit", "OIT": "min_oit"}
AT_KEYS: Mapping[str, ColumnKey] = {"IIT": "at_iit", "EIT": "at_eit", "OIT": "at_oit"}
LIVE_KEYS: Mapping[str, FieldKey] = {"IIT": "live_iit", "EIT": "live_eit", "OIT": "live_oit"}
KPI_KEYS: Mapping[str, FieldKey] = {"IIT": "kpi_iit", "EIT": "kpi_eit", "OIT": "kpi_oit"}

OWN_KEYS: Mapping[TextKey, ColumnKey] = {
    "problem": "own_problem",
    "in_place": "own_in_place",
    "approach": "own_approach",
    "steps": "own_steps",
    "report": "own_report",
    "unit": "own_unit",
    "due": "own_due",
}
"""The column for the agency's own text by that of ours."""
