"""kill -9 while hundreds of commands wait: `python -m tests.faults commands`."""

import re
import time
from random import Random

from tests.faults.house import Result, house

QUEUED = 400  # commands that are not carried out yet at each start
PEOPLE = range(301, 341)  # forty, each in a chat of their own
_COMMAND = re.compile(r"\bxc(\d+)x\b")
ANSWERS_PER_SECOND = 20
IN_WORK = 0.8  # of the kills, once commands come in; the others while it starts


def killed(kills: int, seed: int = 10) -> Result:
    """Each start finds QUEUED commands, and dies among them. Each makes a rule, and an entry of what was changed."""
    draw, typed = Random(seed), 0
    with house(PEOPLE, WATCHWORD_COMMANDS_PER_MINUTE="0") as own:
        before = own.rows("select count(*), 0 from audit")[0][0]
        for _ in range(kills):
            done = own.rows("select count(*), 0 from commands where done = 1 and text like '%xc%'")[0][0]
            for _ in range(QUEUED - (typed - done)):
                own.say(f"/watch xc{typed}x", PEOPLE[typed % len(PEOPLE)])
                typed += 1
            own.start()
            if draw.random() < IN_WORK:
                own.wait_for_the_platform()
            time.sleep(draw.uniform(0.1, 1.5))
            own.kill()
        own.start()
        answered = set[int]()
        end = time.monotonic() + 60 + typed / ANSWERS_PER_SECOND
        while len(answered) < typed and time.monotonic() < end:
            time.sleep(0.2)
            answered = {int(found[1]) for one in list(own.peer.arrived) if (found := _COMMAND.search(one.text))}
        own.stop()
        rules = own.rows("select count(*), count(distinct text) from rules where text like 'xc%'")[0]
        entries = own.rows("select count(*), 0 from audit")[0][0] - before
        faults = [f"{rules[0]} rules ({rules[1]} different) of {typed} commands"] if rules != (typed, typed) else []
        faults += [f"{entries} changes by {typed} commands"] if entries != typed else []
        faults += [f"{typed - len(answered)} commands were not answered"] if len(answered) < typed else []
        return Result(
            f"kill -9 with {QUEUED} queued commands",
            f"{kills} kills",
            "0 lost, 0 applied twice",
            f"{typed} commands, {rules[1]} applied once, {len(answered)} answered",
            faults + own.faults(),
        )
