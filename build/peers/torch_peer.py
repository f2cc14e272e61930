"""The PyTorch side of `coursekit bench`: the same networks, batches and optimizers, one training step or inference at a time.

Talks in lines of JSON. Asked {"prepare": workload}, it builds the workload and answers {"ready": true}; asked
{"run": repeats}, it runs the prepared workload that often and answers {"seconds": t}. Its first line says what it is.
"""

import json
import sys
import time

import torch
from torch import nn

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}


def mlp(spec):
    widths, layers = spec["widths"], []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        layers.append(nn.Linear(inputs, outputs))
        if i + 2 < len(widths):
            layers.append(ACTIVATIONS[spec["activation"]]())
    return nn.Sequential(*layers), torch.randn(spec["batch"], widths[0]), widths[-1]


def cnn(spec):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 10))
    return model, torch.randn(spec["batch"], 1, 28, 28), 10


class LastStep(nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.lstm, self.head = nn.LSTM(inputs, hidden, batch_first=True), nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class MeanOfTokens(nn.Module):
    def __init__(self, width, heads, feedforward, layers, outputs):
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, heads, feedforward, dropout=0.0, batch_first=True)
        self.encoder, self.head = nn.TransformerEncoder(layer, layers), nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.encoder(x).mean(1))


def double_convolution(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.Conv2d(outputs, outputs, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.down1, self.down2, self.bottom = double_convolution(1, width), double_convolution(width, 2 * width), double_convolution(2 * width, 4 * width)
        self.up2, self.up1 = nn.ConvTranspose2d(4 * width, 2 * width, 2, 2), nn.ConvTranspose2d(2 * width, width, 2, 2)
        self.join2, self.join1 = double_convolution(4 * width, 2 * width), double_convolution(2 * width, width)
        self.pool, self.head = nn.MaxPool2d(2), nn.Conv2d(width, 1, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(self.pool(a))
        c = self.bottom(self.pool(b))
        d = self.join2(torch.cat((self.up2(c), b), 1))
        return self.head(self.join1(torch.cat((self.up1(d), a), 1)))


def build(spec):
    kind = spec["model"]
    if kind == "mlp":
        return mlp(spec)
    if kind == "cnn":
        return cnn(spec)
    if kind == "lstm":
        return LastStep(16, 64, 2), torch.randn(spec["batch"], 50, 16), 2
    if kind == "transformer":
        return MeanOfTokens(64, 4, 128, 2, 4), torch.randn(spec["batch"], 64, 64), 4
    if kind == "unet":
        return UNet(16), torch.randn(spec["batch"], 1, 128, 128), 0
    raise ValueError(f"no model {kind}")


def optimizer_for(spec, parameters):
    if spec["optimizer"] == "adam":
        return torch.optim.Adam(parameters, lr=1e-3)
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9 if spec["optimizer"] == "momentum" else 0.0)


def matmul(spec):
    m, n, k = spec["lengths"]
    a, b = torch.rand(m, k) - 0.5, torch.rand(k, n) - 0.5
    return lambda: torch.matmul(a, b)


def prepare(spec):
    torch.manual_seed(1)
    if spec["model"] == "matmul":
        return matmul(spec)
    model, x, classes = build(spec)
    if not spec["train"]:
        model.eval()

        def infer():
            with torch.no_grad():
                model(x)

        return infer
    if spec["loss"] == "bce":
        target = (torch.rand(x.shape[0], 1, *x.shape[2:]) > 0.5).float()
        loss_of = nn.BCEWithLogitsLoss()
    else:
        target = torch.arange(x.shape[0]) % classes
        loss_of = nn.CrossEntropyLoss()
    optimizer = optimizer_for(spec, model.parameters())

    def step():
        optimizer.zero_grad()
        loss_of(model(x), target).backward()
        optimizer.step()

    return step


def main():
    torch.set_num_threads(int(sys.argv[1]))
    device = torch.device(sys.argv[2] if len(sys.argv) > 2 else "cpu")
    build = torch.__config__.show()
    if device.type == "cuda":
        # Both sides compute in single precision, not in its 19 bits.
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
        build = f"{torch.cuda.get_device_name(device)}, CUDA {torch.version.cuda}\n{build}"
        torch.set_default_device(device)
    wait = (lambda: torch.cuda.synchronize(device)) if device.type == "cuda" else (lambda: None)
    print(json.dumps({"version": torch.__version__, "build": build, "threads": torch.get_num_threads()}), flush=True)
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        if "prepare" in request:
            step = prepare(request["prepare"])
            step()
            print(json.dumps({"ready": True}), flush=True)
        else:
            wait()
            start = time.perf_counter()
            for _ in range(request["run"]):
                step()
            wait()
            print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
