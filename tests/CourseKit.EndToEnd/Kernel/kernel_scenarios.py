"""Drives a real kernel with Jupyter's own client. Usage: kernel_scenarios.py DOTNET COMMAND.DLL

Each scenario is a function; its name is what the test on the other side asks for. One line of JSON is printed for
each: {"scenario": NAME, "error": null or what went wrong}.
"""

import hashlib
import json
import os
import queue
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

# Long beyond what a busy machine needs: it only ends a wait for what will never come.
PATIENCE = 600


class Kernel:
    """A kernel process and one front end that talks to it."""

    def __init__(self, transport="tcp", interrupt_mode="message", connected=True, **environment):
        self.folder = tempfile.TemporaryDirectory(prefix="ck-kernel-")
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        self.manager = KernelManager(transport=transport)
        self.manager.connection_file = os.path.join(self.folder.name, "k.json")
        if transport == "ipc":
            self.manager.ip = os.path.join(self.folder.name, "ipc")
        self.manager._kernel_spec = KernelSpec(
            argv=[*COMMAND, "kernel", "start", "{connection_file}"],
            display_name="test",
            language="C#",
            interrupt_mode=interrupt_mode,
            env=environment,
        )
        self.manager.start_kernel(stderr=self.log)
        self.client = connect(self.manager.client()) if connected else self.manager.client()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.log.close()
        self.folder.cleanup()

    def read_log(self):
        self.log.flush()
        with open(self.log.name) as log:
            return log.read()

    def request(self, code, **options):
        options.setdefault("allow_stdin", False)
        return self.client.execute(code, **options)

    def reply(self, request):
        return shell_reply(self.client, request)

    def outputs(self, request):
        """What came below the cell, until it was idle."""
        found, states = [], []
        while "idle" not in states:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status":
                states.append(message["content"]["execution_state"])
            else:
                found.append((message["msg_type"], message["content"]))
        self.states = states
        return found

    def run(self, code, **options):
        request = self.request(code, **options)
        reply, outputs = self.reply(request), self.outputs(request)
        equal(self.states, ["busy", "idle"])
        return reply, outputs

    def value(self, code):
        reply, outputs = self.run(code)
        equal(reply["status"], "ok", reply)
        return [content["data"]["text/plain"] for kind, content in outputs if kind == "execute_result"][0]

    def printed(self, outputs, name="stdout"):
        return "".join(content["text"] for kind, content in outputs if kind == "stream" and content["name"] == name)

    def interrupt_when_begun(self, code):
        """Runs a cell that prints "begun" first, interrupts it, and returns how it ended."""
        request = self.request('Console.Write("begun"); Console.Out.Flush(); ' + code)
        wait_for(lambda: self.client.get_iopub_msg(timeout=PATIENCE)["content"].get("text", "").startswith("begun"))
        began = time.monotonic()
        self.manager.interrupt_kernel()
        reply = self.reply(request)
        return reply, self.outputs(request), time.monotonic() - began

    def worker(self):
        return int(self.value("Environment.ProcessId"))

    def control(self, kind, content=None):
        message = self.client.session.msg(kind, content or {})
        self.client.control_channel.send(message)
        return message["header"]["msg_id"]

    def control_reply(self, request):
        while True:
            message = self.client.get_control_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == request:
                return message["content"]


def connect(client):
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    return client


def shell_reply(client, request):
    while True:
        message = client.get_shell_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def equal(got, expected, about=""):
    if got != expected:
        raise AssertionError(f"expected {expected!r}, got {got!r} {about}")


def holds(fact, about=""):
    if not fact:
        raise AssertionError(about)


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.02)


def is_running(process):
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    except ConnectionRefusedError:
        return False


# With one kernel, in this order. None of them may leave it in another state than it found it.


def kernel_info_tells_the_language_on_shell_and_control(kernel):
    request = kernel.client.kernel_info()
    content = kernel.reply(request)
    equal(content["protocol_version"], "5.4")
    equal(content["language_info"]["name"], "C#")
    equal(content["language_info"]["file_extension"], ".cs")
    equal(kernel.control_reply(kernel.control("kernel_info_request"))["implementation"], "coursekit")


