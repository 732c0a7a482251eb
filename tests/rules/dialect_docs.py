"""Writes the tools' part of docs/import.md from docstrings and examples: `python -m tests.rules.dialect_docs`."""

import re
from pathlib import Path

from bot.reading.imports.importing import verdict_lines
from rules.dialects import dialect, dialects, translate

DOCS = Path(__file__).parents[2] / "docs" / "import.md"
START, END = "<!-- tools: written by tests/rules/dialect_docs.py -->\n", "<!-- end of tools -->\n"


def section() -> str:
    """The part between the marks."""
    others = sorted(dialects(), key=lambda name: (name == "watchword", name))
    return START + "".join(map(_tool, others)) + END


def _tool(name: str) -> str:
    module = dialect(name)
    _, _, paragraph = (module.__doc__ or "").strip().partition("\n\n")
    lines = [f"\n## {module.TITLE}\n", f"`--from {name}`. {paragraph}\n"]
    lines.append(f"| {module.TITLE} | Watchword | what became of it |\n|---|---|---|")
    for source, rule, verdict in module.EXAMPLES:
        translation = translate(source, name)
        reasons = [f"{kind}: {line}" for kind, line in verdict_lines(translation) if kind != "kept"]
        if translation.problem:
            reasons.insert(0, f"no rule: {translation.problem}")
        shown = f"`{_cell(rule)}`" if rule else "-"
        lines.append(f"| `{_cell(source)}` | {shown} | {_prose('; '.join(reasons) or verdict)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _prose(text: str) -> str:
    """Signs that Markdown would read, shown as they are."""
    return re.sub(r"([\\`*_<>\[\]|#~])", r"\\\1", text)


def main() -> None:
    """Replace what is between the marks."""
    text = DOCS.read_text("utf-8")
    before, _, rest = text.partition(START)
    DOCS.write_text(before + section() + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
