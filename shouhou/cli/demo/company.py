"""What the demonstration company is: its places, its people's first names, its goods and what goes wrong with them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A branch of the company, with the streets its customers live in."""

    code: str
    name: str
    centre: str
    area_code: str
    streets: tuple[str, ...]
    suburb: str
    region: str


# The first three are the small company, the first six the middle one.
PLACES = (
    Place(
        "QD",
        "青岛分公司",
        "SD",
        "532",
        ("市南区香港中路", "市北区台东三路", "崂山区海尔路", "李沧区书院路"),
        "即墨区鳌山卫街道",
        "shandong",
    ),
    Place(
        "JN",
        "济南分公司",
        "SD",
        "531",
        ("历下区泉城路", "市中区经十路", "槐荫区张庄路", "历城区花园路"),
        "章丘区明水街道",
        "shandong",
    ),
    Place(
        "YT",
        "烟台分公司",
        "SD",
        "535",
        ("芝罘区南大街", "莱山区迎春大街", "福山区河滨路", "开发区长江路"),
        "牟平区宁海街道",
        "shandong",
    ),
    Place(
        "NJ",
        "南京分公司",
        "HD",
        "25",
        ("鼓楼区中山北路", "秦淮区太平南路", "建邺区江东中路", "玄武区珠江路"),
        "江宁区汤山街道",
        "jiangsu",
    ),
    Place(
        "HZ",
        "杭州分公司",
        "HD",
        "571",
        ("西湖区文三路", "上城区解放路", "拱墅区湖墅南路", "滨江区江南大道"),
        "余杭区良渚街道",
        "zhejiang",
    ),
    Place(
        "SH",
        "上海分公司",
        "HD",
        "21",
        ("徐汇区漕溪北路", "静安区万航渡路", "杨浦区四平路", "浦东新区张杨路"),
        "青浦区朱家角镇",
        "shanghai",
    ),
    Place(
        "BJ",
        "北京分公司",
        "HB",
        "10",
        ("海淀区中关村大街", "朝阳区建国路", "西城区阜成门外大街", "丰台区马家堡东路"),
        "怀柔区雁栖镇",
        "beijing",
    ),
    Place(
        "TJ",
        "天津分公司",
        "HB",
        "22",
        ("和平区南京路", "河西区友谊路", "南开区白堤路", "河东区津塘路"),
        "蓟州区渔阳镇",
        "tianjin",
    ),
    Place(
        "SJZ",
        "石家庄分公司",
        "HB",
        "311",
        ("长安区中山东路", "裕华区槐安路", "新华区和平西路", "桥西区红旗大街"),
        "鹿泉区获鹿镇",
        "hebei",
    ),
    Place(
        "GZ",
        "广州分公司",
        "HN",
        "20",
        ("天河区体育西路", "越秀区中山五路", "海珠区江南大道中", "荔湾区龙津东路"),
        "从化区温泉镇",
        "guangdong",
    ),
    Place(
        "SZ",
        "深圳分公司",
        "HN",
        "755",
        ("福田区深南大道", "南山区科技园路", "罗湖区宝安南路", "龙岗区龙翔大道"),
        "坪山区碧岭街道",
        "guangdong",
    ),
    Place(
        "FZ",
        "福州分公司",
        "HN",
        "591",
        ("鼓楼区五四路", "台江区广达路", "仓山区上三路", "晋安区福马路"),
        "闽侯县上街镇",
        "fujian",
    ),
)
BRAND = "haifeng"
CENTRES = {"SD": "山东服务中心", "HD": "华东服务中心", "HB": "华北服务中心", "HN": "华南服务中心"}

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易"
)
_GIVEN = (
    "建华 秀英 志强 丽娟 海燕 国栋 晓东 桂兰 文斌 淑珍 明辉 雪梅 卫东 玉芬 永康 春霞 立新 红梅 少华 静怡 "
    "浩然 思远 雨桐 子轩 欣怡 俊杰 梓涵 佳宁 德福 金凤 爱民 素琴 振宇 慧敏 家豪 若曦 宏伟 美玲 学军 凤英 "
    "伟 芳 敏 磊 洋 娜 静 勇 艳 杰 涛 超 霞 平 刚 鹏 军 丽 强 婷"
)
GIVEN = tuple(_GIVEN.split())
COMPANIES = (
    "海韵大酒店有限公司", "鲁东物业管理有限公司", "新城幼儿园", "望海楼餐饮有限公司", "金桥商务酒店", "瑞康社区医院",
    "第七中学", "东岳印刷厂", "安居置业有限公司", "天和养老服务中心", "恒通物流有限公司", "云帆软件有限公司",
)  # fmt: skip
DEALERS = ("海风电器专卖店", "顺达家电商行", "百汇电器商场")
ESTATES = ("阳光花园", "海信小区", "金茂湾", "翠湖天地", "康城", "书香苑", "锦绣华庭", "桃源里", "学府名苑", "滨河家园")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault: what the customer says, what is found, what is done, and the part that it takes.

    `fails` is the word of the rules for that part, `main` whether the certificate lists it.
    """

    code: str
    name: str
    told: str
    found: str
    done: str
    part: str = ""
    performance: bool = True
    severe: bool = False
    fails: str = ""
    main: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A class of products: its word in the rules, models (code, name, months of guarantee) and troubles.

    `installed`: the company sells installation with such goods. `bulky` as the catalogue has it.
    """

    code: str
    name: str
    rules_class: str
    models: tuple[tuple[str, str, int], ...]
    troubles: tuple[Trouble, ...]
    share: int
    installed: bool = False
    bulky: bool = False


