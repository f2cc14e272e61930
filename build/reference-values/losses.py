"""Losses: each with its options and with every reduction that PyTorch has for it.

What PyTorch lacks (quantile, Tukey, Barron, Dice, focal, Laplace, von Mises) is written out here from its formula, with
PyTorch's derivatives. Inputs in "constants" get no gradient.
"""

import math

import torch
import torch.nn.functional as functional

from common import case, numbers, tensor

PREDICTION = tensor([[1, -2, 0.5, 0.25], [100, -50, 1e-3, 2], [0.5, 1.5, -1.25, 3]])
TARGET = tensor([[0.5, 2, 0.5, 0], [-100, -50, 0, 1], [0.75, -1.5, 1, 2.875]])
LOGITS = tensor([[-100, -50, -5, -0.5], [0, 0.25, 0.5, 5], [50, 100, 100, -100]])
BINARY = tensor([[0, 0, 1, 0.25], [1, 0.5, 0, 1], [1, 1, 0, 1]])
PROBABILITIES = tensor([[0, 1, 0, 1], [0.125, 0.5, 0.75, 0.9375], [1e-9, 1 - 2 ** -20, 0.25, 0.5]])
BINARY_OF_PROBABILITIES = tensor([[0, 1, 1, 0], [0, 1, 0.5, 1], [1, 0, 0.25, 0]])
SCORES = tensor([[1, 2, 3, 4], [-100, 0, 50, 100], [100, 100, -100, -100], [0.5, 0.25, -0.125, 0], [50, -50, 0, 0]])
CLASSES = torch.tensor([0, 0, 3, 2, 0])
SOME_IGNORED = torch.tensor([0, -100, 3, 2, -100])
CLASS_PROBABILITIES = tensor(
    [[0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0], [0, 0.5, 0, 0.5], [0.125, 0.5, 0.25, 0.125], [0, 0, 0, 1]])
CLASS_WEIGHTS = tensor([0.5, 1, 2, 0.25])
IMAGE_SCORES = torch.stack((SCORES[:4].T, -0.5 * SCORES[1:].T)).reshape(2, 4, 2, 2)  # (N, C, H, W)
IMAGE_CLASSES = torch.tensor([[[0, 1], [2, 3]], [[-100, 0], [1, 1]]])
ANGLES = tensor([[0, 1, -2, 3], [10, -0.5, 2, 0.25]])
OTHER_ANGLES = tensor([[0.5, -3, 3, 3.125], [-2, -0.5, 0, 0.75]])
SPREAD = tensor([[1, 0.25, 2, 100], [0.5, 1e-9, 1000, 0.125]])


def reduced(values, reduction):
    return {"none": lambda: values, "mean": values.mean, "sum": values.sum}[reduction]()


def barron(error, alpha, c):
    w2 = (error / c) ** 2
    if alpha == 2:
        return w2 / 2
    if alpha == 0:
        return torch.log(w2 / 2 + 1)
    if alpha == -math.inf:
        return 1 - torch.exp(-w2 / 2)
    b = abs(alpha - 2)
    return b / alpha * ((w2 / b + 1) ** (alpha / 2) - 1)


def tukey(error, c):
    inside = c * c / 6 * (1 - (1 - (error / c) ** 2) ** 3)
    return torch.where(error.abs() <= c, inside, torch.full_like(error, c * c / 6))


def dice(p, y, smooth, squared):
    total = (p * p + y * y).sum() if squared else (p + y).sum()
    return 1 - (2 * (p * y).sum() + smooth) / (total + smooth)


def binary_focal(x, y, gamma, alpha=None):
    p = torch.sigmoid(x)
    p_t = p * y + (1 - p) * (1 - y)
    loss = functional.binary_cross_entropy_with_logits(x, y, reduction="none") * (1 - p_t) ** gamma
    return loss if alpha is None else loss * (alpha * y + (1 - alpha) * (1 - y))


def focal(x, classes, gamma, weights=None):
    log_p = x.log_softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1)
    loss = -(1 - log_p.exp()) ** gamma * log_p
    return loss if weights is None else loss * weights[classes]


def von_mises(direction, target, concentration):
    return concentration * (1 - torch.cos(target - direction)) + torch.log(2 * math.pi * torch.special.i0e(concentration))


