"""JSON Schemas of the files (draft 2020-12), made from the models; the copies beside this file ship with the program.

`python -m perfeval.schemas` writes them anew after a model has changed; a test holds them equal to the models.
"""

from __future__ import annotations

import sys
from json import dumps
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema

from perfeval.model.evidence import AnswersField, Entry, Evidence
from perfeval.model.project import Month, Project
from perfeval.model.tree import Tree
from perfeval.reports.changes.json_format import Document as Comparison
from perfeval.reports.result_format import Document
from perfeval.rules import kinds, rule_class
from perfeval.rules._fields import AwardField, Condition, Exact, Expression, PointsField
from perfeval.sealing.manifest import StoredSeal

KINDS = ("project", "indicators", "evidence", "result", "seal", "diff")
FOLDER = Path(__file__).parent

_SCALAR: JsonSchemaValue = {"type": ["string", "number", "boolean", "null"]}
_TEXT: JsonSchemaValue = {"type": "string"}
_TITLES = {
    "project": "project.yaml 项目",
    "indicators": "indicators.yaml 指标体系",
    "evidence": "evidence.yaml 佐证",
    "result": "result.json 评价结果",
    "seal": "seal.json 封存清单",
    "diff": "perfeval diff 规则比较",
}
_TOLD = {  # what an editor shows for a key: the words of the glossary
    "actual": "完成值 actual value",
    "attachments": "附件 attachments, inside the folder",
    "bands": "档 bands",
    "benchmark": "评价标准 benchmark",
    "bonus": "加分 bonus points off the tree",
    "built_in": "内置规则文件的校验值 built-in rule files, SHA-256",
    "cap": "上限 cap",
    "checklist": "各条的回答 answers, in order or by id",
    "children": "下级指标 indicators below",
    "constraints": "权重约束 what the weights have to keep",
    "date": "日期，年-月 或 年-月-日 date",
    "defects": "按个数扣分的问题 counted faults",
    "document": "依据文件 document",
    "each": "每相差 for each",
    "evidence": "佐证文件 evidence file",
    "expect": "应得的结果 what check compares",
    "explain": "指标解释 what the indicator looks at",
    "facts": "事实 named quantities",
    "files": "文件夹里的每个文件 every file of the folder",
    "figure": "印出的满意度 satisfaction as printed",
    "finding": "查证情况 what was found",
    "firmness": "报告里写明等级的稳固程度 a section on how firm the grade is",
    "floor": "下限 floor",
    "formula": "满意度的算法 how it was worked out",
    "full_at": "满分点 full points here",
    "grade": "等级 grade",
    "grades": "等级 grade scale",
    "id": "编号 id",
    "indicators": "指标 indicators",
    "items": "条目 items",
    "leaves": "末级指标的得分 scores of the leaves",
    "measure": "完成值的公式 formula of the actual value",
    "name": "名称 name",
    "not_applicable": "不适用的原因 or the policy for it",
    "of": "看哪个量 the quantity looked at",
    "otherwise": "其余情形 otherwise",
    "parts": "部分 parts",
    "pass_mark": "及格点 short of it nothing",
    "penalty": "扣分项 penalty points off the tree",
    "per": "扣分 points off",
    "perfeval": "格式版本 version of the format",
    "period": "评价期间 evaluation period",
    "points": "分数 points",
    "policy": "缺数与不适用的处理 policies",
    "population": "调查对象人数 people there are to ask",
    "program": "封存时的程序版本 version that sealed",
    "quantities": "量的单位和范围 units and domains",
    "reason": "扣分原因 why points were lost",
    "requires": "前置条件 not met: nothing",
    "rounding": "舍入 rounding",
    "rule": "评分标准 scoring rule",
    "rules": "有名字的评分标准 named rules",
    "satisfied": "算作满意的最低答案 least answer that is satisfied",
    "scale": "文字答案各值多少分 what answers in words are worth",
    "sent": "发放份数 how many were asked",
    "sha256": "校验值 hash, SHA-256",
    "size": "字节数 bytes",
    "source": "来源 source",
    "sources": "资料来源 sources",
    "steps": "零头怎么算 whole, started or exact",
    "surveys": "问卷调查，供审查 surveys, for audit",
    "tables": "表 tables",
    "target": "目标值 target",
    "text": "原文或说明 text",
    "tier": "档次 tier",
    "tiers": "档次 tiers",
    "total": "总分 total",
    "tree": "指标树 the tree",
    "unit": "单位 unit",
    "value": "数值，连单位 value with its unit",
    "values": "本指标的量 quantities of this leaf",
    "veto": "一票否决 veto",
    "weight": "权重、分值 weight in points",
    "where": "只数符合的行 rows counted",
    "zero_at": "零分点 nothing here",
}
_SHARED = {  # forms that many keys have: named once, referred to
    "Answers": AnswersField,
    "Award": AwardField,
    "Condition": Condition,
    "Date": Month,
    "Expression": Expression,
    "Number": Exact,
    "Points": PointsField,
}


