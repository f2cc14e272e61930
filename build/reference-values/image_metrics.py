"""Structural similarity by its definition (Wang, Bovik, Sheikh, Simoncelli 2004), with PyTorch's convolution as the window."""

import torch
import torch.nn.functional as functional

from common import numbers


def ssim(x, y, data_range):
    """The mean over all places where an 11 x 11 Gaussian window of deviation 1.5 lies inside the image; two images of one shape."""
    offsets = torch.arange(11, dtype=torch.float64) - 5
    line = torch.exp(-offsets ** 2 / (2 * 1.5 ** 2))
    window = torch.outer(line, line)
    window = (window / window.sum())[None, None]

    def weighted(image):
        return functional.conv2d(image.reshape(-1, 1, *image.shape[-2:]), window)

    mean_x, mean_y = weighted(x), weighted(y)
    variance_x = weighted(x * x) - mean_x ** 2
    variance_y = weighted(y * y) - mean_y ** 2
    covariance = weighted(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    index = (2 * mean_x * mean_y + c1) * (2 * covariance + c2) / ((mean_x ** 2 + mean_y ** 2 + c1) * (variance_x + variance_y + c2))
    return index.mean().item()


def psnr(x, y, data_range):
    return (10 * torch.log10(data_range ** 2 / ((x - y) ** 2).mean())).item()


def image_metric_cases():
    torch.manual_seed(11)

    def pair(*shape, data_range=1.0, noise=0.1):
        rows, columns = shape[-2:]
        # Waves and an edge, so that brightness, contrast and structure all vary over the image.
        wave = torch.sin(torch.arange(rows, dtype=torch.float64) / 3)[:, None] * torch.cos(torch.arange(columns, dtype=torch.float64) / 2)
        image = (0.5 + 0.3 * wave).expand(shape).clone()
        image[..., : rows // 2, columns // 3:] += 0.2
        noisy = image + noise * torch.randn(shape, dtype=torch.float64)
        # Few digits keep the file small; both sides read the same ones.
        return [(part.clamp(0, 1) * 64).round() / 64 * data_range for part in (noisy, image)]

    cases = {}
    for name, shape, data_range, noise in (
            ("one window", (11, 11), 1.0, 0.1),
            ("a small image", (14, 13), 1.0, 0.3),
            ("up to 256", (12, 16), 256.0, 0.05),
            ("a batch of two channels", (2, 2, 12, 11), 2.0, 0.5)):
        noisy, image = pair(*shape, data_range=data_range, noise=noise)
        cases[name] = {
            "predicted": numbers(noisy), "actual": numbers(image), "dataRange": data_range,
            "ssim": ssim(noisy, image, data_range), "psnr": psnr(noisy, image, data_range),
        }
    return cases
