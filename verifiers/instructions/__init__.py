"""IFEval: does a response follow the instructions of its prompt that a program can check?

The 25 instructions, their arguments and both ways to count are those of Zhou et al. 2023 (arXiv:2311.07911);
verdicts agree with the published program's, oddities included, so that scores can be compared. It differs
only where that program is left to chance or fails:

- An argument that is missing or malformed raises `ValueError`; there it is drawn at random.
- langdetect is seeded.
- JSON nested too deeply for Python's parser is not JSON; there the program ends.
- A response of more than `LONGEST` characters follows nothing. Marked thinking is not part of the response.

Oddities kept: keywords, the section's word and unusual postscript markers are regular expressions; `---` counts
as a bullet; blank paragraphs shift the nth paragraph; text without any letter is in every language; a language
is guessed badly from capitals; `P.S.` may stand anywhere, within `P.P.S.` too.
"""

from verifiers.instructions.accuracy import Accuracies, accuracies
from verifiers.instructions.judge import LONGEST, VERSION, Mode, check, verify
from verifiers.instructions.table import CHECKS

__all__ = ["CHECKS", "LONGEST", "VERSION", "Accuracies", "Mode", "accuracies", "check", "verify"]