def a_cell_prints_to_both_streams_and_has_a_value(kernel):
    reply, outputs = kernel.run('Console.Write("out"); Console.Error.Write("err"); 6 * 7')
    equal(reply["status"], "ok")
    equal(kernel.printed(outputs), "out")
    equal(kernel.printed(outputs, "stderr"), "err")
    results = [content for kind, content in outputs if kind == "execute_result"]
    equal([(result["data"]["text/plain"], result["execution_count"]) for result in results], [("42", reply["execution_count"])])
    equal(outputs[0], ("execute_input", {"code": 'Console.Write("out"); Console.Error.Write("err"); 6 * 7', "execution_count": reply["execution_count"]}))


def an_error_is_one_message_and_stands_in_the_reply(kernel):
    reply, outputs = kernel.run('throw new InvalidOperationException("no");')
    equal([kind for kind, _ in outputs], ["execute_input", "error"])
    error = outputs[1][1]
    equal(error["ename"], "InvalidOperationException")
    equal({name: reply[name] for name in error}, error)


def a_display_is_updated_in_place(kernel):
    _, outputs = kernel.run('var shown = display("first"); shown.Update("second");')
    (_, display), (_, update) = outputs[1:]
    equal([kind for kind, _ in outputs[1:]], ["display_data", "update_display_data"])
    holds(display["transient"]["display_id"])
    equal(update["transient"], display["transient"])
    equal(update["data"]["text/plain"], "second")


def a_silent_cell_leaves_no_trace(kernel):
    before = int(kernel.run("1")[0]["execution_count"])
    reply, outputs = kernel.run('var quiet = 5; Console.Write("x"); 1', silent=True)
    equal((reply["status"], outputs), ("ok", []))
    equal(kernel.value("quiet"), "5")
    equal(kernel.run("1")[0]["execution_count"], before + 2)


def expressions_of_the_request_are_evaluated_after_the_cell(kernel):
    reply, outputs = kernel.run("var four = 4;", user_expressions={"twice": "four * 2", "wrong": "nothing_of_that_name"})
    values = reply["user_expressions"]
    equal(values["twice"]["data"]["text/plain"], "8")
    equal(values["wrong"]["status"], "error")
    equal([kind for kind, _ in outputs], ["execute_input"])


def cells_that_wait_behind_an_error_are_aborted(kernel):
    requests = [kernel.request(code) for code in ('throw new Exception("first");', "var late = 1;", "var later = 2;")]
    equal([kernel.reply(request)["status"] for request in requests], ["error", "aborted", "aborted"])
    equal(kernel.run("late")[0]["status"], "error")
    requests = [kernel.request(code, stop_on_error=False) for code in ('throw new Exception("first");', "var late = 1;")]
    equal([kernel.reply(request)["status"] for request in requests], ["error", "ok"])


def an_endless_loop_is_interrupted_and_the_variables_are_kept(kernel):
    kernel.run("var kept = 17;")
    reply, outputs, _ = kernel.interrupt_when_begun("while (true) { kept = 18; }")
    equal(reply["status"], "error", reply)
    equal([content["ename"] for kind, content in outputs if kind == "error"], [reply["ename"]])
    holds(kernel.value("kept") in ("17", "18"))


def a_sleeping_cell_is_interrupted(kernel):
    kernel.run("var kept2 = 19;")
    reply, _, _ = kernel.interrupt_when_begun("System.Threading.Thread.Sleep(-1);")
    equal(reply["status"], "error", reply)
    equal(kernel.value("kept2"), "19")


def an_interrupt_without_a_running_cell_does_nothing(kernel):
    worker = kernel.worker()

    # Through this client, which gets the answer: an interrupt that is still on its way would hit the next cell.
    equal(kernel.control_reply(kernel.control("interrupt_request")), {"status": "ok"})
    equal(kernel.worker(), worker)