LINES = (
    Line(
        "ac", "空调", "air_conditioner",
        (
            ("KFR-35GW/HF1", "海风 1.5匹壁挂式空调", 72),
            ("KFR-26GW/HF2", "海风 1匹壁挂式空调", 72),
            ("KFR-72LW/HF3", "海风 3匹柜式空调", 72),
        ),
        (
            Trouble(
                "E4", "排气温度保护", "开机十分钟后停机，显示 E4",
                "冷媒泄漏，排气温度过高", "查漏补焊，抽真空，加注冷媒，试机制冷正常", "HF-R32", main=False,
            ),
            Trouble(
                "F1", "室温传感器故障", "制冷不停机，温度不准",
                "室温传感器阻值漂移", "更换室温传感器，试机正常", "HF-RT10K", main=False,
            ),
            Trouble(
                "W1", "室内机漏水", "室内机往下滴水",
                "排水管堵塞，接水盘有污垢", "疏通排水管，清洗接水盘", performance=False, main=False,
            ),
            Trouble(
                "N2", "外机噪音大", "外机声音很大，邻居有意见",
                "风扇电机轴承磨损", "更换外风机电机", "HF-MF40", fails="motor", main=True,
            ),
        ), 40, installed=True, bulky=True,
    ),
    Line(
        "gas_heater", "燃气热水器", "gas_water_heater",
        (("JSQ25-13A", "海风 13升燃气热水器", 12), ("JSQ31-16B", "海风 16升恒温燃气热水器", 36)),
        (
            Trouble(
                "E1", "点火失败", "打开水龙头不点火，显示 E1",
                "点火针积碳，间隙过大", "清理并校正点火针，检漏合格，试机正常", "HF-IG02", severe=True, main=False,
            ),
            Trouble(
                "E5", "出水过热", "水温忽冷忽热",
                "比例阀卡滞", "更换比例阀，检漏合格，试烧正常", "HF-PV15", fails="gas_linkage", main=True,
            ),
            Trouble(
                "G0", "闻到燃气味", "使用时闻到燃气味，已关阀",
                "进气接头密封圈老化", "更换密封圈，检漏合格，告知用户安全事项", "HF-OR12", severe=True, main=False,
            ),
        ), 22, installed=True,
    ),
    Line(
        "washer", "洗衣机", "washing_machine",
        (("XQG100-B12", "海风 10公斤滚筒洗衣机", 36), ("XQB80-M08", "海风 8公斤波轮洗衣机", 36)),
        (
            Trouble(
                "E2", "不排水", "洗完不排水，报 E2",
                "排水泵被异物卡住", "取出异物，清理排水泵，试机正常", "HF-DP30", main=False,
            ),
            Trouble("U4", "脱水抖动", "脱水时机器乱跳", "减震器失效", "更换减震器，调平机脚", "HF-SA04", main=False),
            Trouble("E3", "门锁故障", "门打不开，程序走不下去", "门锁触点烧蚀", "更换门锁组件", "HF-DL01", main=False),
        ), 20, bulky=True,
    ),
    Line(
        "fridge", "冰箱", "refrigerator",
        (("BCD-452W", "海风 452升风冷冰箱", 36), ("BCD-218D", "海风 218升直冷冰箱", 36)),
        (
            Trouble(
                "C1", "冷藏不制冷", "冷藏室不凉，冷冻正常",
                "风门电机不转，风道结冰", "化冰，更换风门电机", "HF-DM05", main=False,
            ),
            Trouble(
                "L1", "照明灯不亮", "开门灯不亮",
                "门灯开关接触不良", "更换门灯开关", "HF-SW01", performance=False, main=False,
            ),
        ), 13, bulky=True,
    ),
    Line(
        "heat_pump", "空气能热泵", "other",
        (("RSJ-100/HF", "海风 家用空气能热泵 100升", 24),),
        (Trouble("P3", "低压保护", "不出热水，显示 P3", "蒸发器脏堵，低压保护动作", "清洗蒸发器，复位，试机正常"),), 5,
        installed=True, bulky=True,
    ),
)  # fmt: skip

