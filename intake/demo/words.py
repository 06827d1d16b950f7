"""What simulated incidents are about: how often each word comes up, and when."""

from casework.model import Category, Source

# How an incident was found decides where it lies: only the random draw looks everywhere alike.
SOURCES = {
    Source.COMPLAINT.value: 36.0,
    Source.MONITORING.value: 18.0,
    Source.INSPECTION.value: 15.0,
    Source.OPERATION.value: 10.0,
    Source.TOTALS.value: 6.0,
    Source.HAZARDOUS_WASTE.value: 6.0,
    Source.RANDOM.value: 6.0,
    Source.OTHER.value: 3.0,
}
OFFICE_SOURCES = (Source.INSPECTION.value, Source.RANDOM.value, Source.HAZARDOUS_WASTE.value, Source.TOTALS.value)
MACHINE_SOURCES = (Source.MONITORING.value, Source.OPERATION.value)

_W, _A, _S, _R, _N, _E, _O = (category.value for category in Category)
ELSEWHERE = "elsewhere"
CATEGORIES: dict[str, dict[str, float]] = {
    ELSEWHERE: {_W: 22, _A: 22, _S: 3, _R: 18, _N: 24, _E: 7, _O: 4},
    "纺织": {_W: 40, _A: 20, _S: 2, _R: 15, _N: 22, _O: 1},
    "机械": {_W: 15, _A: 30, _S: 5, _R: 25, _N: 24, _O: 1},
    "建材": {_W: 15, _A: 50, _S: 4, _R: 10, _N: 20, _E: 1},
    "化工": {_W: 35, _A: 40, _S: 6, _R: 16, _N: 3},
    "印染": {_W: 60, _A: 24, _S: 2, _R: 10, _N: 4},
    "家具": {_W: 5, _A: 55, _S: 1, _R: 20, _N: 19},
    "食品": {_W: 55, _A: 20, _R: 12, _N: 13},
    "造纸": {_W: 60, _A: 20, _R: 15, _N: 5},
    "电镀": {_W: 50, _A: 15, _S: 12, _R: 22, _N: 1},
    "蓄电池": {_W: 20, _A: 35, _S: 20, _R: 25},
    "养殖": {_W: 60, _A: 25, _S: 5, _R: 8, _E: 2},
    "危废处置": {_W: 20, _A: 30, _S: 15, _R: 35},
    "码头": {_W: 45, _A: 25, _R: 15, _N: 10, _E: 5},
}

# Weight of each month, January first: haze in winter, algae and open windows in summer.
SEASONS = {
    _W: (6, 6, 7, 8, 9, 11, 12, 12, 10, 8, 6, 5),
    _A: (12, 11, 9, 8, 7, 6, 5, 5, 6, 8, 11, 12),
    _N: (6, 6, 8, 8, 9, 10, 11, 11, 10, 8, 7, 6),
    _E: (4, 5, 8, 10, 11, 11, 10, 10, 10, 9, 7, 5),
}

_MORE_OFTEN = {1: 50.0, 2: 35.0, 3: 12.0, 4: 3.0}
SEVERITIES = {
    "green": {1: 60.0, 2: 32.0, 3: 7.0, 4: 1.0},
    "yellow": _MORE_OFTEN,
    "red": {1: 30.0, 2: 40.0, 3: 23.0, 4: 7.0},
    ELSEWHERE: _MORE_OFTEN,
    "planted": {1: 25.0, 2: 45.0, 3: 24.0, 4: 6.0},
}

SIMULATED = "模拟 / simulated: "
DESCRIPTIONS: dict[str, tuple[str, ...]] = {
    _W: (
        "河面有油膜 oil film on the river",
        "雨水口晴天出水 storm drain flowing in dry weather",
        "河水颜色异常 river water discoloured",
        "排口氨氮偏高 ammonia high at an outfall",
        "死鱼 dead fish",
    ),
    _A: (
        "夜间异味 smell at night",
        "烟囱冒黑烟 black smoke from a stack",
        "扬尘未覆盖 uncovered dust",
        "挥发性有机物超标 VOCs above the limit",
    ),
    _S: ("土壤有异色 discoloured soil", "渗漏痕迹 traces of seepage"),
    _R: (
        "堤边倾倒垃圾 waste dumped by the dyke",
        "工业固废露天堆放 industrial waste in the open",
        "危废台账不符 hazardous-waste ledger does not add up",
        "建筑垃圾乱倒 building rubble dumped",
    ),
    _N: ("夜间施工噪声 building noise at night", "厂界噪声 noise at the fence of a firm"),
    _E: ("滩涂被占用 wetland occupied", "岸线植被被毁 bank vegetation destroyed"),
    _O: ("其他情况 other",),
}
