"""The client: the interface of a local sandbox, and each input exactly once, whatever the service does."""

import base64
import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_process import ROOT, descendants, eventually, start_fake

from verifiers.sandbox import Call, Limits, Program, SandboxUnavailable, Stdin
from verifiers.sandbox.client import RemoteSandbox

LIMITS = Limits()


def inputs(*texts):
    return [Stdin(text.encode()) for text in texts]


def encoded(text):
    return b'"%s"' % base64.b64encode(text.encode())


def outputs(executions):
    return [execution.stdout.decode() for execution in executions]


def outcomes(executions):
    return [execution.outcome for execution in executions]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def remote(service):
    with RemoteSandbox(service.url, patience=20) as sandbox:
        yield sandbox


@contextmanager
def listening(*replies):
    """A server that gives these replies, one a connection, to whatever is asked; then it goes on with the last."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = []

        def serve():
            for reply in itertools.chain(replies, itertools.repeat(replies[-1])):
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.settimeout(5)
                    asked.append(line.recv(1 << 20))
                    while b'"inputs":[' not in asked[-1]:
                        asked[-1] += line.recv(1 << 20)
                    line.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)


def reply(*lines, whole=True, status="200 OK"):
    body = b"".join(b"%x\r\n%s\r\n" % (len(line), line) for line in lines) + (b"0\r\n\r\n" if whole else b"")
    return f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + body


ONE = (
    b'{"outcome":"exited","reason":"","exit_code":0,"signal":null,"limit":null,"stdout":"","stderr":"","value":'
    b'null,"cpu_seconds":0,"wall_seconds":0,"peak_memory_bytes":0,"layers":[]}\n'
)


# --- As a local sandbox -------------------------------------------------------------------------------------


def test_executions_come_in_order(remote):
    executions = list(remote.run(Program("echo"), inputs("a", "b", "c"), LIMITS))
    assert outputs(executions) == ["a", "b", "c"]
    assert all(execution.ok for execution in executions)
    assert list(remote.run(Program("echo"), [], LIMITS)) == []


def test_more_inputs_than_fit_in_a_request(started):
    service = started()
    texts = [str(number) for number in range(2_500)]
    with RemoteSandbox(service.url) as sandbox:
        assert outputs(sandbox.run(Program("echo"), inputs(*texts), LIMITS)) == texts
    assert eventually(lambda: [line["inputs"] for line in service.runs()] == [1_000, 1_000, 500])


def test_large_inputs_and_outputs_pass(started):
    large = [Stdin(os.urandom(9_000_000)) for _ in range(5)]
    with RemoteSandbox(started().url) as sandbox:
        back = [execution.stdout for execution in sandbox.run(Program("echo"), large, LIMITS)]
        assert back == [one.data for one in large]
        with pytest.raises(ValueError, match="An input is too large: a request may have 33,554,432 bytes"):
            list(sandbox.run(Program("echo"), [Stdin(b"x" * 33_000_000)], LIMITS))
        with pytest.raises(ValueError, match="The program is too large"):
            sandbox.run(Program("#" * 34_000_000), inputs("a"), LIMITS)


def test_inputs_are_taken_as_they_are_needed(remote):
    taken = []

    def endless():
        for number in itertools.count():
            taken.append(number)
            yield Stdin(b"%d" % number)

    with pytest.raises(ValueError, match="this service takes 50 at once"):  # a thousand is what is usual
        next(remote.run(Program("echo"), endless(), LIMITS))
    assert len(taken) <= 1_001


def test_a_caller_s_mistake_is_a_value_error(remote, service):
    for program, limits in ((Program("", "cobol"), LIMITS), ("", LIMITS), (Program(b""), LIMITS), (Program(""), None),
                            (Program(""), Limits(cpu_seconds=0)), (Program(""), Limits(wall_seconds=float("nan"))),
                            (Program("", files={"a": 1}), LIMITS)):  # fmt: skip
        with pytest.raises(ValueError, match=r"\.$"):
            remote.run(program, [], limits)
    executions = remote.run(Program("echo"), [*inputs("a"), "b"], LIMITS)
    assert next(executions).stdout == b"a"
    with pytest.raises(ValueError, match="An input is text; it must be Stdin, Call or Check"):
        next(executions)
    with pytest.raises(ValueError, match=r"`limits\.wall_seconds` is 1,000; this service"):
        list(remote.run(Program("echo"), inputs("a"), Limits(wall_seconds=1_000)))
    with pytest.raises(ValueError, match="This sandbox refuses"):
        list(remote.run(Program("refuse"), inputs("a"), LIMITS))
    executions = remote.run(Program("refuse b"), inputs("a", "b"), LIMITS)
    with pytest.raises(ValueError, match="refuses this input"):
        list(executions)
    for url in ("", "127.0.0.1:8000", "ftp://a", "http://", "http://a:b", "http://a?b", "http://[::1"):
        with pytest.raises(ValueError, match="is no URL of a sandbox service; one is"):
            RemoteSandbox(url)
    for token in ("a\nb", "é"):
        with pytest.raises(ValueError, match="printable ASCII"):
            RemoteSandbox(service.url, token)


@given(data=st.binary(max_size=2_000), name=st.text(max_size=5), source=st.text(max_size=20))
def test_all_that_can_be_sent_arrives(service, data, name, source):
    """The fake sandbox takes any source whose first word it does not know for `echo`."""
    with RemoteSandbox(service.url) as sandbox:
        program = Program(f"echo {source}", "cpp", {name: source})
        first, second = sandbox.run(program, [Stdin(data), Call(name, source)], LIMITS)
        assert first.stdout == data
        assert second.stdout == repr(Call(name, source)).encode()


def test_closing_the_iterator_ends_the_program(started):
    service = started(workers=1)
    with RemoteSandbox(service.url) as sandbox:
        executions = sandbox.run(Program("sleep 0.2"), inputs(*"abcdefghijklmnopqrstuvwxyz"), LIMITS)
        next(executions)
        executions.close()
        assert eventually(lambda: service.health()["running"] == 0, 2)
        executions = sandbox.run(Program("sleep 100"), inputs("a"), LIMITS)
        threading.Timer(0.3, sandbox.close).start()
        assert outcomes(executions) == ["failed"]
        assert eventually(lambda: service.health()["running"] == 0, 2)
        (late,) = sandbox.run(Program("echo"), inputs("a"), LIMITS)
        assert (late.outcome, late.reason) == ("failed", "The sandbox is closed.")


def test_a_connection_is_used_again(started):
    service = started()
    with RemoteSandbox(service.url) as sandbox:
        for _ in range(20):
            for execution, _ in zip(
                sandbox.run(Program("echo"), inputs("a", "b"), LIMITS), "ab", strict=False
            ):
                assert execution.ok
            assert outputs(sandbox.run(Program("echo"), inputs("a", "b"), LIMITS)) == ["a", "b"]
    assert eventually(lambda: len(service.runs()) == 40)
    assert len({line["client"] for line in service.runs()}) == 1


def test_a_connection_that_the_service_dropped_is_replaced(started):
    service = started(head_seconds=0.3)
    with RemoteSandbox(service.url, patience=0.0) as sandbox:
        for _ in range(3):
            assert outputs(sandbox.run(Program("echo"), inputs("a"), LIMITS)) == ["a"]
            time.sleep(0.5)


def test_two_runs_of_one_thread_do_not_mix(remote):
    pairs = zip(
        remote.run(Program("echo"), inputs(*"abc"), LIMITS),
        remote.run(Program("echo"), inputs(*"def"), LIMITS),
        strict=True,
    )
    assert [(one.stdout + other.stdout) for one, other in pairs] == [b"ad", b"be", b"cf"]


def test_two_hundred_at_once_through_a_small_queue(started):
    service = started(queue=8)
    with RemoteSandbox(service.url) as sandbox, ThreadPoolExecutor(200) as threads:

        def one(number):
            return outputs(sandbox.run(Program("echo"), inputs(f"{number}", f"{number}!"), LIMITS))

        assert list(threads.map(one, range(200))) == [[f"{number}", f"{number}!"] for number in range(200)]
    assert eventually(lambda: service.health()["running"] == 0)


def test_after_fork_each_process_has_its_own_connections(service):
    script = """
