"""`repro eval` on a model behind an endpoint."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cli_support import repro


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # of 5 by default, and 16 requests come at a time


@pytest.fixture
def endpoint():
    """A server whose model says "yes"; `asked` are the requests that it had, `fail` what it answers instead."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append((body, self.headers.get("Authorization")))
            status, answer = server.fail or (
                200,
                {
                    "choices": [{"message": {"content": "<answer> yes </answer>"}, "finish_reason": "stop"}],
                    "usage": {"prompt_tokens": 10, "completion_tokens": 4},
                },
            )
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    server.asked, server.fail = [], None
    server.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def evaluate(endpoint, tmp_path, *more):
    few = ("--benchmark", "ordering", "--problems-per-level", "2", "--samples", "2")
    return repro("eval", endpoint.url, *few, *more, cwd=tmp_path)


def test_an_endpoint_is_scored_priced_and_asked_once(endpoint, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("cli_support").ENVIRONMENT, "MY_KEY", "secret-key")
    more = ("--model", "small", "--price-in", "1000", "--price-out", "2000", "--api-key-env", "MY_KEY")
    done = evaluate(endpoint, tmp_path, *more, "--json")
    assert done.code == 0, done.err
    (row,) = done.json["scores"]
    count = row["problems"] * 2
    assert len(endpoint.asked) == count > 0
    assert (row["checkpoint"], row["stage"], row["response_tokens_mean"]) == ("small", "external", 4.0)
    assert row["weights_digest"].startswith("endpoint:sha256:")
    assert f"{count} requests (0 repeated)" in done.err
    assert f"${count * (10 * 1000 + 4 * 2000) / 1e6:,.4f}" in done.err
    body, key = endpoint.asked[0]
    assert (body["model"], body["temperature"], key) == ("small", 1.0, "Bearer secret-key")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"secret-key" in path.read_bytes() for path in files)
    again = evaluate(endpoint, tmp_path, *more, "--json")
    assert again.json == done.json
    more_samples = evaluate(endpoint, tmp_path, *more, "--samples", "3", "--scores", "new/scores.jsonl")
    assert more_samples.code == 0
    shared = evaluate(
        endpoint, tmp_path, *more, "--scores", "other/scores.jsonl", "--cache", "generations.sqlite", "--json"
    )
    assert shared.json["scores"] == done.json["scores"]
    assert len(endpoint.asked) == count + count // 2 * 3


def test_what_is_wrong_is_one_sentence(endpoint, tmp_path):
    evaluate(endpoint, tmp_path).refused("say which with --model")
    evaluate(endpoint, tmp_path, "--model", "m", "--api-key-env", "NO_SUCH_KEY").refused(
        "NO_SUCH_KEY is not set"
    )
    evaluate(endpoint, tmp_path, "--model", "m", "--extra", "[]").refused("no JSON object")
    evaluate(endpoint, tmp_path, "--model", "m", "--budget", "1").refused("--price-in")
    evaluate(endpoint, tmp_path, "--model", "m", "--lm-eval", "gsm8k").refused("leave the endpoint")
    repro("eval", "somewhere", "--benchmark", "ordering", "--model", "m", cwd=tmp_path).refused(
        "--model", "no effect"
    )
    repro("eval", endpoint.url, "--model", "m", cwd=tmp_path).refused("--benchmark or --lm-eval")
    assert endpoint.asked == []
    endpoint.fail = (404, {"error": {"message": "The model `m` does not exist"}})
    done = evaluate(endpoint, tmp_path, "--model", "m")
    assert (done.code, done.out) == (1, "")
    assert "does not exist" in done.err.splitlines()[-1]
    assert "Traceback" not in done.err
