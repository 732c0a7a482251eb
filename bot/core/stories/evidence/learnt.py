"""The weights of the model: log-odds of one event for each value that `model.py` names.

Learnt by `tests/bench/_learn_stories.py --write` from 1,278 labelled English reports of 148 stories (look-alike events,
dated news of several outlets, long mixed texts; two orders each), towards weights that a prototype had learnt.
"""

BIAS = -4.069
WEIGHTS = {
    "mean all": 2.496,
    "mean names": 2.451,
    "mean numbers": 1.228,
    "mean words": -0.912,
    "mean head": 2.037,
    "mean mass": -0.128,
    "mean cosine": -0.656,
    "mean lone_other": -0.564,
    "mean absent_other": -3.052,
    "most all": 6.160,
    "most head": 5.813,
    "most wording": -0.858,
    "least other_numbers": -2.621,
    "least other_head": -1.041,
    "least lone": -0.401,
    "least absent": -1.488,
    "persons": 2.021,
    "other_persons": -1.015,
    "reports": -1.086,
    "short": 1.520,
    "form numbers": -8.099,
    "day": 1.493,
    "other day": -1.393,
    "counted": 0.257,
    "recounted": -0.452,
}
