"""Graph convolution and graph attention, written as dense formulas: every pair of nodes, and a mask for the edges."""

import torch
import torch.nn.functional as functional

from common import module_case

NODES = 7
EDGES = [[0, 1], [1, 2], [2, 0], [2, 3], [3, 4], [4, 5]]  # node 6 is alone


def adjacency_with_loops():
    adjacency = torch.eye(NODES, dtype=torch.float64)
    for source, target in EDGES:
        adjacency[source, target] = adjacency[target, source] = 1
    return adjacency


class DenseGraphConv(torch.nn.Module):
    """D^-1/2 (A + I) D^-1/2 x W^T + b (Kipf and Welling 2017)."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.lin = torch.nn.Linear(inputs, outputs, bias=False)
        self.bias = torch.nn.Parameter(torch.randn(outputs))

    def forward(self, x):
        adjacency = adjacency_with_loops()
        scale = adjacency.sum(dim=1).pow(-0.5).diag()
        return scale @ adjacency @ scale @ self.lin(x) + self.bias


class DenseGraphAttention(torch.nn.Module):
    """Softmax over the neighbours j of LeakyReLU(a . [h_j, h_i]), for every head (Velickovic and others 2018)."""

    def __init__(self, inputs, outputs, heads, concatenate):
        super().__init__()
        self.heads, self.outputs, self.concatenate = heads, outputs, concatenate
        self.lin = torch.nn.Linear(inputs, heads * outputs, bias=False)
        self.att_src = torch.nn.Parameter(torch.randn(1, heads, outputs))
        self.att_dst = torch.nn.Parameter(torch.randn(1, heads, outputs))
        self.bias = torch.nn.Parameter(torch.randn(heads * outputs if concatenate else outputs))

    def forward(self, x):
        features = self.lin(x).reshape(NODES, self.heads, self.outputs)
        by_source = (features * self.att_src).sum(dim=-1)  # (nodes, heads)
        by_target = (features * self.att_dst).sum(dim=-1)
        scores = functional.leaky_relu(by_target[:, None, :] + by_source[None, :, :], 0.2)  # (target, source, heads)
        scores = scores.masked_fill(adjacency_with_loops()[:, :, None] == 0, -torch.inf)
        result = torch.einsum("ijh,jhf->ihf", scores.softmax(dim=1), features)
        return (result.reshape(NODES, -1) if self.concatenate else result.mean(dim=1)) + self.bias


def graph_cases():
    torch.manual_seed(13)
    common = {"nodes": NODES, "edges": EDGES, "inputs": 3}
    x = torch.randn(NODES, 3, dtype=torch.float64)
    cases = {"GraphConv": module_case(DenseGraphConv(3, 4), {"x": x}, {**common, "layer": "GraphConv", "outputs": 4})}
    for heads, concatenate in ((1, True), (3, True), (3, False)):
        name = f"GraphAttention, {heads} heads{'' if concatenate else ' averaged'}"
        cases[name] = module_case(
            DenseGraphAttention(3, 2, heads, concatenate), {"x": x},
            {**common, "layer": "GraphAttention", "outputs": 2, "heads": heads, "concatenate": concatenate})
    return cases
