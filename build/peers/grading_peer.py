"""The other grader of `coursekit bench --filter grading`: what nbgrader's autograde does at its heart.

nbgrader executes each submission with nbclient in a kernel of its own and reads the points from the values of the test
cells. This does that alone, without nbgrader's database and converters, so it is at least as fast. Talks in lines of
JSON. Its first line says what it is. Asked {"submissions": n, "jobs": j} it grades n submissions of four small
exercises, j at once, and answers with the seconds it took and the points it found.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import ipykernel
import nbclient
import nbformat.v4 as v4

ANSWERS = [
    "def square(x):\n    return x * x",
    "def mean(numbers):\n    return sum(numbers) / len(numbers)",
    "def fibonacci(n):\n    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)",
    "def backwards(text):\n    return text[::-1]",
]
TESTS = [
    "assert square(2) == 4\nassert square(-3) == 9\n1",
    "assert mean([1, 2, 3]) == 2\nassert mean([5]) == 5\n1",
    "assert fibonacci(10) == 55\nassert fibonacci(1) == 1\n1",
    "assert backwards('abc') == 'cba'\nassert backwards('') == ''\n1",
]


def grade(number):
    notebook = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    for answer, test in zip(ANSWERS, TESTS):
        notebook.cells += [v4.new_code_cell(f"{answer}\n# {number}"), v4.new_code_cell(test)]
    nbclient.NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    return sum(float(output["data"]["text/plain"]) for cell in notebook.cells for output in cell.outputs if output.output_type == "execute_result")


def measure(submissions, jobs):
    began = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        points = sum(pool.map(grade, range(submissions)))
    return {"seconds": time.perf_counter() - began, "points": points}


def main():
    print(json.dumps({"version": nbclient.__version__, "build": f"ipykernel {ipykernel.__version__}, Python {sys.version.split()[0]}"}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            print(json.dumps(measure(asked["submissions"], asked["jobs"])), flush=True)
        except Exception as problem:
            print(json.dumps({"error": f"{type(problem).__name__}: {problem}"}), flush=True)


main()
