"""The command line: `watchword <word>`."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from bot import __version__
from bot.config import Settings, describe, in_force, load
from bot.errors import StoreError, UserError, WatchwordError
from rules import RuleError, parse
from rules.dialects import dialects

P = ParamSpec("P")
R = TypeVar("R")

FAILED = 1
BAD_INPUT = 2


def errors_in_words(function: Callable[P, R]) -> Callable[P, R]:
    """Turn our errors into words and an exit code: 2 for input that cannot be used, 1 for what failed."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except RuleError as error:
            click.echo(f"{error.message}\n{error.caret()}", err=True)
            if error.cure:
                click.echo(f"Try: {error.cure}", err=True)
            sys.exit(BAD_INPUT)
        except (UserError, StoreError) as error:
            click.echo(str(error) + (f"\n{error.cure}" if error.cure else ""), err=True)
            sys.exit(BAD_INPUT if isinstance(error, UserError) else FAILED)
        except WatchwordError as error:
            click.echo(str(error), err=True)
            sys.exit(FAILED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(FAILED)

    return guarded


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="watchword")
def main() -> None:
    """Watch rules in a chat, every story once, in the source's own words."""


# ---------------------------------------------------------------------------------------------------------- the service


def _start(*, only_local: bool, once: bool) -> None:
    from bot import app
    from bot.logs import set_up

    settings = load()
    set_up(settings)
    os.umask(0o077)  # whatever it writes is its owner's alone
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    asyncio.run(app.run(settings, say=click.echo, color=color, only_local=only_local, once=once))


@main.command()
@errors_in_words
def run() -> None:
    """Serve every chat that is set up, the local one always."""
    _start(only_local=False, once=False)


@main.command()
@click.option("--once", is_flag=True, help="Show the first alert and end.")
@errors_in_words
def demo(once: bool) -> None:
    """The same with the local chat alone."""
    _start(only_local=True, once=once)


@main.command()
@errors_in_words
def migrate() -> None:
    """Bring the database up to date."""
    from bot.app import open_store

    open_store(load()).close()
    click.echo("The database is up to date.")


@main.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@errors_in_words
def back_up(file: Path) -> None:
    """Write the whole database to FILE, also while Watchword runs."""
    from bot.app import open_store

    store = open_store(load())
    try:
        with click.progressbar(length=100, label="Saving", file=sys.stderr) as bar:
            store.backup(file, lambda done, total: bar.update(done * 100 // max(total, 1) - bar.pos))
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror}.", cure="Name another file.") from None
    finally:
        store.close()
    click.echo(f"Saved to {file} ({file.stat().st_size / 1e6:.1f} MB).")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@errors_in_words
def restore(file: Path) -> None:
    """Put the backup FILE in the database's place, which is kept beside it. Watchword must not run."""
    from bot.app import clock, open_store
    from bot.backup import restore as put_back

    settings = load()
    kept = put_back(settings, file, clock())
    store = open_store(settings)
    try:
        given_up = store.after_restore(clock())
        documents = store.count_documents()
    finally:
        store.close()
    click.echo(f"Restored: {documents:,} documents." + (f" The old database is now {kept}." if kept else ""))
    click.echo(
        f"{given_up} message{'s' * (given_up != 1)} of that time will not be sent; what sources published since is "
        "archived at their next visit without an alert."
    )


@main.command("make-key")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@errors_in_words
def make_key(file: Path | None) -> None:
    """Make a key for WATCHWORD_SECRET_KEY: to the screen, or to a new FILE that only you can read."""
    from bot.vault import new_key

    if file is None:
        click.echo(new_key())
        return
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(new_key() + "\n")
    except FileExistsError:
        raise UserError(
            f"{file} is there already; what was sealed with a key in it would be lost.", cure="Name another file."
        ) from None
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror}.", cure="Name another file.") from None
    click.echo(f"Made {file}. Name it in WATCHWORD_SECRET_KEY_FILE, and keep a copy apart from the database.")


@main.command("drop-tokens")
@click.argument("platform")
@errors_in_words
def drop_tokens(platform: str) -> None:
    """Delete the tokens of PLATFORM's workspaces, whose key is lost. Watchword must not run."""
    from bot.app import open_store

    store = open_store(load())
    try:
        number = store.drop_sealed(platform)
    finally:
        store.close()
    click.echo(f"Deleted {number} token{'s' * (number != 1)}. The app is installed again in each workspace.")


@main.command()
@click.argument("what", required=False, type=click.Choice(["rules"]))
@errors_in_words
def doctor(what: str | None) -> None:
    """Look at settings and database, or at the stored RULES, and say what is wrong and what would mend it."""
    from bot.app import open_store

    settings = load()
    if what == "rules":
        sys.exit(_examine_rules(settings))
    click.echo("Settings (environment, or watchword.toml):")
    values = in_force(settings)
    for name, _, meaning in describe():
        click.echo(f"  {name:36} {_shown(values[name]):24} {meaning}")
    store = open_store(settings)
    try:
        problems = store.check()
        documents = store.count_documents()
        counts = ", ".join(f"{number} {state}" for state, number in store.counts().items()) or "none"
    finally:
        store.close()
    click.echo(f"Database: {documents} documents; deliveries: {counts}")
    for problem in problems:
        click.echo(f"  wrong: {problem}")
    click.echo("Nothing is wrong." if not problems else "Restore a backup of the data folder.")
    sys.exit(FAILED if problems else 0)


