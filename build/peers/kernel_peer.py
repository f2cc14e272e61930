"""The front end of `coursekit bench --filter kernel`: starts Jupyter kernels, this kit's and ipykernel, and times what a user waits for.

Talks in lines of JSON. Its first line says what it is. Asked {"kernel": name, "cells": n} it starts that kernel afresh,
runs one session and answers with seconds:
  ready      from the start of the process to the answer to kernel_info
  first      the first cell, asked for as soon as the kernel is ready
  cell       a trivial cell when there are few before it, and "later" at the end of the n cells: medians of ten
  complete   Tab, after those cells: the median of five
  output     ten megabytes in lines of a thousand characters, until the last of them has arrived
"""

import json
import os
import statistics
import sys
import tempfile
import time

import ipykernel
import zmq
from jupyter_client import __version__ as client_version
from jupyter_client.manager import KernelManager

PATIENCE = 120
MEDIAN_OF = 10

# What is written in each language: a variable more in each cell, and its value; 10 MB; the beginning of a variable's name.
CSHARP = {
    "cell": "var x{0} = {0};\nx{0} + 1",
    "output": 'var line = new string(\'x\', 999);\nfor (var i = 0; i < 10_000; i++) Console.WriteLine(line);',
    "complete": "x{0}",
}
PYTHON = {
    "cell": "x{0} = {0}\nx{0} + 1",
    "output": "line = 'x' * 999\nfor i in range(10_000): print(line)",
    "complete": "x{0}",
}


class Kernel:
    def __init__(self, name):
        self.words = PYTHON if name == "python3" else CSHARP
        self.folder = tempfile.TemporaryDirectory(prefix="ck-bench-")
        self.manager = KernelManager(kernel_name=name, connection_file=os.path.join(self.folder.name, "kernel.json"))
        self.context = zmq.Context()
        began = time.perf_counter()
        self.manager.start_kernel(cwd=self.folder.name, stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))
        connection = self.manager.get_connection_info()
        self.shell = self.connect(zmq.DEALER, connection["shell_port"])
        self.outputs = self.connect(zmq.SUB, connection["iopub_port"])
        self.outputs.setsockopt(zmq.SUBSCRIBE, b"")
        self.reply(self.send("kernel_info_request", {}))
        self.ready = time.perf_counter() - began
        self.listen()

    def connect(self, kind, port):
        socket = self.context.socket(kind)
        socket.linger = 0
        socket.rcvhwm = 0
        # The port is not open yet: asking every hundred milliseconds, as is the default, would measure that.
        socket.setsockopt(zmq.RECONNECT_IVL, 2)
        socket.connect(f"tcp://127.0.0.1:{port}")
        return socket

    def send(self, kind, content):
        message = self.manager.session.msg(kind, content)
        self.manager.session.send(self.shell, message)
        return message["header"]["msg_id"]

    def receive(self, socket):
        if not socket.poll(PATIENCE * 1000):
            raise TimeoutError(f"{self.manager.kernel_name} has not answered for {PATIENCE} s")
        return self.manager.session.recv(socket, mode=0)[1]

    def reply(self, request):
        while True:
            message = self.receive(self.shell)
            if message["parent_header"].get("msg_id") == request:
                return message["content"]

    def listen(self):
        """Until the outputs arrive: a subscription takes its time as well."""
        while not self.outputs.poll(5):
            self.reply(self.send("kernel_info_request", {}))

    def run(self, code):
        """Runs a cell; how long it took until its reply and all its outputs were there, and how much was printed."""
        began = time.perf_counter()
        request = self.send("execute_request", {
            "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True,
        })
        printed = 0
        while True:
            message = self.receive(self.outputs)
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if message["msg_type"] == "error":
                raise RuntimeError(f"{code!r} failed: {content['ename']}: {content['evalue']}")
            if message["msg_type"] == "stream":
                printed += len(content["text"])
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                break
        self.reply(request)
        return time.perf_counter() - began, printed

    def complete(self, code):
        began = time.perf_counter()
        matches = self.reply(self.send("complete_request", {"code": code, "cursor_pos": len(code)}))["matches"]
        elapsed = time.perf_counter() - began
        if code not in matches:
            raise RuntimeError(f"{code!r} was not completed, only {matches[:5]}")
        return elapsed

    def close(self):
        self.manager.shutdown_kernel(now=True)
        self.context.destroy(linger=0)
        self.folder.cleanup()


def measure(name, cells):
    kernel = Kernel(name)
    try:
        first, _ = kernel.run("40 + 2")
        times = [kernel.run(kernel.words["cell"].format(number))[0] for number in range(cells)]
        # The middle of the fifty that come first: what everything has been needed once for.
        early = times[: max(MEDIAN_OF, min(50, cells))][-MEDIAN_OF:]
        later = times[-MEDIAN_OF:]
        complete = [kernel.complete(kernel.words["complete"].format(cells - 1 - number)) for number in range(5)]
        output, printed = kernel.run(kernel.words["output"])
        if printed != 10_000_000:
            raise RuntimeError(f"of 10,000,000 characters {printed:,} arrived")
        return {
            "ready": kernel.ready, "first": first, "cell": statistics.median(early), "later": statistics.median(later),
            "complete": statistics.median(complete), "output": output,
        }
    finally:
        kernel.close()


def main():
    print(json.dumps({"version": ipykernel.__version__, "build": f"jupyter_client {client_version}, ZeroMQ {zmq.zmq_version()}, Python {sys.version.split()[0]}"}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            print(json.dumps(measure(asked["kernel"], asked["cells"])), flush=True)
        except Exception as problem:
            print(json.dumps({"error": f"{type(problem).__name__}: {problem}"}), flush=True)


main()
