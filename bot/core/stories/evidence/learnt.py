"""The weights of the model: log-odds of one event for each value that `model.py` names.

Learnt by `tests/bench/_learn_stories.py --write` from 1,278 labelled English reports of 148 stories (look-alike events,
dated news of several outlets, long mixed texts; two orders each), towards weights that a prototype had learnt.
"""

BIAS = -3.312
WEIGHTS = {
    "mean all": 2.807,
    "mean names": 0.853,
    "mean numbers": 0.601,
    "mean words": -0.143,
    "mean head": 1.178,
    "mean mass": 0.118,
    "mean cosine": -1.999,
    "mean lone_other": -0.722,
    "mean absent_other": -2.031,
    "most all": 5.879,
    "most head": 5.155,
    "most wording": -0.111,
    "least other_numbers": -2.225,
    "least lone": -0.337,
    "least absent": -0.928,
    "persons": 1.918,
    "other_persons": -0.716,
    "reports": -1.409,
    "short": 0.438,
    "form numbers": -4.004,
    "day": 1.801,
    "other day": -1.290,
    "counted": 0.208,
    "recounted": -0.554,
}
