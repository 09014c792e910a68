"""What a program cannot reach: the host, the sandbox's own processes, and other programs."""

import json
import os
import socket
import tempfile
import threading
from pathlib import Path

import pytest
from sandbox_runs import SMALL, check, run, say

from verifiers.sandbox import Call, Check, Program, Stdin

PROJECT = Path(__file__).resolve().parents[3]


# --- The host -----------------------------------------------------------------------------------------------


def test_the_network_is_out_of_reach(sandbox):
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = f"""
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", {server.getsockname()[1]})),
                        (socket.AF_INET, ("192.0.2.1", 80)), (socket.AF_INET6, ("::1", 80))):
    try:
        with socket.socket(family) as s:
            s.settimeout(1)
            s.connect(address)
        print("reached", address)
    except OSError as error:
        pass
a, b = socket.socketpair()
a.send(b"local ones work")
print(b.recv(99).decode())
"""
        assert say(sandbox, source) == "local ones work"


def test_local_sockets_of_the_host_are_out_of_reach(sandbox):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0k15-test-{os.getpid()}")
        server.listen()
        source = f"""
import socket
s = socket.socket(socket.AF_UNIX)
try:
    s.connect("\\0k15-test-{os.getpid()}")
    print("reached")
except ConnectionRefusedError:
    print("refused")
"""
        assert say(sandbox, source) == "refused"


def test_only_what_programs_need_of_the_host_is_seen(sandbox):
    with tempfile.NamedTemporaryFile() as secret:
        source = f"""
import os
print(sorted(os.listdir("/")))
print(sorted(os.listdir("/etc")))
for path in ({str(PROJECT)!r}, {secret.name!r}, "/home", "/var", "/run", "/sys", "/etc/passwd", "/etc/hostname",
             "/proc/sys", "/proc/cmdline", "/dev/tty", "/dev/pts", "/dev/mem"):
    if os.path.exists(path):
        print("seen", path)
"""
        top, settings, *seen = say(sandbox, source).splitlines()
    known = {
        "bin",
        "dev",
        "etc",
        "lib",
        "lib32",
        "lib64",
        "libx32",
        "proc",
        "program",
        "sandbox",
        "sbin",
        "tmp",
        "usr",
    }
    known.add(Path(os.path.realpath("/proc/self/exe")).parts[1])  # that of the interpreter
    assert set(json.loads(top.replace("'", '"'))) <= known
    assert {name.split("-")[0] for name in json.loads(settings.replace("'", '"'))} <= {
        "alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "java", "mono", "php", "nodejs",
    }  # fmt: skip
    assert seen == []


def test_nothing_but_the_scratch_folder_can_be_written(sandbox):
    source = """
import os, sys
def writable(path):
    try:
        with open(os.path.join(path, "k15-test"), "w"):
            return True
    except OSError:
        return False
for folder, inner, names in os.walk("/"):
    inner[:] = [name for name in inner if folder == "/" and name != "proc"]
    if writable(folder):
        print(folder)
    for name in names:
        path = os.path.join(folder, name)
        if folder != "/tmp" and not os.path.islink(path) and os.path.isfile(path) and os.access(path, os.W_OK):
            print(path)
for folder in (sys.prefix, os.path.dirname(os.__file__), "/usr/bin", "/usr/lib", "/sandbox/inside", "/dev/shm"):
    if writable(folder):
        print(folder)
"""
    assert say(sandbox, source).splitlines() == ["/tmp", "/dev/shm"]


def test_the_environment_is_empty_but_for_the_usual(sandbox, monkeypatch):
    monkeypatch.setenv("K15_TEST_SECRET", "1")
    assert "SECRET" not in say(
        sandbox, "import os; print(os.environ); print(open('/proc/self/environ').read())"
    )


