"""The benchmarks with pictures, on questions and pictures made for these tests."""

import base64
import json
import struct
import sys
import zlib
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evals.benchmarks import mathvision, mathvista, mmmu
from evals.data import DataError
from evals.judge import judge
from evals.pictures import picture
from evals.run import data_digest
from evals.types import Image

SPECS = {module.SPEC.name: module.SPEC for module in (mathvision, mathvista, mmmu)}


def png(red, green, blue):
    """The file of a picture of 4 × 3 pixels in one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([red, green, blue]) * 4 for _ in range(3))
    header = struct.pack(">IIBBBBB", 4, 3, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


RED, GREEN, BLUE = png(255, 0, 0), png(0, 255, 0), png(0, 0, 255)


def stored(data):
    return {"bytes": data, "path": None}


VISION = {"id": "7", "question": "How many tiles are red?\n<image1>", "options": [], "image": "images/7.jpg",
          "decoded_image": stored(RED), "answer": "6", "solution": None, "level": 2, "subject": "counting"}  # fmt: skip
VISION_CHOICE = VISION | {"id": "8", "options": ["A", "B", "C", "D", "E"], "answer": "D"}
VISTA = {"pid": "3", "question": "How long is the red line?", "image": "images/3.jpg", "decoded_image": stored(RED),
         "choices": None, "unit": "cm", "precision": 1.0, "answer": "1.2", "question_type": "free_form",
         "answer_type": "float", "query": "", "metadata": {"task": "geometry problem solving", "source": "own",
         "context": "geometry diagram", "grade": "high school", "skills": ["geometry reasoning"]}}  # fmt: skip
VISTA_CHOICE = VISTA | {"pid": "4", "choices": ["12", "15", "18"], "answer": "15", "question_type": "multi_choice",
                        "answer_type": "text", "precision": None, "unit": None}  # fmt: skip
MMMU = {"id": "validation_Art_Theory_5", "question": "Which colour has <image 1>?", "answer": "B",
        "options": "['red', 'green', 'blue']", **{f"image_{n}": None for n in range(2, 8)}, "image_1": stored(GREEN),
        "explanation": "", "img_type": "['Paintings']", "topic_difficulty": "Easy", "subfield": "Colour",
        "question_type": "multiple-choice"}  # fmt: skip
MMMU_OPEN = MMMU | {"id": "validation_Math_6", "options": "[]", "answer": "6.333", "question_type": "open"}
# A row of each benchmark, with a right and a wrong response.
ROWS = {
    "mathvision": (VISION, r"So \boxed{6}.", r"\boxed{7}"),
    "mathvista": (VISTA, r"\boxed{1.23}", r"\boxed{1.3}"),
    "mmmu": (MMMU, "It is green.\nAnswer: B", "Answer: C"),
}


@pytest.fixture
def problems(tmp_path):
    """A function that loads rows of a benchmark from a Parquet file, as `datasets` writes them."""

    def load(name, rows, protocol=None):
        file = tmp_path / f"{next(iter(SPECS[name].sources))}.parquet"
        pq.write_table(pa.Table.from_pylist(rows), file)
        return SPECS[name].benchmark(data=file, protocol=protocol).load()

    return load


def statuses(problem, *responses):
    return [verdict.status for verdict in judge([(problem, response, "stop") for response in responses])]


@pytest.mark.parametrize("name", SPECS)
def test_a_right_response_is_right_and_one_without_an_answer_is_not_guessed_for(name, problems):
    row, right, wrong = ROWS[name]
    (problem,) = problems(name, [row])
    assert statuses(problem, right, wrong, "I cannot tell.") == ["correct", "wrong", "no_answer"]


@pytest.mark.parametrize("name", SPECS)
def test_a_benchmark_says_what_it_is_and_shows_the_picture(name, problems):
    spec = SPECS[name]
    assert all([spec.title, spec.licence, spec.description, spec.size])
    assert any("none is guessed" in caveat for caveat in spec.caveats)
    for protocol in spec.protocols:
        (problem,) = problems(name, [ROWS[name][0]], protocol.name)
        (message,) = problem.prompt
        colour = GREEN if name == "mmmu" else RED
        assert message.images == (Image(colour, "image/png"),)
        assert not protocol.one_message
        assert "{" not in message.content.replace(r"\boxed{}", "")
        assert protocol.source


# --- Where pictures come from -----------------------------------------------------------------------------------


def test_the_same_problems_from_parquet_base64_data_urls_and_files_beside_the_data(problems, tmp_path):
    made = problems("mathvision", [VISION])
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "7.jpg").write_bytes(RED)
    encoded = base64.b64encode(RED).decode()
    forms = [
        VISION | {"decoded_image": None},  # the path in `image`
        VISION | {"decoded_image": encoded},
        VISION | {"decoded_image": f"data:image/png;base64,{encoded}"},
        VISION | {"decoded_image": {"bytes": encoded, "path": None}},
        VISION | {"decoded_image": {"bytes": None, "path": "images/7.jpg"}},
        {key: value for key, value in VISION.items() if key != "decoded_image"},
    ]
    for number, row in enumerate(forms):
        file = tmp_path / f"test{number}.jsonl"
        file.write_text(json.dumps(row) + "\n")
        assert SPECS["mathvision"].benchmark(data=file).load() == made
    assert data_digest(made) != data_digest(
        problems("mathvision", [VISION | {"decoded_image": stored(BLUE)}])
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("images/9.jpg", r"there is no picture .*images/9\.jpg"),
        ("images/\0.jpg", "there is no picture"),
        (None, "a picture is bytes, base64, or the path"),
        (5, "a picture is bytes, base64, or the path"),
        (stored(None), "a picture is bytes, base64, or the path"),
        (stored("bm8gcGljdHVyZQ=="), "a picture of 10 bytes cannot be read"),
        ("data:image/png;base64,*", "a picture is no base64"),
    ],
)
def test_a_picture_that_is_missing_or_damaged_is_one_sentence(given, says, tmp_path):
    if "cannot be read" in says:
        pytest.importorskip("PIL")
    file = tmp_path / "test.jsonl"
    good = VISION | {"decoded_image": base64.b64encode(RED).decode()}
    rows = (good, VISION | {"image": None, "decoded_image": given})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(DataError, match=f"row 2, is not as mathvision has it: picture: {says}") as error:
        SPECS["mathvision"].benchmark(data=file)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("as_datasets_stores_it", [False, True])
@pytest.mark.parametrize("form", ["absolute", "above", "around", "link", "linked folder"])
def test_no_picture_is_read_from_outside_the_datas_folder(form, as_datasets_stores_it, tmp_path):
    secret = tmp_path / "private" / "7.png"
    secret.parent.mkdir()
    secret.write_bytes(RED)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "link.png").symlink_to(secret)
    (folder / "linked").symlink_to(secret.parent)
    path = {
        "absolute": str(secret),
        "above": "../private/7.png",
        "around": "images/../../private/7.png",
        "link": "link.png",
        "linked folder": "linked/7.png",
    }[form]
    (folder / "images").mkdir()
    file = folder / "test.jsonl"
    given = {"bytes": None, "path": path} if as_datasets_stores_it else path
    file.write_text(json.dumps(VISION | {"image": None, "decoded_image": given}))
    with pytest.raises(DataError, match=r"picture: the picture .* is outside the data's folder") as error:
        SPECS["mathvision"].benchmark(data=file)
    assert "\n" not in str(error.value)


def test_paths_that_stay_in_the_datas_folder_are_read_through_links_too(problems, tmp_path):
    made = problems("mathvision", [VISION])
    folder = tmp_path / "data"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "7.png").write_bytes(RED)
    (folder / "also.png").symlink_to("images/7.png")
    (tmp_path / "linked").symlink_to(folder)
    for path in ("images/7.png", "images/../also.png", str(folder / "also.png")):
        (folder / "test.jsonl").write_text(json.dumps(VISION | {"image": path, "decoded_image": None}))
        assert SPECS["mathvision"].benchmark(data=tmp_path / "linked" / "test.jsonl").load() == made


def test_pictures_are_known_by_their_bytes_and_other_kinds_become_png():
    assert picture(RED).media_type == "image/png"
    assert picture(b"\xff\xd8\xff\xe0rest").media_type == "image/jpeg"
    assert picture(b"RIFF\0\0\0\0WEBPrest").media_type == "image/webp"
    pillow = pytest.importorskip("PIL.Image")
    import io

    for kind in ("GIF", "BMP", "TIFF"):
        file = io.BytesIO()
        pillow.new("RGB", (5, 2), "blue").save(file, kind)
        made = picture(file.getvalue())
        assert made.media_type == "image/png"
        opened = pillow.open(io.BytesIO(made.data))
        assert (opened.size, opened.convert("RGB").getpixel((4, 1))) == ((5, 2), (0, 0, 255))


def test_other_kinds_are_refused_where_pillow_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ValueError, match="pip install pillow"):
        picture(b"GIF89a...")
    assert picture(RED).media_type == "image/png"


# --- MATH-Vision ------------------------------------------------------------------------------------------------


def test_mathvision_lists_options_unless_the_picture_does(problems):
    texts = VISION | {"id": "9", "options": [r"$\frac{1}{2}$", "$2$"], "answer": "A"}
    plain, drawn, listed = problems("mathvision", [VISION, VISION_CHOICE, texts])
    assert "A. " not in drawn.prompt[0].content
    assert "X is one of A, B, C, D, E." in drawn.prompt[0].content
    assert "A. $\\frac{1}{2}$\nB. $2$" in listed.prompt[0].content
    assert (plain.tags, plain.verifier) == ({"subject": "counting", "level": "2"}, "math")
    assert statuses(drawn, "Answer: D", r"\boxed{D}", "Answer: E", "A or D") == [
        "correct",
        "correct",
        "wrong",
        "wrong",
    ]
    assert statuses(listed, r"\boxed{\frac{1}{2}}", r"\boxed{2}") == ["correct", "wrong"]


def test_mathvision_judges_a_letter_without_options(problems):
    (problem,) = problems("mathvision", [VISION | {"answer": "C"}])
    assert statuses(problem, r"\boxed{C}", r"\boxed{D}") == ["correct", "wrong"]


# --- MathVista --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "precision", "answer", "right", "wrong"),
    [
        ("integer", None, "7", ["7", "7.0", r"7 \text{ cm}"], ["7.5", "8"]),
        ("float", 1.0, "1.2", ["1.2", "1.20", "1.234", r"1.2 \text{ cm}"], ["1.3", "1", "1.26"]),
        ("float", 2.0, "0.67", ["0.67", "2/3", "0.667"], ["0.7", "0.66"]),
        ("list", None, "[0, 7]", ["[0, 7]", "[0,7]", "[0.0, 7]"], ["[7, 0]", "[0, 7, 7]", "7"]),
        ("text", None, "Blue", ["blue", r"\text{Blue}"], ["red"]),
    ],
)
def test_mathvista_judges_by_the_type_of_answer(kind, precision, answer, right, wrong, problems):
    row = VISTA | {"answer_type": kind, "precision": precision, "answer": answer}
    (problem,) = problems("mathvista", [row])
    responses = [f"\\boxed{{{text}}}" for text in right + wrong]
    assert statuses(problem, *responses) == ["correct"] * len(right) + ["wrong"] * len(wrong)


def test_mathvista_asks_for_unit_places_and_choices(problems):
    decimal, choice = problems("mathvista", [VISTA, VISTA_CHOICE])
    assert "red line? (Unit: cm)" in decimal.prompt[0].content
    assert "a decimal number with 1 decimal place, within" in decimal.prompt[0].content
    assert "A. 12\nB. 15\nC. 18" in choice.prompt[0].content
    assert (choice.reference, choice.verifier) == ("B", "choice")
    assert statuses(choice, "Answer: B", r"\boxed{15}", r"\boxed{18}") == ["correct", "correct", "wrong"]
    assert (decimal.tags["answer"], choice.tags["answer"]) == ("float", "choice")


# --- MMMU -------------------------------------------------------------------------------------------------------


def test_mmmu_shows_the_pictures_that_are_referred_to_in_the_order_of_their_new_numbers(problems):
    row = MMMU | {
        "question": "Compare <image 4> and <image 2>.",
        "options": "['like <image 2>', \"it's like <image 7>\"]",
        "image_1": stored(b"\xff\xd8\xffnot shown"),
        "image_2": stored(RED),
        "image_4": stored(GREEN),
        "image_7": stored(BLUE),
    }
    (problem,) = problems("mmmu", [row])
    (message,) = problem.prompt
    assert [image.data for image in message.images] == [RED, GREEN, BLUE]
    assert "Compare <image 2> and <image 1>." in message.content
    assert "A. like <image 1>\nB. it's like <image 3>" in message.content
    assert statuses(problem, "Answer: B", "it's like <image 3>", "like <image 1>") == [
        "correct",
        "correct",
        "wrong",
    ]


def test_mmmu_without_markers_shows_every_picture(problems):
    (problem,) = problems("mmmu", [MMMU | {"question": "Which?", "image_3": stored(BLUE)}])
    assert [image.data for image in problem.prompt[0].images] == [GREEN, BLUE]


@pytest.mark.parametrize(
    ("answer", "right", "wrong"),
    [
        ("6.333", ["6.333", "6.33", "19/3"], ["6.3", "6.34"]),
        ("['24/7', '3.429']", ["24/7", "3.429", "3.43"], ["3.4", "7/24"]),
        ("-120", ["-120", r"-120 \text{ V}"], ["120"]),
        ("['$MgS$', 'MgS']", ["MgS", r"\text{MgS}"], ["Mg", "S"]),
        ("Transformation", ["transformation", r"\text{Transformation}"], ["mutation"]),
        ("['5', '6']", ["5", "6"], ["7"]),
        ("[5, 6]", ["5", "6"], ["7"]),
        ("C", ["C"], ["B"]),
    ],
)
def test_mmmu_takes_any_accepted_answer_of_an_open_question(answer, right, wrong, problems):
    (problem,) = problems("mmmu", [MMMU_OPEN | {"answer": answer}])
    responses = [f"\\boxed{{{text}}}" for text in right + wrong]
    assert statuses(problem, *responses) == ["correct"] * len(right) + ["wrong"] * len(wrong)
    assert "A. " not in problem.prompt[0].content


def test_mmmu_asks_for_the_letter_alone_under_its_direct_protocol(problems):
    choice, open_ended = problems("mmmu", [MMMU, MMMU_OPEN], "direct")
    assert "step by step" not in choice.prompt[0].content + open_ended.prompt[0].content
    assert statuses(choice, "B", "(B) green", "A") == ["correct", "correct", "wrong"]
    assert statuses(open_ended, "6.33", "7") == ["correct", "wrong"]
    assert choice.tags == {"subject": "Art_Theory", "discipline": "Art and Design", "type": "multiple-choice"}


def test_mmmu_takes_the_option_that_is_mentioned_last_where_its_protocol_says_so(problems):
    reply = "The colour of the picture is green. That is a colour between yellow and the others."
    (problem,) = problems("mmmu", [MMMU], "direct-mention")
    assert statuses(problem, reply, reply.replace("green", "red"), "B") == ["correct", "wrong", "correct"]
    for protocol in ("direct", "validation-cot"):
        (problem,) = problems("mmmu", [MMMU], protocol)
        assert statuses(problem, reply) == ["no_answer"]


def test_mmmu_is_read_from_a_file_of_each_subject_too(tmp_path):
    for subject, number in (("Math", 3), ("Art_Theory", 5)):
        row = MMMU | {"id": f"validation_{subject}_{number}", "image_1": base64.b64encode(GREEN).decode()}
        (tmp_path / f"{subject}.jsonl").write_text(json.dumps(row))
    made = SPECS["mmmu"].benchmark(data=tmp_path).load()
    assert [problem.tags["subject"] for problem in made] == ["Art_Theory", "Math"]


def test_mmmu_has_thirty_subjects_in_six_disciplines():
    assert (len(mmmu.DISCIPLINES), len(mmmu.DISCIPLINE_OF)) == (6, 30)


# --- Rows to judge responses by ---------------------------------------------------------------------------------

VISTA_FILE = {
    name: {key: value for key, value in row.items() if key != "decoded_image"}
    for name, row in (("3", VISTA), ("4", VISTA_CHOICE))
}
"""As the authors' testmini.json has them: by pid, with the path of a picture that lies elsewhere."""


