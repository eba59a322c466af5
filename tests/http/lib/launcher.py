# SPDX-License-Identifier: GPL-3.0-or-later
"""Does for a program what systemd does: opens its sockets before it runs, passes them on, starts it
again when it ends, and prints what it tells about itself. Begins at a line on stdin; ends with it.

    launcher.py NAME=HOST:PORT… -- PROGRAM…
"""
import os
import select
import signal
import socket
import sys
import tempfile

places = sys.argv[1 : sys.argv.index("--")]
program = sys.argv[sys.argv.index("--") + 1 :]


def listen(place):
    host, port = place.split("=")[1].rsplit(":", 1)
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind((host, int(port)))
    s.listen(4096)
    return s


def start():
    pid = os.fork()
    if pid:
        return pid
    copies = [os.dup(s.fileno()) for s in sockets]  # none of them stands where it is to go
    for i, fd in enumerate(copies):
        os.dup2(fd, 3 + i)
        os.set_inheritable(3 + i, True)
    names = ":".join(p.split("=")[0] for p in places)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(places)), LISTEN_FDNAMES=names)
    os.execv(program[0], program)


def say(text):
    print(text, flush=True)


folder = tempfile.mkdtemp()
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(folder + "/notify")
os.environ["NOTIFY_SOCKET"] = folder + "/notify"
for _ in range(16):  # leaves the places of the passed ones free
    os.dup(0)
sockets = [listen(p) for p in places]
say("listening")
sys.stdin.readline()
child = start()
while True:
    ready = select.select([notify, sys.stdin], [], [], 0.02)[0]
    if notify in ready:
        say(notify.recv(4096).decode())
    if sys.stdin in ready and not sys.stdin.readline():
        os.kill(child, signal.SIGTERM)
        break
    pid, status = os.waitpid(child, os.WNOHANG)
    if pid:
        say(f"left {os.waitstatus_to_exitcode(status)}")
        child = start()
os.waitpid(child, 0)
os.unlink(folder + "/notify")
os.rmdir(folder)
