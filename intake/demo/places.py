"""The 48 counties of the demonstration by hand: names in pinyin and roughly where their seats lie.

Seats, waterways and the lake are drawn to about a kilometre, only so that simulated things stand in plausible places.
"""

from dataclasses import dataclass

import shapely

HUZHOU = "330500"


@dataclass(frozen=True)
class City:
    """A prefecture: its names, the county its own force sits in, and how dense with firms (1: average)."""

    id: str
    name: str
    name_en: str
    seat: str
    density: float


@dataclass(frozen=True)
class County:
    """A county: adcode, name in pinyin, and its seat in degrees."""

    id: str
    name_en: str
    lon: float
    lat: float


CITIES = (
    City("330500", "湖州市", "Huzhou", "330502", 1.7),
    City("320500", "苏州市", "Suzhou", "320508", 1.5),
    City("330400", "嘉兴市", "Jiaxing", "330402", 1.2),
    City("320200", "无锡市", "Wuxi", "320213", 1.2),
    City("330100", "杭州市", "Hangzhou", "330102", 0.9),
    City("341800", "宣城市", "Xuancheng", "341802", 0.5),
)

COUNTIES = (
    County("330502", "Wuxing", 120.12, 30.87),
    County("330503", "Nanxun", 120.42, 30.87),
    County("330521", "Deqing", 119.97, 30.54),
    County("330522", "Changxing", 119.91, 31.01),
    County("330523", "Anji", 119.68, 30.64),
    County("320505", "Huqiu", 120.43, 31.35),
    County("320506", "Wuzhong", 120.63, 31.26),
    County("320507", "Xiangcheng", 120.64, 31.38),
    County("320508", "Gusu", 120.61, 31.31),
    County("320509", "Wujiang", 120.64, 31.14),
    County("320581", "Changshu", 120.75, 31.65),
    County("320582", "Zhangjiagang", 120.55, 31.87),
    County("320583", "Kunshan", 120.98, 31.38),
    County("320585", "Taicang", 121.13, 31.46),
    County("330402", "Nanhu", 120.78, 30.75),
    County("330411", "Xiuzhou", 120.70, 30.77),
    County("330421", "Jiashan", 120.92, 30.84),
    County("330424", "Haiyan", 120.94, 30.52),
    County("330481", "Haining", 120.68, 30.51),
    County("330482", "Pinghu", 121.02, 30.68),
    County("330483", "Tongxiang", 120.56, 30.63),
    County("320205", "Xishan", 120.36, 31.59),
    County("320206", "Huishan", 120.29, 31.68),
    County("320211", "Binhu", 120.28, 31.53),
    County("320213", "Liangxi", 120.30, 31.57),
    County("320214", "Xinwu", 120.40, 31.50),
    County("320281", "Jiangyin", 120.28, 31.90),
    County("320282", "Yixing", 119.82, 31.34),
    County("330102", "Shangcheng", 120.20, 30.27),
    County("330105", "Gongshu", 120.15, 30.32),
    County("330106", "Xihu", 120.10, 30.26),
    County("330108", "Binjiang", 120.19, 30.19),
    County("330109", "Xiaoshan", 120.27, 30.17),
    County("330110", "Yuhang", 119.98, 30.28),
    County("330111", "Fuyang", 119.95, 30.05),
    County("330112", "Lin'an", 119.72, 30.23),
    County("330113", "Linping", 120.30, 30.42),
    County("330114", "Qiantang", 120.49, 30.30),
    County("330122", "Tonglu", 119.69, 29.80),
    County("330127", "Chun'an", 119.04, 29.61),
    County("330182", "Jiande", 119.28, 29.48),
    County("341802", "Xuanzhou", 118.75, 30.94),
    County("341821", "Langxi", 119.18, 31.13),
    County("341823", "Jing", 118.41, 30.69),
    County("341824", "Jixi", 118.59, 30.07),
    County("341825", "Jingde", 118.54, 30.29),
    County("341881", "Ningguo", 118.98, 30.63),
    County("341882", "Guangde", 119.42, 30.89),
)

# The Grand Canal from Wuxi to Hangzhou; the Ditang canal by Nanxun; the waterway from Changxing to Huzhou.
CANALS = tuple(
    shapely.from_wkt(f"LINESTRING ({points})")
    for points in (
        (
            "120.29 31.58, 120.42 31.45, 120.56 31.32, 120.62 31.24, 120.64 31.12, 120.64 30.98, 120.70 30.86,"
            "120.74 30.77, 120.60 30.67, 120.44 30.54, 120.30 30.51, 120.18 30.47, 120.15 30.36"
        ),
        "120.12 30.87, 120.26 30.88, 120.43 30.88, 120.52 30.93, 120.64 30.98",
        "119.74 30.98, 119.91 31.00, 120.03 30.94, 120.12 30.87",
    )
)

# Lake Tai without its islands: counties around it own its water, but no firm stands there.
LAKE = shapely.from_wkt(
    "POLYGON ((119.92 31.17, 119.95 31.08, 120.02 31.00, 120.10 30.966, 120.20 30.93, 120.36 30.95, 120.44 30.98,"
    "120.49 31.04, 120.58 31.12, 120.58 31.17, 120.46 31.08, 120.36 31.06, 120.37 31.10, 120.45 31.18, 120.43 31.23,"
    "120.36 31.26, 120.36 31.34, 120.39 31.42, 120.31 31.46, 120.24 31.50, 120.16 31.49, 120.10 31.45, 120.06 31.43,"
    "120.00 31.37, 119.95 31.28, 119.92 31.17))"
)