import os, sys
from verifiers.sandbox import Limits, Program, Stdin
from verifiers.sandbox.client import RemoteSandbox
sandbox = RemoteSandbox(sys.argv[1])
def run(program, texts): return sandbox.run(Program(program), [Stdin(text.encode()) for text in texts], Limits())
list(run("echo", "ab"))
begun = run("sleep 0.05", "abcdefghij")
first = [next(begun).stdout for _ in range(3)]
children = []
for name in ("x", "y"):
    if not (child := os.fork()):
        assert [e.stdout for e in begun] == [c.encode() for c in "defghij"]
        assert [e.stdout for e in run("echo", [name] * 50)] == [name.encode()] * 50
        sandbox.close()
        os._exit(0)
    children.append(child)
rest = [execution.stdout for execution in begun]
assert first + rest == [c.encode() for c in "abcdefghij"], rest
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
assert [e.stdout for e in run("echo", "ab")] == [b"a", b"b"]
print("well")
"""
    done = subprocess.run(
        [sys.executable, "-c", script, service.url], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "well\n", done.stderr


# --- The token ----------------------------------------------------------------------------------------------


def test_the_token_is_sent(started, monkeypatch):
    service = started(token="open-sesame")
    with RemoteSandbox(service.url, "open-sesame") as sandbox:
        assert outputs(sandbox.run(Program("echo"), inputs("a"), LIMITS)) == ["a"]
        assert sandbox.health()["workers"] == 2
    with RemoteSandbox(service.url, "open") as sandbox, pytest.raises(ValueError, match="The token is wrong"):
        list(sandbox.run(Program("echo"), inputs("a"), LIMITS))
    with RemoteSandbox(service.url) as sandbox, pytest.raises(ValueError, match="needs a token"):
        list(sandbox.run(Program("echo"), inputs("a"), LIMITS))
    monkeypatch.setenv("K15_SANDBOX_TOKEN", "open-sesame")
    with RemoteSandbox(service.url) as sandbox:
        assert outputs(sandbox.run(Program("echo"), inputs("a"), LIMITS)) == ["a"]


# --- When the service fails ---------------------------------------------------------------------------------


def test_a_service_that_is_killed_and_comes_back_runs_each_input_once(tmp_path):
    port, notes = free_port(), tmp_path / "killed"
    services = [start_fake(port)]
    texts = [str(number) for number in range(100)]
    program = Program(f"die {notes} 60")

    def restart():
        services[0].process.wait()
        time.sleep(0.5)
        services.append(start_fake(port))

    again = threading.Thread(target=restart)
    again.start()
    with RemoteSandbox(services[0].url, patience=60) as sandbox:
        assert outputs(sandbox.run(program, inputs(*texts), LIMITS)) == texts
    again.join()
    assert notes.exists()
    assert services[1].stop() == 0


def test_what_has_arrived_is_not_asked_for_again(tmp_path):
    replies = reply(ONE, ONE, whole=False), reply(ONE[:20], whole=False), reply(ONE), reply(ONE, ONE)
    with listening(*replies) as (url, asked), RemoteSandbox(url, patience=20) as sandbox:
        executions = list(sandbox.run(Program("echo"), inputs(*"abcde"), LIMITS))
    assert outcomes(executions) == ["exited"] * 5
    assert [body.count(b'"stdin"') for body in asked] == [5, 1, 1, 2]
    assert ["".join(one for one in "abcde" if encoded(one) in body) for body in asked] == [
        "abcde",
        "c",
        "c",
        "de",
    ]


@pytest.mark.slow
def test_an_input_that_kills_the_service_does_not_stand_for_the_others(tmp_path):
    port = free_port()
    stop, services = threading.Event(), []

    def keep_up():
        while not stop.is_set():
            services.append(start_fake(port))
            while services[-1].process.poll() is None and not stop.is_set():
                time.sleep(0.02)

    keeper = threading.Thread(target=keep_up)
    keeper.start()
    try:
        with RemoteSandbox(f"http://127.0.0.1:{port}", patience=60) as sandbox:
            executions = list(sandbox.run(Program("die always c"), inputs(*"abcde"), LIMITS))
    finally:
        stop.set()
        keeper.join()
        services[-1].stop()
    assert outcomes(executions) == ["exited", "exited", "failed", "exited", "exited"]
    assert "broke off 4 times at this input" in executions[2].reason


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([reply(status="503 Busy")], "stayed away for 1 seconds"),
        ([reply(status="429 Slow down")], "stayed away for 1 seconds"),
        ([b""], "Remote end closed connection without response"),
        ([b"HTTP/1.1 200 OK\r\n"], "stayed away for 1 seconds"),
        (
            [reply(b"never mind\n")],
            "does not speak as this version of its client expects: A line of the reply is not",
        ),
        ([reply(ONE.replace(b'"exited"', b'"flew"'))], "`outcome` is 'flew'"),
        ([reply(ONE.replace(b'"layers":[]', b'"layers":["luck"]'))], "`layers` is 'luck'"),
        ([reply(ONE.replace(b'"value":null', b'"value":null,"more":1'))], "unknown field 'more'"),
        ([reply(ONE, ONE, ONE, ONE)], "more executions than there are inputs"),
        ([reply(b'{"error":"No.","again":true}\n')], "No."),
    ],
)
def test_what_fails_is_failed_once_for_each_input(lines, reason):
    with listening(*lines) as (url, _), RemoteSandbox(url, patience=1) as sandbox:
        executions = list(sandbox.run(Program("echo"), inputs(*"abc"), LIMITS))
    assert outcomes(executions)[-1] == "failed"
    assert len(executions) == 3
    assert reason in executions[-1].reason


def test_a_reply_that_falls_silent_has_broken_off():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with RemoteSandbox(url, patience=1, silence=0.2) as sandbox:
            begun = time.monotonic()
            (execution,) = sandbox.run(Program("echo"), inputs("a"), LIMITS)
    assert (execution.outcome, time.monotonic() - begun < 5) == ("failed", True)
    assert execution.reason.endswith("It does not answer in time.")


def test_a_service_that_is_not_there_is_waited_for(tmp_path):
    port, services = free_port(), []
    begun = threading.Timer(1.0, lambda: services.append(start_fake(port)))
    begun.start()
    with RemoteSandbox(f"http://127.0.0.1:{port}", patience=60) as sandbox:
        assert outputs(sandbox.run(Program("echo"), inputs("a"), LIMITS)) == ["a"]
    begun.join()
    assert services[0].stop() == 0
    with RemoteSandbox(f"http://127.0.0.1:{port}", patience=0.5) as sandbox:
        executions = list(sandbox.run(Program("echo"), inputs("a", "b"), LIMITS))
        assert outcomes(executions) == ["failed", "failed"]
        assert "stayed away for 0.5 seconds: Connection refused." in executions[0].reason
        with pytest.raises(
            SandboxUnavailable, match=r"no sandbox service ready at http.*: Connection refused\.$"
        ):
            sandbox.health()


def test_something_else_at_the_url_is_a_caller_s_mistake(service):
    with RemoteSandbox(f"{service.url}/other") as sandbox:
        with pytest.raises(ValueError, match="GET /health and POST /run"):
            list(sandbox.run(Program("echo"), inputs("a"), LIMITS))
        with pytest.raises(SandboxUnavailable, match="status 404"):
            sandbox.health()
    with (
        listening(reply(b"<html>", status="404 Nothing")) as (url, _),
        RemoteSandbox(url) as sandbox,
        pytest.raises(ValueError, match="answers with status 404: it is no sandbox service"),
    ):
        list(sandbox.run(Program("echo"), inputs("a"), LIMITS))


def test_a_caller_that_takes_its_time_gets_all(started):
    service = started(buffer_bytes=1 << 16, stall_seconds=0.2)
    with RemoteSandbox(service.url) as sandbox:
        sizes = []
        for execution in sandbox.run(Program("bytes 3000000"), inputs(*"abcdefgh"), LIMITS):
            sizes.append(len(execution.stdout))
            time.sleep(0.4)
    assert sizes == [3_000_000] * 8
    assert any(line["end"] == "client too slow" for line in service.runs())


def test_the_tests_leave_nothing_behind(service):
    assert descendants(service.process.pid) == []
