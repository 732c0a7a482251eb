"""By logic alone: rules and parts that are never or always true, and parts that change nothing."""

from collections.abc import Iterator

from rules.diagnoses.chart import Chart, Path, at, quoted, without
from rules.diagnoses.finding import Finding
from rules.logic import Logic
from rules.nodes import Node
from rules.operators.boolean import And, Not, Or
from rules.operators.preferred import Preferred

_MOST_PARTS = 150  # beyond, only repetitions are looked for
_MOST_CORE = 40  # parts among which the contradictory ones are looked for


def reason(chart: Chart) -> list[Finding]:
    """What logic finds."""
    root = chart.rule.node
    logic = Logic()
    whole = logic.literal(root)
    if logic.impossible(whole):
        return [_never(chart, logic)]
    if logic.impossible(-whole):
        return [chart.finding("always true", "warning", "This is true of every document.")]
    return list(_spare(chart, logic))


# --------------------------------------------------------------------------------------------------------------- never


def _never(chart: Chart, logic: Logic) -> Finding:
    root = chart.rule.node
    core = _core(root, logic)
    parts = [at(root, path) for path in core]
    if len(parts) == 1:
        message = "This can never be true, so the rule matches nothing."
        return chart.finding("always false", "wrong", message, *core, cure=_mended(root, core))
    shown = [quoted(part) for part in parts[:4]]
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" + (" …" if len(parts) > len(shown) else "")
    never = "are never both true" if len(parts) == 2 else "are never true together"
    message = f"{listed} {never}, so the rule matches nothing."
    return chart.finding("always false", "wrong", message, *core, cure=_mended(root, core))


def _core(root: Node, logic: Logic) -> list[Path]:
    """Parts of the AND at the root that contradict each other; without any one of them they would not."""
    paths: list[Path] = [(i,) for i in range(len(root.children))] if isinstance(root, And) else [()]
    if len(paths) > _MOST_CORE:
        return [()]
    for path in list(paths):
        rest = [each for each in paths if each != path]
        if rest and logic.impossible(*(logic.literal(at(root, each)) for each in rest)):
            paths = rest
    return paths


def _mended(root: Node, core: list[Path]) -> Node | None:
    """The rule without one of the contradictory parts: one that says what must be absent, or the last."""
    for path in sorted(core, key=lambda path: (not isinstance(at(root, path), Not), [-step for step in path])):
        rest = without(root, frozenset({path}))
        if rest is not None and not _is_never(rest):
            return rest
    return None


def _is_never(node: Node) -> bool:
    logic = Logic()
    return logic.impossible(logic.literal(node))


# --------------------------------------------------------------------------------------------------------- spare parts


def _spare(chart: Chart, logic: Logic) -> Iterator[Finding]:
    """Parts that can go, one after the other; each cure leaves out all that were found so far."""
    root, gone = chart.rule.node, frozenset[Path]()
    paths = _parts(root)
    if len(paths) > _MOST_PARTS:
        yield from _repeated(chart, paths)
        return
    count = 0
    for path in paths:
        if not chart.affords(_weight(root, path), count):
            return
        if any(path[: len(each)] == each for each in gone) or not _changes_nothing(root, path, gone, logic):
            continue
        count += 1
        kind, message = _why_spare(root, path, gone, logic)
        gone |= {path}
        severity = "warning" if kind == "always false" else "hint"
        yield chart.finding(kind, severity, message, path, cure=without(root, gone))  # type: ignore[arg-type]


def _parts(root: Node) -> list[Path]:
    """Every part of an AND or OR: the outer ones first, the last first."""
    paths: list[Path] = []
    level: list[tuple[Path, Node]] = [((), root)]
    while level:
        below = [((*path, i), child) for path, node in level if _opens(node) for i, child in enumerate(node.children)]
        paths += [path for path, _ in reversed(below) if not isinstance(at(root, path[:-1]), Not)]
        level = below
    return paths


def _weight(root: Node, path: Path) -> int:
    """Steps that it takes to try whether the part can go: all that stands beside it, and above."""
    return 2 * sum(len(at(root, path[:depth]).children) for depth in range(len(path)))


def _opens(node: Node) -> bool:
    return isinstance(node, And | Or | Not)


def _changes_nothing(root: Node, path: Path, gone: frozenset[Path], logic: Logic) -> bool:
    """Whether the part could be left out: wherever it would matter, it is true (in an AND) or false (in an OR)."""
    siblings = _siblings(path, at(root, path[:-1]), gone)
    if not siblings or _is_marked(at(root, path)):
        return False
    own = without(at(root, path), _below(gone, path))
    assumed = _where_it_matters(root, path, gone, logic)
    if own is None or assumed is None:
        return False
    literal = logic.literal(own)
    return logic.impossible(*assumed, -literal if isinstance(at(root, path[:-1]), And) else literal)


def _is_marked(part: Node) -> bool:
    """Whether it has a `^`: then it does something, even where it changes no match."""
    return isinstance(part, Preferred) or any(map(_is_marked, part.children))


def _siblings(path: Path, parent: Node, gone: frozenset[Path]) -> list[Path]:
    paths = [(*path[:-1], i) for i in range(len(parent.children))]
    return [each for each in paths if each != path and each not in gone]


def _below(gone: frozenset[Path], path: Path) -> frozenset[Path]:
    return frozenset(each[len(path) :] for each in gone if each[: len(path)] == path)


def _where_it_matters(root: Node, path: Path, gone: frozenset[Path], logic: Logic) -> list[int] | None:
    """What holds where the part decides: the others of its ANDs are true, the others of its ORs false."""
    assumed = []
    for depth in range(len(path)):
        parent = at(root, path[:depth])
        for sibling in _siblings(path[: depth + 1], parent, gone):
            node = without(at(root, sibling), _below(gone, sibling))
            if node is None:
                return None
            assumed.append(logic.literal(node) if isinstance(parent, And) else -logic.literal(node))
    return assumed


def _why_spare(root: Node, path: Path, gone: frozenset[Path], logic: Logic) -> tuple[str, str]:
    part, parent = at(root, path), at(root, path[:-1])
    own = logic.literal(part)
    if logic.impossible(own):
        return "always false", f"{quoted(part)} can never be true, so it does nothing."
    if logic.impossible(-own):
        return "does nothing", f"{quoted(part)} is always true, so it does nothing."
    for sibling in _siblings(path, parent, gone):
        other = at(root, sibling)
        if other == part:
            return "does nothing", f"{quoted(part)} is there twice."
        literal = logic.literal(other)
        if isinstance(parent, Or) and logic.impossible(own, -literal):
            return "does nothing", f"{quoted(part)} adds nothing: {quoted(other)} finds all of that already."
        if isinstance(parent, And) and logic.impossible(literal, -own):
            return "does nothing", f"{quoted(part)} adds nothing: where {quoted(other)} is true, it always is."
    return "does nothing", f"{quoted(part)} changes nothing: the rule matches the same documents without it."


def _repeated(chart: Chart, paths: list[Path]) -> Iterator[Finding]:
    root, seen, gone = chart.rule.node, set[tuple[Path, Node]](), frozenset[Path]()
    for path in sorted(paths):
        key = path[:-1], at(root, path)
        if key in seen:
            if not chart.affords(2 * len(paths), len(gone)):
                return
            gone |= {path}
            message = f"{quoted(key[1])} is there twice."
            yield chart.finding("does nothing", "hint", message, path, cure=without(root, gone))
        seen.add(key)
