"""Runs jupyter_kernel_test against the installed C# kernel, every sample set, and prints each test's outcome as JSON.

The name of the kernel is the only argument.
"""

import functools
import json
import sys
import traceback
import unittest

import jupyter_kernel_test


# Long beyond what a busy machine needs; the suite itself waits for a tenth of a second here and there.
PATIENCE = 600
jupyter_kernel_test.TIMEOUT = PATIENCE
jupyter_kernel_test.start_new_kernel = functools.partial(jupyter_kernel_test.start_new_kernel, startup_timeout=PATIENCE)
jupyter_kernel_test.KernelTests.history_helper.__defaults__ = (PATIENCE,)


class CSharpKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = sys.argv[1]
    language_name = "C#"
    file_extension = ".cs"

    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("to the other stream");'
    code_page_something = "Math.Max?"
    code_generate_error = 'throw new InvalidOperationException("as asked");'
    code_clear_output = "ClearOutput();"
    code_inspect_sample = "Console.WriteLine"

    completion_samples = [
        {"text": "Console.WriteL", "matches": {"WriteLine"}},
        {"text": "Environment.NewL", "matches": {"NewLine"}},
        {"text": "var π = Math.Sqr", "matches": {"Sqrt"}},
    ]

    complete_code_samples = ["1 + 1", "var x = 3;", "if (true) { }", "record Point(int X, int Y);", "// a remark", ""]
    incomplete_code_samples = ["for (var i = 0; i < 3; i++) {", "Console.WriteLine(", "class Point {", "/* open", "var x ="]
    invalid_code_samples = ["var x = );", "}", "int 3 = x;"]

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"text".ToUpperInvariant()', "result": "TEXT"},
        {"code": "await Task.FromResult(1.5)", "result": "1.5"},
        {"code": 'HTML("<b>bold</b>")', "result": "<b>bold</b>", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'display(HTML("<b>bold</b>"));', "mime": "text/html"},
        {"code": 'display("text", "text/plain");', "mime": "text/plain"},
        {"code": "new[] { 1, 2, 3 }.Display();", "mime": "text/html"},
    ]
    code_history_pattern = "6 [*] *"
    supported_history_operations = ("tail", "range", "search")

    is_waiting = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        get = cls.kc.iopub_channel.get_msg
        cls.kc.iopub_channel.get_msg = lambda timeout=None: get(timeout=PATIENCE if cls.is_waiting else timeout)

    def execute_helper(self, code, timeout=PATIENCE, **options):
        """What comes below a cell is waited for until it is idle."""
        type(self).is_waiting = True
        try:
            return super().execute_helper(code, timeout, **options)
        finally:
            type(self).is_waiting = False


class Outcomes(unittest.TestResult):
    """A test is what its worst part is: one that skips a part is skipped."""

    def __init__(self):
        super().__init__()
        self.of = {}

    def startTest(self, test):
        super().startTest(test)
        self.of[test._testMethodName] = {"outcome": "passed", "detail": ""}

    def note(self, test, outcome, detail):
        name = getattr(test, "test_case", test)._testMethodName
        if self.of[name]["outcome"] != "failed":
            self.of[name] = {"outcome": outcome, "detail": detail}

    def addSkip(self, test, reason):
        self.note(test, "skipped", reason)

    def addFailure(self, test, error):
        self.note(test, "failed", "".join(traceback.format_exception(*error)))

    def addError(self, test, error):
        if not hasattr(test, "_testMethodName"):  # the kernel did not start
            raise error[1]
        self.addFailure(test, error)

    def addSubTest(self, test, part, error):
        if error is not None:
            self.note(part, "failed", str(part) + "\n" + "".join(traceback.format_exception(*error)))


outcomes = Outcomes()
unittest.defaultTestLoader.loadTestsFromTestCase(CSharpKernelTests).run(outcomes)
print(json.dumps(outcomes.of))