def control_and_heartbeat_answer_while_a_cell_runs(kernel):
    request = kernel.request("while (true) { }")
    wait_for(lambda: kernel.client.get_iopub_msg(timeout=PATIENCE)["msg_type"] == "execute_input")
    equal(kernel.control_reply(kernel.control("kernel_info_request"))["status"], "ok")
    equal(kernel.reply(kernel.client.kernel_info())["status"], "ok")
    kernel.client.hb_channel.unpause()
    for _ in range(5):
        time.sleep(0.3)
        wait_for(kernel.client.hb_channel.is_beating)
    kernel.manager.interrupt_kernel()
    equal(kernel.reply(request)["status"], "error")


def history_is_found_by_tail_range_and_search(kernel):
    for code in ("var h = 1;", "h + 1", "h + 1"):
        kernel.run(code)
    kernel.run("h + 2", store_history=False)

    def history(**options):
        return kernel.reply(kernel.client.history(**{"raw": True, "output": False, **options}))["history"]

    tail = history(hist_access_type="tail", n=2)
    equal([entry[2] for entry in tail], ["h + 1", "h + 1"])
    equal(history(hist_access_type="tail", n=1, output=True)[0][2], ["h + 1", "2"])
    first = tail[0][1]
    equal([entry[1] for entry in history(hist_access_type="range", session=0, start=first, stop=first + 1)], [first])
    equal(len(history(hist_access_type="search", pattern="h +*")), 2)
    equal(len(history(hist_access_type="search", pattern="h +*", unique=True)), 1)


def a_comm_to_an_unknown_target_is_closed(kernel):
    message = kernel.client.session.msg("comm_open", {"comm_id": "a-comm", "target_name": "nobody", "data": {}})
    kernel.client.shell_channel.send(message)
    equal(kernel.outputs(message["header"]["msg_id"]), [("comm_close", {"comm_id": "a-comm", "data": {}})])
    equal(kernel.reply(kernel.client.comm_info())["comms"], {})


def a_message_with_a_bad_signature_is_dropped_and_logged(kernel):
    key = kernel.client.session.key
    kernel.client.session.key = b"not the key"
    bad = kernel.client.execute("var planted = 1;")
    kernel.client.session.key = key
    equal(kernel.run("planted")[0]["status"], "error")
    holds("signature" in kernel.read_log(), kernel.read_log())
    holds(bad)


def messages_that_are_none_are_dropped(kernel):
    for frames in ([b"x"], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"", b"{", b"{}", b"{}", b"{}"], [b"", b"\xff" * 1000]):
        kernel.client.shell_channel.socket.send_multipart(frames)
        kernel.client.control_channel.socket.send_multipart(frames)
    message = kernel.client.session.msg("no_such_request", {})
    kernel.client.shell_channel.send(message)
    message = kernel.client.session.msg("execute_request", {"silent": "yes"})
    kernel.client.shell_channel.send(message)
    equal(kernel.reply(message["header"]["msg_id"])["status"], "error")
    kernel.outputs(message["header"]["msg_id"])
    equal(kernel.value("1 + 1"), "2")


def requests_with_nonsense_inside_are_answered_or_dropped(kernel):
    numbers = random.Random(1)
    session = kernel.client.session
    kinds = ["execute", "complete", "inspect", "is_complete", "history", "comm_info", "kernel_info", "debug", "interrupt"]
    fields = ["code", "cursor_pos", "hist_access_type", "pattern", "n", "silent", "user_expressions", "detail_level", "session"]

    def nonsense(depth=0):
        return numbers.choice([
            lambda: None, lambda: numbers.choice([True, False]), lambda: numbers.randint(-(2**70), 2**70), lambda: 1e308,
            lambda: "\U0001d54f" * numbers.randint(0, 9), lambda: "\ud800", lambda: "a\0b", lambda: "range",
            lambda: [nonsense(depth + 1)] if depth < 5 else 0, lambda: {"a": nonsense(depth + 1)} if depth < 5 else 0,
        ])()

    for _ in range(300):
        kind = numbers.choice(kinds)
        content = {field: nonsense() for field in numbers.sample(fields, numbers.randint(0, len(fields)))}
        if kind == "execute":
            content["code"] = numbers.choice([None, 5, "\ud800", []])
        message = session.msg(kind + "_request", content)
        header, parent, metadata, body = (json.dumps(message[part], default=str).encode() for part in ("header", "parent_header", "metadata", "content"))
        channel = kernel.client.control_channel if numbers.random() < 0.3 else kernel.client.shell_channel
        channel.socket.send_multipart([b"<IDS|MSG>", session.sign([header, parent, metadata, body]), header, parent, metadata, body])
    kernel.reply(kernel.client.complete("x"))
    equal(kernel.value("1 + 1"), "2")


