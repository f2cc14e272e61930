"""What the scripts of this folder share: numbers as JSON, and functions and modules run forward and backward."""

import torch


def numbers(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().reshape(-1).tolist()}


def upstream_for(shape):
    """Weights 0.5, 1.25, 2, 1, 1.75, 0.75, 1.5, again 0.5, ...: exact in binary, no two neighbours alike, none zero."""
    weights = [0.5 + 0.25 * (3 * i % 7) for i in range(shape.numel())]
    return torch.tensor(weights, dtype=torch.float64).reshape(shape)


def case(function, inputs, **arguments):
    """Runs a function of named inputs forward and backward and writes down everything."""
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    output = function(*leaves.values())
    upstream = upstream_for(output.shape)
    output.backward(upstream)
    return {
        "arguments": arguments,
        "inputs": {name: numbers(value) for name, value in inputs.items()},
        "output": numbers(output),
        "upstream": numbers(upstream),
        "gradients": {name: numbers(leaf.grad) for name, leaf in leaves.items()},
    }


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def module_case(module, inputs, arguments=None, call=None):
    """Runs a module in double precision and writes down its state before, its output and every gradient.

    Parameters and buffers are named as in PyTorch's state dict; call(module, *inputs) gives the output where the plain
    call does not (the first of several results, further arguments).
    """
    module = module.double()
    state = {name: numbers(value.to(torch.float64)) for name, value in module.state_dict().items() if value.dim() > 0 or value.is_floating_point()}
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    output = call(module, *leaves.values()) if call else module(*leaves.values())
    upstream = upstream_for(output.shape)
    output.backward(upstream)
    after = {name: numbers(value) for name, value in module.named_buffers() if value.is_floating_point()}
    return {
        "arguments": arguments or {},
        "state": state,
        "inputs": {name: numbers(value) for name, value in inputs.items()},
        "output": numbers(output),
        "upstream": numbers(upstream),
        "gradients": {name: numbers(leaf.grad) for name, leaf in leaves.items()},
        "parameterGradients": {name: numbers(value.grad) for name, value in module.named_parameters()},
        "buffersAfter": after,
    }
