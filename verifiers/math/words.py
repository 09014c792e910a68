"""The words of mathematical answers: functions, Greek letters, units, and words that are none of these."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTIONS = _set("""
    sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc asin acos atan sinh cosh tanh coth ln
    exp abs sech csch arcsinh arccosh arctanh floor ceil gcd lcm max min cis sgn
""")
"""Functions the parser reads by name, with or without a backslash."""

CALLS = {
    "factorial": "factorial", "cbrt": "cbrt", "binomial": "choosing", "binom": "choosing", "comb": "choosing",
    "nCr": "choosing", "choose": "choosing", "nPr": "arranging", "perm": "arranging", "ceiling": "ceil", "Abs": "abs",
    "sign": "sgn", "gamma": "Gamma", "lb": "lb", "lg": "lg", "mod": "remainder", "log": "log",
}  # fmt: skip
"""Functions of plain text and of calculators, which are read as such where a bracket follows."""

OF_MANY = _set("gcd lcm max min")
"""Those of `FUNCTIONS` that take several arguments."""

GREEK = _set("""
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi
    omega varpi Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega Pi ell hbar odot
""")

NAMES = {name: "\\" + name for name in FUNCTIONS | GREEK | _set("sqrt pi log frac binom mod")} | {
    "Pi": "\\pi",
    "PI": "\\pi",
    "infinity": "\\infty",
    "inf": "\\infty",
    "cosec": "\\csc",
    "cosech": "\\csch",
    "oo": "\\infty",
}
"""Words outside `\\text` that stand for a command."""

CONNECTIVES = {"or": "\\or", "and": "\\and", "cup": "\\cup", "union": "\\cup", "in": "\\in", "pm": "\\pm"}
"""Words that join parts of an answer."""

HAN_CONNECTIVES = {"或": "\\or", "和": "\\and", "且": "\\and", "与": "\\and"}
"""The same in Chinese."""

NOT_PRODUCTS = _set("""
    am pm sq cu ton bit rad deg usd eur gbp rmb lbs per men way cat dog hat pen car egg box boy toy pie bag
""")
"""Words of two or three letters that are no product of variables straight after a number, nor units by table."""

SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "亿": 10**8,
}
"""Words that multiply the number before them."""

CURRENCY = {"\\dollar": "dollar", "\\euro": "euro", "\\pounds": "pound", "\\yen": "¥"}

NOT_UNITS = _set("""
    is not are was wrong maybe or and if to from but nor either neither between approximately about more
    less than at least most over under no yes none never only except plus minus point half quarter
    whichever perhaps probably possibly other instead rather through up down off false true correct
    incorrect also any all on it the an i think one two three four five six seven eight nine ten eleven
    twelve zero twenty thirty
    squared cubed many few too times wrong
    错 倍数 次方 折 成 约 大约 左右 可能 不是 至少 至多 以上 以下 大于 小于 不 非 除 或者 还是 到 至
""")
"""Words that say more about a number than its unit: with one of them a text is no plain answer."""

_GREEK_LETTERS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "ϰ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu",
    "ν": "nu", "ξ": "xi", "π": "pi", "ϖ": "varpi", "ρ": "rho", "ϱ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "∆": "Delta", "Θ": "Theta", "ϴ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "∏": "prod", "Σ": "Sigma",
    "∑": "sum", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "\u2126": "Omega",
}  # fmt: skip
_LATIN_LOOKALIKES = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))

CHARACTERS = {
    "−": "-", "–": "-", "—": "-", "×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ", "∙": r"\cdot ",
    "÷": r"\div ", "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "≠": r"\ne ", "≈": r"\approx ",
    "±": r"\pm ", "∓": r"\mp ", "∞": r"\infty ", "√": r"\sqrt ", "∪": r"\cup ", "∩": r"\cap ",
    "∈": r"\in ", "∅": r"\emptyset ", "°": r"^\circ ", "º": r"^\circ ", "％": "%", "，": ",", "（": "(",
    "）": ")", "＝": "=", "｛": r"\{", "｝": r"\}", "；": ";", "：": ":", "＋": "+", "－": "-", "＜": "<",
    "＞": ">",
    "、": ",", "．": ".", "ℝ": r"\mathbb{R}", "⟨": "(", "⟩": ")", "½": r"\frac{1}{2}", "⅓": r"\frac{1}{3}",
    "⅔": r"\frac{2}{3}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}", "⅕": r"\frac{1}{5}",
    "⅙": r"\frac{1}{6}", "⅛": r"\frac{1}{8}",
    "⅜": r"\frac{3}{8}", "⅝": r"\frac{5}{8}", "⅞": r"\frac{7}{8}", "€": r"\euro ", "£": r"\pounds ",
    "¥": r"\yen ", "￥": r"\yen ", "′": "'", "″": "''", "’": "'", "∶": ":", "⁄": "/", "∕": "/", "℃": r"^\circ C",
    "℉": r"^\circ F", "∛": r"\sqrt[3]", "∜": r"\sqrt[4]", "≦": r"\le ", "≧": r"\ge ", "≡": r"\equiv ",
    "→": r"\to ", "∖": r"\setminus ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ",
    "℮": "e", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}", "ℚ": r"\mathbb{Q}",
    "ℂ": r"\mathbb{C}", "⋯": r"\dots ", "“": '"', "”": '"', "＊": "*", "／": "/", "【": "[", "】": "]",
} | {letter: f"\\{name} " for letter, name in _GREEK_LETTERS.items()} | _LATIN_LOOKALIKES  # fmt: skip
"""Characters that stand for a command, or for another character."""

SYNONYMS = {
    "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom", "leq": "le",
    "geq": "ge", "leqslant": "le", "geqslant": "ge", "lt": "<", "gt": ">", "neq": "ne",
    "varnothing": "emptyset", "empty": "emptyset", "lbrace": "{", "rbrace": "}", "lbrack": "[",
    "rbrack": "]", "langle": "(", "rangle": ")", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|",
    "ast": "cdot", "star": "cdot", "degree": "circ", "colon": ":", "land": "and", "lor": "or",
    "varphi": "phi", "vartheta": "theta", "varepsilon": "epsilon", "varrho": "rho", "varsigma": "sigma",
    "varkappa": "kappa", "straightphi": "phi", "omicron": "o", "arctg": "arctan", "tg": "tan", "ctg": "cot",
    "cosec": "csc",
    "cosech": "csch", "sh": "sinh", "ch": "cosh",
    "simeq": "approx", "doteq": "approx", "cong": "approx", "lbr": "[", "lgroup": "(", "rgroup": ")",
    "infin": "infty", "mbox": "text",
    "textrm": "text", "textbf": "text", "textit": "text", "textnormal": "text", "textsf": "text",
    "hbox": "text", "bf": "", "rm": "", "it": "", "prime": "'",
    "ldots": "dots", "cdots": "dots", "implies": "to",
    "rightarrow": "to", "Rightarrow": "to", "infinity": "infty", "textdegree": "circ", "smallsetminus": "setminus",
    "backslash": "setminus", "dotsc": "dots", "textdollar": "dollar",
    "sfrac": "frac", "nicefrac": "frac", "xfrac": "frac", "arsinh": "arcsinh", "arcosh": "arccosh",
    "artanh": "arctanh", "sen": "sin",
    "vee": "or", "wedge": "and", "bigcup": "cup", "bullet": "cdot",
}  # fmt: skip
"""Commands, without their backslash, and those that they are read as; brackets and signs stand for themselves."""