def ids_that_are_no_text_come_back_as_they_were(kernel):
    session = kernel.client.session
    message = session.msg("kernel_info_request", {})
    message["header"]["msg_id"] = message["msg_id"] = 4711
    kernel.client.shell_channel.send(message)
    equal(kernel.reply(4711)["status"], "ok")


def an_output_of_a_megabyte_arrives_whole(kernel):
    _, outputs = kernel.run("for (var i = 0; i < 100_000; i++) Console.WriteLine($\"{i:000000000}\");")
    printed = kernel.printed(outputs)
    equal(len(printed), 1_000_000)
    holds(printed.endswith("000099999\n"))
    equal(len(kernel.value("new string('x', 1_000_000)")), 1_000_000)


def a_second_front_end_sees_the_same_outputs(kernel):
    other = BlockingKernelClient(connection_file=kernel.manager.connection_file)
    other.load_connection_file()
    connect(other)
    try:
        request = kernel.request('Console.Write("for all")')
        kernel.reply(request)
        kernel.outputs(request)
        wait_for(lambda: other.get_iopub_msg(timeout=PATIENCE)["content"].get("text") == "for all")
        equal(shell_reply(other, other.execute("1"))["status"], "ok")
    finally:
        other.stop_channels()


def a_cell_asks_for_input_and_gets_it(kernel):
    request = kernel.request('var line = Console.ReadLine(); var secret = await GetPasswordAsync("word"); line + secret.GetClearTextPassword()', allow_stdin=True)
    question = kernel.client.get_stdin_msg(timeout=PATIENCE)
    equal((question["msg_type"], question["content"]["password"]), ("input_request", False))
    equal(question["parent_header"]["msg_id"], request)
    kernel.client.input("first ")
    question = kernel.client.get_stdin_msg(timeout=PATIENCE)
    equal(question["content"], {"prompt": "word", "password": True})
    kernel.client.input("second")
    equal(kernel.reply(request)["status"], "ok")
    results = [content["data"]["text/plain"] for kind, content in kernel.outputs(request) if kind == "execute_result"]
    equal(results, ["first second"])


def a_cell_that_waits_for_input_is_interrupted_and_a_late_answer_is_not_taken(kernel):
    request = kernel.request("var waited = Console.ReadLine();", allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=PATIENCE)
    kernel.manager.interrupt_kernel()
    equal(kernel.reply(request)["status"], "error")
    kernel.outputs(request)
    kernel.client.input("too late")
    request = kernel.request("Console.ReadLine()", allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=PATIENCE)
    kernel.client.input("in time")
    kernel.reply(request)
    holds(any(content.get("data", {}).get("text/plain") == "in time" for _, content in kernel.outputs(request)))


def a_cell_whose_front_end_takes_no_input_is_told_so(kernel):
    reply, outputs = kernel.run("Console.ReadLine()", allow_stdin=False)
    equal(reply["status"], "error", reply)
    holds("input" in reply["evalue"], reply)