def _examine_rules(settings: Settings) -> int:
    """Print what is to be said against each stored rule; the exit code."""
    from bot import scripts
    from bot.app import clock, open_store

    number, worst = 0, 0
    store = open_store(settings)
    try:
        for rule, findings in scripts.examined_rules(store, clock()):
            number += 1
            if findings:
                _print(scripts.finding_lines(rule, findings))
            worst = max(worst, FAILED * any(finding.severity == "wrong" for finding in findings))
    finally:
        store.close()
    click.echo(f"{number} rule{'s' * (number != 1)} examined; {'some are wrong' if worst else 'none is wrong'}.")
    return worst


def _shown(value: object) -> str:
    if hasattr(value, "get_secret_value"):
        return "set"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value) or "-"
    return "-" if value is None else str(value)


@main.command()
@errors_in_words
def healthcheck() -> None:
    """Ask the running service how it is: exit 0 when healthy."""
    from bot.scripts import healthy

    settings = load()
    token = settings.http_token.get_secret_value() if settings.http_token else ""
    ok, words = healthy(settings.data / "address", token)
    click.echo(words)
    sys.exit(0 if ok else FAILED)


# ------------------------------------------------------------------------------------------------------------- scripts

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@main.command()
@click.argument("rule")
@errors_in_words
def check(rule: str) -> None:
    """Print how RULE is read, with its remarks; exit 2 with a caret where it cannot be."""
    parsed = parse(rule)
    click.echo(parsed.reading)
    for note in parsed.notes:
        click.echo(f"note: {note.message}" + (f" The other reading: {note.other}" if note.other else ""))


@main.command()
@click.option("--rules", "rules_file", type=FILE, required=True, help="A file with `id<TAB>rule` a line.")
@click.argument("docs", type=FILE)
@errors_in_words
def match(rules_file: Path, docs: Path) -> None:
    """Match RULES against DOCS.jsonl; one JSON line a hit."""
    from bot import scripts

    _print(scripts.match_lines(scripts.read_rules(rules_file), scripts.read_documents(docs)))


@main.command()
@click.argument("rule")
@errors_in_words
def backtest(rule: str) -> None:
    """Tell what RULE would have sent, from the whole archive in the data folder."""
    from bot import scripts
    from bot.app import clock, open_store

    store = open_store(load())
    try:
        _print(scripts.backtest_lines(store, rule, clock()))
    finally:
        store.close()


@main.command()
@click.argument("rule")
@click.argument("doc", type=FILE)
@errors_in_words
def explain(rule: str, doc: Path) -> None:
    """Say of every part of RULE whether DOC.txt has it, and where."""
    from bot import scripts

    _print(scripts.explain_lines(rule, doc))


@main.command("import")
@click.option("--from", "tool", type=click.Choice(dialects()), required=True, help="The tool that the rules are for.")
@click.argument("file", type=FILE)
@errors_in_words
def import_rules(tool: str, file: Path) -> None:
    """Translate the rules in FILE, one a line, and say what is kept, changed or lost; exit 1 when something is lost."""
    from bot import scripts

    report, lost = scripts.import_report(file, tool)
    click.echo(report)
    sys.exit(FAILED if lost else 0)


@main.command()
@click.argument("docs", type=FILE)
@click.option("--outcomes", is_flag=True, help="Say of each whether it is new, the same, or probably the same story.")
@click.option("--explain", "explained", is_flag=True, help="Say why.")
@errors_in_words
def group(docs: Path, outcomes: bool, explained: bool) -> None:
    """Group DOCS.jsonl into stories, in one pass; one JSON line a document."""
    from bot import scripts

    _print(scripts.group_lines(scripts.read_documents(docs), outcomes=outcomes, explained=explained))


@main.command()
@click.argument("address")
@errors_in_words
def feed(address: str) -> None:
    """Print the entries of a feed, from a FILE or a URL, as JSON lines; remarks on standard error."""
    from bot import app, scripts

    entries, note = asyncio.run(app.read_feed(load(), address))
    if note:
        click.echo(f"note: {note}", err=True)
    _print(scripts.entry_line(entry) for entry in entries)


@main.command()
@click.option("--opml", is_flag=False, flag_value="-", metavar="[FILE]", help="As OPML, to FILE or to the screen.")
@click.option("--add", "listed", type=FILE, help="Add what FILE lists (OPML, or addresses) to the local chat.")
@errors_in_words
def sources(opml: str | None, listed: Path | None) -> None:
    """Print the sources of every chat; or write them as OPML; or add those that a file lists."""
    from bot import app, scripts

    if listed is not None:
        asyncio.run(app.add_sources(load(), listed, say=click.echo))
        return
    if opml is not None:
        text, left = asyncio.run(app.write_sources(load()))
        if left:
            click.echo(left, err=True)
        _write(opml, text)
        return
    store = app.open_store(load())
    try:
        _print(scripts.source_lines(store))
    finally:
        store.close()


def _write(where: str, text: str) -> None:
    """To a file, or with "-" to the screen. Raises UserError."""
    if where == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(where).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"I cannot write {where}: {error.strerror}.", cure="Name another file.") from None


@main.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="All that was found, as one JSON object.")
@errors_in_words
def extract(file: Path, as_json: bool) -> None:
    """Print the main text of a web page that was saved as FILE.html."""
    from bot import app

    click.echo(asyncio.run(app.read_page(file, as_json=as_json)))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


if __name__ == "__main__":
    main(prog_name="watchword")
