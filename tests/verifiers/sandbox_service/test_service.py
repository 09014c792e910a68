"""The service as any HTTP client sees it, around a fake sandbox."""

import base64
import copy
import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_process import bearer, eventually, request

from verifiers.sandbox.service import Bounds, Service
from verifiers.sandbox.service_server import check_host, serve

ECHO = request("echo", "a", "b")


def outputs(answer):
    return [base64.b64decode(line["stdout"]).decode() for line in answer.lines]


def test_health_says_what_there_is(service):
    told = service.health()
    assert told["ready"] is True
    assert (told["workers"], told["running"], told["queue"], told["queued"]) == (2, 0, 256, 0)
    assert told["bounds"]["inputs"] == 50
    assert told["bounds"]["limits"]["wall_seconds"] == 120
    assert told["toolchains"] == {}
    assert told["version"]


def test_a_request_is_answered_line_by_line(service):
    answer = service.post(ECHO)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert outputs(answer) == ["a", "b"]
    assert service.post(request("echo")).text == ""


def test_an_execution_is_sent_as_soon_as_it_ends(service):
    response = service.ask(request("sleep 0.3", *"abc")).getresponse()
    arrivals = []
    while line := response.readline():
        if line.strip():
            arrivals.append(time.monotonic())
    assert len(arrivals) == 3
    assert arrivals[2] - arrivals[0] > 0.4


def test_a_long_silence_has_empty_lines(service):
    lines = service.post(request("sleep 1", "a")).text.split("\n")
    assert lines.count("") > 3
    assert sum(line != "" for line in lines) == 1


# --- Who may come -------------------------------------------------------------------------------------------


def test_with_a_token_nobody_else_is_served(started):
    service = started(token="open sesame")
    assert service.post(ECHO).status == 401
    assert service.post(ECHO).error == "This service needs a token: Authorization: Bearer TOKEN."
    for wrong in ("open", "open sesame!", "", "öpen sesame"):
        answer = service.post(ECHO, {"Authorization": f"Bearer {wrong}".encode("latin-1")})
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert service.post(ECHO, {"Authorization": "Basic open sesame"}).status == 401
    assert service.get("/health") == (200, {"ready": True})
    assert outputs(service.post(ECHO, bearer("open sesame"))) == ["a", "b"]
    assert service.health("open sesame")["workers"] == 2


def test_without_a_token_no_name_but_this_machine_s_is_served(service):
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "[", ""):
        answer = service.post(ECHO, {"Host": host})
        assert answer.status == 403, host
        assert "127.0.0.1 or localhost" in answer.error
        connection = service.ask(b"", {"Host": host}, "/health")
        connection.close()
    for host in ("localhost", "127.0.0.1:81", "[::1]:80"):
        assert service.post(ECHO, {"Host": host}).status == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "example.org"])
