"""lighteval: a custom task with our metric through its pipeline, with a custom model."""

import json

import pytest
from adapter_libraries import library

library("lighteval")
from lighteval.logging.evaluation_tracker import EvaluationTracker  # noqa: E402
from lighteval.metrics import apply_metric  # noqa: E402
from lighteval.models.custom.custom_model import CustomModelConfig  # noqa: E402
from lighteval.models.model_output import ModelResponse  # noqa: E402
from lighteval.pipeline import ParallelismManager, Pipeline, PipelineParameters  # noqa: E402
from lighteval.tasks.registry import Registry  # noqa: E402
from lighteval.tasks.requests import Doc  # noqa: E402

from verifiers.adapters.lighteval import verifier_metric  # noqa: E402

TASK_FILE = """
from lighteval.tasks.lighteval_task import LightevalTaskConfig
from lighteval.tasks.requests import Doc

from verifiers.adapters.lighteval import verifier_metric


def prompt(line, task_name):
    return Doc(query=line["problem"], choices=[line["answer"]], gold_index=0, task_name=task_name)


TASKS_TABLE = [
    LightevalTaskConfig(
        name="ours", prompt_function=prompt, hf_repo={folder!r}, hf_subset="default", hf_avail_splits=["test"],
        evaluation_splits=["test"], metrics=[verifier_metric("math")], generation_size=100,
    )
]
"""
MODEL_FILE = """
from lighteval.models.dummy.dummy_model import DummyModel
from lighteval.models.model_output import ModelResponse
from lighteval.utils.cache_management import SampleCache


class Answering(DummyModel):
    def __init__(self, config):
        self.config = config
        self._cache = SampleCache(config)

    def greedy_until(self, docs):
        said = [doc.query.partition("Say: ")[2] for doc in docs]
        return [ModelResponse(text=[text], input_tokens=[0], output_tokens=[[0]]) for text in said]
"""
PROBLEMS = [
    {"problem": r"Say: <think> so </think> \boxed{\frac12}", "answer": "0.5"},
    {"problem": r"Say: \boxed{2}", "answer": "0.5"},
    {"problem": r"Say: \boxed{2}", "answer": " "},
    {"problem": "Say: The answer is 4.", "answer": "4"},
]


def test_its_pipeline_judges_with_our_verifier(tmp_path, monkeypatch):
    # Only our task: loading its built-in ones downloads files, and fails with the current huggingface_hub.
    monkeypatch.setattr(Registry, "_load_from_files", staticmethod(lambda files, prefix: {}))
    monkeypatch.setattr(Registry, "_load_from_subdirs", staticmethod(lambda folders: {}))
    data = tmp_path / "data"
    data.mkdir()
    (data / "test.jsonl").write_text("".join(json.dumps(problem) + "\n" for problem in PROBLEMS))
    (tmp_path / "our_tasks.py").write_text(TASK_FILE.replace("{folder!r}", repr(str(data))))
    (tmp_path / "model.py").write_text(MODEL_FILE)
    pipeline = Pipeline(
        tasks="ours|0",
        pipeline_parameters=PipelineParameters(
            ParallelismManager.CUSTOM, custom_tasks_directory=str(tmp_path / "our_tasks.py")
        ),
        evaluation_tracker=EvaluationTracker(str(tmp_path / "results"), save_details=False),
        model_config=CustomModelConfig(
            model_name="answering",
            model_definition_file_path=str(tmp_path / "model.py"),
            cache_dir=str(tmp_path / "cache"),
        ),
    )
    pipeline.evaluate()
    results = pipeline.get_results()["results"]["ours:0"]
    assert results["verifier"] == 0.5
    assert results["verifier_failed"] == 0.25
    assert results["verifier_stderr"] == pytest.approx(0.2887, abs=1e-3)


def test_samples_are_averaged_and_any_gold_will_do():
    doc = Doc(query="?", choices=["7", "1/2"], gold_index=[0, 1])
    responses = ModelResponse(text=[r"\boxed{0.5}", r"\boxed{3}", r"\boxed{7}", "hm, hard to say"])
    assert apply_metric([responses], [doc], [verifier_metric()]) == [
        {"verifier": 0.5, "verifier_failed": 0.0}
    ]


def test_a_reference_may_be_an_object():
    puzzle = {"numbers": [3, 4, 5], "target": 17}
    doc = Doc(query="?", choices=[], gold_index=[], specific={"puzzle": puzzle})
    response = ModelResponse(text=["<answer> 3 * 4 + 5 </answer>"])
    metric = verifier_metric("countdown", reference="puzzle", operators="+*")
    assert metric.compute_sample(doc=doc, model_response=response) == {
        "verifier": 1.0,
        "verifier_failed": 0.0,
    }
