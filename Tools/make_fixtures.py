#!/usr/bin/env python3
"""Makes the binary fixtures of the Swift tests from random weights, with PyTorch and transformers as the reference.

    python Tools/make_fixtures.py                  # everything
    python Tools/make_fixtures.py models hostile   # some subjects only

Nothing is read from the network and every random number comes from a fixed seed: a second run writes the same bytes.
Reference values are computed in double precision from weights and inputs that are exact in single precision, and are
then rounded once. They are the true values, not another single-precision run with errors of its own.
"""

import argparse
import importlib.metadata
import pathlib
import sys

TOOLS = pathlib.Path(__file__).resolve().parent


def check_versions() -> None:
    """Stops unless the packages are those of requirements.txt; the part after `+` (`2.13.0+cpu`) is free."""
    wrong = []
    for line in (TOOLS / "requirements.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, wanted = line.split("==")
        found = importlib.metadata.version(name)
        print(f"{name} {found}")
        if found.split("+")[0] != wanted:
            wrong.append(f"{name}: expected {wanted}, found {found}")
    if wrong:
        sys.exit("\n".join(wrong) + "\nInstall with: pip install -r Tools/requirements.txt")


def main() -> None:
    check_versions()

    import torch

    from fixtures import buckets, checkpoints, cloze, forms, hostile, models, odd_tensors, operations, optimizers
    from fixtures.common import TESTS

    # One thread: a fixed order of summation.
    torch.set_num_threads(1)
    subjects = {
        "operations": operations.make,
        "optimizers": optimizers.make,
        "models": models.make,
        "forms": forms.make,
        "buckets": buckets.make,
        "checkpoints": checkpoints.make,
        "odd": odd_tensors.make,
        "cloze": cloze.make,
        "hostile": hostile.make,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"any of: {', '.join(subjects)} (default: all)")
    chosen = parser.parse_args().subjects or list(subjects)
    for name in chosen:
        if name not in subjects:
            parser.error(f"unknown subject '{name}'; known: {', '.join(subjects)}")
    for name in chosen:
        for folder in subjects[name]():
            size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
            print(f"{name}: {folder.relative_to(TESTS.parent)} {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
