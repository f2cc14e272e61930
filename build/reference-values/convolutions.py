"""Convolution, pooling, normalization and upsampling layers of PyTorch, each run forward and backward."""

import torch
from torch import nn

from common import module_case


def convolution_cases():
    torch.manual_seed(23)

    def drawn(*shape):
        # Few digits: a small file, and exact in single precision.
        return torch.round(torch.randn(*shape, dtype=torch.float64) * 64) / 64

    def prepared(module):
        with torch.no_grad():
            for name, value in module.state_dict().items():
                if value.is_floating_point():
                    value.copy_(drawn(*value.shape).abs() + 0.25 if name.endswith("var") else drawn(*value.shape))
        return module

    def run(module, *shape):
        return module_case(prepared(module), {"input": drawn(*shape)})

    return {
        "Conv1d": run(nn.Conv1d(2, 3, 3), 2, 2, 7),
        "Conv1d, stride 2, padding 2, dilation 2": run(nn.Conv1d(2, 4, 3, stride=2, padding=2, dilation=2, groups=2), 1, 2, 9),
        "Conv1d, same": run(nn.Conv1d(1, 2, 4, padding="same", bias=False), 2, 1, 5),
        "Conv2d": run(nn.Conv2d(2, 3, 3), 2, 2, 5, 6),
        "Conv2d, stride 2, padding 1": run(nn.Conv2d(3, 4, 3, stride=2, padding=1), 1, 3, 6, 5),
        "Conv2d, all arguments": run(nn.Conv2d(4, 6, (3, 2), stride=(1, 2), padding=(2, 1), dilation=(2, 3), groups=2, bias=False), 1, 4, 5, 8),
        "Conv2d, same, even kernel": run(nn.Conv2d(2, 2, (2, 4), padding="same"), 1, 2, 4, 5),
        "Conv2d, same, dilation": run(nn.Conv2d(1, 2, 3, padding="same", dilation=2), 1, 1, 5, 4),
        "Conv2d, depthwise": run(nn.Conv2d(3, 3, 3, padding=1, groups=3), 2, 3, 4, 5),
        "Conv2d, depthwise, stride 2": run(nn.Conv2d(2, 2, 3, stride=2, padding=1, groups=2), 1, 2, 5, 6),
        "Conv2d, one output": run(nn.Conv2d(3, 1, 1), 2, 3, 3, 4),
        "ConvTranspose2d": run(nn.ConvTranspose2d(3, 2, 3), 1, 3, 3, 4),
        "ConvTranspose2d, stride 2": run(nn.ConvTranspose2d(2, 3, 2, stride=2), 2, 2, 3, 2),
        "ConvTranspose2d, all arguments": run(nn.ConvTranspose2d(4, 6, (3, 2), stride=(2, 3), padding=(1, 2), output_padding=(1, 2), groups=2, bias=False, dilation=(2, 1)), 1, 4, 3, 4),
        "MaxPool2d": run(nn.MaxPool2d(2), 2, 2, 5, 6),
        "MaxPool2d, all arguments": run(nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 1), dilation=(1, 2)), 1, 2, 7, 5),
        "AvgPool2d": run(nn.AvgPool2d(2), 1, 3, 5, 4),
        "AvgPool2d, padding": run(nn.AvgPool2d(3, stride=2, padding=1), 1, 2, 5, 6),
        "AvgPool2d, padding not counted": run(nn.AvgPool2d((3, 2), stride=2, padding=(1, 0), count_include_pad=False), 1, 2, 5, 6),
        "AdaptiveAvgPool2d, 1": run(nn.AdaptiveAvgPool2d(1), 2, 3, 4, 5),
        "AdaptiveAvgPool2d, 3 x 2": run(nn.AdaptiveAvgPool2d((3, 2)), 1, 2, 7, 5),
        "AdaptiveAvgPool2d, larger": run(nn.AdaptiveAvgPool2d((5, 4)), 1, 2, 3, 4),
        "Upsample, nearest": run(nn.Upsample(scale_factor=(2, 3), mode="nearest"), 1, 2, 2, 3),
        "Upsample, bilinear": run(nn.Upsample(scale_factor=(3, 2), mode="bilinear"), 1, 2, 3, 4),
        "BatchNorm1d": run(nn.BatchNorm1d(3), 4, 3),
        "BatchNorm1d of sequences": run(nn.BatchNorm1d(2, momentum=0.25), 3, 2, 5),
        "BatchNorm1d, no scale and shift": run(nn.BatchNorm1d(3, eps=0.125, affine=False), 4, 3),
        "BatchNorm1d in use": run(nn.BatchNorm1d(3).eval(), 2, 3),
        "BatchNorm2d": run(nn.BatchNorm2d(3), 2, 3, 2, 3),
        "BatchNorm2d in use": run(nn.BatchNorm2d(2).eval(), 1, 2, 3, 2),
        "LayerNorm": run(nn.LayerNorm(5), 3, 5),
        "LayerNorm of two axes": run(nn.LayerNorm((2, 3)), 2, 2, 2, 3),
        "LayerNorm, no scale and shift": run(nn.LayerNorm(4, elementwise_affine=False), 2, 4),
        "GroupNorm": run(nn.GroupNorm(2, 4), 2, 4, 3, 2),
        "GroupNorm, one group, rows": run(nn.GroupNorm(1, 6), 3, 6),
        "residual block": run(Residual(), 2, 2, 3, 4),
        "Flatten": run(nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3)), 2, 1, 5, 6),
    }


class Residual(nn.Module):
    """body(x) + projection(x), with the names of the kit's parts."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(2, 3, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 3, 3, padding=1))
        self.projection = nn.Conv2d(2, 3, 1, stride=2)

    def forward(self, x):
        return self.body(x) + self.projection(x)
