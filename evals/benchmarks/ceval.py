"""C-Eval: Chinese four-way multiple choice in 52 subjects (Huang et al. 2023, arXiv:2305.08322).

Its own average is the mean over subjects (`macro`); `macro_category` is the mean over its four categories, each the
mean over questions. Subjects, their Chinese names and categories are those of the authors' `subject_mapping.json`.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, field_validator

from evals.benchmarks.lettered import listed
from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import DataError, Hub, Subsets, coverage
from evals.measures import macro_average
from evals.types import Message, Problem, Sampling

QUESTION = "{question}\n{options}"
COT = (
    "以下是一道{subject}考试的单项选择题。\n\n{question}\n\n"
    "请逐步思考,并在最后一行写出“答案:X”,其中X是A、B、C、D之一。"
)
SHOTS = "以下是{subject}考试的单项选择题,每题只有一个正确选项。"

STEM, SOCIAL, HUMANITIES, OTHER = "STEM", "Social Science", "Humanities", "Other"
SUBJECTS: Mapping[str, tuple[str, str]] = {
    "computer_network": ("计算机网络", STEM),
    "operating_system": ("操作系统", STEM),
    "computer_architecture": ("计算机组成", STEM),
    "college_programming": ("大学编程", STEM),
    "college_physics": ("大学物理", STEM),
    "college_chemistry": ("大学化学", STEM),
    "advanced_mathematics": ("高等数学", STEM),
    "probability_and_statistics": ("概率统计", STEM),
    "discrete_mathematics": ("离散数学", STEM),
    "electrical_engineer": ("注册电气工程师", STEM),
    "metrology_engineer": ("注册计量师", STEM),
    "high_school_mathematics": ("高中数学", STEM),
    "high_school_physics": ("高中物理", STEM),
    "high_school_chemistry": ("高中化学", STEM),
    "high_school_biology": ("高中生物", STEM),
    "middle_school_mathematics": ("初中数学", STEM),
    "middle_school_biology": ("初中生物", STEM),
    "middle_school_physics": ("初中物理", STEM),
    "middle_school_chemistry": ("初中化学", STEM),
    "veterinary_medicine": ("兽医学", STEM),
    "college_economics": ("大学经济学", SOCIAL),
    "business_administration": ("工商管理", SOCIAL),
    "marxism": ("马克思主义基本原理", SOCIAL),
    "mao_zedong_thought": ("毛泽东思想和中国特色社会主义理论体系概论", SOCIAL),
    "education_science": ("教育学", SOCIAL),
    "teacher_qualification": ("教师资格", SOCIAL),
    "high_school_politics": ("高中政治", SOCIAL),
    "high_school_geography": ("高中地理", SOCIAL),
    "middle_school_politics": ("初中政治", SOCIAL),
    "middle_school_geography": ("初中地理", SOCIAL),
    "modern_chinese_history": ("近代史纲要", HUMANITIES),
    "ideological_and_moral_cultivation": ("思想道德修养与法律基础", HUMANITIES),
    "logic": ("逻辑学", HUMANITIES),
    "law": ("法学", HUMANITIES),
    "chinese_language_and_literature": ("中国语言文学", HUMANITIES),
    "art_studies": ("艺术学", HUMANITIES),
    "professional_tour_guide": ("导游资格", HUMANITIES),
    "legal_professional": ("法律职业资格", HUMANITIES),
    "high_school_chinese": ("高中语文", HUMANITIES),
    "high_school_history": ("高中历史", HUMANITIES),
    "middle_school_history": ("初中历史", HUMANITIES),
    "civil_servant": ("公务员", OTHER),
    "sports_science": ("体育学", OTHER),
    "plant_protection": ("植物保护", OTHER),
    "basic_medicine": ("基础医学", OTHER),
    "clinical_medicine": ("临床医学", OTHER),
    "urban_and_rural_planner": ("注册城乡规划师", OTHER),
    "accountant": ("注册会计师", OTHER),
    "fire_engineer": ("注册消防工程师", OTHER),
    "environmental_impact_assessment_engineer": ("环境影响评价工程师", OTHER),
    "tax_accountant": ("税务师", OTHER),
    "physician": ("医师资格", OTHER),
}
"""Of each subject its Chinese name and its category."""


class Row(BaseModel):
    """One question with its right letter."""

    subject: str
    id: int
    question: str
    A: str
    B: str
    C: str
    D: str
    answer: Literal["A", "B", "C", "D"]

    @field_validator("subject")
    @classmethod
    def _known(cls, subject: str) -> str:
        if subject not in SUBJECTS:
            raise ValueError(f"{subject!r} is none of the {len(SUBJECTS)} subjects")
        return subject

    @property
    def options(self) -> list[str]:
        """The texts of A to D."""
        return [self.A, self.B, self.C, self.D]


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row, by subject. Raises `DataError` where a protocol's examples are not there."""
    order = {subject: place for place, subject in enumerate(SUBJECTS)}
    return [
        Problem(
            id=f"ceval/{row.subject}/{row.id}",
            prompt=_PROMPTS[protocol.name](row, rows),
            reference=row.answer,
            verifier="choice",
            tags={"subject": row.subject, "category": SUBJECTS[row.subject][1]},
            options={"options": row.options},
        )
        for row in sorted(rows["val"], key=lambda row: order[row.subject])
    ]


