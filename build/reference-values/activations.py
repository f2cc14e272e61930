"""Activation functions far out and at their kinks, by their names in the tests' operation catalogue."""

import torch
import torch.nn.functional as functional

from common import case, tensor

ANYWHERE = tensor([-100, -50, -20, -5, -1, -0.5, -0.125, -1e-4, 0, 1e-4, 0.125, 0.5, 1, 5, 20, 50, 100])
SCORES = tensor([[1, 2, 3, 4], [-100, 0, 50, 100], [100, 100, -100, -100], [0, 0, 0, 0], [0.25, -0.5, 1e-3, -1e-3]])
BLOCKS = torch.stack((SCORES[:3], SCORES[2:] * 0.5))  # (2, 3, 4)


def activation_cases():
    alone = {
        "Sigmoid": torch.sigmoid,
        "Tanh": torch.tanh,
        "Relu": torch.relu,
        "LeakyRelu": functional.leaky_relu,
        "LeakyRelu 0.25": lambda x: functional.leaky_relu(x, 0.25),
        "Softplus": functional.softplus,
        "Softplus with beta and threshold": lambda x: functional.softplus(x, 3, 2.1),
        "Gelu": functional.gelu,
        "Gelu by tanh": lambda x: functional.gelu(x, approximate="tanh"),
        "Silu": functional.silu,
        "Swish 0.4": lambda x: x * torch.sigmoid(0.4 * x),
        "Elu": functional.elu,
        "Elu 0.5": lambda x: functional.elu(x, 0.5),
        "Selu": functional.selu,
        "Erf": torch.erf,
    }
    cases = {name: case(function, {"x0": ANYWHERE}) for name, function in alone.items()}
    cases["Swish of a tensor"] = case(lambda x, b: x * torch.sigmoid(b * x), {"x0": ANYWHERE, "x1": tensor([1.4])})
    cases["PRelu, one slope"] = case(functional.prelu, {"x0": ANYWHERE, "x1": tensor([0.25])})
    cases["PRelu, a slope for each feature"] = case(functional.prelu, {"x0": SCORES[:, :3].contiguous(), "x1": tensor([0.25, 0.5, -0.125])})
    cases["PRelu, a slope for each channel"] = case(functional.prelu, {"x0": BLOCKS, "x1": tensor([0.25, 0.5, -0.125])})
    for name, function in {"Softmax": functional.softmax, "LogSoftmax": functional.log_softmax}.items():
        cases[name] = case(lambda x: function(x, dim=-1), {"x0": SCORES})
        cases[f"{name} along the first axis"] = case(lambda x: function(x, dim=0), {"x0": SCORES})
    cases["Softmax along the middle axis"] = case(lambda x: functional.softmax(x, dim=1), {"x0": BLOCKS})
    cases["LogSoftmax along a long middle axis"] = case(lambda x: functional.log_softmax(x, dim=1), {"x0": BLOCKS})
    return cases