def code_is_completed_inspected_and_judged(kernel):
    kernel.run("var rememberMe = 5;")
    before = 'var s = "\U0001d54f"; '
    content = kernel.reply(kernel.client.complete(before + "remem + 1", len(before) + 5))
    equal(content["matches"], ["rememberMe"], content)
    equal((content["cursor_start"], content["cursor_end"]), (len(before), len(before) + 5))
    equal(content["metadata"]["_jupyter_types_experimental"][0]["text"], "rememberMe")
    content = kernel.reply(kernel.client.inspect("Console.WriteLine", 12))
    holds(content["found"] and "WriteLine" in content["data"]["text/plain"], content)
    equal(kernel.reply(kernel.client.inspect("nothing_of_that_name"))["found"], False)
    for code, status in (("1 + 1", "complete"), ("for (var i = 0; i < 3; i++) {", "incomplete"), ("foo bar baz qux;", "invalid")):
        equal(kernel.reply(kernel.client.is_complete(code))["status"], status, code)


def code_is_completed_while_a_cell_runs(kernel):
    kernel.run("var rememberMeToo = 5;")
    request = kernel.request("while (true) { }")
    wait_for(lambda: kernel.client.get_iopub_msg(timeout=PATIENCE)["msg_type"] == "execute_input")
    equal(kernel.reply(kernel.client.complete("rememberMeT"))["matches"], ["rememberMeToo"])
    kernel.manager.interrupt_kernel()
    equal(kernel.reply(request)["status"], "error")


def a_name_with_a_question_mark_opens_the_pager(kernel):
    reply, outputs = kernel.run("Console.WriteLine?")
    equal([page["source"] for page in reply["payload"]], ["page"])
    holds("WriteLine" in reply["payload"][0]["data"]["text/plain"])
    reply, outputs = kernel.run("nothing_of_that_name?")
    equal((reply["status"], reply["payload"]), ("ok", []))
    holds("nothing called nothing_of_that_name" in kernel.printed(outputs))


def an_output_is_cleared(kernel):
    _, outputs = kernel.run('Console.Write("a"); ClearOutput(wait: true); Console.Write("b");')
    equal(outputs[1:], [("stream", {"name": "stdout", "text": "a"}), ("clear_output", {"wait": True}), ("stream", {"name": "stdout", "text": "b"})])


def environment_exit_is_a_message_and_the_next_cell_has_a_fresh_session(kernel):
    survives(kernel, "Environment.Exit(3);", "Environment.Exit(3)")


def fail_fast_is_a_message_and_the_next_cell_has_a_fresh_session(kernel):
    survives(kernel, 'Environment.FailFast("enough");', "enough")


def a_stack_overflow_is_a_message_and_the_next_cell_has_a_fresh_session(kernel):
    # Recursion in a cell's own functions is an ordinary error; this is another way to use up the stack.
    survives(
        kernel,
        "unsafe void Overflow() { var much = stackalloc byte[1 << 30]; for (var i = 0; i < 1 << 30; i += 1024) much[i] = 1; }\nOverflow();",
        "crash",
    )


def survives(kernel, code, sentence):
    before = kernel.worker()
    kernel.run("var lost = 1;")
    reply, outputs = kernel.run(code)
    equal(reply["status"], "error", reply)
    holds(sentence in reply["evalue"], reply["evalue"])
    holds("variables are lost" in reply["evalue"], reply["evalue"])
    equal([kind for kind, _ in outputs if kind == "error"], ["error"])
    holds(kernel.worker() != before)
    equal(kernel.run("lost")[0]["status"], "error")


def a_cell_that_cannot_be_stopped_is_ended_by_a_second_interrupt(kernel):
    worker = kernel.worker()
    request = kernel.request('[System.Runtime.InteropServices.DllImport("libc")] static extern uint sleep(uint seconds);\nConsole.Write("begun"); Console.Out.Flush(); sleep(600);')
    wait_for(lambda: kernel.client.get_iopub_msg(timeout=PATIENCE)["content"].get("text", "").startswith("begun"))
    kernel.manager.interrupt_kernel()
    wait_for(lambda: "Interrupt once more" in kernel.client.get_iopub_msg(timeout=PATIENCE)["content"].get("text", ""))
    kernel.manager.interrupt_kernel()
    reply = kernel.reply(request)
    holds("variables are lost" in reply["evalue"], reply)
    holds(kernel.worker() != worker)
    wait_for(lambda: not is_running(worker))


