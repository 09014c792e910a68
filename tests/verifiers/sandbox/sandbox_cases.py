"""Programs, and the limit that each of them meets, and programs that aim at their keeper.

See `sandbox_runs.SMALL` for the limits that are not given.
"""

CASES = {
    "cpu": [
        ("while True: pass", {"cpu_seconds": 0.3}),
        ("import os\nfor _ in range(3): os.fork()\nwhile True: pass", {"cpu_seconds": 0.5}),
        ("import os, signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", {"cpu_seconds": 0.3}),
        ("import threading\nfor _ in range(3): threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()",
         {"cpu_seconds": 0.3}),
        ("import os\nwhile True:\n    if os.fork() == 0: sum(range(10**6)); os._exit(0)\n    os.wait()",
         {"cpu_seconds": 0.5}),
    ],
    "wall": [
        ("import time; time.sleep(99)", {"wall_seconds": 0.3}),
        ("import signal\nfor n in signal.valid_signals() - {9, 19, 32, 33}: signal.signal(n, signal.SIG_IGN)\n"
         "while True: signal.pause()", {"wall_seconds": 0.3}),
        ("import os, time\nif os.fork(): os.wait()\nos.setsid()\ntime.sleep(99)", {"wall_seconds": 0.3}),
    ],
    "memory": [
        ("a = bytearray(1 << 29)\nfor i in range(0, len(a), 4096): a[i] = 1", {}),
        ("a = []\nwhile True: a.append('x' * 1_000_000 + str(len(a)))", {}),
        ("a = [0] * 10**13", {}),
    ],
    "processes": [
        ("import os, time\nfor _ in range(99):\n    if os.fork() == 0: time.sleep(9); os._exit(0)", {}),
        ("from threading import Thread\nfrom time import sleep\n"
         "for _ in range(99): Thread(target=sleep, args=(9,), daemon=True).start()", {}),
    ],
    "open_files": [("a = [open('/dev/null') for _ in range(99)]", {})],
    "output": [
        ("print('x' * (1 << 17))", {}),
        ("import sys\nwhile True: sys.stderr.write('x' * 1000)", {}),
        ("import os\nif os.fork() == 0:\n    while True: os.write(1, b'x' * 1000)\nimport time; time.sleep(9)", {}),
    ],
    "scratch": [
        ("open('a', 'wb').write(bytes(1 << 23))", {}),
        ("for i in range(10**6): open(str(i), 'w').close()", {"cpu_seconds": 9}),
    ],
}  # fmt: skip

REACH = """
import ctypes, os, resource, signal
keepers = {1, os.getppid()} - {0, os.getpid()}
def attempt(action, *arguments):
    try:
        action(*arguments)
    except (OSError, ValueError):
        pass
"""

KEEPER_ATTACKS = {
    "signals": REACH + "for pid in keepers:\n    for n in range(1, 65): attempt(os.kill, pid, n)",
    "limits of its resources": REACH
    + "for pid in keepers:\n    for kind in range(16): attempt(resource.prlimit, pid, kind, (0, 0))",
    "limits of its time": REACH + "for pid in keepers: attempt(resource.prlimit, pid, resource.RLIMIT_CPU, (0, 0))",
    "its place on the processors": REACH
    + "for pid in keepers:\n    attempt(os.setpriority, os.PRIO_PROCESS, pid, 19)\n"
    "    attempt(os.sched_setaffinity, pid, {0})\n"
    "    attempt(os.sched_setscheduler, pid, os.SCHED_IDLE, os.sched_param(0))",
    "everybody's place": REACH + "attempt(os.setpriority, os.PRIO_USER, 0, 19)",
    "tracing": REACH + "for pid in keepers: ctypes.CDLL(None).ptrace(16, pid, 0, 0)",
    "its files": REACH
    + "for pid in keepers:\n    for n in range(64): attempt(os.open, f'/proc/{pid}/fd/{n}', os.O_RDWR)\n"
    "    for name in ('mem', 'oom_score_adj', 'comm'): attempt(os.open, f'/proc/{pid}/{name}', os.O_RDWR)",
    "its standing when memory runs out": REACH
    + "for value in (b'-1000', b'0'):\n"
    "    attempt(lambda: os.write(os.open('/proc/self/oom_score_adj', os.O_WRONLY), value))",
    "memory of many": REACH
    + "attempt(lambda: os.write(os.open('/proc/self/oom_score_adj', os.O_WRONLY), b'0'))\n"
    "for _ in range(10):\n    if os.fork() == 0:\n        a = bytearray(40 << 20)\n"
    "        for i in range(0, len(a), 4096): a[i] = 1\n        signal.pause()\n"
    "import time; time.sleep(0.3)\na = []\nwhile True: a.append(bytes(1 << 20))",
    "memory that outlives": "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.shmat.restype = ctypes.c_void_p\n"
    "while (block := libc.shmget(0, 1 << 22, 0o1666)) >= 0:\n"
    "    ctypes.memset(libc.shmat(block, None, 0), 1, 1 << 22)\na = []\nwhile True: a.append(bytes(1 << 20))",
    "memory of files": "import os\na, files = [], []\ntry:\n    while True:\n"
    "        files.append(os.memfd_create('x'))\n"
    "        for _ in range(3): os.write(files[-1], bytes(1 << 20))\nexcept OSError: pass\n"
    "while True: a.append(bytes(1 << 20))",
    "memory of sockets": "import socket\na, ends = [], []\nwhile True:\n    try:\n        ends += socket.socketpair()\n"
    "        ends[-1].setblocking(False)\n        while True: ends[-1].send(bytes(1 << 16))\n"
    "    except BlockingIOError: pass\n    except OSError: break\nwhile True: a.append(bytes(1 << 20))",
    "forks without end": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "the words of the sandbox": "import os\nos.write(2, b'sandbox: MemoryError()\\n')\nos._exit(125)",
}  # fmt: skip
"""Programs that aim at the process which watches them. Whatever they reach, the end is their own."""
