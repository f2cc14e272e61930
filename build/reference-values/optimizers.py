"""Optimizers, schedules, clipping and initializers as PyTorch runs them."""

import torch
import torch.nn.functional as functional

from common import numbers, tensor


def network():
    """3 - 4 - 1 with tanh, its data, and its first weights: the same at every call."""
    torch.manual_seed(13)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, dtype=torch.float64))
    x = torch.randn(8, 3, dtype=torch.float64)
    y = torch.sin(x.sum(dim=1, keepdim=True)) + 0.5
    return model, x, y


def optimizer_cases():
    """Some steps of each optimizer: the loss before each, all parameters after the last. One epoch of a schedule is one step."""

    def trajectory(kind, steps=7, groups=None, **arguments):
        model, x, y = network()
        start = {name: numbers(value) for name, value in model.named_parameters()}
        parameters = list(model.parameters())
        handed = parameters if groups is None else [
            {"params": [parameters[i] for i in group["parameters"]], **{key: value for key, value in group.items() if key != "parameters"}}
            for group in groups]
        optimizer = getattr(torch.optim, kind)(handed, **arguments)
        losses = []
        for _ in range(steps):
            optimizer.zero_grad()
            loss = functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return {
            "optimizer": kind, "arguments": arguments, "groups": groups or [], "x": numbers(x), "y": numbers(y),
            "start": start, "losses": losses, "end": {name: numbers(value) for name, value in model.named_parameters()},
        }

    two_groups = [{"parameters": [0, 2], "lr": 0.02, "weight_decay": 0.125}, {"parameters": [1, 3]}]
    return {
        "SGD": trajectory("SGD", lr=0.1),
        "SGD, weight decay": trajectory("SGD", lr=0.1, weight_decay=0.25),
        "SGD, momentum": trajectory("SGD", lr=0.05, momentum=0.9),
        "SGD, momentum, dampening": trajectory("SGD", lr=0.05, momentum=0.9, dampening=0.25),
        "SGD, momentum, dampening, weight decay": trajectory("SGD", lr=0.05, momentum=0.9, dampening=0.5, weight_decay=0.125),
        "SGD, Nesterov": trajectory("SGD", lr=0.05, momentum=0.9, nesterov=True),
        "SGD, Nesterov, weight decay": trajectory("SGD", lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.125),
        "SGD, groups": trajectory("SGD", groups=two_groups, lr=0.1, momentum=0.5),
        "Adagrad": trajectory("Adagrad"),
        "Adagrad, rate decay, initial accumulator": trajectory("Adagrad", lr=0.1, lr_decay=0.25, initial_accumulator_value=0.5),
        "Adagrad, weight decay, large epsilon": trajectory("Adagrad", lr=0.1, weight_decay=0.125, eps=0.25),
        "Adagrad, groups": trajectory("Adagrad", groups=two_groups, lr=0.1),
        "RMSprop": trajectory("RMSprop"),
        "RMSprop, alpha, large epsilon": trajectory("RMSprop", lr=0.05, alpha=0.5, eps=0.125),
        "RMSprop, momentum, weight decay": trajectory("RMSprop", lr=0.02, momentum=0.75, weight_decay=0.125),
        "RMSprop, centered": trajectory("RMSprop", lr=0.01, centered=True),
        "RMSprop, centered, momentum": trajectory("RMSprop", lr=0.01, alpha=0.75, centered=True, momentum=0.5),
        "RMSprop, groups": trajectory("RMSprop", groups=two_groups, lr=0.05),
        "Adam": trajectory("Adam"),
        "Adam, betas, large epsilon": trajectory("Adam", lr=0.1, betas=(0.5, 0.75), eps=0.125),
        "Adam, weight decay": trajectory("Adam", lr=0.05, weight_decay=0.25),
        "Adam, amsgrad": trajectory("Adam", lr=0.2, betas=(0.5, 0.5), amsgrad=True),
        "Adam, groups": trajectory("Adam", groups=two_groups, lr=0.05),
        "AdamW": trajectory("AdamW"),
        "AdamW, weight decay": trajectory("AdamW", lr=0.05, weight_decay=0.5),
        "AdamW, amsgrad": trajectory("AdamW", lr=0.2, betas=(0.5, 0.5), amsgrad=True),
        "AdamW, groups": trajectory("AdamW", groups=two_groups, lr=0.05),
    }


