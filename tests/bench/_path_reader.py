"""The peer of tests/bench/path.py: lemon24/reader takes in feeds. Run by the Python of the peer's own environment.

`python _path_reader.py DATABASE plain|index URL ...` prints the entries taken in and the processor time as JSON. It
imports nothing of the project, which is not installed there.
"""

import json
import sys
import time

from reader import make_reader


def main() -> None:
    """Add the feeds, then take the time of one update of all, with `index` its search index included."""
    database, mode, *urls = sys.argv[1:]
    reader = make_reader(database, search_enabled=mode == "index")
    for url in urls:
        reader.add_feed(url)
    before = time.process_time()
    reader.update_feeds()
    if mode == "index":
        reader.update_search()
    spent = time.process_time() - before
    print(json.dumps({"entries": reader.get_entry_counts().total, "seconds": spent}))


if __name__ == "__main__":
    main()
