"""What a row of each kind can tell, and what offices call it, in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from casework.model import Kind

Holds = Literal["id", "text", "number", "count", "choice", "position", "shape", "instant"]


@dataclass(frozen=True)
class Field:
    """One thing a row can tell: its name with us, what it holds, and what offices call it, best name first.

    `most` is the longest text in characters, or the largest number.
    """

    name: str
    holds: Holds
    headers: tuple[str, ...]
    needed: bool = False
    most: float = 200
    least: float = 0


_LON = Field(
    "lon", "position", ("lon", "lng", "long", "longitude", "经度", "经度坐标", "东经", "x坐标", "x", "point_x")
)
_LAT = Field("lat", "position", ("lat", "latitude", "纬度", "纬度坐标", "北纬", "y坐标", "y", "point_y"))
_SHAPE = Field("shape", "shape", ("wkt", "geometry", "geom", "shape", "the_geom", "几何", "空间数据"))
_JURISDICTION = Field(
    "jurisdiction_id",
    "text",
    ("jurisdiction_id", "辖区编号", "辖区代码", "所属辖区代码", "行政区划代码", "区划代码", "adcode", "geoid"),
    most=64,
)

FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.BOUNDARIES: (
        Field(
            "id",
            "id",
            (
                "行政区划代码",
                "区划代码",
                "行政区代码",
                "区划码",
                "xzqdm",
                "adcode",
                "geoid",
                "id",
                "编号",
                "代码",
                "pac",
                "code",
            ),
            needed=True,
            most=64,
        ),
        Field(
            "name",
            "text",
            (
                "名称",
                "行政区划名称",
                "行政区名称",
                "区划名称",
                "辖区名称",
                "xzqmc",
                "区县",
                "name",
                "name_zh",
                "county",
                "district",
            ),
            needed=True,
        ),
        Field("level", "text", ("level", "级别", "层级", "行政级别"), most=50),
        Field(
            "parent_id", "text", ("parent_id", "parent", "上级代码", "上级编号", "上级行政区划代码", "statefp"), most=64
        ),
        Field("name_en", "text", ("name_en", "英文名", "英文名称", "english name")),
        _SHAPE,
    ),
    Kind.STATIONS: (
        Field("id", "id", ("id", "station_id", "编号", "站所编号", "站点编号", "机构编号", "代码"), most=64),
        Field(
            "name",
            "text",
            ("名称", "站所名称", "站点名称", "机构名称", "单位名称", "name", "station", "station_name"),
            needed=True,
        ),
        Field("level", "choice", ("level", "级别", "层级", "类型", "站所类型", "机构类型", "type"), needed=True),
        Field(
            "n_officers",
            "count",
            ("n_officers", "officers", "人数", "执法人数", "执法人员数", "编制人数", "在编人数", "staff"),
            needed=True,
            most=100_000,
        ),
        Field("phone", "text", ("phone", "电话", "联系电话", "值班电话", "tel", "telephone"), most=50),
        _JURISDICTION,
        _LON,
        _LAT,
        _SHAPE,
    ),
    Kind.FIRMS: (
        Field(
            "id",
            "id",
            (
                "id",
                "firm_id",
                "企业编号",
                "编号",
                "统一社会信用代码",
                "社会信用代码",
                "信用代码",
                "uscc",
                "排污许可证编号",
            ),
            most=64,
        ),
        Field(
            "name",
            "text",
            ("企业名称", "单位名称", "监管对象", "名称", "name", "firm", "company", "firm_name"),
            needed=True,
        ),
        Field(
            "code",
            "choice",
            ("code", "颜色码", "三色码", "企业码", "码色", "颜色", "赋码", "风险等级", "color", "colour", "color_code"),
            needed=True,
        ),
        Field("risk", "number", ("risk", "风险值", "风险分", "风险得分"), most=1e6),
        Field("emissions", "number", ("emissions", "排放", "污染排放", "排放得分", "污染排放得分"), most=1e6),
        Field("history", "number", ("history", "执法记录", "执法历史", "执法监管", "执法得分"), most=1e6),
        Field("safety", "number", ("safety", "环境安全", "安全得分", "环境安全得分"), most=1e6),
        Field("oversight", "number", ("oversight", "社会监督", "公众监督", "监督得分", "社会监督得分"), most=1e6),
        _JURISDICTION,
        _LON,
        _LAT,
        _SHAPE,
    ),
    Kind.INCIDENTS: (
        Field(
            "id",
            "id",
            ("id", "incident_id", "编号", "线索编号", "问题编号", "案件编号", "案号", "工单号", "序列号"),
            most=64,
        ),
        Field(
            "at",
            "instant",
            (
                "at",
                "发现时间",
                "发生时间",
                "上报时间",
                "登记时间",
                "投诉时间",
                "datetime",
                "date_time",
                "timestamp",
                "occurred_at",
            ),
        ),
        Field("date", "instant", ("date", "日期", "发现日期", "发生日期", "上报日期", "incident_date")),
        Field("time", "instant", ("time", "时间", "时刻", "incident_time")),
        Field(
            "category",
            "choice",
            (
                "category",
                "类别",
                "污染类型",
                "污染类别",
                "问题类型",
                "问题类别",
                "线索类别",
                "环境要素",
                "要素",
                "类型",
                "type",
            ),
            needed=True,
        ),
        Field(
            "source",
            "choice",
            ("source", "来源", "线索来源", "问题来源", "信息来源", "发现方式", "发现途径"),
            needed=True,
        ),
        Field(
            "severity",
            "choice",
            ("severity", "严重程度", "程度", "严重性", "问题等级", "等级", "级别", "level"),
            needed=True,
        ),
        Field(
            "description",
            "text",
            ("description", "描述", "问题描述", "情况描述", "内容", "备注", "详情", "details"),
            most=5000,
        ),
        Field("accuracy_m", "number", ("accuracy_m", "accuracy", "定位精度", "精度", "误差", "定位误差"), most=1e6),
        Field(
            "reported_jurisdiction",
            "text",
            (
                "reported_jurisdiction",
                "所属辖区",
                "辖区",
                "所属区县",
                "区县",
                "行政区",
                "属地",
                "县",
                "区",
                "county",
                "district",
            ),
        ),
        _LON,
        _LAT,
        _SHAPE,
    ),
}


def fields_of(kind: Kind) -> dict[str, Field]:
    """The fields of `kind` by name."""
    return {field.name: field for field in FIELDS[kind]}
