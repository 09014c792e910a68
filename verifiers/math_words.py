"""The words of mathematical answers: functions, Greek letters, units, and words that are none of these."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTIONS = _set("""
    sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc asin acos atan sinh cosh tanh coth ln
    exp arcsinh arccosh arctanh floor ceil gcd lcm max min
""")
"""Functions the parser reads by name, with or without a backslash."""

OF_MANY = _set("gcd lcm max min")
"""Those of `FUNCTIONS` that take several arguments."""

GREEK = _set("""
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi
    omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega ell
""")

NAMES = {name: "\\" + name for name in FUNCTIONS | GREEK | _set("sqrt pi log frac binom")} | {
    "infinity": "\\infty",
    "inf": "\\infty",
    "oo": "\\infty",
}
"""Words outside `\\text` that stand for a command."""

CONNECTIVES = {"or": "\\or", "and": "\\and", "cup": "\\cup", "union": "\\cup", "in": "\\in", "pm": "\\pm"}
"""Words that join parts of an answer."""

UNITS = _set("""
    cm mm km kg mg ml mi ft in yd lb oz hr min sec am pm mph kmh pt qt gal rad deg usd eur ms ns hz pa kpa mol
    amp ohm sq cu lbs hrs
""")
"""Units of two or three letters; straight after a number these are not products of variables."""

SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
"""Words that multiply the number before them."""

CURRENCY = {"\\dollar": "dollar", "\\euro": "euro", "\\pounds": "pound", "\\yen": "yen"}

NOT_UNITS = _set("""
    is not are was wrong maybe or and if to from but nor either neither between approximately about more
    less than at least most over under no yes none never only except plus minus point half quarter
    whichever perhaps probably possibly other instead rather through up down off false true correct
    incorrect also any all on it the an i think one two three four five six seven eight nine ten eleven
    twelve zero twenty thirty
""")
"""Words that say more about a number than its unit: with one of them a text is no plain answer."""

_SYNONYMS = {
    "centimeter": "cm",
    "centimetre": "cm",
    "millimeter": "mm",
    "millimetre": "mm",
    "meter": "m",
    "metre": "m",
    "kilometer": "km",
    "kilometre": "km",
    "kilogram": "kg",
    "gram": "g",
    "second": "s",
    "sec": "s",
    "minute": "min",
    "hour": "h",
    "hr": "h",
    "foot": "ft",
    "feet": "ft",
    "inche": "in",
    "inch": "in",
    "mile": "mi",
    "pound": "lb",
    "liter": "l",
    "litre": "l",
    "L": "l",
    "deg": "degree",
    "usd": "dollar",
    "square": "sq",
}


def unit_name(words: list[str]) -> str:
    """One spelling for a unit: singular, and `square cm` as `cm^2`."""
    names = []
    for word in words:
        name = word.lower() if len(word) > 2 else word
        if len(name) > 2 and name.endswith("s") and not name.endswith("ss"):
            name = name[:-1]
        names.append(_SYNONYMS.get(name, name))
    power = {"sq": "^2", "cubic": "^3", "cu": "^3"}.get(names[0]) if len(names) > 1 else None
    if power is not None:
        names = [*names[1:], power]
    return "".join(names) if any(name.startswith("^") for name in names) else " ".join(names)