@pytest.mark.parametrize("name", SPECS)
def test_what_a_response_is_judged_by_needs_no_picture(name, problems):
    (asked,) = problems(name, [ROWS[name][0]])
    row = {
        key: value for key, value in ROWS[name][0].items() if not key.startswith(("image_", "decoded_image"))
    }
    problem = SPECS[name].problem(row)
    assert problem == replace(asked, prompt=(replace(asked.prompt[0], images=()),))


def test_mathvistas_own_file_is_read_by_pid(tmp_path):
    file = tmp_path / "testmini.json"
    file.write_text(json.dumps(VISTA_FILE))
    made = SPECS["mathvista"].benchmark(data=file, judged_only=True).load()
    assert [(problem.id, problem.reference) for problem in made] == [
        ("mathvista/3", "1.2"),
        ("mathvista/4", "B"),
    ]
    with pytest.raises(DataError, match=r"row 1, is not as mathvista has it: picture: there is no picture"):
        SPECS["mathvista"].benchmark(data=file)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "3.jpg").write_bytes(RED)
    asked = SPECS["mathvista"].benchmark(data=file).load()
    assert [problem.prompt[0].images[0].data for problem in asked] == [RED, RED]


def test_a_choice_that_mathvista_has_twice_is_one_choice():
    problem = SPECS["mathvista"].problem(VISTA_CHOICE | {"choices": ["9", "12", "18", "18"], "answer": "18"})
    assert problem is not None
    assert statuses(problem, "Answer: C", r"\boxed{18}", "Answer: B") == ["correct", "correct", "wrong"]


