"""Writes the operators' part of docs/rules.md from docstrings and examples: `python -m tests.rules.operator_docs`."""

from dataclasses import fields
from pathlib import Path
from types import ModuleType

from rules import Document
from rules.families import families

DOCS = Path(__file__).parents[2] / "docs" / "rules.md"
START, END = "<!-- operators: written by tests/rules/operator_docs.py -->\n", "<!-- end of operators -->\n"
ORDER = ("words", "boolean", "inflection", "near", "order", "apart", "together", "count", "zones")  # others follow


def section() -> str:
    """The part between the marks."""
    ordered = sorted(families(), key=lambda each: (_place(each[0]), each[0]))
    return START + "".join(_family(module) for _, module in ordered) + END


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _family(module: ModuleType) -> str:
    title, _, paragraph = (module.__doc__ or "").strip().partition("\n\n")
    lines = [f"\n### {title.rstrip('.')}\n", f"{paragraph}\n"]
    for name, text in getattr(module, "LISTS", {}).items():
        lines.append(f"- the list `{name}` is `{text}`\n")
    if module.EXAMPLES:
        lines.append("| rule | text | matches |\n|---|---|---|")
        for rule, text, matches in module.EXAMPLES:
            lines.append(f"| `{rule}` | {_shown(text)} | {'yes' if matches else 'no'} |")
    return "\n".join(lines) + "\n"


def _shown(text: str | Document) -> str:
    """A document as one line: its title, its body, then what else is set, each with its name."""
    if isinstance(text, str):
        return text.replace("\n\n", " ¶ ").replace("|", "\\|")
    shown = [f"*{text.title}*"] if text.title else []
    shown += [_shown(text.body)] if text.body else []
    others = [(name.name, getattr(text, name.name)) for name in fields(text)]
    facts = [f"{name} `{value}`" for name, value in others if value and name not in ("id", "title", "body")]
    return " ".join([*shown, *([f"({', '.join(facts)})"] if facts else [])])


def main() -> None:
    """Replace what is between the marks."""
    text = DOCS.read_text("utf-8")
    before, _, rest = text.partition(START)
    DOCS.write_text(before + section() + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
