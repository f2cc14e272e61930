"""Tensor operations: the entries of the tests' operation catalogue, by their names there, at size 5.

Inputs lie where the catalogue says (see VALUES): away from kinks and inside domains.
"""

import math

import torch

from common import case

SIZE = 5


def numbers_for(shape, values, index):
    """Multiples of an irrational number without their whole part: evenly spread, never equal, as the tests draw theirs."""
    step = math.sqrt((5, 2, 3)[index] if index < 3 else 7) % 1
    fractions = [(0.5 + 0.271 * index + i * step) % 1 for i in range(math.prod(shape))]
    drawn = [VALUES[values](fraction, i) for i, fraction in enumerate(fractions)]
    return torch.tensor(drawn, dtype=torch.float32).to(torch.float64).reshape(shape)


VALUES = {
    "any": lambda fraction, _: 4 * fraction - 2,
    "positive": lambda fraction, _: 0.3 + 2.7 * fraction,
    "away from zero": lambda fraction, i: (0.3 + 1.7 * fraction) * (1 if i % 2 == 0 else -1),
}


def spread(shape, below):
    """Indices, some of them twice."""
    return torch.tensor([i * 7 % below for i in range(math.prod(shape))]).reshape(shape)


def sparse(rows, columns):
    """The catalogue's sparse matrix: up to three numbers in a row, those for one place added."""
    entries = [(row, (row * 7 + k * k * 3) % columns, 0.37 * ((row + 2 * k) % 7) - 1.1)
               for row in range(rows) for k in range(0 if row % 5 == 3 else 3)]
    places = torch.tensor([entry[:2] for entry in entries]).t()
    values = torch.tensor([entry[2] for entry in entries], dtype=torch.float64)
    return torch.sparse_coo_tensor(places, values, (rows, columns)).coalesce()


