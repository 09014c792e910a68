"""The phrases that state an answer, in English, Chinese and other languages: what follows them is to be read."""

import re

from verifiers.extract import is_denied

BEST = (
    r"(?:only|single|one|correct|right|best|final|true|proper|accurate|appropriate|suitable|likely|most|valid|"
    r"intended|first|my|closest|nearest|better|overall|logical|reasonable|plausible|probable)"
)
NAME = r"(?:answer|option|choice|statement|letter|selection|response|alternative|guess|pick)s?"
_ONE_NAME = NAME.removesuffix("s?")
_IS = (
    r"(?:(?:is|are|was|were|would\s+be|should\s+be|must\s+be|has\s+to\s+be|will\s+be|remains|becomes)"
    r"(?:\b|(?=n['’]t))"
    r"|=|[:：])"
)
_WORDS = r"(?:[ ](?!(?:is|are|was|were|not|isn['’]t|choices)\b)[\w'’-]{1,20})"

_ENGLISH = rf"""\banswers?\b{_WORDS}{{0,8}}?["”]?\s*\**\s*\)?{_IS}
    |\b(?:{BEST}\s+){{1,4}}(?:{NAME}|match|fit|one){_WORDS}{{0,8}}?\s*\**\s*{_IS}
    |\b(?:the|my|our)[ ](?:[a-z-]{{1,15}}[ ]){{0,2}}{_ONE_NAME}{_WORDS}{{0,8}}?\s*\**\s*{_IS}
    |\b(?:correct|solution)\s*\**\s*[:：](?=[ *]{{0,4}}\(?[A-Z]\)?[ .*]{{0,4}}(?:\n|$))
    |\b(?:choose|pick|select|selected|chose|go(?:ing)?\s+(?:with|for)|opt\s+for|vote\s+for|settle\s+(?:on|for))\b"""

_CHINESE = r"""(?:正确|最终|最后|最佳|标准|参考)?的?(?:答案|选项)\s*(?:\**|[】\]])\s*(?:应该|应当|应|就|只能)?\s*
        (?:选择|[选是为：:=]|(?<=[】\]])|(?=[(（【\[]?\s*[A-ZＡ-Ｚ](?![A-Za-z])))
    |(?<!不)应该?[是为](?=\s*[(（【\[]?\s*[A-ZＡ-Ｚ](?![A-Za-z]))
    |(?<![回解])答\s*[:：]|我(?:认为|觉得|猜)
    |正确的(?:答案|选项|选择)?\s*(?:应该|应当|应|就)?\s*[是为：:]
    |(?<![不候挑别勿非误错若])(?<!如果)(?<!不能)(?<!不应)(?<!不可)(?<!为何)(?<!什么)选(?:择|出)?(?![项手举民修取题])"""

# Nouns for "answer" or "option", then what "is" is; between them come at most four words.
_LATIN_NOUNS = (
    r"réponse|reponse|respuesta|resposta|risposta|antwort|lösung|antwoord|svaret|svar|odpowied[zź]|odpověď|vastaus"
    r"|cevap|yanıt|jawaban(?:nya)?|đáp\s+án|câu\s+trả\s+lời|jibu|válasz|răspuns(?:ul)?"
    r"|opción|opcion|opção|opcao|opzione|alternativa|lettre|letra|lettera|buchstabe|möglichkeit|option"
)
_LATIN_IS = (
    r"(?:est|es|é|è|e'|ist|lautet|sarà|sería|seria|serait|is|er|är|on|este|jest|to|je|adalah|ialah|là|ni)\b"
)
_NEGATION = r"(?:no|non|ne|n['’]\w+|pas|nicht|não|nao|inte|niet|ikke|nie|bukan|không|değil)\b"
_LATIN = rf"\b(?:{_LATIN_NOUNS})\b(?:\s+(?!{_NEGATION})[\w'’-]{{1,15}}){{0,4}}?\s*\**\s*(?:{_LATIN_IS}|[:：=—–](?!\w))"
_OTHERS = r"""\b(?:ответ|відповідь|вариант|απάντηση)\w{0,4}(?:\s+\w{1,15}){0,3}?\s*\**\s*[:：=—–-]
    |\brichtig\s+ist\b
    |\b(?:cevap|yanıt)\b\s*(?=[(\[]?[A-Z]\b)
    |(?:答え|正解|解答|回答)\s*(?:は|[:：])
    |(?:정답|답)\s*(?:은|는|이|[:：])
    |(?:คำตอบ(?:ที่ถูกต้อง)?)\s*(?:คือ|[:：])
    |(?:الإجابة|الاجابة|الجواب|الخيار)(?:\s+(?:الصحيحة|الصحيح))?\s*(?:هي|هو|[:：])
    |(?:उत्तर|जवाब|উত্তর)(?:\s+विकल्प)?\s*(?:है|[:：]|(?=\(?[A-Z]\b))
    |(?:התשובה|תשובה)(?:\s+הנכונה)?\s*(?:היא|[:：])"""

STATEMENT = re.compile(rf"{_ENGLISH}|{_CHINESE}|{_LATIN}|{_OTHERS}", re.IGNORECASE | re.VERBOSE)
"""What comes before an answer."""

OF_VERB = re.compile(r"\s*(?:choo|ch|pick|select|go|opt|vote|settle|选)", re.IGNORECASE)
"""A statement by a verb, which can also be about something else: "choose A such that …"."""

_HYPOTHETICAL = re.compile(
    r"\b(?:if|not|never|cannot|to|when|why|who|students?|people|someone|some|many|others|may|might|could|tempt\w*|which)\b[^.\n]{0,25}$"
    r"|n't\b[^.\n]{0,15}$|(?:如果|假如|若|为什么|为何)[^。\n]{0,6}$",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    r"\b(?:wrong|incorrect|bad|worst|other|another|next|second|third|previous|given|available|following|listed|provided"
    r"|possible|eliminated|tempting|which|no|n't|not)\s[^:：.。!?\n]{0,40}\b(?:answer|option|choice|alternative|selection)",
    re.IGNORECASE,
)
NEXT_QUESTION = re.compile(
    r"\n[ \t#*]{0,8}(?:(?:next\s)?(?:question|problem|exercise)\b[ \t]{0,2}(?:no\.?|#)?[ \t]{0,2}\d{0,4}[ \t*]{0,4}"
    r"[:：.\n]"
    r"|Q[ \t]{0,2}\d{0,4}[ \t*]{0,4}[:：.]|(?:问题|题目|第[一二三四五六七八九十\d]{1,3}题)[ \t]{0,2}\d{0,4}[:：.、\n]"
    r"|(?:user|human|instruction|以下是)\b[ \t]{0,2}[:：])",
    re.IGNORECASE,
)
"""Where a model that runs on begins another question."""


def is_about_something_else(text: str, start: int, statement: str) -> bool:
    """Whether the statement at `start` is hypothetical or denied, or names an option that is not the answer."""
    if is_denied(text, start):
        return True
    before = text[max(0, start - 60) : start]
    if OF_VERB.match(statement):
        return _HYPOTHETICAL.search(before) is not None
    return _OF_ANOTHER.search(before[-12:].rpartition("\n")[2] + statement) is not None
