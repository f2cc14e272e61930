"""nbgrader itself as the other grader of `coursekit bench --filter grading`, where the Python has it.

Makes a course of one assignment with the same four small exercises, has nbgrader generate the students' version, hands in
submissions and runs `nbgrader autograde` on them, in this process, which is warm: sanitizing, a kernel for each
submission, points into its gradebook. nbgrader grades one submission after another. Talks in lines of JSON. Its first
line says what it is. Asked {"submissions": n} it grades n new ones and answers with the seconds it took and the points
it found.
"""

import json
import logging
import pathlib
import sys
import tempfile
import time

import ipykernel
import nbformat
import nbformat.v4 as v4
import nbgrader
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

EXERCISES = [
    ("square", "def square(x):\n    return x * x", "assert square(2) == 4", "assert square(-3) == 9"),
    ("mean", "def mean(numbers):\n    return sum(numbers) / len(numbers)", "assert mean([1, 2, 3]) == 2", "assert mean([5]) == 5"),
    ("fibonacci", "def fibonacci(n):\n    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)", "assert fibonacci(10) == 55", "assert fibonacci(1) == 1"),
    ("backwards", "def backwards(text):\n    return text[::-1]", "assert backwards('abc') == 'cba'", "assert backwards('') == ''"),
]
ASSIGNMENT = "exercises"


def cell(source, **nbgrader_fields):
    fields = {"schema_version": 3, "cell_type": "code", "solution": False, "grade": False, "locked": False, "task": False, **nbgrader_fields}
    return v4.new_code_cell(source, metadata={"nbgrader": fields})


def write(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


class Course:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.config = Config()
        self.config.CourseDirectory.root = folder
        self.config.CourseDirectory.course_id = "bench"
        self.config.CourseDirectory.assignment_id = ASSIGNMENT
        notebook = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
        for name, answer, visible, hidden in EXERCISES:
            notebook.cells.append(cell(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", solution=True, grade_id=f"{name}-answer"))
            notebook.cells.append(cell(f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS", grade=True, locked=True, grade_id=name, points=1))
        write(notebook, self.folder / "source" / ASSIGNMENT / "exercises.ipynb")
        self.run(GenerateAssignment, "*")
        self.handed_in = 0

    def run(self, converter, students):
        coursedir = CourseDirectory(config=self.config)
        coursedir.student_id = students
        converter(coursedir=coursedir, config=self.config).start()

    def hand_in(self, student, number):
        notebook = nbformat.read(self.folder / "release" / ASSIGNMENT / "exercises.ipynb", 4)
        answers = iter(answer for _, answer, _, _ in EXERCISES)
        for one in notebook.cells:
            if one.metadata.nbgrader.solution:
                one.source = f"{next(answers)}\n# {number}"
        write(notebook, self.folder / "submitted" / student / ASSIGNMENT / "exercises.ipynb")

    def measure(self, submissions):
        self.handed_in += 1
        students = [f"round{self.handed_in}student{number}" for number in range(submissions)]
        for number, student in enumerate(students):
            self.hand_in(student, number)
        began = time.perf_counter()
        self.run(Autograde, f"round{self.handed_in}student*")
        seconds = time.perf_counter() - began
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}", "bench") as book:
            points = sum(book.find_submission(ASSIGNMENT, student).score for student in students)
        return {"seconds": seconds, "points": points}


def main():
    # Each line of its log is a line about a submission; they would be waited for.
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        course = Course(folder)
        print(json.dumps({"version": nbgrader.__version__, "build": f"ipykernel {ipykernel.__version__}, Python {sys.version.split()[0]}"}), flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                print(json.dumps(course.measure(asked["submissions"])), flush=True)
            except Exception as problem:
                print(json.dumps({"error": f"{type(problem).__name__}: {problem}"}), flush=True)


main()