def test_the_rows_of_mmmus_own_files_are_judged_by(tmp_path):
    answers = {
        "validation_Art_Theory_5": {"question_type": "multiple-choice", "ground_truth": "B"},
        "validation_Math_6": {"question_type": "short-answer", "ground_truth": ["3/4", "0.75"]},
    }
    file = tmp_path / "answer_dict_val.json"
    file.write_text(json.dumps(answers))
    choice, open_ended = SPECS["mmmu"].benchmark(data=file, judged_only=True).load()
    assert statuses(choice, "B", "Answer: A") == ["correct", "wrong"]
    assert statuses(open_ended, r"\boxed{0.75}", r"\boxed{3/4}", r"\boxed{4/3}") == [
        "correct",
        "correct",
        "wrong",
    ]
    with pytest.raises(
        DataError, match=r"row 1, is not as mmmu has it: the row: the row has no question to ask"
    ):
        SPECS["mmmu"].benchmark(data=file)

    output = {"id": "validation_Art_Theory_5", "question_type": "multiple-choice", "answer": "B",
              "all_choices": ["A", "B", "C"], "index2ans": {"A": "red", "B": "green", "C": "<image 2>"},
              "response": "green"}  # fmt: skip
    problem = SPECS["mmmu"].problem(output, "direct")
    assert problem is not None
    assert problem.tags["discipline"] == "Art and Design"
    assert statuses(problem, "green", "(B) green", "red", "D") == ["correct", "correct", "wrong", "wrong"]


