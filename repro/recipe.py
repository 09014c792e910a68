"""Recipes: everything that defines a run, as validated configuration."""

import difflib
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.benchmarks import LEVELS_OF, SPECS
from evals.files import digest
from repro.shipped import RecipeError, shipped_recipes
from training.curation import CurationConfig
from training.long2short.dpo import DPOConfig
from training.rl import RLConfig
from training.scratch_model import ScratchConfig
from training.sft import SFTConfig

Levels = dict[str, Annotated[int, Field(ge=1)]]


class Section(BaseModel):
    """A part of a recipe: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScratchModel(ScratchConfig):
    """A small model trained from scratch, with the embedded word-level tokenizer."""

    kind: Literal["scratch"] = "scratch"


class PretrainedModel(Section):
    """A Hugging Face checkpoint directory to start from; its own Python code is run with `trust_remote_code` alone."""

    kind: Literal["pretrained"]
    path: str
    trust_remote_code: bool = False


class Engine(Section):
    """The rollout engine: how many responses are drawn at a time."""

    max_batch: int = Field(256, ge=1)


class Evaluation(Section):
    """The benchmark that scores every checkpoint; `validation_problems_per_level` is for choices made in training."""

    benchmark: str = "puzzles"
    levels: tuple[str, ...] | None = None  # None: the benchmark's own
    problems_per_level: int = Field(250, ge=1)
    validation_problems_per_level: int = Field(64, ge=1)
    samples_per_problem: int = Field(1, ge=1)
    temperature: float = Field(1.0, ge=0)
    max_response_tokens: int = Field(256, ge=1)
    seed: int = Field(0, ge=0)


class PublicScore(Section):
    """A checkpoint to score on a public benchmark once training is done.

    `checkpoint` is one of the run by its id or stage (`rl` is RL's last), a directory, a GGUF file, or
    `package:NAME/FILE`. What is None is the protocol's.
    """

    benchmark: str
    checkpoint: str
    data: str | None = None
    protocol: str | None = None
    limit: int | None = Field(None, ge=1)
    samples_per_problem: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0)
    max_response_tokens: int | None = Field(None, ge=1)
    batch: int = Field(64, ge=1)

    @model_validator(mode="after")
    def _known(self) -> "PublicScore":
        if self.benchmark not in SPECS:
            raise ValueError(f"benchmark must be one of {', '.join(SPECS)}")
        SPECS[self.benchmark].protocol(self.protocol)
        return self


class SFTStage(Section):
    """Vanilla SFT on short demonstrations; `direct_share` of the problems also get an answer without thinking."""

    problems: Levels
    direct_share: float = Field(0.25, ge=0, le=1)
    train: SFTConfig


class CurateStage(Section):
    """The RL prompt set, from that many candidates per level."""

    candidates: Levels
    rules: CurationConfig = CurationConfig()


class LongCoTStage(Section):
    """The long-CoT warm-up: traces of searches that succeed within `max_tries` leaves and `max_words` words.

    `traces_per_problem` is how many are tried, by level (one where it does not say); a trace checks its solution
    one to `max_checks` times. `short_share` of the examples are short solutions, as in the `sft` stage: they keep
    the short chain of thought alive beside the long one.
    """

    problems: Levels
    traces_per_problem: Levels = {}
    max_tries: int = Field(12, ge=1)
    max_words: int = Field(220, ge=1)
    max_checks: int = Field(1, ge=1)
    short_share: float = Field(0.0, ge=0, lt=1)
    train: SFTConfig


class Merge(Section):
    """Coefficients of the long model to try; the best on the validation split is scored on the test split too.

    With `control`, a model of another initialisation is trained as the short one was (for `control_share` of
    its examples) and merged too: the collapse of unrelated parents, reported beside the real merges.
    """

    coefficients: tuple[float, ...] = (0.3, 0.5, 0.7)
    control: bool = True
    control_share: float = Field(0.5, gt=0, le=1)

    @model_validator(mode="after")
    def _usable_coefficients(self) -> "Merge":
        names = {f"{coefficient:.2f}" for coefficient in self.coefficients}
        if (
            not names
            or len(names) < len(self.coefficients)
            or not all(0 <= c <= 1 for c in self.coefficients)
        ):
            raise ValueError(
                "coefficients must be in [0, 1], at least one, and differ in the first two decimals"
            )
        return self


class ShortestRejection(Section):
    """n responses to that many training problems, then SFT on the shortest right ones."""

    problems: int = Field(256, ge=1)
    samples: int = Field(8, ge=1)
    train: SFTConfig


class DPO(Section):
    """DPO on pairs from the same responses that shortest rejection sampling uses."""

    train: DPOConfig


class Long2ShortRL(Section):
    """RL with the length penalty from the RL checkpoint with the fewest tokens within `margin` of the best."""

    margin: float = Field(0.01, ge=0)
    train: RLConfig


class Long2ShortStage(Section):
    """The five ways of section 2.4."""

    merge: Merge
    shortest_rejection: ShortestRejection
    dpo: DPO
    rl: Long2ShortRL


class Recipe(Section):
    """A whole run. `threads` None takes every core; `self_check` judges responses with known marks before it starts."""

    name: str
    description: str = ""
    seed: int = Field(0, ge=0)
    device: str = "cpu"
    dtype: Literal["float32", "bfloat16"] = "float32"
    threads: int | None = Field(None, ge=1)
    model: ScratchModel | PretrainedModel = Field(ScratchModel(), discriminator="kind")
    engine: Engine = Engine()
    evaluation: Evaluation
    sft: SFTStage
    curate: CurateStage
    long_cot_sft: LongCoTStage
    rl: RLConfig
    long2short: Long2ShortStage
    self_check: bool = True
    public: tuple[PublicScore, ...] = ()
    claims: dict[str, dict[str, Any]] = {}

    @model_validator(mode="after")
    def _control_is_unrelated(self) -> "Recipe":
        if self.long2short.merge.control and isinstance(self.model, PretrainedModel):
            raise ValueError(
                "long2short.merge.control needs a model from scratch: two models from one pretrained "
                "checkpoint are not unrelated; set it to false"
            )
        return self

    def puzzle_levels(self) -> list[str]:
        """The puzzle levels that the run trains on or scores, each once."""
        levels = self.evaluation.levels or LEVELS_OF[self.evaluation.benchmark]
        stages = (self.sft.problems, self.curate.candidates, self.long_cot_sft.problems)
        return list(dict.fromkeys([*levels, *(level for stage in stages for level in stage)]))

    def to_yaml(self) -> str:
        """The resolved recipe, every default written out."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)

    def digest(self) -> str:
        """sha256 over the resolved recipe."""
        return digest(self.model_dump(mode="json"))


def load_recipe(name_or_path: str, overrides: list[str] | None = None, seed: int | None = None) -> Recipe:
    """The recipe of that name, or in that file, with `key=value` overrides (dotted keys, YAML values).

    Raises `RecipeError` with one sentence for an unknown recipe, key or value.
    """
    data = _read(name_or_path)
    for override in overrides or []:
        _override(data, override)
    if seed is not None:
        data["seed"] = seed
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        raise RecipeError(f"Recipe {name_or_path}: {_first(error)}") from error


def _read(name_or_path: str) -> dict[str, Any]:
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise RecipeError(f"There is no recipe file {name_or_path}.")
        text = path.read_text()
    else:
        known = shipped_recipes()
        if name_or_path not in known:
            close = difflib.get_close_matches(name_or_path, known, 1)
            hint = (
                f"did you mean {close[0]!r}?"
                if close
                else f"choose from {', '.join(known)}, or name a .yaml file."
            )
            raise RecipeError(f"There is no recipe {name_or_path!r}; {hint}")
        text = (files("repro.recipes") / f"{name_or_path}.yaml").read_text()
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RecipeError(f"{name_or_path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise RecipeError(f"{name_or_path} holds no recipe: its top level must be a mapping of keys.")
    return data


def _override(data: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise RecipeError(f"--set {override!r} is not of the form key=value, such as rl.iterations=4.")
    *parents, last = key.split(".")
    for name in parents:
        data = data.setdefault(name, {})
        if not isinstance(data, dict):
            raise RecipeError(f"--set {key}: {name!r} is a value, not a section.")
    try:
        data[last] = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RecipeError(f"--set {key}: {text!r} is not a YAML value.") from error


def _first(error: ValidationError) -> str:
    """The first validation error as a sentence that names the key."""
    detail = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in detail["loc"] if part not in ("scratch", "pretrained"))
    more = f" ({error.error_count() - 1} more to mend.)" if error.error_count() > 1 else ""
    if detail["type"] == "extra_forbidden":
        names = _siblings(detail["loc"])
        close = difflib.get_close_matches(str(detail["loc"][-1]), names, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(names)}."
        return f"there is no key {where!r}; {hint}{more}"
    if detail["type"] == "missing":
        return f"the key {where!r} is missing.{more}"
    return (
        f"{where or 'recipe'}: {detail['msg'].removeprefix('Value error, ')} (got {detail['input']!r}).{more}"
    )


def _siblings(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the section around `loc` knows."""
    section: Any = Recipe
    for part in loc[:-1]:
        fields = getattr(section, "model_fields", {})
        if part in fields:
            section = fields[part].annotation
        elif isinstance(section, UnionType):  # `part` is the kind that tells its members apart
            section = next(
                member
                for member in get_args(section)
                if part in get_args(member.model_fields["kind"].annotation)
            )
    if get_origin(section) is tuple:  # a list of sections, such as `public`
        section = get_args(section)[0]
    return sorted(getattr(section, "model_fields", {}))