def loss_cases():
    cases = {}

    def add(name, function, inputs, classes=None, reductions=("none", "mean", "sum"), **constants):
        """function(reduction, *inputs)"""
        arguments = {"constants": {key: numbers(value) for key, value in constants.items()}}
        if classes is not None:
            arguments["classes"] = numbers(classes)
        for reduction in reductions:
            cases[f"{name}, {reduction}"] = case(lambda *leaves: function(reduction, *leaves), inputs, loss=name, reduction=reduction, **arguments)

    errors = {"prediction": PREDICTION, "target": TARGET}
    apart = {"prediction": PREDICTION + 0.0625, "target": TARGET}  # no error of 0, where some have no derivative and PyTorch takes -1
    add("MSELoss", lambda r, x, y: functional.mse_loss(x, y, reduction=r), errors)
    add("L1Loss", lambda r, x, y: functional.l1_loss(x, y, reduction=r), errors)
    add("RMSELoss", lambda r, x, y: functional.mse_loss(x, y, reduction=r).sqrt(), errors, reductions=("mean", "sum"))
    add("HuberLoss", lambda r, x, y: functional.huber_loss(x, y, reduction=r), errors)
    add("HuberLoss 0.25", lambda r, x, y: functional.huber_loss(x, y, delta=0.25, reduction=r), errors)
    add("SmoothL1Loss", lambda r, x, y: functional.smooth_l1_loss(x, y, reduction=r), errors)
    add("SmoothL1Loss 0", lambda r, x, y: functional.smooth_l1_loss(x, y, beta=0, reduction=r), apart)
    add("SmoothL1Loss 0.25", lambda r, x, y: functional.smooth_l1_loss(x, y, beta=0.25, reduction=r), errors)
    add("TukeyBiweightLoss", lambda r, x, y: reduced(tukey(x - y, 4.685), r), errors)
    add("QuantileLoss 0.9", lambda r, x, y: reduced(torch.maximum(0.9 * (y - x), -0.1 * (y - x)), r), apart)
    for alpha in (3, 2, 1.5, 1, 0.5, 0, -2, -8, -math.inf):
        add(f"BarronLoss {'-Infinity' if alpha == -math.inf else alpha}", lambda r, x, y: reduced(barron(x - y, alpha, 1.5), r), errors, reductions=("none", "mean"))

    # PyTorch gives no gradient for a target of these two.
    add("BCELoss", lambda r, x: functional.binary_cross_entropy(x, BINARY_OF_PROBABILITIES, reduction=r),
        {"probability": PROBABILITIES}, target=BINARY_OF_PROBABILITIES)
    add("BCEWithLogitsLoss", lambda r, x: functional.binary_cross_entropy_with_logits(x, BINARY, reduction=r),
        {"logit": LOGITS}, target=BINARY)
    add("BCEWithLogitsLoss with one positive weight",
        lambda r, x: functional.binary_cross_entropy_with_logits(x, BINARY, pos_weight=tensor([3]), reduction=r),
        {"logit": LOGITS}, target=BINARY)
    add("BCEWithLogitsLoss with positive weights",
        lambda r, x: functional.binary_cross_entropy_with_logits(x, BINARY, pos_weight=CLASS_WEIGHTS, reduction=r),
        {"logit": LOGITS}, target=BINARY, weights=CLASS_WEIGHTS)
    moderate = {"logit": LOGITS / 10, "target": BINARY}
    add("BinaryFocalLoss", lambda r, x, y: reduced(binary_focal(x, y, 2), r), moderate)
    add("BinaryFocalLoss 1.5, 0.25", lambda r, x, y: reduced(binary_focal(x, y, 1.5, 0.25), r), moderate)
    masks = {"probability": PROBABILITIES, "target": BINARY}
    add("DiceLoss", lambda r, p, y: dice(p, y, 1, True), masks, reductions=("mean",))
    add("DiceLoss 0, not squared", lambda r, p, y: dice(p, y, 0, False), masks, reductions=("mean",))
    add("DiceLoss of each example", lambda r, p, y: reduced(torch.stack([dice(a, b, 1, True) for a, b in zip(p, y)]), r), masks, reductions=("none", "sum"))

    scores = {"scores": SCORES}
    images = {"scores": IMAGE_SCORES}
    add("CrossEntropyLoss", lambda r, x: functional.cross_entropy(x, CLASSES, reduction=r), scores, CLASSES)
    add("CrossEntropyLoss with weights", lambda r, x: functional.cross_entropy(x, CLASSES, weight=CLASS_WEIGHTS, reduction=r),
        scores, CLASSES, weights=CLASS_WEIGHTS)
    add("CrossEntropyLoss, smoothed", lambda r, x: functional.cross_entropy(x, CLASSES, label_smoothing=0.1, reduction=r), scores, CLASSES)
    add("CrossEntropyLoss, some ignored", lambda r, x: functional.cross_entropy(x, SOME_IGNORED, reduction=r), scores, SOME_IGNORED)
    add("CrossEntropyLoss with everything",
        lambda r, x: functional.cross_entropy(x, SOME_IGNORED, weight=CLASS_WEIGHTS, label_smoothing=0.25, reduction=r),
        scores, SOME_IGNORED, weights=CLASS_WEIGHTS)
    add("CrossEntropyLoss of images with everything",
        lambda r, x: functional.cross_entropy(x, IMAGE_CLASSES, weight=CLASS_WEIGHTS, label_smoothing=0.25, reduction=r),
        images, IMAGE_CLASSES, weights=CLASS_WEIGHTS)
    soft = {"scores": SCORES, "probabilities": CLASS_PROBABILITIES}
    add("CrossEntropyLoss of probabilities", lambda r, x, p: functional.cross_entropy(x, p, reduction=r), soft)
    add("CrossEntropyLoss of probabilities with everything",
        lambda r, x, p: functional.cross_entropy(x, p, weight=CLASS_WEIGHTS, label_smoothing=0.25, reduction=r), soft, weights=CLASS_WEIGHTS)
    add("NLLLoss", lambda r, x: functional.nll_loss(x, CLASSES, reduction=r), {"scores": (SCORES / 8).log_softmax(1)}, CLASSES)
    add("NLLLoss of images with everything", lambda r, x: functional.nll_loss(x, IMAGE_CLASSES, weight=CLASS_WEIGHTS, reduction=r),
        {"scores": (IMAGE_SCORES / 8).log_softmax(1)}, IMAGE_CLASSES, weights=CLASS_WEIGHTS)
    add("FocalLoss", lambda r, x: reduced(focal(x / 16, CLASSES, 2), r), scores, CLASSES)
    add("FocalLoss 1.5 with weights", lambda r, x: reduced(focal(x / 16, CLASSES, 1.5, CLASS_WEIGHTS), r), scores, CLASSES, weights=CLASS_WEIGHTS)
    add("MultiMarginLoss", lambda r, x: functional.multi_margin_loss(x, CLASSES, reduction=r), scores, CLASSES)
    add("MultiMarginLoss, squared, with weights",
        lambda r, x: functional.multi_margin_loss(x, CLASSES, p=2, margin=0.5, weight=CLASS_WEIGHTS, reduction=r),
        scores, CLASSES, weights=CLASS_WEIGHTS)
    every = ("none", "mean", "sum", "batchmean")
    log_q = {"logProbabilities": (SCORES / 8).log_softmax(1)}
    add("KLDivLoss", lambda r, q: functional.kl_div(q, CLASS_PROBABILITIES, reduction=r), log_q, reductions=every, target=CLASS_PROBABILITIES)
    add("KLDivLoss of log-probabilities", lambda r, q, p: functional.kl_div(q, p, reduction=r, log_target=True),
        {**log_q, "target": (SCORES.flip(1) / 16).log_softmax(1)}, reductions=every)

    spread = {"prediction": PREDICTION[:2], "target": TARGET[:2], "variance": SPREAD}
    add("GaussianNLLLoss", lambda r, x, y, v: functional.gaussian_nll_loss(x, y, v, reduction=r), spread)
    add("GaussianNLLLoss, full", lambda r, x, y, v: functional.gaussian_nll_loss(x, y, v, full=True, eps=0.5, reduction=r), spread)
    add("GaussianNLLLoss of a variance for each example", lambda r, x, y, v: functional.gaussian_nll_loss(x, y, v, reduction=r),
        {**spread, "variance": tensor([[2], [0.5]])})
    add("LaplaceNLLLoss, full", lambda r, x, y, s: reduced(-torch.distributions.Laplace(x, s).log_prob(y), r), {**spread, "variance": SPREAD + 0.125})
    # In PyTorch the full loss's gradient by a count of 0 is NaN, so the counts are no leaf here.
    counts = tensor([[0, 1, 2, 10], [5, 0, 20, 1.5]])
    log_rates = {"prediction": tensor([[-2, 0, 0.5, 3], [1, -20, 3.25, 0.25]])}
    add("PoissonNLLLoss", lambda r, x: functional.poisson_nll_loss(x, counts, reduction=r), log_rates, count=counts)
    add("PoissonNLLLoss, full", lambda r, x: functional.poisson_nll_loss(x, counts, full=True, reduction=r), log_rates, count=counts)
    add("PoissonNLLLoss of rates, full", lambda r, x: functional.poisson_nll_loss(x, counts, log_input=False, full=True, reduction=r),
        {"prediction": log_rates["prediction"].exp()}, count=counts)
    add("VonMisesNLLLoss", lambda r, x, y, k: reduced(von_mises(x, y, k), r), {"prediction": ANGLES, "target": OTHER_ANGLES, "variance": SPREAD})

    signs = torch.tensor([1, -1, -1])
    vectors = {"left": PREDICTION, "right": TARGET}
    add("CosineEmbeddingLoss", lambda r, a, b: functional.cosine_embedding_loss(a, b, signs, margin=-0.5, reduction=r), vectors, signs)
    add("TripletMarginLoss", lambda r, a, p, n: functional.triplet_margin_loss(a, p, n, margin=2, reduction=r),
        {"left": PREDICTION, "right": TARGET, "other": PREDICTION.flip(0)})
    return cases
