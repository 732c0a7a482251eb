"""Lengths and points in time as people type them: `for 2h`, `until monday 9`, `bis Freitag`, in a zone.

`ends` takes an argument apart ("troops for 2h" -> "troops" and the end) and reads how far back somebody looks. It asks
`grammar` what a stretch of words means, which knows the words of five languages from `vocabulary`; `calendar` turns
what was meant into a moment, through the clock changes of the zone.

To read times in another language, add its words to `vocabulary`.
"""

from bot.reading.times.clocks import read_clock
from bot.reading.times.ends import LONGEST, Ending, read_end, read_since

__all__ = ["LONGEST", "Ending", "read_clock", "read_end", "read_since"]
