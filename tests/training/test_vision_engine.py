"""The model that sees, on tiny vision-language checkpoints made here and stored with their processors."""

import io
import json
from dataclasses import replace

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    PreTrainedTokenizerFast,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
)

pillow = pytest.importorskip("PIL.Image")

from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil  # noqa: E402
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil  # noqa: E402

from evals.benchmarks import mathvision  # noqa: E402
from evals.model import Chat, ModelError  # noqa: E402
from evals.run import evaluate  # noqa: E402
from evals.types import Image, Message, Sampling  # noqa: E402
from training.checkpoint import CheckpointError  # noqa: E402
from training.engine.vision import VisionModel, is_vision, load_vision_model  # noqa: E402

SPECIAL = ["<pad>", "<s>", "<e>", "<image>", "<video>", "<see>", "<seen>"]
TEMPLATE = (
    "{% for m in messages %}<s>{{ m['role'] }}\n{% for part in m['content'] %}"
    "{% if part['type'] == 'image' %}SEE{% else %}{{ part['text'] }}{% endif %}{% endfor %}<e>\n{% endfor %}"
    "{% if add_generation_prompt %}<s>assistant\n{% endif %}"
)


def byte_tokenizer():
    """A token per byte, and the special ones."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({token: n for n, token in enumerate([*SPECIAL, *letters])}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<e>",
        additional_special_tokens=[token for token in SPECIAL if token not in ("<pad>", "<e>")],
    )


def save_qwen(path):
    """A Qwen2-VL: positions in three dimensions, pictures of any size as a varying number of tokens."""
    tokenizer = byte_tokenizer()
    tokenizer.image_token, tokenizer.video_token = "<image>", "<video>"
    tokenizer.init_kwargs |= {"image_token": "<image>", "video_token": "<video>"}
    tokenizer.chat_template = TEMPLATE.replace("SEE", "<see><image><seen>")
    torch.manual_seed(0)
    config = Qwen2VLConfig(
        text_config={
            "vocab_size": len(tokenizer), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "intermediate_size": 48, "max_position_embeddings": 2048, "pad_token_id": 0,
            "eos_token_id": 2, "bos_token_id": None, "initializer_range": 0.3,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [1, 1, 2]},
        },
        vision_config={"depth": 1, "embed_dim": 32, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2,
                       "initializer_range": 0.3},
        image_token_id=3, video_token_id=4, vision_start_token_id=5, vision_end_token_id=6,
    )  # fmt: skip
    Qwen2VLForConditionalGeneration(config).save_pretrained(path)
    tokenizer.save_pretrained(path)
    Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=112 * 112).save_pretrained(path)


def save_llava(path):
    """A LLaVA: a CLIP tower, pictures of one size, as every checkpoint of that family has them."""
    tokenizer = byte_tokenizer()
    tokenizer.chat_template = TEMPLATE.replace("SEE", "<image>")
    torch.manual_seed(1)
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2, image_size=28,
            patch_size=14, initializer_range=0.3,
        ),
        text_config=LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=1, intermediate_size=48, max_position_embeddings=1024, initializer_range=0.3,
            pad_token_id=0, eos_token_id=2, bos_token_id=None,
        ),
        image_token_index=3, vision_feature_layer=-1, image_seq_length=4,
    )  # fmt: skip
    LlavaForConditionalGeneration(config).save_pretrained(path)
    tokenizer.save_pretrained(path)
    CLIPImageProcessorPil(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28}).save_pretrained(
        path
    )
    settings = {"processor_class": "LlavaProcessor", "patch_size": 14, "vision_feature_select_strategy": "default",
                "image_token": "<image>", "num_additional_image_tokens": 1}  # fmt: skip
    (path / "processor_config.json").write_text(json.dumps(settings))


SAVE = {"qwen": save_qwen, "llava": save_llava}


@pytest.fixture(scope="module", params=SAVE)
def checkpoint(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param)
    SAVE[request.param](path)
    return path


@pytest.fixture(scope="module")
def model(checkpoint):
    return load_vision_model(checkpoint)


def drawn(colour, size=(60, 44), mode="RGB", kind="PNG"):
    """A picture with a white square in a corner."""
    made = pillow.new(mode, size, colour)
    made.paste((255, 255, 255, 255)[: len(mode)], (0, 0, size[0] // 2, size[1] // 2))
    file = io.BytesIO()
    made.save(file, kind)
    return Image(file.getvalue(), f"image/{kind.lower()}")


RED, BLUE, WIDE = drawn("red"), drawn("blue", (60, 60)), drawn("green", (112, 28), kind="JPEG")


def chats():
    """Prompts with no, one and several pictures, of several lengths."""
    prompts = [
        (Message("user", "What is it?", (RED,)),),
        (Message("system", "Be brief."), Message("user", "Compare <image 1> and <image 2>.", (BLUE, WIDE))),
        (Message("user", "No picture here: what is 2 + 2?"),),
        (Message("user", "A longer question about one wide picture, for padding.", (WIDE,)),),
        (Message("user", "?", (RED, RED, BLUE)),),
        (Message("user", "Hi"),),
    ]
    return [Chat(prompt, seed=100 + n) for n, prompt in enumerate(prompts * 2)]


def test_a_reply_depends_on_its_seed_and_prompt_alone(model):
    sampling = Sampling(temperature=5.0, max_tokens=16)
    together = model.reply(chats(), sampling)
    alone = [model.reply([chat], sampling)[0] for chat in chats()]
    assert together == alone
    backwards = VisionModel(model.model, model.processor, max_batch=5).reply(chats()[::-1], sampling)
    assert backwards[::-1] == together
    assert len({reply.text for reply in together}) == len(together)  # other seeds, other replies
    assert len({reply.tokens for reply in together}) > 1  # and they end at different times


def test_the_pictures_and_their_order_are_seen(model):
    def greedy(*images):
        chat = Chat((Message("user", "What is it?", images),), 0)
        return model.reply([chat], Sampling(temperature=0, max_tokens=12))[0].text

    assert len({greedy(), greedy(RED), greedy(BLUE), greedy(RED, BLUE), greedy(BLUE, RED)}) == 5
    assert greedy(RED) == greedy(RED)


def test_greedy_is_that_of_transformers_whatever_the_seed(model):
    prompt = (Message("user", "What is it?", (RED, BLUE)),)
    first, second = model.reply([Chat(prompt, 1), Chat(prompt, 2)], Sampling(temperature=0, max_tokens=10))
    assert first == second
    text = model.processor.apply_chat_template(
        [
            {
                "role": "user",
                "content": [{"type": "image"}, {"type": "image"}, {"type": "text", "text": "What is it?"}],
            }
        ],
        add_generation_prompt=True,
    )
    opened = [pillow.open(io.BytesIO(image.data)) for image in (RED, BLUE)]
    inputs = model.processor(text=[text], images=[opened], return_tensors="pt")
    expected = model.model.generate(**inputs, do_sample=False, max_new_tokens=10)[
        0, inputs["input_ids"].shape[1] :
    ]
    kept = [token for token in expected.tolist() if token not in model.end_tokens]
    assert first.text == model.processor.tokenizer.decode(kept)


def test_sampling_settings_hold(model):
    def replies(**settings):
        one = chats()[0]
        many = [Chat(one.prompt, seed) for seed in range(24)]
        return [reply.text for reply in model.reply(many, Sampling(max_tokens=4, **settings))]

    (greedy,) = set(replies(temperature=0))
    assert set(replies(top_k=1)) == set(replies(top_p=1e-6)) == {greedy}
    assert len(set(replies(temperature=0.05))) < len(set(replies())) <= len(set(replies(temperature=5.0)))


def test_replies_end_by_stop_or_length_and_are_counted_and_reported(model):
    counted, told = [], {}
    many = [Chat(chat.prompt, seed) for seed in range(8) for chat in chats()[:3]]
    made = model.reply(many, Sampling(temperature=5.0, max_tokens=30), counted.append, told.__setitem__)
    assert {reply.finish_reason for reply in made} == {"stop", "length"}
    assert all((reply.tokens == 30) or reply.finish_reason == "stop" for reply in made)
    assert all(1 <= reply.tokens <= 30 for reply in made)
    assert not any(
        "<e>" in reply.text or "<pad>" in reply.text[-5:] for reply in made if reply.finish_reason == "stop"
    )
    assert sum(counted) == sum(reply.tokens for reply in made)
    assert told == dict(enumerate(made))


def test_the_checkpoints_own_generation_settings_have_no_part(checkpoint, model, tmp_path):
    for file in checkpoint.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    own = json.loads((checkpoint / "generation_config.json").read_text())
    own |= {"do_sample": True, "temperature": 0.1, "top_k": 1, "repetition_penalty": 5.0, "max_new_tokens": 2}
    (tmp_path / "generation_config.json").write_text(json.dumps(own))
    sampling = Sampling(max_tokens=12)
    assert load_vision_model(tmp_path).reply(chats(), sampling) == model.reply(chats(), sampling)


def test_transparent_pictures_lie_on_white(model):
    clear, white = drawn((0, 0, 0, 0), mode="RGBA"), drawn("white")
    replies = [
        model.reply([Chat((Message("user", "What is it?", (image,)),), 5)], Sampling(max_tokens=8))[0]
        for image in (clear, white, drawn("black"))
    ]
    assert replies[0] == replies[1] != replies[2]


def test_a_benchmark_with_pictures_is_evaluated(model, tmp_path):
    file = tmp_path / "test.jsonl"
    (tmp_path / "red.png").write_bytes(RED.data)
    row = {
        "id": 1,
        "question": "How many?\n<image1>",
        "image": "red.png",
        "answer": "1",
        "level": 1,
        "subject": "counting",
    }
    file.write_text("".join(json.dumps(row | {"id": number}) + "\n" for number in range(3)))
    benchmark = mathvision.SPEC.benchmark(data=file)
    benchmark = replace(benchmark, sampling=Sampling(max_tokens=4))
    samples = evaluate(model, benchmark, seed=0, out=tmp_path / "s.parquet", weights_digest="sha256:w")
    assert [sample.problem_id for sample in samples] == ["mathvision/0", "mathvision/1", "mathvision/2"]
    assert all(sample.verdict.status in ("no_answer", "truncated", "wrong") for sample in samples)


# --- What cannot be done ----------------------------------------------------------------------------------------


def test_what_a_checkpoint_is_for(checkpoint, tmp_path):
    assert is_vision(checkpoint)
    assert not is_vision(tmp_path)
    config = tmp_path / "config.json"
    for text, sees in (
        ('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}', False),
        ('{"model_type": "gemma3", "architectures": ["Gemma3ForConditionalGeneration"]}', True),
        ('{"model_type": "gemma3", "architectures": ["Gemma3ForCausalLM"]}', False),
        ('{"model_type": "qwen2_vl"}', True),
        ('["qwen2_vl"]', False),
        ('{"model_type"', False),
    ):
        config.write_text(text)
        assert is_vision(tmp_path) is sees
    assert not is_vision(config)


def test_checkpoints_that_cannot_see_are_refused_in_one_sentence(checkpoint, tmp_path):
    def refused(match):
        with pytest.raises(CheckpointError, match=match) as error:
            load_vision_model(tmp_path)
        assert "\n" not in str(error.value)

    refused("no config.json")
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    refused("a model of text alone")
    (tmp_path / "config.json").write_bytes((checkpoint / "config.json").read_bytes())
    refused("processor of .* cannot be loaded")
    for file in checkpoint.iterdir():
        if file.name not in ("chat_template.jinja", "model.safetensors"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    refused("has no chat template")
    (tmp_path / "chat_template.jinja").write_text(TEMPLATE)
    refused("cannot be loaded")  # no weights


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (
            Message("user", "See.", (Image(RED.data[:60], "image/png"),)),
            "A picture of 60 bytes .* cannot be read",
        ),
        (Message("user", "See <image> and <image>.", (RED,)), "cannot take a prompt with 1 picture"),
    ],
)
def test_a_prompt_that_cannot_be_read_is_one_sentence(model, message, says):
    with pytest.raises(ModelError, match=says) as error:
        model.reply([Chat((message,), 0)], Sampling(max_tokens=4))
    assert "\n" not in str(error.value)
