"""Programs, and the limit that each of them meets; see `sandbox_runs.SMALL` for the limits not given."""

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
