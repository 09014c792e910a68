import json

import pytest
import torch
from training_support import tiny_model
from transformers import AutoModelForCausalLM, AutoTokenizer, Qwen2Config, Qwen2ForCausalLM

from training.checkpoint import (
    CheckpointError,
    CheckpointInfo,
    facts_of,
    load_checkpoint,
    read_info,
    save_checkpoint,
)
from training.state import latest_state, save_state


@pytest.fixture
def saved(tmp_path, tokenizer):
    info = CheckpointInfo("rl/0010", "rl", 10, ("long_cot_sft",), "sha256:0", 3)
    return tmp_path / "c", save_checkpoint(tmp_path / "c", tiny_model(tokenizer), tokenizer, info)


def test_a_checkpoint_is_a_hugging_face_directory(saved, tokenizer):
    path, info = saved
    model = AutoModelForCausalLM.from_pretrained(path)
    assert torch.equal(
        model.get_input_embeddings().weight, tiny_model(tokenizer).get_input_embeddings().weight
    )
    text = "Use 3 4 5 to make 17 ."
    assert AutoTokenizer.from_pretrained(path)(text)["input_ids"] == tokenizer(text)["input_ids"]
    assert read_info(path) == info
    assert not list(path.parent.glob(".*"))


def test_the_chat_template_survives(saved, tokenizer):
    _, loaded = load_checkpoint(saved[0])
    chat = [{"role": "user", "content": "Use 1 2 to make 3 ."}, {"role": "assistant", "content": "ok"}]
    text = loaded.apply_chat_template(chat, tokenize=False)
    assert text == "<|user|> Use 1 2 to make 3 . <|assistant|> ok <|end|> "
    assert text == tokenizer.apply_chat_template(chat, tokenize=False)


def test_a_tokenizer_that_does_not_come_back_the_same_is_refused(tmp_path, tokenizer):
    config = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=16,
    )
    info = CheckpointInfo("x", "sft", None, (), "sha256:0", 0)
    with pytest.raises(CheckpointError, match="does not fit this tokenizer"):
        save_checkpoint(tmp_path / "q", Qwen2ForCausalLM(config), tokenizer, info)


def test_missing_corrupt_and_alien_directories_are_one_clear_sentence(saved, tmp_path):
    path, _ = saved
    with pytest.raises(CheckpointError, match=r"no config\.json"):
        load_checkpoint(tmp_path / "nowhere")
    weights = path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8] + b"\0" * 8)
    with pytest.raises(CheckpointError, match="corrupt"):
        load_checkpoint(path)
    (path / "checkpoint.json").unlink()
    weights.write_bytes(b"nonsense")
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        load_checkpoint(path)
    weights.unlink()
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        load_checkpoint(path)


def test_an_unreadable_description_is_one_clear_sentence(saved):
    path, _ = saved
    (path / "checkpoint.json").write_text(json.dumps({"id": "x"}))
    with pytest.raises(CheckpointError, match="not readable"):
        read_info(path)


def test_the_newest_state_is_kept_and_a_half_written_one_ignored(tmp_path):
    for number in (1, 2):
        save_state(tmp_path, number, {"x": torch.full((2,), float(number))}, {"n": number})
    (tmp_path / ".000003.tmp").mkdir()  # killed while writing
    state = latest_state(tmp_path)
    assert state is not None
    assert (state.number, state.data, state.tensors["x"].tolist()) == (2, {"n": 2}, [2.0, 2.0])
    assert [p.name for p in sorted(tmp_path.glob("[0-9]*"))] == ["000002"]
    (tmp_path / "000002" / "tensors.safetensors").write_bytes(b"x")
    with pytest.raises(CheckpointError, match="corrupt"):
        latest_state(tmp_path)


@pytest.mark.parametrize("name", ["generation_config.json", "config.json", "tokenizer.json", "more.jinja"])
def test_a_model_is_another_where_a_file_that_replies_follow_from_is(saved, name):
    path, _ = saved
    before = facts_of(path)
    text = (path / name).read_text() if (path / name).exists() else ""
    (path / name).write_text(f"{text}\n")
    assert facts_of(path).model_digest != before.model_digest
    assert facts_of(path).weights_digest == before.weights_digest


def test_notes_beside_a_model_do_not_make_it_another(saved):
    path, _ = saved
    before = facts_of(path)
    (path / "README.md").write_text("a model")
    assert facts_of(path) == before
