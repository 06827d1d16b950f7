"""What words in a file mean: categories, sources, severities, codes and levels, in Chinese and English."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from casework.model import Category, FirmCode, Kind, Severity, Source, StationLevel
from intake.columns import plain

Choice = TypeVar("Choice", bound=Enum)
_CATEGORIES: Mapping[Category, str] = {
    Category.WATER: "water 水 水污染 水环境 地表水 废水 污水 水体 水质 涉水",
    Category.AIR: "air 气 大气 大气污染 大气环境 废气 空气 扬尘 油烟 异味 恶臭 涉气",
    Category.SOIL: "soil 土 土壤 土壤污染 土壤环境 土地",
    Category.WASTE: "waste 固废 固体废物 固体废弃物 固废污染 垃圾 危废 危险废物 涉废",
    Category.NOISE: "noise 噪声 噪音 噪声污染 噪音污染 声环境",
    Category.ECOLOGY: "ecology 生态 生态破坏 生态环境 自然生态 自然保护地",
    Category.OTHER: "other 其他 其它 其他类",
}
_SOURCES: Mapping[Source, str] = {
    Source.MONITORING: "monitoring 监测 在线监测 在线监控 自动监测 自动监控 监测超标 在线",
    Source.TOTALS: "totals 总量 总量控制 总量核算 排放总量",
    Source.HAZARDOUS_WASTE: "hazardous_waste 危废 危险废物 危废管理 危险废物管理",
    Source.OPERATION: "operation 工况 工况监控 工况异常 用电监控 用电",
    Source.COMPLAINT: "complaint 投诉 信访 举报 投诉举报 信访投诉 信访举报 群众举报 群众投诉 12345 12369",
    Source.INSPECTION: "inspection 检查 执法检查 现场检查 日常检查 巡查 日常巡查 巡检",
    Source.RANDOM: "random 双随机 随机 随机抽查 双随机抽查",
    Source.OTHER: "other 其他 其它",
}
_SEVERITIES: Mapping[Severity, str] = {
    Severity.MINOR: "1 minor 轻微 轻度 较轻",
    Severity.ORDINARY: "2 ordinary 一般 普通 中等",
    Severity.SERIOUS: "3 serious 较重 较严重 较大",
    Severity.CRITICAL: "4 critical 严重 重大 特大 特别严重 特别重大",
}
_CODES: Mapping[FirmCode, str] = {
    FirmCode.RED: "red 红 红码 红色",
    FirmCode.YELLOW: "yellow 黄 黄码 黄色",
    FirmCode.GREEN: "green 绿 绿码 绿色",
}
_LEVELS: Mapping[StationLevel, str] = {
    StationLevel.TEAM: "team 执法队 支队 大队 执法支队 执法大队 综合执法队",
    StationLevel.SQUAD: "squad 中队 执法中队 执法所 站所",
    StationLevel.JOINT: "joint 联勤警务站 生态联勤警务站 联勤站 联合站 警务站",
}


def _words(table: Mapping[Choice, str]) -> dict[str, str]:
    return {plain(word): str(value.value) for value, words in table.items() for word in words.split()}


CHOICES: Mapping[tuple[Kind, str], Mapping[str, str]] = {
    (Kind.INCIDENTS, "category"): _words(_CATEGORIES),
    (Kind.INCIDENTS, "source"): _words(_SOURCES),
    (Kind.INCIDENTS, "severity"): _words(_SEVERITIES),
    (Kind.FIRMS, "code"): _words(_CODES),
    (Kind.STATIONS, "level"): _words(_LEVELS),
}


def _expected(table: Mapping[Choice, str]) -> str:
    return "one of " + ", ".join(
        f"{value.name.lower()} ({next(word for word in words.split() if not word.isascii())})"
        for value, words in table.items()
    )


EXPECTED: Mapping[tuple[Kind, str], str] = {
    (Kind.INCIDENTS, "category"): _expected(_CATEGORIES),
    (Kind.INCIDENTS, "source"): _expected(_SOURCES),
    (Kind.INCIDENTS, "severity"): _expected(_SEVERITIES) + ", or 1 to 4",
    (Kind.FIRMS, "code"): _expected(_CODES),
    (Kind.STATIONS, "level"): _expected(_LEVELS),
}


def meanings(kind: Kind, field: str, named: Mapping[str, str] | None = None) -> dict[str, str]:
    """Word as compared (`plain`) -> our value; what a mapping file says wins.

    Examples
    --------
    >>> meanings(Kind.FIRMS, "code", {"A": "green"})["a"], meanings(Kind.FIRMS, "code")["红码"]
    ('green', 'red')
    """
    return {**CHOICES[kind, field], **{plain(theirs): ours for theirs, ours in (named or {}).items()}}