def operation_cases():
    cases = {}

    def add(name, function, *inputs):
        """An input is a shape, or a shape and where its numbers lie."""
        given = {}
        for index, item in enumerate(inputs):
            shape, values = item if isinstance(item[-1] if item else None, str) else (item, "any")
            given[f"x{index}"] = numbers_for(shape, values, index)
        cases[name] = case(function, given)

    n = SIZE
    away = "away from zero"

    for name, function in {"a + b": torch.add, "a - b": torch.sub, "a * b": torch.mul, "Maximum": torch.maximum}.items():
        add(f"{name}, same shape", function, (n,), (n,))
        add(f"{name}, a row at the right", function, (3, n), (n,))
        add(f"{name}, a column at the left", function, (n, 1), (n, 3))
        add(f"{name}, ranks 2 and 4", function, (3, n), (2, 2, 1, n))
    add("a / b, the middle axis stretched", torch.div, (2, 3, n), ((2, 1, n), away))
    add("Minimum", torch.minimum, (3, n), (n,))

    add("a + number", lambda x: x + 1.25, (n,))
    add("number + a", lambda x: -0.3 + x, (n,))
    add("a - number", lambda x: x - 0.7, (n,))
    add("number - a", lambda x: 0.7 - x, (n,))
    add("a * number", lambda x: x * -1.7, (n,))
    add("number * a", lambda x: 3.1 * x, (n,))
    add("a / number", lambda x: x / 3, (n,))
    add("number / a", lambda x: 2.5 / x, ((n,), away))
    add("-a", torch.neg, (n,))
    add("Exp", torch.exp, (n,))
    add("Log", torch.log, ((n,), "positive"))
    add("LogGamma", torch.lgamma, ((n,), "positive"))
    add("Sqrt", torch.sqrt, ((n,), "positive"))
    add("Sin", lambda x: torch.sin(3 * x), (n,))
    add("Cos", lambda x: torch.cos(3 * x), (n,))
    add("Abs", torch.abs, ((n,), away))
    add("Square", torch.square, (n,))
    add("Pow 1.5", lambda x: x ** 1.5, ((n,), "positive"))
    add("Sigmoid", torch.sigmoid, (n,))
    add("Tanh", torch.tanh, (n,))
    add("Relu", torch.relu, ((n,), away))
    add("Clamp", lambda x: torch.clamp(x, -0.2, 1.1), ((n,), away))

    add("Sum", torch.sum, (3, n))
    add("Sum over the middle axis, kept", lambda x: x.sum(1, keepdim=True), (2, 3, n))
    add("Mean", torch.mean, (3, n))
    add("Mean over the middle axis", lambda x: x.mean(1), (2, 3, n))
    add("Max over the middle axis", lambda x: x.max(1).values, (2, 3, n))
    add("Max of all", torch.max, (3, n))
    add("Min of all", torch.min, (3, n))
    add("Min over the first axis", lambda x: x.min(0).values, (n, 3))
    add("Softmax", lambda x: x.softmax(-1), (3, n))
    add("LogSoftmax", lambda x: x.log_softmax(-1), (3, n))
    add("CumulativeSum", lambda x: x.cumsum(-1), (3, n))
    add("CumulativeSum over the first axis", lambda x: x.cumsum(0), (n, 3))
    add("Variance, dividing by N", lambda x: x.var(-1, unbiased=False), (3, n))
    add("Variance over the first axis, kept", lambda x: x.var(0, unbiased=True, keepdim=True), (n + 1, 3))
    add("StandardDeviation", lambda x: x.std(-1), (3, n + 1))
    add("Norm", torch.norm, (3, n))
    add("Norm over the last axis", lambda x: x.norm(dim=-1, keepdim=True), (3, n))
    add("LogSumExp", lambda x: x.logsumexp(-1), (3, n))
    add("LogSumExp over the middle axis, kept", lambda x: x.logsumexp(1, keepdim=True), (2, n, 3))
    add("Dot", torch.dot, (n,), (n,))
    add("Outer", torch.outer, (n,), (3,))

    add("MatMul, many rows", torch.matmul, (n, 2), (2, 3))
    add("MatMul, a batch", torch.matmul, (n, 2, 3), (n, 3, 4))
    add("MatMul, a batch, left transposed", lambda a, b: a.transpose(-1, -2) @ b, (2, 3, n), (2, 3, 2))
    add("MatMul, two axes of batches", torch.matmul, (2, 3, 2, n), (2, 3, n, 2))
    add("MatMul, a batch and one matrix", torch.matmul, (n, 2, 3), (3, 4))
    add("MatMul, one matrix and a batch, both transposed", lambda a, b: a.T @ b.transpose(-1, -2), (3, 2), (2, n, 3))

    add("dense times sparse, many rows", lambda x: (sparse(4, 3).t() @ x.t()).t(), (n, 4))
    add("dense times sparse transposed, many rows", lambda x: (sparse(3, 4) @ x.t()).t(), (n, 4))

    add("Reshape", lambda x: x.reshape(-1, 3), (3, n))
    add("Flatten", lambda x: x.flatten(1), (2, 3, n))
    add("Rows from a place on", lambda x: x.narrow(0, 1, 2), (4, n))
    add("Rows by index, some twice", lambda x: x[[2, 0, 2, 3, 2]], (4, n))
    add("Columns", lambda x: x[:, 1:3], (n, 4))
    add("Transpose", torch.t, (3, n))
    add("Transpose of two axes of four", lambda x: x.transpose(1, 2), (2, 3, n, 4))
    add("Permute, all axes moved", lambda x: x.permute(2, 0, 1), (2, n, 3))
    add("Slice of the middle axis", lambda x: x[:, 1:4], (2, 5, n))
    add("Slice of the last axis, every second", lambda x: x[:, ::2], (3, n))
    add("a range of each axis", lambda x: x[1:3, :, -2:], (4, n, 5))
    add("Select", lambda x: x.select(1, 2), (2, 3, n))
    add("Squeeze", lambda x: x.squeeze(1), (2, 1, n))
    add("Unsqueeze", lambda x: x.unsqueeze(-1), (2, n))
    add("Flip of the first axis", lambda x: x.flip(0), (n, 3))
    add("Expand the middle axis", lambda x: x.expand(2, 4, n), (2, 1, n))
    add("Pad the last axis", lambda x: torch.nn.functional.pad(x, (2, 1), value=0.5), (3, n))
    add("Concatenate along the last axis", lambda a, b: torch.cat((a, b), -1), (3, n), (3, 2))
    add("Stack at the end", lambda a, b, c: torch.stack((a, b, c), -1), (2, n), (2, n), (2, n))
    add("Chunk", lambda x: (lambda a, b, c: a * c - b)(*x.chunk(3, 1)), (n, 6))
    add("IndexSelect on the middle axis", lambda x: x.index_select(1, torch.tensor([2, 0, 2])), (2, 3, n))
    add("Gather along the last axis", lambda x: x.gather(-1, spread((2, 2 * n), n)), (3, n))
    add("Gather along the first axis", lambda x: x.gather(0, spread((2, n, 2), 3)), (3, n, 2))
    add("ScatterAdd along the last axis", lambda x, s: x.scatter_add(-1, spread((2, n), n), s), (3, n), (2, n))
    add("IndexAdd", lambda x, s: x.index_add(0, torch.tensor([2, 0, 2]), s), (3, n), (3, n))
    add("IndexAdd along the middle axis", lambda x, s: x.index_add(1, torch.tensor([i * i % 4 for i in range(n)]), s), (2, 4, 3), (2, n, 3))
    add("Sort", lambda x: x.sort().values, (2, n))
    add("Sort descending along the first axis", lambda x: x.sort(0, descending=True).values, (n, 3))
    add("TopK", lambda x: x.topk(3).values, (3, n))
    add("TopK, the smallest along the middle axis", lambda x: x.topk(2, 1, largest=False).values, (2, 3, n))
    add("Where", lambda c, a, b: torch.where(c > 0, a, b) + 0 * c, ((3, n), away), (3, n), (3, 1))
    add("MaskedFill", lambda x, m: x.masked_fill(m > 0, -7) + 0 * m, (3, n), ((n,), away))

    def attention_weights(query, key, masked):
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        return scores.masked_fill(masked, -math.inf).softmax(-1)

    add("AttentionWeights, causal", lambda q, k: attention_weights(q, k, torch.ones(3, 4).triu(1).bool()), (2, 3, n), (2, 4, n))
    add("ScaledDotProductAttention with a mask", lambda q, k, v: attention_weights(q, k, spread((2, 1, 4), 3) == 1) @ v,
        (2, 3, n), (2, 4, n), (2, 4, n))

    nn = torch.nn.functional
    add("Conv1d, stride 2, padding, dilation, groups", lambda x, w, b: nn.conv1d(x, w, b, 2, 2, 2, 2), (2, 2, n), (4, 1, 3), (4,))
    add("Conv2d, tall, stride 2 and padding", lambda x, w, b: nn.conv2d(x, w, b, (2, 1), (1, 2)), (1, 2, n, 5), (13, 2, 3, 2), (13,))
    add("ConvTranspose2d, all arguments", lambda x, w, b: nn.conv_transpose2d(x, w, b, (2, 3), (1, 2), (1, 2), 2, (2, 1)), (1, 4, 3, n + 1), (4, 3, 3, 3), (6,))
    add("MaxPool2d, overlapping", lambda x: nn.max_pool2d(x, 3, (2, 1), 1), (2, 1, n, 5))
    add("AvgPool2d, overlapping, padding not counted", lambda x: nn.avg_pool2d(x, 3, (2, 1), 1, count_include_pad=False), (2, 1, n, 5))
    add("AdaptiveAvgPool2d, uneven parts", lambda x: nn.adaptive_avg_pool2d(x, (3, 2)), (n, 2, 7, 5))
    add("Interpolate, nearest", lambda x: nn.interpolate(x, (6, 5)), (n, 2, 3, 2))
    add("Interpolate, bilinear", lambda x: nn.interpolate(x, (6, 5), mode="bilinear", align_corners=False), (n, 2, 3, 4))
    add("BatchNorm of images", lambda x, w, b: nn.batch_norm(x, None, None, w, b, training=True), (2, 3, 2, n), (3,), (3,))
    add("LayerNorm, many features", lambda x, w, b: nn.layer_norm(x, (n + 4,), w, b), (3, n + 4), (n + 4,), (n + 4,))
    add("GroupNorm", lambda x, w, b: nn.group_norm(x, 2, w, b), (2, 4, 2, n), (4,), (4,))
    return cases