def test_there_is_no_privilege_and_no_way_to_one(sandbox):
    source = """
import os
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
print(int(status["CapPrm"], 16), int(status["CapBnd"], 16), int(status["CapAmb"], 16), int(status["NoNewPrivs"]))
print(os.getuid() != 0, os.getgroups() in ([], [65534]))
for function in (os.setuid, os.setgid):
    try:
        function(0)
        print("became root")
    except OSError:
        pass
"""
    assert say(sandbox, source).splitlines() == ["0 0 0 1", "True True"]


FORBIDDEN = {  # name: numbers on x86-64 and aarch64, and arguments
    "ptrace": (101, 117, 16, 1, 0, 0),
    "process_vm_readv": (310, 270, 1, 0, 0, 0, 0, 0),
    "mount": (165, 40, b"none", b"/tmp", b"tmpfs", 0, 0),
    "umount": (166, 39, b"/proc", 2),
    "unshare": (272, 97, 0x10000000),
    "clone": (56, 220, 0x10000000 | 17, 0, 0, 0, 0),
    "setns": (308, 268, 0, 0),
    "chroot": (161, 51, b"/tmp"),
    "bpf": (321, 280, 0, 0, 0),
    "perf_event_open": (298, 241, 0, 0, -1, -1, 0),
    "userfaultfd": (323, 282, 1),
    "io_uring_setup": (425, 425, 1, 0),
    "keyctl": (250, 219, 0, -1, 0),
    "kexec_load": (246, 104, 0, 0, 0, 0),
    "personality": (135, 92, 0xFFFFFFFF),
}


def test_calls_that_reach_beyond_the_program_are_refused(sandbox):
    if "seccomp" not in sandbox.protections.active:
        pytest.skip("there is no filter of system calls here")
    source = f"""
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
column = ("x86_64", "aarch64").index(os.uname().machine)
for name, call in {FORBIDDEN!r}.items():
    if libc.syscall(call[column], *call[2:]) != -1 or ctypes.get_errno() != errno.EPERM:
        print(name, os.strerror(ctypes.get_errno()))
print(libc.syscall(435, 0, 0), ctypes.get_errno() == errno.ENOSYS)  # clone3
"""
    assert say(sandbox, source).splitlines() == ["-1 True"]


# --- The sandbox's own processes ----------------------------------------------------------------------------

LOOK = """
import os
pids = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
print(os.getpid() in pids, len(pids) <= 2)
for pid in range(1, 300):
    if pid == os.getpid():
        continue
    for name in ("mem", "environ", "fd", "maps", "root/tmp", "cwd"):
        try:
            path = f"/proc/{pid}/{name}"
            look = {"fd": os.listdir, "root/tmp": os.listdir, "cwd": os.readlink}
            look.get(name, lambda path: open(path, "rb").read(1))(path)
            print("read", path)
        except OSError:
            pass
    for number in (9, 15, 19):
        try:
            os.kill(pid, number)
        except OSError:
            pass
os.kill(os.getppid() or 1, 9) if os.getppid() != os.getpid() else None
"""


def test_the_supervisor_is_out_of_reach(sandbox):
    source = LOOK.replace(
        "os.kill(os.getppid() or 1, 9) if os.getppid() != os.getpid() else None", "print('alive')"
    )
    assert say(sandbox, source).splitlines() == ["True True", "alive"]


def test_a_program_cannot_end_all_processes(sandbox):
    source = "import os, signal\nfor n in (15, 9):\n    try: os.kill(-1, n)\n    except OSError: pass\nprint('alive')"
    assert say(sandbox, source) == "alive"


def test_no_file_descriptors_are_inherited(sandbox):
    source = """
import os
for number in range(3, 4096):
    try:
        os.fstat(number)
        print(number, os.readlink(f"/proc/self/fd/{number}"))
    except OSError:
        pass
print([os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in range(3)], [os.isatty(n) for n in range(3)])
try:
    open("/dev/tty")
except OSError:
    print("no terminal")
"""
    assert say(sandbox, source).splitlines() == [
        "['/memfd', 'pipe', 'pipe'] [False, False, False]",
        "no terminal",
    ]


