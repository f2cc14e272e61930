"""Reference values and gradients from PyTorch, in double precision, for the tests of the support library.

Run it where PyTorch is at hand (Debian and Ubuntu: apt install python3-torch; any version from 1.13 on):

    python3 build/reference-values/generate.py

It writes one file for each entry of FIXTURES (functions.json, losses.json, ...) into tests/CourseKit.Tests/Fixtures, or into the folder
given as its one argument. The files are committed, so the tests need no Python. Inputs are fixed or drawn from a fixed
seed, keys are sorted and numbers written in full, so a second run with the same PyTorch gives the same bytes.

Each case holds its inputs, the gradient that is handed in at its output ("upstream", uneven, so that errors cannot
cancel), its output, and the gradient at every input.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as functional

from activations import activation_cases
from common import case, numbers, tensor
from convolutions import convolution_cases
from image_metrics import image_metric_cases
from graphs import graph_cases
from losses import loss_cases
from operations import operation_cases
from optimizers import clipping_cases, initializer_cases, optimizer_cases, schedule_cases
from sequences import sequence_cases

DEFAULT_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "CourseKit.Tests" / "Fixtures"


def function_cases():
    anywhere = tensor([-100, -50, -20, -5, -1, -0.5, -0.125, -1e-4, 0, 1e-4, 0.125, 0.5, 1, 5, 20, 50, 100])
    moderate = tensor([-20, -5, -1, -0.5, -0.125, 0, 0.125, 0.5, 1, 5, 20])
    positive = tensor([1e-30, 1e-6, 0.125, 0.5, 1, 1.5, 2, 10, 1e6, 1e30])
    scores = tensor([[1, 2, 3, 4], [-100, 0, 50, 100], [100, 100, -100, -100], [0, 0, 0, 0], [0.25, -0.5, 1e-3, -1e-3]])
    cases = {
        "sigmoid": case(torch.sigmoid, {"x": anywhere}),
        "tanh": case(torch.tanh, {"x": anywhere}),
        "relu": case(torch.relu, {"x": anywhere}),
        "abs": case(torch.abs, {"x": anywhere}),
        "square": case(torch.square, {"x": anywhere}),
        "exp": case(torch.exp, {"x": moderate}),
        "log": case(torch.log, {"x": positive}),
        "sqrt": case(torch.sqrt, {"x": positive}),
        "softmax": case(lambda x: functional.softmax(x, dim=-1), {"x": scores}),
        "log_softmax": case(lambda x: functional.log_softmax(x, dim=-1), {"x": scores}),
    }
    for exponent in (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0):
        whole = exponent >= 0 and exponent == int(exponent)
        base = moderate if whole else tensor([0.125, 0.5, 1, 1.5, 2, 10])
        cases[f"pow {exponent:g}"] = case(lambda x: torch.pow(x, exponent), {"x": base}, exponent=exponent)
    return cases


def linear_cases():
    torch.manual_seed(7)

    def drawn(*shape):
        return torch.randn(*shape, dtype=torch.float64)

    return {
        "with a bias": case(functional.linear, {"input": drawn(4, 3), "weight": drawn(2, 3), "bias": drawn(2)}),
        "without a bias": case(functional.linear, {"input": drawn(3, 5), "weight": drawn(4, 5)}),
        "three axes": case(functional.linear, {"input": drawn(2, 3, 4), "weight": drawn(5, 4), "bias": drawn(5)}),
    }


def sgd_cases():
    """Least squares of y by x, from the same start, for some steps: the loss before each step, the weights after it."""
    torch.manual_seed(11)
    x = torch.randn(6, 3, dtype=torch.float64)
    y = x @ tensor([[1.0], [-2.0], [0.5]]) + 0.25
    start_weight = torch.randn(1, 3, dtype=torch.float64)
    start_bias = torch.randn(1, dtype=torch.float64)

    def trajectory(steps=6, **arguments):
        layer = torch.nn.Linear(3, 1).double()
        with torch.no_grad():
            layer.weight.copy_(start_weight)
            layer.bias.copy_(start_bias)
        optimizer = torch.optim.SGD(layer.parameters(), **arguments)
        path = []
        for _ in range(steps):
            optimizer.zero_grad()
            loss = functional.mse_loss(layer(x), y)
            loss.backward()
            optimizer.step()
            path.append({"loss": loss.item(), "weight": numbers(layer.weight), "bias": numbers(layer.bias)})
        return {
            "arguments": arguments,
            "inputs": {"x": numbers(x), "y": numbers(y), "weight": numbers(start_weight), "bias": numbers(start_bias)},
            "steps": path,
        }

    return {
        "plain": trajectory(lr=0.1),
        "momentum": trajectory(lr=0.05, momentum=0.9),
        "weight decay": trajectory(lr=0.1, weight_decay=0.25),
        "momentum and weight decay": trajectory(lr=0.05, momentum=0.5, weight_decay=0.125),
    }


# One file of the tests for each; the key is its name. A module beside this one may hold the cases.
FIXTURES = {
    "functions": function_cases,
    "operations": operation_cases,
    "activations": activation_cases,
    "losses": loss_cases,
    "linear": linear_cases,
    "sgd": sgd_cases,
    "convolutions": convolution_cases,
    "image-metrics": image_metric_cases,
    "graphs": graph_cases,
    "optimizers": optimizer_cases,
    "schedules": schedule_cases,
    "clipping": clipping_cases,
    "initializers": initializer_cases,
    "sequences": sequence_cases,
}


def write(path, cases):
    """One case a line: small, and a change shows in a diff."""
    written_by = {"script": "build/reference-values/generate.py", "torch": torch.__version__}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(cases[name], sort_keys=True, allow_nan=False)}"
                       for name in sorted(cases))
    text = f'{{"cases": {{\n{lines}\n}},\n"written_by": {json.dumps(written_by, sort_keys=True)}}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(cases)} cases, {len(text)} bytes")


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, cases in FIXTURES.items():
        write(folder / f"{name}.json", cases())


if __name__ == "__main__":
    main()
