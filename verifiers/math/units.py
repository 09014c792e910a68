r"""Units: what each is in terms of a few base units, and the exact conversion between two of one dimension.

The name of a unit in a tree is its parts in the order written, as in `km*h^-1`. A noun that is no unit of
measure (`apple`, `way`) is a base unit of its own. Currencies are too, so they are never converted.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

Dimension = frozenset[tuple[str, int]]

_PREFIXES = {
    "k": ("kilo", "千", 3), "c": ("centi", "厘", -2), "m": ("milli", "毫", -3), "M": ("mega", "兆", 6),
    "G": ("giga", "吉", 9), "d": ("deci", "分", -1), "n": ("nano", "纳", -9), "μ": ("micro", "微", -6),
    "h": ("hecto", "", 2), "p": ("pico", "", -12),
}  # fmt: skip

# Symbol, English and Chinese name, size and base units (kilograms as 1000 g); those that take prefixes.
_METRIC = (
    ("m", "meter", "米", "1", "m"),
    ("g", "gram", "克", "1", "g"),
    ("s", "second", "秒", "1", "s"),
    ("L", "liter", "升", "0.001", "m^3"),
    ("N", "newton", "牛", "1000", "g*m*s^-2"),
    ("J", "joule", "焦", "1000", "g*m^2*s^-2"),
    ("W", "watt", "瓦", "1000", "g*m^2*s^-3"),
    ("Pa", "pascal", "帕", "1000", "g*m^-1*s^-2"),
    ("Hz", "hertz", "赫兹", "1", "s^-1"),
    ("A", "ampere", "安", "1", "A"),
    ("V", "volt", "伏", "1000", "g*m^2*s^-3*A^-1"),
    ("Ω", "ohm", "欧", "1000", "g*m^2*s^-3*A^-2"),
    ("mol", "mole", "摩尔", "1", "mol"),
    ("eV", "electronvolt", "电子伏", "1.602176634E-16", "g*m^2*s^-2"),
    ("cal", "calorie", "卡", "4184", "g*m^2*s^-2"),
)

_OTHERS = """
    in = 0.0254 m; ft = 0.3048 m; yd = 0.9144 m; mi = 1609.344 m; acre = 4046.8564224 m^2; ha = 10000 m^2
    gal = 0.003785411784 m^3; qt = 0.000946352946 m^3; pt = 0.000473176473 m^3; cup = 0.0002365882365 m^3
    pound = 453.59237 g; oz = 28.349523125 g; tonne = 1000000 g; 斤 = 500 g; 亩 = 2000/3 m^2
    min = 60 s; h = 3600 s; day = 86400 s; week = 604800 s; year = 12 month; decade = 120 month
    century = 1200 month; mph = 0.44704 m*s^-1; kmh = 5/18 m*s^-1; rpm = 1/60 s^-1; kWh = 3600000000 g*m^2*s^-2
    Wh = 3600000 g*m^2*s^-2; bar = 100000000 g*m^-1*s^-2; atm = 101325000 g*m^-1*s^-2; C = 1 A*s
    cent = 0.01 dollar; 角 = 0.1 yuan; arcmin = 1/60 degree; arcsec = 1/3600 degree; byte = 8 bit
    kelvin = 1 kelvin; celsius = 1 kelvin; fahrenheit = 5/9 kelvin
"""

_OFFSETS = {"celsius": Fraction(27315, 100), "fahrenheit": Fraction(27315, 100) - Fraction(160, 9)}
"""What is added after the factor: temperatures do not start at the same zero."""

_WRITTEN = """
    metre=m litre=L l=L ℓ=L sec=s secs=s mins=min minute=min hour=h hr=h hrs=h foot=ft feet=ft inch=in inches=in
    inche=in mile=mi yard=yd lb=pound lbs=pound ounce=oz gallon=gal quart=qt pint=pt hectare=ha d=day wk=week yr=year
    yrs=year kph=kmh centimetre=cm millimetre=mm kilometre=km decimetre=dm millilitre=mL centuries=century
    usd=dollar bucks=dollar eur=euro gbp=pound deg=degree radian=rad um=μm us=μs amp=A cc=cm^3
    ohms=Ω 公里=km 公斤=kg 千克=kg 吨=tonne 分钟=min 小时=h 时=h 天=day 日=day 周=week 星期=week 年=year 月=month
    个月=month 元=yuan 人民币=yuan rmb=yuan cny=yuan jpy=yen 美元=dollar 美分=cent 欧元=euro 英镑=pound 日元=yen
    度=degree 摄氏度=celsius 华氏度=fahrenheit 公顷=ha 英里=mi 英尺=ft 英寸=in 码=yd 磅=pound 米每秒=m*s^-1
    块=yuan 块钱=yuan 瓦特=W 焦耳=J 牛顿=N 伏特=V 安培=A 欧姆=Ω
    K=kelvin pct=percent percentage=percent 百分点=percent
    people=person men=man women=woman children=child feet=ft mice=mouse
"""
_SYNONYMS = {name: symbol for name, _, symbol in (pair.partition("=") for pair in _WRITTEN.split())}

GENERIC = frozenset(("unit", "个", "unit^2", "unit^3", "个单位", "单位", "平方单位", "number"))
"""Units that say nothing: the same as none."""

_EITHER = {"¥": ("yen", "yuan")}
"""Signs that stand for one of two currencies."""

_UPRIGHT = frozenset("CFTH")
"""Letters that are units where they are upright: coulomb, farad, tesla and henry."""

_PLURALS = frozenset(("lens", "gas", "bus", "axis", "basis", "series"))


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor * value + offset` is the value in base units, whose powers are `dimension`."""

    factor: Fraction
    dimension: Dimension
    offset: Fraction = Fraction(0)


