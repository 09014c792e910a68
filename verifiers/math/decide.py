"""Decide whether two answers mean the same, layer by layer, cheapest first."""

import re
from collections.abc import Callable

from verifiers.math.beyond import compare_beyond, tight
from verifiers.math.build import scientific
from verifiers.math.compare import Comparer
from verifiers.math.dates import read_moment, same_moment
from verifiers.math.form import misfit
from verifiers.math.normalise import normalise
from verifiers.math.numbers import read_number
from verifiers.math.parse import MAX_CHARACTERS, parse
from verifiers.math.policy import Policy
from verifiers.math.scalars import Decision
from verifiers.math.spelled import ordinal, spelled
from verifiers.math.symbolic import same_value
from verifiers.math.text import canonical, is_words, same_choice
from verifiers.math.tokens import NotMaths, Unsupported
from verifiers.math.tree import Node, has, substitute

Symbolic = float | None
"""Seconds of processor time for the symbolic layers; None leaves them out."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})")
_MOMENT = re.compile(r"[a-z]{3}|\d[:年月点时-]|[ap]\.?m|[上下]午|noon")
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])(\d{1,40}),(\d{1,40})(?![\d,.])")
_CLEAR_COMMA = re.compile(r"[-+]?(?:0,\d{1,40}|\d{1,40},(?:\d{2}|\d{4,40})|\d{4,40},\d{1,40})\D*")
_LONE_COMMA = re.compile(rf"{_CLEAR_COMMA.pattern}|[-+]?\d{{1,40}},\d\D*")
_RANK_ENDS = ("rd", "th")
_OPTION_VALUE = re.compile(
    r"(?:\\text ?\{ ?\((?P<upright>[A-Ja-j])\)[.:]? ?\}[.:]? ?|\((?P<letter>[A-Ja-j])\)[.:]? "
    r"|(?P<plain>[A-J])[.)] |(?P<small>[a-j])\) )(?=[^\s,;])"
)
_GROUPED_BY_POINTS = re.compile(r"(?<![\d,.])\d{1,3}(?:(?:\.\d{3})+(?=,\d)|(?:\.\d{3}){2,10}(?![\d.]))")
_SPELLED_BEHIND = re.compile(
    r"(.{1,100}?) ?(?:\\text ?\{ ?)?\( ?(?:\\text ?\{ ?)?([a-z]{3,9}(?:[ -][a-z]{3,9}){0,9}) ?\}?\) ?\}?"
)
_CALCULATOR = re.compile(r"(-?)(\d{1,30})e-(\d{1,4})")


def decide(raw: str, wanted: str, policy: Policy, symbolic: Symbolic) -> Decision:
    """Whether `raw`, as written, means the same as `wanted`, normalised, by the rules of `policy`."""
    if len(raw) > MAX_CHARACTERS:
        reason = f"The answer has {len(raw)} characters; at most {MAX_CHARACTERS} are read."
        return Decision(False, "limits", reason)
    answer = normalise(raw)
    if not answer:
        return Decision(False, "exact", "The answer is empty.")
    if policy.decimal_comma == "always":
        answer, wanted = _points(answer), _points(wanted)
    decision = _by_text(answer, wanted)
    if decision is None and (said := _said_twice(answer)) is not None:
        parts = [_by_meaning(part, wanted, policy, symbolic) for part in said]
        decision = next((part for part in parts if not part.equal), parts[0])
    if decision is None:
        decision = _by_meaning(answer, wanted, policy, symbolic)
        if not decision.equal and (ranks := _ranks(answer, wanted)) is not None:
            decision = _by_meaning(*ranks, policy, symbolic)
        if not decision.equal and (values := _without_letters(answer, wanted)) is not None:
            decision = _by_meaning(*values, policy, symbolic)
        if not decision.equal and policy.decimal_comma == "optional":
            decision = _with_points(answer, wanted, policy, decision)
    if decision.equal and policy.form != "any":
        return _in_form(answer, policy) or decision
    return decision


# Text


def _by_text(answer: str, wanted: str) -> Decision | None:
    """What the characters say; None where they leave it open."""
    if answer == wanted:
        return Decision(True, "exact", "Equals the reference as written.")
    if _INTEGER.fullmatch(answer) and _INTEGER.fullmatch(wanted):
        same = int(answer) == int(wanted)
        return Decision(same, "rational", "" if same else f"{answer} is not {wanted}.")
    left, right = canonical(answer), canonical(wanted)
    if left == right or (" " in left + right and tight(left) == tight(right)):
        return Decision(True, "text", "Equals the reference in words.")
    if same_choice(answer, wanted):
        return Decision(True, "text", "Names the option of the reference.")
    if (moments := _by_moment(left.lower(), right.lower())) is not None:
        return moments
    if is_words(wanted) and is_words(answer) and spelled(left.lower()) is None:
        return Decision(False, "text")
    return None


def _by_moment(answer: str, wanted: str) -> Decision | None:
    if _MOMENT.search(wanted) is None or (reference := read_moment(wanted)) is None:
        return None
    if (found := read_moment(answer)) is None:
        return None
    same = same_moment(found, reference)
    return None if same is None else Decision(same, "text", "" if same else "Another date or time.")


def _ranks(answer: str, wanted: str) -> tuple[str, str] | None:
    """Both with `third`, which may be a share or a rank, as a rank; None where neither is such a word."""
    if not (answer.endswith(_RANK_ENDS) or wanted.endswith(_RANK_ENDS)):
        return None
    ranks = [ordinal(canonical(text).lower()) for text in (answer, wanted)]
    if ranks == [None, None]:
        return None
    left, right = (
        text if rank is None else str(rank) for text, rank in zip((answer, wanted), ranks, strict=True)
    )
    return left, right


def _without_letters(answer: str, wanted: str) -> tuple[str, str] | None:
    """`(b) -12` without the letter of its option; None where neither has one, or both have different ones."""
    left, right = _OPTION_VALUE.match(answer), _OPTION_VALUE.match(wanted)
    if left is None and right is None:
        return None
    letters = {next(filter(None, match.groups())).upper() for match in (left, right) if match is not None}
    ends = (match.end() if match is not None else 0 for match in (left, right))
    return (answer[next(ends) :], wanted[next(ends) :]) if len(letters) == 1 else None


def _said_twice(answer: str) -> tuple[str, str] | None:
    """`5 (five)` as its two numbers; None for anything else."""
    if ")" not in answer[-3:] or (match := _SPELLED_BEHIND.fullmatch(answer)) is None:
        return None
    number = spelled(match[2])
    return None if number is None else (match[1], str(number))


# Meaning


def _by_meaning(answer: str, wanted: str, policy: Policy, symbolic: Symbolic) -> Decision:
    def meaning(part: str, other: str) -> Decision:
        return _by_meaning(part, other, policy, symbolic)

    try:
        reference = _read(wanted)
    except NotMaths:
        return Decision(False, "text")
    except Unsupported:
        return compare_beyond(answer, wanted, meaning, symbolic)
    try:
        found = _read(answer)
        found, reference = _without_grouping(answer, wanted, found, reference)
    except NotMaths as error:
        return Decision(False, "structure", str(error))
    except Unsupported:
        return compare_beyond(answer, wanted, meaning, symbolic)
    found, reference = _calculated(answer, found, reference), _calculated(wanted, reference, found)
    if "I" in answer + wanted:
        found, reference = _imaginary(found, reference), _imaginary(reference, found)
    return Comparer(_asker(symbolic), policy).compare(found, reference)


def _read(text: str) -> Node:
    if text.isascii() and not text[0].isalpha() and not text.startswith("\\text"):
        return parse(text)
    number = spelled(canonical(text).lower())
    return parse(text) if number is None else parse(str(number))


def _without_grouping(answer: str, wanted: str, found: Node, reference: Node) -> tuple[Node, Node]:
    """`100,200` is a list where the other one is a list, and a number otherwise."""
    structures = ("list", "seq", "set")
    if reference.op in structures and "," in answer and found.op not in structures:
        return parse(answer, grouping=False), reference
    if found.op in structures and "," in wanted and reference.op not in structures:
        return found, parse(wanted, grouping=False)
    if found.op == reference.op == "list" and len(found.args) != len(reference.args):
        return parse(answer, grouping=False), parse(wanted, grouping=False)
    return found, reference


def _calculated(text: str, node: Node, other: Node) -> Node:
    """`2e-1`, read as a product, as a calculator means it, where the other one knows no e."""
    if "e-" not in text or has(other, "const", "e") or (match := _CALCULATOR.fullmatch(text)) is None:
        return node
    value = scientific(read_number(match[2]), -int(match[3]))
    return Node("neg", (value,)) if match[1] else value


def _imaginary(node: Node, other: Node) -> Node:
    """`I` is i where the other one has i."""
    return substitute(node, {"I": Node("const", name="i")}) if has(other, "const", "i") else node


def _asker(symbolic: Symbolic) -> Callable[[Node, Node], Decision]:
    if symbolic is None:
        return lambda answer, reference: Decision(
            False, "numeric", "Numbers leave it open, and symbolic is off."
        )
    return lambda answer, reference: same_value(answer, reference, symbolic)


# Decimal commas


def _points(text: str) -> str:
    """`text` with its decimal commas as points, and without points that group thousands."""
    text = _GROUPED_BY_POINTS.sub(lambda match: match[0].replace(".", ""), text)
    return _DECIMAL_COMMA.sub(r"\1.\2", text)


def _with_points(answer: str, wanted: str, policy: Policy, decision: Decision) -> Decision:
    """The answer, or the reference, with its one comma as a point, where the other one is one number."""
    if _LONE_COMMA.fullmatch(answer) and "," not in wanted:
        answer = answer.replace(",", ".", 1)
    elif _CLEAR_COMMA.fullmatch(wanted) and "," not in answer:
        wanted = wanted.replace(",", ".", 1)
    else:
        return decision
    again = _by_meaning(answer, wanted, policy, None)
    return Decision(True, again.layer, "Equals it with a decimal comma.") if again.equal else decision


def _in_form(answer: str, policy: Policy) -> Decision | None:
    """Why an answer that is right is not in the form that is asked for; None where it is."""
    try:
        reason = misfit(parse(answer), policy.form)
    except (NotMaths, Unsupported):
        return None
    return Decision(False, "form", reason) if reason else None