def schedule_cases():
    """The rates of two groups, 0.5 and 0.125, at the first and after every further step of a scheduler."""
    schedules = torch.optim.lr_scheduler

    def rates(kind, make, epochs=24, metrics=None, **arguments):
        weights = [torch.zeros(1, requires_grad=True) for _ in range(2)]
        optimizer = torch.optim.SGD([{"params": [weights[0]]}, {"params": [weights[1]], "lr": 0.125}], lr=0.5)
        scheduler = make(optimizer)
        path = [[group["lr"] for group in optimizer.param_groups]]
        for epoch in range(epochs if metrics is None else len(metrics)):
            optimizer.step()
            scheduler.step(*([] if metrics is None else [metrics[epoch]]))
            path.append([group["lr"] for group in optimizer.param_groups])
        return {"scheduler": kind, "arguments": arguments, "metrics": metrics or [], "rates": path}

    def warmup_cosine(optimizer):
        warmup = schedules.LinearLR(optimizer, start_factor=0.25, total_iters=4)
        cosine = schedules.CosineAnnealingLR(optimizer, T_max=16, eta_min=0.0625)
        return schedules.SequentialLR(optimizer, [warmup, cosine], milestones=[4])

    stalling = [4, 3, 2, 2, 2, 2, 2.5, 1.5, 1.6, 1.4999, 1.4999, 1.4999, 1.4999, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3]

    def plateau(metrics, **arguments):
        return rates("ReduceLROnPlateau", lambda optimizer: schedules.ReduceLROnPlateau(optimizer, **arguments), metrics=metrics, **arguments)

    return {
        "step": rates("StepLR", lambda optimizer: schedules.StepLR(optimizer, 5, 0.5), step_size=5, gamma=0.5),
        "exponential": rates("ExponentialLR", lambda optimizer: schedules.ExponentialLR(optimizer, 0.9), gamma=0.9),
        "cosine, and up again": rates("CosineAnnealingLR", lambda optimizer: schedules.CosineAnnealingLR(optimizer, 9, 0.0625), T_max=9, eta_min=0.0625),
        "warm-up": rates("LinearLR", lambda optimizer: schedules.LinearLR(optimizer), start_factor=1 / 3, total_iters=5),
        "warm-up, long": rates("LinearLR", lambda optimizer: schedules.LinearLR(optimizer, 0.125, total_iters=10), start_factor=0.125, total_iters=10),
        "warm-up, then cosine": rates("WarmupCosineLR", warmup_cosine, epochs=20, start_factor=0.25, total_iters=4, T_max=20, eta_min=0.0625),
        "time decay": rates("TimeDecayLR", lambda optimizer: schedules.LambdaLR(optimizer, lambda epoch: 1 / (1 + 0.25 * epoch)), decay=0.25),
        "inverse square root, from epoch 1": rates("InverseSquareRootLR", lambda optimizer: schedules.LambdaLR(optimizer, lambda epoch: 0.75 / (epoch + 1) ** 0.5), factor=0.75),
        "plateau": plateau(stalling, patience=2),
        "plateau, no patience, cooldown": plateau(stalling, patience=0, factor=0.5, cooldown=2),
        "plateau, smallest rate": plateau(stalling, patience=1, factor=0.25, min_lr=0.05),
        "plateau, absolute threshold": plateau(stalling, patience=1, threshold=0.25, threshold_mode="abs"),
        "plateau of an accuracy": plateau([-metric for metric in stalling], mode="max", patience=2, threshold=0.0),
        "plateau of an accuracy, absolute threshold": plateau([5 - metric for metric in stalling], mode="max", patience=1, threshold=0.25, threshold_mode="abs"),
        "plateau of an accuracy, relative threshold": plateau([5 - metric for metric in stalling], mode="max", patience=1, threshold=0.25),
    }


def clipping_cases():
    gradients = [tensor([[3, -4, 0.5], [1, 0, -2]]), tensor([0.25, -6])]

    def clipped(clip, **arguments):
        weights = [torch.zeros_like(gradient, requires_grad=True) for gradient in gradients]
        for weight, gradient in zip(weights, gradients):
            weight.grad = gradient.clone()
        norm = clip(weights)
        return {"arguments": arguments, "norm": None if norm is None else norm.item(),
                "before": [numbers(gradient) for gradient in gradients], "after": [numbers(weight.grad) for weight in weights]}

    def by_norm(largest, kind):
        return clipped(lambda weights: torch.nn.utils.clip_grad_norm_(weights, largest, kind), limit=largest, norm_type="inf" if kind == float("inf") else kind)

    return {
        "by norm": by_norm(2.5, 2.0),
        "by norm, nothing to do": by_norm(100.0, 2.0),
        "by norm, to nothing": by_norm(0.0, 2.0),
        "by the sum of magnitudes": by_norm(2.5, 1.0),
        "by the third norm": by_norm(2.5, 3.0),
        "by the largest magnitude": by_norm(2.5, float("inf")),
        "by value": clipped(lambda weights: torch.nn.utils.clip_grad_value_(weights, 2.0), limit=2.0),
    }


def initializer_cases():
    """Gains, and the inputs and outputs of weights of some shapes."""
    init = torch.nn.init
    fans = {"x".join(map(str, shape)): list(init._calculate_fan_in_and_fan_out(torch.empty(shape)))
            for shape in [(4, 3), (8, 4, 5), (16, 3, 3, 5), (2, 3, 2, 2, 2)]}
    gains = {name: init.calculate_gain(name) for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu")}
    return {"fans": fans, "gains": {**gains, "leaky_relu of 0.25": init.calculate_gain("leaky_relu", 0.25)}}