def _powers(text: str) -> Dimension:
    parts = (part.partition("^") for part in text.split("*"))
    return frozenset((name, int(power or 1)) for name, _, power in parts)


def _table() -> tuple[dict[str, Unit], dict[str, str]]:
    """Every known unit by its symbol, and every other way to write one."""
    units, names = {}, dict(_SYNONYMS)
    for symbol, english, chinese, size, base in _METRIC:
        units[symbol] = Unit(Fraction(size), _powers(base))
        names |= {english: symbol, chinese: symbol}
        for prefix, (long, han, power) in _PREFIXES.items():
            if prefix + symbol in units or prefix + symbol in ("pt", "min", "cal", "ha"):
                continue
            units[prefix + symbol] = Unit(Fraction(size) * Fraction(10) ** power, _powers(base))
            names[long + english] = prefix + symbol
            if han and han + chinese != "分钟":
                names[han + chinese] = prefix + symbol
    for line in _OTHERS.replace("\n", ";").split(";"):
        if line.strip():
            name, _, size, base = line.split()
            units[name] = Unit(Fraction(size), _powers(base), _OFFSETS.get(name, Fraction(0)))
    return units, names


_UNITS, _NAMES = _table()

LETTERS = frozenset(name for name in _UNITS if len(name) == 1 and name.isascii()) - {"C"}
"""Units of one letter; after a number they may also be variables."""


SPACED_LETTERS = LETTERS | {"K"}
"""Letters that are units where a space stands before them, as in `300 K`."""

_ITEM = re.compile(
    r"(?P<unit>(?:\\mu ?|[kMGm]?\\Omega|[A-Za-zÅ])[A-Za-z]{0,15})|(?P<power>\^ ?(?:\{ ?-? ?\d{1,2} ?\}|\d))"
    r"|(?P<sign>/|\\cdot|[*.])| "
)


def in_letters(text: str) -> str | None:
    r"""`text` with each of its units, as in `kg m s^{-2}`, as `\text{…}`; None where it holds anything else."""
    found, end = "", 0
    for match in _ITEM.finditer(text):
        if match.start() != end:
            return None
        end = match.end()
        if match["unit"]:
            name = match["unit"].replace("\\mu", "μ").replace("\\Omega", "Ω").replace(" ", "")
            if not is_unit(name) and name not in _UPRIGHT:
                return None
            found += rf"\text{{{name}}}"
        else:
            found += match[0]
    return found if end == len(text) and "\\text" in found else None


def is_unit(word: str) -> bool:
    """Whether `word`, as written or in small letters, is a known unit of measure."""
    return any(form in _UNITS or form in _NAMES for form in (word, word.lower()))


def depends_on_case(word: str) -> bool:
    """Whether a unit's first letter, `m` or `M`, is a prefix that says how much of it: `MHz` and `mHz`."""
    return word[:1] in ("m", "M") and word in _UNITS and word[0].swapcase() + word[1:] in _UNITS


def singular(word: str) -> str:
    """The one spelling of a word that may be a unit: `Meters` as `m`, `apples` as `apple`, `平方米` as `m^2`."""
    for han, power in (("平方", "^2"), ("立方", "^3")):
        if word.startswith(han) and len(word) > 2:
            return singular(word[2:]) + power
    for form in (word, word.lower(), *_without_s(word.lower())):
        if form in _UNITS:
            return form
        if form in _NAMES:
            return _NAMES[form]
    return _without_s(word.lower())[-1]


def _without_s(word: str) -> tuple[str, ...]:
    if len(word) < 3 or not word.endswith("s") or word.endswith("ss") or word in _PLURALS:
        return (word,)
    if word.endswith(("sses", "xes", "ches", "shes")):
        return (word[:-2],)
    if word.endswith("ies") and len(word) > 4:
        return (word[:-1], word[:-3] + "y")
    return (word[:-1],)


def join(parts: Iterable[tuple[str, int]]) -> str:
    """The name of a unit made of words and their powers; empty where it says nothing."""
    shown = "*".join(name if power == 1 else f"{name}^{power}" for name, power in parts)
    return "" if shown in GENERIC else shown


@lru_cache(maxsize=1024)
def unit(name: str) -> Unit:
    """The unit of that name."""
    factor, powers, offset = Fraction(1), Counter[str](), Fraction(0)
    parts = name.split("*")
    for part in parts:
        base, _, power = part.partition("^")
        known = _UNITS.get(base) or Unit(Fraction(1), frozenset(((base, 1),)))
        times = int(power or 1)
        factor *= known.factor**times
        offset = known.offset if len(parts) == 1 and times == 1 else offset
        for dimension, exponent in known.dimension:
            powers[dimension] += exponent * times
    return Unit(factor, frozenset((key, power) for key, power in powers.items() if power), offset)


def conversion(have: str, want: str) -> tuple[Fraction, Fraction] | None:
    """`a, b` such that `a * x + b` in `want` is `x` in `have`; None where they measure different things."""
    if have == want or want in _EITHER.get(have, ()) or have in _EITHER.get(want, ()):
        return Fraction(1), Fraction(0)
    left, right = unit(have), unit(want)
    if left.dimension != right.dimension:
        return None
    return left.factor / right.factor, (left.offset - right.offset) / right.factor