# Number, name, unit, what it costs, and its word in the rules where they have one
PARTS = (
    ("HF-R32", "R32 制冷剂", "kg", Decimal("180.00"), ""), ("HF-RT10K", "室温传感器 10K", "只", Decimal("35.00"), ""),
    ("HF-MF40", "外风机电机 40W", "台", Decimal("260.00"), "motor"), ("HF-IG02", "点火针组件", "套", Decimal("45.00"), ""),
    ("HF-PV15", "燃气比例阀", "只", Decimal("320.00"), "gas_linkage"), ("HF-OR12", "耐油密封圈", "只", Decimal("6.50"), ""),
    ("HF-DP30", "排水泵", "台", Decimal("98.00"), ""), ("HF-SA04", "减震器（对）", "对", Decimal("120.00"), ""),
    ("HF-DL01", "门锁组件", "套", Decimal("85.00"), ""), ("HF-DM05", "风门电机", "只", Decimal("110.00"), ""),
    ("HF-SW01", "门灯开关", "只", Decimal("18.00"), ""),
)  # fmt: skip

# Class of products → work: code, name, standard hours, and what it costs: charged and settled out of warranty, settled in it
WORKS: dict[str, tuple[tuple[str, str, str, str, str, str], ...]] = {
    "ac": (
        ("AC-01", "上门检查、试机", "0.50", "50", "30", "35"), ("AC-02", "查漏、补焊、抽真空、加氟", "2.00", "180", "120", "130"),
        ("AC-03", "更换外风机电机", "1.50", "120", "80", "90"), ("AC-04", "更换传感器", "0.75", "60", "40", "45"),
        ("AC-05", "疏通排水、清洗接水盘", "1.00", "80", "55", "60"), ("AC-06", "壁挂机安装", "2.50", "240", "160", "180"),
    ),
    "gas_heater": (
        ("GH-01", "上门检查、检漏", "0.50", "50", "30", "35"), ("GH-02", "更换点火针、校正火焰", "1.00", "80", "55", "60"),
        ("GH-03", "更换比例阀", "1.50", "130", "90", "95"), ("GH-04", "更换密封件、检漏", "0.75", "60", "40", "45"),
    ),
    "washer": (
        ("WM-01", "上门检查、试机", "0.50", "50", "30", "35"), ("WM-02", "更换排水泵", "1.00", "80", "55", "60"),
        ("WM-03", "更换减震器、调平", "1.25", "100", "70", "75"), ("WM-04", "更换门锁", "0.75", "60", "40", "45"),
    ),
    "fridge": (
        ("RF-01", "上门检查、测温", "0.50", "50", "30", "35"), ("RF-02", "化冰、更换风门电机", "2.00", "150", "100", "110"),
        ("RF-03", "更换门灯开关", "0.25", "30", "20", "22"),
    ),
    "heat_pump": (
        ("HP-01", "上门检查、读故障码", "0.75", "60", "40", "45"), ("HP-02", "清洗蒸发器、复位", "2.00", "180", "120", "130"),
    ),
}  # fmt: skip
# Travel: code, name, from how many kilometres; charged, settled out of warranty, settled in it
BANDS = (
    ("T1", "市区 15 公里内", 0, "0", "15", "20"), ("T2", "近郊 15–40 公里", 15, "40", "35", "40"),
    ("T3", "远郊 40–80 公里", 40, "90", "75", "80"), ("T4", "80 公里以上", 80, "160", "140", "150"),
)  # fmt: skip

GAS, COOLING, HEIGHTS = "gas", "cooling", "heights"
CERTIFICATES = {GAS: "燃气具安装维修证", COOLING: "制冷与空调作业证", HEIGHTS: "高处作业证"}
# (class of products, work type; empty: any) → certificate
NEEDED = (("gas_heater", "", GAS), ("ac", "installation", HEIGHTS), ("heat_pump", "", COOLING))