class _Generator(GenerateJsonSchema):
    """The models say what they *make*; before that, some take a bare text as well."""

    def function_plain_schema(self, schema: Any) -> JsonSchemaValue:
        return dict(_SCALAR)

    def function_before_schema(self, schema: Any) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        match schema["function"]["function"].__name__:
            case "_bare_text":
                return {"anyOf": [inner, _TEXT]}
            case "_fact":
                return {"anyOf": [inner, _SCALAR]}
            case "_clauses":
                return {**inner, "items": {"anyOf": [inner["items"], _TEXT]}}
        return inner


def build(kind: str) -> dict[str, Any]:
    """The schema of one kind of file."""
    documents: dict[str, Any] = {"result": Document, "diff": Comparison}
    if kind in documents:
        top = TypeAdapter(documents[kind]).json_schema(schema_generator=_Generator)
        definitions = top.pop("$defs", {})
    else:
        models: dict[str, list[type[BaseModel]]] = {
            "project": [Project],
            "evidence": [Evidence, Entry],
            "indicators": [Tree, *map(rule_class, kinds())],
            "seal": [StoredSeal],
        }
        wanted = models[kind]
        names, made = models_json_schema([(model, "validation") for model in wanted], schema_generator=_Generator)
        definitions = made["$defs"]
        if kind == "indicators":
            definitions["Rule"] = _rules(names, definitions)
        top = definitions.pop(names[wanted[0], "validation"]["$ref"].rpartition("/")[2])
    shared = _Shared()
    body, named = _tidy({**top, "title": _TITLES[kind]}, shared, keep_title=True), _tidy(definitions, shared, inside="$defs")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:perfeval:1:{kind}"}
    return {**head, **body, "$defs": dict(sorted({**named, **shared.used}.items()))}


class _Shared:
    """Finds a form that has a name, and keeps which were used."""

    def __init__(self) -> None:
        self.forms = {name: form for name, field in _SHARED.items() for form in [_form(field)]}
        self.used: dict[str, JsonSchemaValue] = {}

    def named(self, schema: JsonSchemaValue) -> JsonSchemaValue | None:
        bare = {key: value for key, value in schema.items() if key not in ("title", "default")}
        for name, form in self.forms.items():
            if bare == form:
                self.used[name] = form
                rest = {key: value for key, value in schema.items() if key == "default" and value not in (None, "")}
                return {"$ref": f"#/$defs/{name}", **rest}
        return None


def _form(field: Any) -> JsonSchemaValue:
    return next(dict(meta.json_schema or {}) for meta in get_args(field)[1:] if isinstance(meta, WithJsonSchema))


def _rules(names: Any, definitions: dict[str, Any]) -> JsonSchemaValue:
    """A rule is what its `kind` says, and says its kind."""
    references = []
    for kind in kinds():
        model = rule_class(kind)
        reference = names[model, "validation"]
        definition = definitions[reference["$ref"].rpartition("/")[2]]
        definition["required"] = ["kind", *definition.get("required", [])]
        definition["description"] = (sys.modules[model.__module__].__doc__ or kind).partition("\n")[0]
        references.append(reference)
    return {"description": "评分标准 scoring rule", "oneOf": references}


def _tidy(schema: Any, shared: _Shared, *, keep_title: bool = False, inside: str = "") -> Any:
    """Without made-up titles and empty defaults, keys explained, in a fixed order."""
    if isinstance(schema, list):
        return [_tidy(one, shared) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if inside == "properties":  # keys here are the user's, not the schema's
        return {key: _explained(key, _tidy(one, shared)) for key, one in sorted(schema.items())}
    if inside == "$defs":
        return {key: _tidy(one, shared) for key, one in sorted(schema.items())}
    if (reference := shared.named(schema)) is not None:
        return reference
    if "true" in schema.get("enum", ()) and "type" in schema:  # what an editor's YAML reads as a boolean
        schema = {"enum": [*schema["enum"], True, False]}
    return {
        key: _tidy(value, shared, inside=key) if key not in ("enum", "const", "default", "required") else value
        for key, value in sorted(schema.items())
        if (key != "title" or keep_title) and (key != "default" or (value and not isinstance(value, dict)) or value is False)
    }


def _explained(key: str, schema: Any) -> Any:
    if key not in _TOLD or "description" in schema:
        return schema
    return {**schema, "description": _TOLD[key]}


def text_of(kind: str) -> str:
    """The schema as it stands in its file."""
    return dumps(build(kind), ensure_ascii=False, indent=2) + "\n"


def write() -> None:
    """The copies that ship."""
    for kind in KINDS:
        (FOLDER / f"{kind}.json").write_text(text_of(kind), "utf-8")