# Each with kernels of its own.


def a_shutdown_ends_the_kernel_and_its_worker():
    with Kernel() as kernel:
        worker = kernel.worker()
        equal(kernel.control_reply(kernel.control("shutdown_request", {"restart": False})), {"status": "ok", "restart": False})
        wait_for(lambda: not kernel.manager.is_alive())
        wait_for(lambda: not is_running(worker))
        equal(kernel.manager.provisioner.process.returncode, 0)


def a_shutdown_while_a_cell_runs_does_not_wait_for_it():
    with Kernel() as kernel:
        worker = kernel.worker()
        kernel.request("while (true) { }")
        equal(kernel.control_reply(kernel.control("shutdown_request", {"restart": True})), {"status": "ok", "restart": True})
        wait_for(lambda: not kernel.manager.is_alive())
        wait_for(lambda: not is_running(worker))


def a_restart_begins_anew():
    with Kernel() as kernel:
        kernel.run("var before = 1;")
        kernel.manager.restart_kernel()
        kernel.client.wait_for_ready(timeout=PATIENCE)
        equal(kernel.run("before")[0]["status"], "error")
        equal(kernel.value("1 + 1"), "2")


def a_kernel_that_is_killed_leaves_no_worker():
    with Kernel() as kernel:
        worker = kernel.worker()
        kernel.request("while (true) { }")
        time.sleep(0.5)
        os.kill(kernel.manager.provisioner.process.pid, signal.SIGKILL)
        wait_for(lambda: not is_running(worker))


def a_kernel_that_is_killed_at_any_moment_leaves_nothing_behind():
    numbers = random.Random(3)
    with tempfile.TemporaryDirectory(prefix="ck-") as folder:
        environment = {"TMPDIR": folder, "DOTNET_EnableDiagnostics": "0"}

        for turn in range(20):
            # Half of them while they start, the others while they work.
            with Kernel(connected=turn % 2 == 0, **environment) as kernel:
                if turn % 2 == 0:
                    kernel.request(numbers.choice(["while (true) Console.Write(1);", "Thread.Sleep(-1);", "new string('x', 1_000_000)", "var n = 0; await Task.Delay(50);", "wrong"]))
                time.sleep(numbers.uniform(0, 0.2 if turn % 2 == 0 else 0.8))
                killed = kernel.manager.provisioner.process.pid
                kernel.manager.provisioner.process.kill()
                kernel.manager.provisioner.process.wait()
        wait_for(lambda: not workers_in(folder))

        # What a kill between two instructions leaves, the next session takes away; its name says whose it was, and where.
        place = hashlib.sha256((socket.gethostname().split(".")[0] + os.readlink("/proc/self/ns/pid")).encode()).hexdigest()[:8]
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(os.path.join(folder, f"ck-{place}-{killed}-0123456789abcdef"))
        with Kernel(**environment) as kernel:
            equal(kernel.value("1 + 1"), "2")
            equal(os.listdir(folder), [])


