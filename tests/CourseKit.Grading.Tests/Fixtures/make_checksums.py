"""Writes checksums.json: cells and the checksums that nbgrader itself computes for them.

Needs nbgrader (0.9.5 made the committed file); the tests read the file and need no Python.
    python3 make_checksums.py > checksums.json
"""
import itertools
import json

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum

SOURCES = {
    "empty": "",
    "plain": "Check.Exercise(\"step\")\n    .Part(\"fires\", 1, () => Check.Equal(1.0, Step(0)))",
    "non_ascii": "// Größe: ∂L/∂w = σ(z) − y, naïve 学习 🎓\nvar π = Math.PI;\t\n",
    "carriage_returns": "var x = 1;\r\nx\r\n",
}
POINTS = [0, 1, 2, 2.0, 0.5, 0.1, 1 / 3, 10, 1e15, 1e16, 123456789012345680, 1e22, 1.5e300, 1e-4, 1e-5, 2.5e-7]
FLAGS = [  # grade, solution, locked
    (True, False, True), (True, False, False), (True, True, False),
    (False, True, False), (False, True, True), (False, False, True),
]


def make(source, cell_type, grade, solution, locked, grade_id, points):
    metadata = dict(schema_version=3, grade=grade, solution=solution, locked=locked, task=False, grade_id=grade_id)
    if grade:
        metadata["points"] = points
    return dict(cell_type=cell_type, source=source, metadata=dict(nbgrader=metadata))


cells = [make(source, "code", *flags, name, 2) for (name, source), flags in itertools.product(SOURCES.items(), FLAGS)]
cells += [make("1", "code", True, False, True, f"points-{i}", points) for i, points in enumerate(POINTS)]
cells += [make("Why?", "markdown", True, True, False, "why", 2.5)]


def node(value):
    return NotebookNode({key: node(item) for key, item in value.items()}) if isinstance(value, dict) else value


print(json.dumps(
    [dict(cell=cell, checksum=compute_checksum(node(cell))) for cell in cells], indent=1, ensure_ascii=True))