def test_other_machines_need_a_token(host):
    with pytest.raises(ValueError, match="can be reached from other machines: give a token"):
        check_host(host, token_given=False)
    check_host(host, token_given=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_none(host):
    check_host(host, token_given=False)


def test_a_port_that_is_taken_is_one_sentence(service):
    def make():
        raise AssertionError("No sandbox starts where no service can.")

    with pytest.raises(ValueError, match="cannot be listened on: Address already in use"):
        serve(Service(make, Bounds(workers=1)), "127.0.0.1", service.port, token_given=False)


# --- What is refused ----------------------------------------------------------------------------------------

LIMITS = {"cpu_seconds": 1, "wall_seconds": 1, "memory_bytes": 1, "processes": 1, "open_files": 1}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The request is not JSON"),
        (b"{", "The request is not JSON"),
        (b"\xff", "The request is not UTF-8 text"),
        (b"[" * 50_000, "The request is nested too deeply"),
        (b'{"program": NaN}', "has the number NaN, which JSON does not"),
        (b'{"program": 1, "program": 2}', "has the field 'program' twice"),
        (b"[" + b"1" * 5_000 + b"]", "a number with too many digits"),
        ([], "The request is an array; it must be an object."),
        ({}, "The request lacks the field `program`."),
        ({"program": {"source": ""}}, "The request lacks the field `inputs`."),
        ({**ECHO, "more": 1}, "The request has an unknown field 'more'; it has program, inputs, limits."),
        ({**ECHO, "program": "print()"}, "`program` is text; it must be an object."),
        ({**ECHO, "program": {}}, "`program` lacks the field `source`."),
        ({**ECHO, "program": {"source": 1}}, "`program.source` is a int; it must be text."),
        ({**ECHO, "program": {"source": "", "language": "cobol"}}, "`program.language` is 'cobol'; it must be one"),
        ({**ECHO, "program": {"source": "", "files": ["a"]}}, "`program.files` must be an object of text"),
        ({**ECHO, "program": {"source": "", "files": {"a": 1}}}, "`program.files` must be an object of text"),
        ({**ECHO, "inputs": {}}, "`inputs` is an object; it must be an array."),
        ({**ECHO, "inputs": ["a"]}, "`inputs[0]` must be an object with one of"),
        ({**ECHO, "inputs": [{"stdin": "", "call": {}}]}, "`inputs[0]` must be an object with one of"),
        ({**ECHO, "inputs": [{"stdin": ""}, {"stdin": "?"}]}, "`inputs[1].stdin` is not base64."),
        ({**ECHO, "inputs": [{"stdin": "é"}]}, "`inputs[0].stdin` is not base64."),
        ({**ECHO, "inputs": [{"stdin": 1}]}, "`inputs[0].stdin` is a int; it must be text in base64."),
        ({**ECHO, "inputs": [{"call": {"function": "f"}}]}, "`inputs[0].call` lacks the field `arguments`."),
        ({**ECHO, "inputs": [{"check": {"function": "f", "tests": None}}]}, "`inputs[0].check.tests` is null"),
        ({**ECHO, "inputs": [{"stdin": ""}] * 51}, "`inputs` has 51 inputs; this service takes 50 at once."),
        ({**ECHO, "limits": []}, "`limits` is an array; it must be an object."),
        ({**ECHO, "limits": {"cpu": 1}}, "`limits` has an unknown field 'cpu'"),
        ({**ECHO, "limits": {"cpu_seconds": 0}}, "`limits.cpu_seconds` is 0; it must be above 0."),
        ({**ECHO, "limits": {"cpu_seconds": True}}, "`limits.cpu_seconds` is true or false"),
        ({**ECHO, "limits": {"cpu_seconds": "1"}}, "`limits.cpu_seconds` is text; it must be a number."),
        ({**ECHO, "limits": {"processes": 1.5}}, "`limits.processes` is a float; it must be a whole number."),
        ({**ECHO, "limits": {"processes": 0}}, "`limits.processes` is 0; it must be at least 1."),
        ({**ECHO, "limits": {"processes": 10**300}}, "`limits.processes` is too large a number."),
        (json.dumps({**ECHO, "limits": {"cpu_seconds": 7}}).replace("7", "1e999").encode(), "is too large a number"),
        ({**ECHO, "limits": {"wall_seconds": 121}}, "`limits.wall_seconds` is 121; this service allows 120.0."),
        ({**ECHO, "limits": {"memory_bytes": 1 << 40}}, "this service allows 4,294,967,296."),
        (request("refuse", "a"), "This sandbox refuses."),
        (request("refuse a", "a"), "This sandbox refuses this input."),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(service, body, sentence):
    answer = service.post(body)
    assert answer.status == 400
    assert sentence in answer.error
    assert answer.lines[0]["again"] is False


def test_what_the_sandbox_refuses_later_ends_the_reply(service):
    answer = service.post(request("refuse b", "a", "b", "c"))
    assert len(answer.lines) in (1, 2)
    assert answer.lines[-1] == {"error": "This sandbox refuses this input.", "again": False}


def test_other_requests_are_refused(service):
    assert service.post(ECHO, path="/").status == 404
    assert service.get("/run")[0] == 405
    assert service.post(ECHO, path="/health").status == 405
    for sort in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = service.post(ECHO, {"Content-Type": sort})
        assert answer.status == 415
        assert "application/json" in answer.error


def test_a_large_body_is_refused_whether_it_says_its_length_or_not(service):
    body = json.dumps(request("echo", "a" * 200_000)).encode()
    answer = service.post(body)
    assert (answer.status, answer.error) == (413, "The request has more than 100,000 bytes.")
    with service.socket() as line:
        line.sendall(b"POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body))  # fmt: skip
        line.sendall(body)
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 413 ")


def test_a_bug_is_no_traceback_and_no_end_of_the_service(started):
    service = started()
    answer = service.post(request("crash", "a"))
    assert answer.status == 500
    assert answer.error == "The service failed; its log says why."
    assert outputs(service.post(ECHO)) == ["a", "b"]
    assert eventually(
        lambda: any("a bug of the sandbox" in line.get("traceback", "") for line in service.log)
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
VALID = {
    "program": {"source": "echo", "language": "python", "files": {"a": "b"}},
    "inputs": [{"stdin": "YQ=="}, {"call": {"function": "f", "arguments": "[]"}}],
    "limits": {"cpu_seconds": 1.0, "processes": 3},
}


def places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


@st.composite
def nearly_valid(draw):
    """A valid request in which one place has another value, or is gone, or has a neighbour."""
    found, path = copy.deepcopy(VALID), draw(st.sampled_from([path for path in places(VALID) if path]))
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    change = draw(st.sampled_from(["other", "gone", "neighbour"]))
    if change == "gone":
        del inner[path[-1]]
    elif change == "other":
        inner[path[-1]] = draw(VALUES)
    elif isinstance(inner, dict):
        inner[draw(st.text(max_size=8))] = draw(VALUES)
    else:
        inner.append(draw(VALUES))
    return json.dumps(found).encode()


@given(body=nearly_valid() | st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_request_makes_the_service_fail(service, body):
    answer = service.post(body)
    assert answer.status in (200, 400)
    if answer.status == 400:
        assert answer.error


@given(head=st.binary(max_size=300))
def test_no_head_makes_the_service_fail(service, head):
    with service.socket() as line:
        line.sendall(head + b"\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        said = line.recv(1 << 16)
    assert said == b"" or said[9:12] in (b"400", b"404", b"405", b"403", b"401", b"415", b"505"), said
    assert service.other == []


# --- Slots and the queue ------------------------------------------------------------------------------------


def state(service):
    told = service.health()
    return told["running"], told["queued"]


def test_a_full_queue_is_503_until_there_is_room(started):
    service = started(workers=1, queue=1)
    first = service.ask(request("sleep 1.5", "a"))
    assert eventually(lambda: state(service) == (1, 0))
    second = service.ask(request("echo", "b"))
    assert eventually(lambda: state(service) == (1, 1))
    third = service.post(request("echo", "c"))
    assert third.status == 503
    assert third.headers["Retry-After"] == "1"
    assert third.lines == [{"error": "All 1 workers are busy and 1 requests wait.", "again": True}]
    assert (first.getresponse().status, second.getresponse().status) == (200, 200)
    assert eventually(lambda: state(service) == (0, 0))
    assert service.post(request("echo", "c")).status == 200


@pytest.mark.parametrize("wait", [0.0, 0.5])
def test_a_client_that_leaves_frees_its_slot_at_once(started, wait):
    service = started(workers=1)
    connection = service.ask(request("sleep 100", "a"))
    assert eventually(lambda: state(service) == (1, 0))
    time.sleep(wait)
    connection.close()
    left = time.monotonic()
    assert outputs(service.post(ECHO)) == ["a", "b"]
    assert time.monotonic() - left < 5
    assert service.runs()[0]["end"] == "client left"


def test_a_client_that_leaves_the_queue_is_not_served(started, tmp_path):
    service, notes = started(workers=1), tmp_path / "notes"
    first = service.ask(request("sleep 1", "a"))
    assert eventually(lambda: state(service) == (1, 0))
    service_waits = service.ask(request(f"note {notes}", "b"))
    assert eventually(lambda: state(service) == (1, 1))
    service_waits.close()
    assert eventually(lambda: state(service) == (1, 0), 0.9)
    assert first.getresponse().status == 200
    assert service.post(request(f"note {notes}", "c")).status == 200
    assert notes.read_bytes() == b"c\n"


def test_a_client_that_does_not_read_holds_no_slot(started):
    service = started(workers=1, buffer_bytes=1 << 20, stall_seconds=0.5, send_seconds=1.0)
    small = [service.ask(request("bytes 100000", *"abcd")) for _ in range(5)]
    large = service.ask(request("bytes 10000000", *"abcdefgh"))
    assert eventually(lambda: any(line["end"] == "client too slow" for line in service.runs()))
    assert outputs(service.post(ECHO)) == ["a", "b"]
    for connection in small:
        assert len(connection.getresponse().read().splitlines()) == 4
    large.close()


def test_a_client_that_does_not_send_holds_no_slot(started):
    service = started(workers=1, queue=0, body_seconds=0.5)
    with service.socket() as line:
        line.sendall(b"POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     b"Content-Length: 100\r\n\r\n{")  # fmt: skip
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 408 ")
    assert service.post(ECHO).status == 200


@pytest.mark.parametrize("said", [b"", b"GET /hea", b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET"])
def test_a_connection_without_a_request_is_closed(started, said):
    service = started(head_seconds=0.5)
    with service.socket() as line:
        line.sendall(said)
        line.settimeout(10)
        try:
            while line.recv(1 << 16):
                pass
        except ConnectionResetError:
            pass


def test_many_at_once_are_answered_or_told_to_come_again(started):
    service = started(workers=2, queue=8)

    def one(number):
        return service.post(request("sleep 0.01", str(number)))

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(one, range(200)))
    assert {answer.status for answer in answers} <= {200, 503}
    for number, answer in enumerate(answers):
        if answer.status == 200:
            assert outputs(answer) == [str(number)]
    assert eventually(lambda: len(service.runs()) == 200)
    assert state(service) == (0, 0)


# --- The end ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_is_finished_and_what_waits_is_sent_away(started, number):
    service = started(workers=1)
    running = service.ask(request("sleep 0.5", "a", "b"))
    assert eventually(lambda: state(service) == (1, 0))
    waiting = service.ask(request("echo", "c"))
    assert eventually(lambda: state(service) == (1, 1))
    service.process.send_signal(number)
    answer = waiting.getresponse()
    assert (answer.status, json.loads(answer.read())["error"]) == (503, "The service is stopping.")
    assert len(running.getresponse().read().splitlines()) == 2
    code = service.process.wait(20)
    assert code == (0 if number == signal.SIGTERM else -signal.SIGINT)
    with pytest.raises(ConnectionRefusedError):
        service.socket()


def test_what_runs_for_too_long_is_cut_off(started):
    service = started(stop_seconds=0.5)
    connection = service.ask(request("sleep 100", "a"))
    assert eventually(lambda: state(service) == (1, 0))
    begun = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - begun < 10
    assert service.runs()[-1]["end"] == "stopping"
    connection.close()


def test_the_log_has_a_line_for_each_request_and_nothing_of_the_program(started):
    service = started()
    service.post(request("echo", "input-secret", limits={"cpu_seconds": 1}))
    service.post(request("echo program-secret", "a", "b"))
    service.post(b"body-secret")
    service.post(ECHO, {"Host": "evil.example"})
    assert eventually(lambda: len(service.runs()) == 4)
    first, second, third, fourth = service.runs()
    assert (first["status"], first["end"], first["inputs"], first["language"]) == (200, "done", 1, "python")
    assert second["outcomes"] == {"exited": 2}
    assert 0 <= second["queued_seconds"] <= second["seconds"]
    assert (third["status"], third["end"]) == (400, "refused")
    assert (fourth["status"], fourth["end"]) == (403, "refused")
    assert "secret" not in json.dumps(service.log)