def workers_in(folder):
    """The command lines of sessions whose pipe is there."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline") as file:
                command = file.read().split("\0")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if "--pipe" in command and any(word.startswith(folder) for word in command) and is_running(process):
            found.append(command)
    return found


def a_kernel_ends_with_the_process_that_started_it():
    with tempfile.TemporaryDirectory(prefix="ck-kernel-") as folder:
        # A process of its own, and none of its pipes: a fork of this one would hold what the test reads from until it ends.
        parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        file, ports = write_connection_file(os.path.join(folder, "k.json"), key=b"a key")
        process = subprocess.Popen([*COMMAND, "kernel", "start", file], env={**os.environ, "JPY_PARENT_PID": str(parent.pid)}, stdout=subprocess.DEVNULL)
        try:
            # A client without a manager takes a heart that does not beat yet for a dead one.
            wait_for(lambda: process.poll() is not None or listens(ports["hb_port"]))
            client = BlockingKernelClient(connection_file=file)
            client.load_connection_file()
            connect(client).stop_channels()
            parent.kill()
            parent.wait()
            equal(process.wait(PATIENCE), 0)
        finally:
            for started in (parent, process):
                started.kill()
                started.wait()


def a_signal_interrupts_as_a_message_does():
    with Kernel(interrupt_mode="signal") as kernel:
        kernel.run("var kept = 17;")
        reply, _, _ = kernel.interrupt_when_begun("while (true) { }")
        equal(reply["status"], "error", reply)
        equal(kernel.value("kept"), "17")


def a_kernel_works_over_ipc_and_removes_its_files():
    with Kernel(transport="ipc") as kernel:
        equal(kernel.value("1 + 1"), "2")
        reply, _, _ = kernel.interrupt_when_begun("while (true) { }")
        equal(reply["status"], "error")
        kernel.control_reply(kernel.control("shutdown_request", {"restart": False}))
        wait_for(lambda: not kernel.manager.is_alive())
        equal([name for name in os.listdir(kernel.folder.name) if name.startswith("ipc")], [])


def main():
    together = [
        kernel_info_tells_the_language_on_shell_and_control,
        a_cell_prints_to_both_streams_and_has_a_value,
        an_error_is_one_message_and_stands_in_the_reply,
        a_display_is_updated_in_place,
        a_silent_cell_leaves_no_trace,
        expressions_of_the_request_are_evaluated_after_the_cell,
        cells_that_wait_behind_an_error_are_aborted,
        an_endless_loop_is_interrupted_and_the_variables_are_kept,
        a_sleeping_cell_is_interrupted,
        an_interrupt_without_a_running_cell_does_nothing,
        control_and_heartbeat_answer_while_a_cell_runs,
        history_is_found_by_tail_range_and_search,
        a_comm_to_an_unknown_target_is_closed,
        a_message_with_a_bad_signature_is_dropped_and_logged,
        messages_that_are_none_are_dropped,
        requests_with_nonsense_inside_are_answered_or_dropped,
        ids_that_are_no_text_come_back_as_they_were,
        an_output_of_a_megabyte_arrives_whole,
        a_second_front_end_sees_the_same_outputs,
        a_cell_asks_for_input_and_gets_it,
        a_cell_that_waits_for_input_is_interrupted_and_a_late_answer_is_not_taken,
        a_cell_whose_front_end_takes_no_input_is_told_so,
        code_is_completed_inspected_and_judged,
        code_is_completed_while_a_cell_runs,
        a_name_with_a_question_mark_opens_the_pager,
        an_output_is_cleared,
        environment_exit_is_a_message_and_the_next_cell_has_a_fresh_session,
        fail_fast_is_a_message_and_the_next_cell_has_a_fresh_session,
        a_stack_overflow_is_a_message_and_the_next_cell_has_a_fresh_session,
        a_cell_that_cannot_be_stopped_is_ended_by_a_second_interrupt,
    ]
    alone = [
        a_shutdown_ends_the_kernel_and_its_worker,
        a_shutdown_while_a_cell_runs_does_not_wait_for_it,
        a_restart_begins_anew,
        a_kernel_that_is_killed_leaves_no_worker,
        a_kernel_that_is_killed_at_any_moment_leaves_nothing_behind,
        a_kernel_ends_with_the_process_that_started_it,
        a_signal_interrupts_as_a_message_does,
        a_kernel_works_over_ipc_and_removes_its_files,
    ]
    wanted = sys.argv[3:]

    def attempt(scenario, *arguments):
        if wanted and scenario.__name__ not in wanted:
            return
        error = None
        try:
            scenario(*arguments)
        except (Exception, queue.Empty):
            error = traceback.format_exc()
        print(json.dumps({"scenario": scenario.__name__, "error": error}), flush=True)

    with Kernel() as kernel:
        for scenario in together:
            attempt(scenario, kernel)
    for scenario in alone:
        attempt(scenario)


# Started in the background of a script, it has inherited that Ctrl-C is ignored, and every kernel would from it.
signal.signal(signal.SIGINT, signal.default_int_handler)
COMMAND = sys.argv[1:3]
main()
