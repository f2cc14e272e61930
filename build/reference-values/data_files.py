"""Small files of the formats the kit reads, written and read by other programs, for the tests of its readers.

Run it where Pillow, nibabel and NumPy are at hand (Debian and Ubuntu: apt install python3-pil python3-nibabel):

    python3 build/reference-values/data_files.py

It writes png.json, nifti.json and from_python.safetensors into tests/CourseKit.Tests/Fixtures, or into the folder given
as its one argument. The files are committed, so the tests need no Python; a second run gives the same bytes.

    python3 build/reference-values/data_files.py --read FILE.safetensors

prints what a reader of json, struct and NumPy alone finds in a safetensors file: name, type, shape and sum of each tensor.
"""

import base64
import io
import json
import pathlib
import struct
import sys
import zlib

import numpy as np

DEFAULT_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "CourseKit.Tests" / "Fixtures"


# PNG: written here, byte by byte, with every filter; read by Pillow where Pillow keeps all bits.

def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def filtered(row, above, kind, pixel):
    out = bytearray([kind])
    for i, value in enumerate(row):
        left = row[i - pixel] if i >= pixel else 0
        up = above[i]
        corner = above[i - pixel] if i >= pixel else 0
        near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner))[2]
        out.append((value - (0, left, up, (left + up) // 2, near)[kind]) % 256)
    return bytes(out)


def png(samples, depth, colour, palette=None, alpha=None, pieces=1):
    """samples: height x width x channels, whole numbers."""
    height, width, channels = samples.shape
    pixel = max(1, channels * depth // 8)
    packed, above = b"", None
    for y in range(height):
        bits = "".join(f"{value:0{depth}b}" for value in samples[y].reshape(-1))
        bits += "0" * (-len(bits) % 8)
        row = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        packed += filtered(row, above or bytes(len(row)), y % 5, pixel)
        above = row
    data = zlib.compress(packed, 9)
    cut = -(-len(data) // pieces)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    content += chunk(b"tEXt", b"Comment\0made for a test")
    if palette is not None:
        content += chunk(b"PLTE", bytes(palette.reshape(-1).tolist()))
    if alpha is not None:
        content += chunk(b"tRNS", bytes(alpha))
    for start in range(0, len(data), cut):
        content += chunk(b"IDAT", data[start:start + cut])
    return content + chunk(b"IEND", b"")


def png_cases():
    from PIL import Image

    draw = np.random.RandomState(3)
    palette = draw.randint(0, 256, (16, 3))
    cases = {}

    def add(name, depth, colour, channels, pillow=None, **more):
        levels = len(palette) if colour == 3 and depth == 8 else 2 ** depth
        samples = draw.randint(0, levels, (7, 11, channels))
        content = png(samples, depth, colour, pieces=3, **more)
        expected = samples
        if colour == 3:
            expected = palette[samples[:, :, 0]]
            if "alpha" in more:
                opaque = (list(more["alpha"]) + [255] * 16)[:16]
                expected = np.concatenate([expected, np.array(opaque)[samples]], axis=2)
        image = Image.open(io.BytesIO(content))
        image.load()
        if pillow:
            seen = np.asarray(image.convert(pillow) if image.mode != pillow else image).astype(int)
            if depth < 8 and colour == 0:
                seen = seen // (255 // (2 ** depth - 1))
            assert (seen.reshape(expected.shape) == expected).all(), name
        cases[name] = {"file": base64.b64encode(content).decode(), "bitDepth": 8 if colour == 3 else depth,
                       "shape": [expected.shape[2], 7, 11], "values": expected.transpose(2, 0, 1).reshape(-1).tolist()}

    for depth in (1, 2, 4, 8):
        add(f"grey {depth}", depth, 0, 1, "L")
    add("grey 16", 16, 0, 1, "I")
    add("grey and alpha 8", 8, 4, 2, "LA")
    add("grey and alpha 16", 16, 4, 2)
    add("RGB 8", 8, 2, 3, "RGB")
    add("RGB 16", 16, 2, 3)
    add("RGBA 8", 8, 6, 4, "RGBA")
    add("RGBA 16", 16, 6, 4)
    for depth in (1, 2, 4, 8):
        add(f"palette {depth}", depth, 3, 1, "RGB", palette=palette[:2 ** depth])
    add("palette with transparency", 4, 3, 1, "RGBA", palette=palette, alpha=[0, 128, 7])
    return cases


# NIfTI: written by nibabel, expected values as nibabel reads them back.

def nifti_cases():
    import nibabel

    draw = np.random.RandomState(5)
    cases = {}
    for kind in ("u1", "i1", "i2", "u2", "i4", "u4", "i8", "f4", "f8"):
        for order, name in (("<", "little"), (">", "big")):
            info = np.iinfo(kind) if kind[0] in "iu" else None
            values = draw.randint(info.min // 2, info.max // 2, (4, 3, 2)) if info and kind != "i8" else draw.randn(4, 3, 2) * 1000
            header = nibabel.Nifti1Header(endianness=order)
            header.set_data_dtype(np.dtype(kind).newbyteorder(order))
            add_nifti(cases, f"{kind} {name} endian", values.astype(kind), header)
    header = nibabel.Nifti1Header()
    header.set_data_dtype("i2")
    header["descrip"] = b"scaled"
    header.set_slope_inter(0.25, -3)
    add_nifti(cases, "i2 with slope and intercept", draw.randint(-1000, 1000, (3, 2, 4)) * 0.25 - 3, header)
    header = nibabel.Nifti1Header()
    header.set_data_dtype("f4")
    add_nifti(cases, "a series", draw.randn(2, 3, 4, 5).astype("f4"), header, zooms=(0.5, 2, 3, 1.5))
    header = nibabel.Nifti1Header()
    header.set_data_dtype("u1")
    add_nifti(cases, "one slice", draw.randint(0, 255, (4, 3)).astype("u1"), header, zooms=(1, 1))
    return cases


def add_nifti(cases, name, values, header, zooms=(1.5, 2.25, 3)):
    import nibabel

    image = nibabel.Nifti1Image(values, None, header)
    image.header.set_zooms(zooms)
    slope, intercept = image.header.get_slope_inter()
    content = image.to_bytes()
    if slope is None and name.startswith("i2 with"):
        # nibabel resets the scaling of an image in memory: write both the scaled numbers and the two fields.
        raw = np.round((values + 3) / 0.25).astype("<i2")
        content = bytearray(content)
        content[112:120] = struct.pack("<ff", 0.25, -3)
        content[352:] = raw.tobytes(order="F")
        content = bytes(content)
    read = nibabel.Nifti1Image.from_bytes(content)
    data = read.get_fdata()
    if data.ndim == 2:
        data = data[:, :, None]
    cases[name] = {
        "file": base64.b64encode(content).decode(),
        "description": bytes(read.header["descrip"].tobytes()).split(b"\0")[0].decode(),
        "voxelSize": [float(size) for size in reversed(read.header.get_zooms())] if len(zooms) > 2 else None,
        "shape": list(reversed(data.shape)),
        "values": data.reshape(-1, order="F").tolist(),
    }


# safetensors: the format's own description in code, independent of the kit and of every library.

def safetensors(tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, (kind, shape, content) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def safetensors_file():
    numbers = np.array([[0.5, -1.25, 3], [1e-3, 1000, -7]])
    whole = np.array([3, -2, 2 ** 31 - 1])
    brain = (numbers.astype("<f4").view("<u4") >> 16).astype("<u2")
    return safetensors({
        "f64": ("F64", [2, 3], numbers.astype("<f8").tobytes()),
        "i64": ("I64", [3], whole.astype("<i8").tobytes()),
        "layer.0.weight": ("F32", [2, 3], numbers.astype("<f4").tobytes()),
        "i32": ("I32", [3, 1], whole.astype("<i4").tobytes()),
        "scalar": ("F32", [], np.float32(42).tobytes()),
        "empty": ("F32", [0, 5], b""),
        "f16": ("F16", [2, 3], numbers.astype("<f2").tobytes()),
        "bf16": ("BF16", [2, 3], brain.tobytes()),
        "größe \"x\"": ("U8", [2], b"\x00\xff"),
    }, {"written by": "struct and json", "epoch": "3"})


def read(path):
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    data = content[8 + length:]
    print("metadata", header.pop("__metadata__", {}))
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[start:end], {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]).reshape(entry["shape"])
        print(name, entry["dtype"], values.shape, repr(float(values.sum())))


def main():
    if sys.argv[1:2] == ["--read"]:
        return read(sys.argv[2])
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    for name, cases in (("png.json", png_cases()), ("nifti.json", nifti_cases())):
        lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(cases[key], sort_keys=True)}" for key in sorted(cases))
        (folder / name).write_text(f'{{"cases": {{\n{lines}\n}}}}\n', encoding="utf-8", newline="\n")
    (folder / "from_python.safetensors").write_bytes(safetensors_file())


if __name__ == "__main__":
    main()