def test_a_json_file_that_holds_no_rows_is_one_sentence(tmp_path):
    for text in ("{}", '{"3": 5}', '"rows"'):
        (tmp_path / "testmini.json").write_text(text)
        with pytest.raises(DataError, match="neither a list of rows nor rows by their id"):
            SPECS["mathvista"].benchmark(data=tmp_path)


# --- Rows that do not fit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "row", "says"),
    [
        ("mmmu", MMMU | {"question": "See <image 5>."}, "refers to <image 5>, and there is no image_5"),
        ("mmmu", MMMU | {"answer": "?"}, "hidden"),
        ("mmmu", MMMU | {"answer": "D"}, "'D' is none of the 3 options"),
        ("mmmu", MMMU | {"id": "validation_Alchemy_1"}, "'Alchemy' is no subject"),
        ("mmmu", MMMU | {"options": "['red', 'gr"}, "options: "),
        ("mathvista", VISTA | {"answer": ""}, "take testmini"),
        ("mathvista", VISTA_CHOICE | {"answer": "16"}, "'16' is none of the 3 choices"),
        ("mathvision", VISION_CHOICE | {"answer": "F"}, "'F' is none of the 5 options"),
    ],
)
def test_a_row_that_does_not_fit_is_one_sentence(name, row, says, problems):
    with pytest.raises(DataError, match="row 1, is not as") as error:
        problems(name, [row])
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert "Value error" not in str(error.value)