def _zero_shot(row: Row, rows: Rows) -> tuple[Message, ...]:
    return (Message("user", COT.format(subject=SUBJECTS[row.subject][0], question=_asked(row))),)


def _five_shot(row: Row, rows: Rows) -> tuple[Message, ...]:
    """The subject's development questions, each answered with its letter, then the question."""
    shots = [shot for shot in rows.get("dev", ()) if shot.subject == row.subject]
    if len(shots) < 5:
        raise DataError(
            f"ceval's protocol five-shot needs 5 questions of the split dev for {row.subject}, and has {len(shots)}; "
            "give --data a directory with val and dev, or choose zero-shot-cot."
        )
    turns = [
        message
        for shot in shots[:5]
        for message in (Message("user", _asked(shot)), Message("assistant", f"答案:{shot.answer}"))
    ]
    return (
        Message("system", SHOTS.format(subject=SUBJECTS[row.subject][0])),
        *turns,
        Message("user", _asked(row)),
    )


_PROMPTS = {"zero-shot-cot": _zero_shot, "five-shot": _five_shot}


def _asked(row: Row) -> str:
    return QUESTION.format(question=row.question, options=listed(row.options))


def _source(split: str) -> Subsets:
    return Subsets("subject", {subject: Hub("ceval/ceval-exam", split, subject) for subject in SUBJECTS})


VAL, DEV = _source("val"), _source("dev")

SPEC = Spec(
    name="ceval",
    title="C-Eval",
    version="1",
    description="Chinese multiple choice in 52 subjects.",
    licence="CC BY-NC-SA 4.0; not redistributed here",
    sources={"val": VAL, "dev": DEV},
    size=1_346,
    row=Row,
    verifier="choice",
    problems=problems,
    protocols=(
        Protocol(
            name="zero-shot-cot",
            description="Zero-shot, reasoning before a last line with the letter; the mean over subjects.",
            source="as chat models are usually scored; the average is that of arXiv:2305.08322, the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=2048),
            metric="macro",
        ),
        Protocol(
            name="five-shot",
            description="Five questions of the split dev as earlier turns, the letter alone; the mean over subjects.",
            source="answer-only with five shots, as C-Eval's own evaluation (arXiv:2305.08322); the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=64),
            metric="macro",
            one_message=False,
        ),
    ),
    caveats=(
        "The validation split of 1,346 questions: the answers to the 12,342 of the test split, which published "
        "figures are usually of, are not public.",
        "The mean over the 52 subjects, as C-Eval averages; accuracy is the mean over questions, `macro_category` that "
        "over STEM, Social Science, Humanities and Other.",
        "An answer that cannot be read counts as wrong; none is guessed.",
    ),
    measures={"macro": macro_average("subject"), "macro_category": macro_average("category")},
    notes=lambda rows, protocol, asked: coverage(VAL, asked),
)
