"""Embedding, recurrent layers, attention and transformer layers, as PyTorch's modules compute them."""

import math

import torch
from torch import nn

from common import module_case, numbers


def drawn(*shape):
    """Multiples of 1/64 from -1 to 1: exact in binary and short in the file."""
    return torch.randint(-64, 65, shape, dtype=torch.float64) / 64


def redrawn(module):
    """Parameters as drawn; scales (one axis, named weight: layer normalization) stay near 1. Dropout is off."""
    with torch.no_grad():
        for name, parameter in module.double().named_parameters():
            scale = parameter.dim() == 1 and name.endswith("weight")
            parameter.copy_(1 + drawn(*parameter.shape) / 4 if scale else drawn(*parameter.shape) / 2)
    return module.eval()


def flat(*tensors):
    """Several results as one, so that every one of them has a gradient."""
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def embedding_cases():
    indices = [[0, 2, 1], [2, 2, 4]]
    cases = {}
    for name, padding in (("Embedding", None), ("Embedding with padding", 2)):
        cases[name] = module_case(redrawn(nn.Embedding(5, 3, padding_idx=padding)), {},
                                  {"indices": sum(indices, []), "padding": padding},
                                  lambda module: module(torch.tensor(indices)))
    return cases


def recurrent_cases():
    cases = {}
    options = {
        "": {},
        ", no bias": {"bias": False},
        ", two layers in both directions": {"num_layers": 2, "bidirectional": True},
        ", time first": {"batch_first": False},
    }
    kinds = {
        "RNN": (nn.RNN, {}, ["", ", two layers in both directions"]),
        "RNN of ReLUs": (nn.RNN, {"nonlinearity": "relu"}, ["", ", time first"]),
        "LSTM": (nn.LSTM, {}, list(options)),
        "GRU": (nn.GRU, {}, ["", ", no bias", ", two layers in both directions"]),
    }
    for kind, (make, of_kind, with_options) in kinds.items():
        for option in with_options:
            settings = {"batch_first": True, **options[option]}
            module = redrawn(make(3, 2, **of_kind, **settings))
            states = settings.get("num_layers", 1) * (2 if settings.get("bidirectional") else 1)
            inputs = {"input": drawn(2, 3, 3), "state": drawn(states, 2 if settings["batch_first"] else 3, 2)}
            if make is nn.LSTM:
                inputs["cell"] = drawn(*inputs["state"].shape)

                def call(module, x, h, c):
                    output, (last, cell) = module(x, (h, c))
                    return flat(output, last, cell)
            else:
                def call(module, x, h):
                    return flat(*module(x, h))
            cases[kind + option] = module_case(module, inputs, {"kind": kind, "option": option}, call)
    for kind, make in (("RNNCell", nn.RNNCell), ("GRUCell", nn.GRUCell)):
        cases[kind] = module_case(redrawn(make(3, 2)), {"input": drawn(4, 3), "state": drawn(4, 2)})
    cases["LSTMCell"] = module_case(redrawn(nn.LSTMCell(3, 2)), {"input": drawn(4, 3), "state": drawn(4, 2), "cell": drawn(4, 2)},
                                    call=lambda module, x, h, c: flat(*module(x, (h, c))))
    return cases


def causal(length):
    return torch.ones(length, length).triu(1).bool()


def attention_cases():
    def module(**arguments):
        return redrawn(nn.MultiheadAttention(4, 2, batch_first=True, **arguments))

    def call(**arguments):
        return lambda module, *inputs: flat(*module(*(inputs if len(inputs) == 3 else inputs * 3), average_attn_weights=False, **arguments))

    one = {"input": drawn(2, 3, 4)}
    three = {"query": drawn(2, 3, 4), "key": drawn(2, 5, 4), "value": drawn(2, 5, 4)}
    mask = torch.tensor([[0, 1, 0, 0, 1], [0, 0, 0, 0, 0], [1, 1, 1, 0, 1]]).bool()
    padding = torch.tensor([[0, 0, 0, 0, 1], [0, 1, 1, 0, 0]]).bool()
    each = torch.stack([mask, ~mask])  # for each example another one
    return {
        "attention to itself": module_case(module(), one, call=call()),
        "attention without biases": module_case(module(bias=False), one, call=call()),
        "attention, causal": module_case(module(), one, {"causal": True}, call(attn_mask=causal(3))),
        "attention to others": module_case(module(), three, call=call()),
        "attention with a mask": module_case(module(), three, {"mask": numbers(mask.double())}, call(attn_mask=mask)),
        "attention with a mask for each example": module_case(
            module(), three, {"mask": numbers(each[:, [0, 0, 2]].double())},
            call(attn_mask=each[:, [0, 0, 2]].repeat_interleave(2, dim=0))),
        "attention with padding": module_case(
            module(), three, {"mask": numbers(padding.double().unsqueeze(1))}, call(key_padding_mask=padding)),
    }


def transformer_cases():
    cases = {}
    mask = torch.tensor([[0, 1, 0], [0, 0, 1], [1, 0, 0]]).bool()
    memory_mask = torch.tensor([[0, 1], [0, 0], [1, 0]]).bool()
    for name, norm_first, activation in (("ReLU", False, "relu"), ("GELU, norm first", True, "gelu")):
        arguments = {"normFirst": norm_first, "gelu": activation == "gelu"}
        settings = {"norm_first": norm_first, "activation": activation, "batch_first": True}
        cases[f"encoder layer, {name}"] = module_case(
            redrawn(nn.TransformerEncoderLayer(4, 2, 5, **settings)), {"input": drawn(2, 3, 4)},
            {**arguments, "mask": numbers(mask.double())}, lambda module, x: module(x, mask))
        cases[f"decoder layer, {name}"] = module_case(
            redrawn(nn.TransformerDecoderLayer(4, 2, 5, **settings)), {"memory": drawn(2, 2, 4), "target": drawn(2, 3, 4)},
            {**arguments, "mask": numbers(memory_mask.double())},
            lambda module, memory, target: module(target, memory, causal(3), memory_mask))
    layer = nn.TransformerEncoderLayer(4, 2, 5, norm_first=True, batch_first=True)
    cases["encoder, causal"] = module_case(
        redrawn(nn.TransformerEncoder(layer, 2, nn.LayerNorm(4))), {"input": drawn(2, 3, 4)}, {"normFirst": True},
        lambda module, x: module(x, causal(3)))
    return cases


class SinusoidalPositions(nn.Module):
    """The encoding as PyTorch's tutorial on transformers computes it."""

    def __init__(self, width, length):
        super().__init__()
        position = torch.arange(length, dtype=torch.float64).unsqueeze(1)
        divisors = torch.exp(torch.arange(0, width, 2, dtype=torch.float64) * (-math.log(10000.0) / width))
        pe = torch.zeros(length, width, dtype=torch.float64)
        pe[:, 0::2] = torch.sin(position * divisors)
        pe[:, 1::2] = torch.cos(position * divisors)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[:x.shape[1]]


def sequence_cases():
    torch.manual_seed(23)
    return {
        **embedding_cases(),
        **recurrent_cases(),
        **attention_cases(),
        **transformer_cases(),
        "sinusoidal positions": module_case(SinusoidalPositions(6, 7), {"input": drawn(2, 5, 6)}),
    }
