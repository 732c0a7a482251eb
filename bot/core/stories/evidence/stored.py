"""A report as bytes, to be kept with its document, and read again at a start."""

import math
from unicodedata import unidata_version

import numpy as np

from bot.core.stories.evidence.features import INDEXED, RECORD, SOUNDED, Report, stored_report

_VERSION = 1  # grows when a stored report would be read, or its document read into features, otherwise
FORM = f"{_VERSION} {RECORD.itemsize} {unidata_version}"
_HEAD = np.dtype(
    [("at", "<f8"), ("indexed", "<u4"), ("sounding", "<u4"), ("index", "<u4", INDEXED), ("sounds", "<u4", SOUNDED)]
)


def packed(report: Report) -> bytes:
    """Everything of it that is remembered: FORM says how to read it."""
    head = np.zeros(1, _HEAD)
    head["at"] = math.nan if report.at is None else report.at
    head["indexed"], head["sounding"] = len(report.index), len(report.sounds)
    head["index"][0, : len(report.index)] = report.index
    head["sounds"][0, : len(report.sounds)] = report.sounds
    return head.tobytes() + report.record.tobytes()


def unpacked(features: bytes) -> Report:
    """What `packed` made, to be remembered, not to be placed. Raises ValueError when it is something else."""
    head = np.frombuffer(features, _HEAD, 1)[0]
    record = np.frombuffer(features, RECORD, 1, _HEAD.itemsize)
    at = float(head["at"])
    index, sounds = head["index"][: int(head["indexed"])], head["sounds"][: int(head["sounding"])]
    return stored_report(record, index, sounds, None if math.isnan(at) else at)
