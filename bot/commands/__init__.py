"""One chat command per file; the file's name is the verb, on every platform.

A command module has `USAGE`, `SUMMARY` (one line each), `EXAMPLES`, and `run(desk, argument) -> Message`, which reads
and writes through `desk.store` inside one transaction and raises UserError or RuleError to undo it. A module that needs
to know what is behind an address names it: `address(argument) -> str`; what discovery found is in `desk.inquiry`.

A module that has to think for long has `prepare(desk, argument)`, which runs before `run`, in a thread that holds up no
other chat, and may only read. A Message from it is the answer; anything else is in `desk.prepared` when `run` writes.
"""
