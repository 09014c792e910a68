"""Runs programs as whoever starts it, and prints as JSON what was not as it should be: `python THIS`.

For a user without privileges, whose interpreter has no pytest.
"""

import json
import os

from sandbox_cases import CASES, KEEPER_ATTACKS
from sandbox_runs import call, check, run

from verifiers.sandbox import LocalSandbox, toolchains
from verifiers.sandbox.detect import NEEDED

SURROUNDINGS = """
import os, socket
for pid in [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]:
    for name in ("mem", "environ", "maps"):
        try:
            print("read", open(f"/proc/{pid}/{name}", "rb").read(1))
        except OSError:
            pass
    try:
        os.kill(pid, 9)
    except OSError:
        pass
for path in ("/", "/usr", "/dev", "/etc", "/program", "/sandbox", "/proc/sys/kernel"):
    try:
        open(os.path.join(path, "k15"), "w")
        print("wrote", path)
    except OSError:
        pass
try:
    socket.socket(socket.AF_INET).connect(("127.0.0.1", 22))
    print("reached")
except OSError:
    pass
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
print(int(status["CapPrm"], 16), int(status["CapBnd"], 16), int(status["NoNewPrivs"]))
"""
HELLO = {
    "cpp": '#include <cstdio>\nint main() { puts("hello"); }',
    "java": 'class Main { public static void main(String[] a) { System.out.println("hello"); } }',
    "javascript": 'console.log("hello")',
    "typescript": 'const a: string = "hello"; console.log(a)',
    "php": '<?php echo "hello\\n";',
    "bash": "echo hello",
    "csharp": 'class P { static void Main() { System.Console.WriteLine("hello"); } }',
}


def main() -> None:
    wrong = []
    with LocalSandbox(workers=1) as sandbox:
        if missing := set(NEEDED) - set(sandbox.protections.active):
            wrong.append(f"missing: {missing}")
        for limit, cases in CASES.items():
            for source, limits in cases:
                execution = run(sandbox, source, **limits)
                if execution.limit != limit:
                    wrong.append(f"{limit}: {execution}")
        for name, source in KEEPER_ATTACKS.items():
            execution = run(sandbox, source, cpu_seconds=1, wall_seconds=2)
            if execution.outcome == "failed" or not run(sandbox, "1").ok:
                wrong.append(f"{name}: {execution}")
        if (said := run(sandbox, SURROUNDINGS).stdout) != b"0 0 1\n":
            wrong.append(f"surroundings: {said!r}")
        if call(sandbox, "def f(a): return a", "f", 1).value != "1":
            wrong.append("call")
        if not check(sandbox, "def f(a): return a", "assert f(1) == 1").ok:
            wrong.append("check")
        if check(sandbox, "import os\ndef f(a): os._exit(0)", "assert f(1) == 1").exit_code != 1:
            wrong.append("check of a program that ends")
        for tools in toolchains():
            if tools.is_here and tools.language in HELLO:
                execution = run(sandbox, HELLO[tools.language], language=tools.language)
                if execution.stdout != b"hello\n":
                    wrong.append(f"{tools.language}: {execution}")
    print(json.dumps({"user": os.getuid(), "wrong": wrong}))


if __name__ == "__main__":
    main()