SEARCH = """
import re
def search(pattern):
    found = []
    for line in open("/proc/self/maps"):
        span, mode = line.split()[:2]
        start, end = (int(bound, 16) for bound in span.split("-"))
        with open("/proc/self/mem", "rb", 0) as memory:
            try:
                memory.seek(start)
                found += re.findall(pattern, memory.read(end - start))
            except (OSError, OverflowError, ValueError):
                pass
    return found
"""
"""Looks through all of a process's memory."""


def test_a_search_of_memory_finds_what_is_there(sandbox):
    assert "FOUND" in say(sandbox, SEARCH + "print(search(rb'K15-HIDDE[N]-[A-Z]+'))  # K15-HIDDEN-FOUND")


def test_tests_are_out_of_the_programs_reach(sandbox):
    """Neither in memory, nor in files, nor in processes that can be seen."""
    source = (
        SEARCH
        + """
import os
def f():
    return (search(rb"K15-HIDDE[N]-VALUE"), sorted(name for name in os.listdir("/proc") if name.isdigit()),
            os.listdir("/tmp"))
"""
    )
    tests = (
        "found, processes, files = f()\nassert found == [], found\nassert processes == ['1'], processes\n"
        "assert files == ['main.py'], files\nexpected = 'K15-HIDDEN-VALUE'"
    )
    execution = check(sandbox, source, tests, memory_bytes=1 << 30)
    assert execution.ok, execution.stderr


def test_a_program_that_looks_for_its_tests_process_finds_none(sandbox):
    source = LOOK + "\ndef f(): return 1"
    execution = check(sandbox, source, "assert f() == 1")
    assert execution.ok, execution
    assert b"read" not in execution.stdout


# --- Other programs -----------------------------------------------------------------------------------------


def test_nothing_is_carried_from_one_run_to_the_next(sandbox):
    source = """
import os, sys, builtins, random, ctypes
def left():
    return [os.listdir("/tmp"), os.listdir("/dev/shm"), os.listdir("/program"), hasattr(builtins, "k15"),
            len([n for n in os.listdir("/proc") if n.isdigit() and n != "1"]), os.environ.get("K15"),
            ctypes.CDLL(None).shmget(1234, 4096, 0)]
print(left())
builtins.k15 = 1
os.environ["K15"] = "1"
random.seed(5)
open("/tmp/a", "w").write("a")
open("/dev/shm/b", "w").write("b")
ctypes.CDLL(None).shmget(1234, 4096, 0o1666)
if os.fork() == 0:
    os.setsid()
    while True: pass
"""
    executions = list(sandbox.run(Program(source), [Stdin()] * 3, SMALL))
    assert {execution.stdout for execution in executions} == {
        b"[['main.py'], ['main.py'], [], False, 1, None, -1]\n"
    }, executions


def test_no_program_is_left_in_the_memory_of_the_next(sandbox):
    """Neither its source, nor its input, nor its output, nor what it was asked."""
    mark = "K15" + "-EARLIER-"
    for number in range(3):
        assert run(
            sandbox, f"a = '{mark}SOURCE'; print(a * 100, input())", stdin=f"{mark}INPUT\n".encode()
        ).ok
        earlier = Program(f"def f(x): return '{mark}VALUE' + x")
        inputs = [Call("f", json.dumps([f"{mark}ARGUMENT"])), Check("f", f"assert f('{mark}TEST')")]
        assert all(execution.ok for execution in sandbox.run(earlier, inputs, SMALL)), number
    source = SEARCH + "print(search(rb'K15-EARLIE[R]-[A-Z]+'))"
    for _ in range(3):
        assert say(sandbox, source, memory_bytes=1 << 30) == "[]"


def test_programs_that_run_together_do_not_meet(sandbox):
    source = """
import os, sys, time
open("/tmp/mark", "w").close()
time.sleep(0.3)
print(sorted(os.listdir("/tmp")), len([n for n in os.listdir("/proc") if n.isdigit() and n != "1"]))
"""
    said = []
    threads = [threading.Thread(target=lambda: said.append(say(sandbox, source))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["['main.py', 'mark'] 1"] * 2
