"""A report as bytes, to be kept with its document, and read again at a start."""

import math
from collections.abc import Sequence
from unicodedata import unidata_version

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.evidence.features import INDEXED, RECORD, SOUNDED, Report

_VERSION = 1  # grows when a stored report would be read, or its document read into features, otherwise
FORM = f"{_VERSION} {RECORD.itemsize} {unidata_version}"
_HEAD = [("at", "<f8"), ("indexed", "<u4"), ("sounding", "<u4"), ("index", "<u4", INDEXED), ("sounds", "<u4", SOUNDED)]
STORED = np.dtype([*_HEAD, ("record", RECORD)])  # keys that are not used are 0, which no feature is


def packed(report: Report) -> bytes:
    """Everything of it that is remembered: FORM says how to read it."""
    stored = np.zeros(1, STORED)
    stored["at"] = math.nan if report.at is None else report.at
    stored["indexed"], stored["sounding"] = len(report.index), len(report.sounds)
    stored["index"][0, : len(report.index)] = report.index
    stored["sounds"][0, : len(report.sounds)] = report.sounds
    stored["record"] = report.record
    return stored.tobytes()


def unpacked(features: Sequence[bytes]) -> NDArray[np.void]:
    """What `packed` made, one of STORED each. Raises ValueError when any is something else."""
    if any(len(each) != STORED.itemsize for each in features):
        raise ValueError("the features of a document were stored by another version")
    return np.frombuffer(b"".join(features), STORED)
