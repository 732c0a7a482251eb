"""Rules, or sides of an OR, that very common words alone make true: they match nearly everything."""

from collections.abc import Iterator

from rules.diagnoses.chart import Chart, Path, leaves, without
from rules.diagnoses.finding import Finding, Vocabulary
from rules.nodes import Node
from rules.operators.boolean import And, Not, Or
from rules.operators.some_of import SomeOf
from rules.run import WRITTEN, Run
from rules.stems import language
from rules.words import fold

SHARE = 0.3  # of the archive's documents; a word that more of them have is very common
_LONGEST_CAPITALS = 4

# Function words, a language a line: the words that most texts of some length have.
_LISTS = {
    "en": """a about after all also an and any are as at be because been before being but by can could did do does
    for from had has have he her here him his how i if in into is it its just like may me more most my new
    no not now of on one only or other our out over said say says she should so some such than that the
    their them then there these they this those to too two up us very was we were what when where which
    while who why will with would you your""",
    "de": """aber alle als also am an auch auf aus bei bis da damit das dass dem den denn der des die dies diese
    dieser doch du durch ein eine einem einen einer eines er es fur habe haben hat hatte ich ihr im in ist
    ja kann mehr mit nach nicht noch nur ob oder ohne sei sein seine sich sie sind so uber um und uns vom
    von vor war was wenn wer wie wir wird wo zu zum zur""",
    "fr": """a au aux avec ce ces cette comme dans de des deux du elle en est et etait ete etre il ils je la le les
    leur leurs lui mais meme ne nous on ont ou par pas plus pour qu que qui sa se ses si son sont sur tout
    un une vous y""",
    "es": """a al como con cuando de del desde dos el ella ellos en entre era es esta este esto fue ha hay la las le
    les lo los mas me mi muy ni no nos o para pero por que se ser si sin sobre son su sus tambien un una y
    ya yo""",
    "it": """a ad ai al alla anche c che chi ci come con da dal dalla degli dei del della delle di e ed era gli ha
    hanno i il in io l la le lo ma mi ne nel nella non o per piu se si sono su sua sul sulla suo un una""",
    "pt": """a ao aos as com como da das de do dos e ela ele em entre era essa esse esta este eu foi ha isso ja mais
    mas na nas nao no nos o os ou para pela pelo por que se sem ser seu sua sao tambem um uma""",
    "nl": """aan al als bij dan dat de der deze die dit door een en er het hij hoe ik in is je kan maar meer met na
    naar niet nog nu of om ook op over te tot uit van voor was wat we werd wie wordt ze zich zij zijn zo""",
    "pl": """a ale bo by byl byla bylo byc co czy dla do go i ich ile jak jako jest jego jej juz ktora ktore ktory
    lub ma mi na nie o od oraz po przez przy sa sie tak tego ten to tu tylko w we z za ze""",
    "ru": """а без был была были было быть в вы для до его ее если еще же за и из или их к как когда ко который мы на
    не него нее но о об он она они от по при с со так также то только у уже что чтобы это я""",
    "uk": """а але без був була були було бути в вже ви від він вона вони для до з за і із й його її їх к коли на не
    ні о об по при про та так також те ти то у це цей що щоб я як який""",
    "sv": """att av de den det du efter en ett for fran har hon han i icke inte jag kan med men nar och om pa sa sig
    sin som till under upp ut vad var vi vid ar""",
    "tr": """ama bir bu cok da daha de degil en gibi icin ile ise ki ne o olan olarak sonra ve veya ya""",
}
_COMMON = {code: frozenset(words.split()) for code, words in _LISTS.items()}


def common(chart: Chart) -> list[Finding]:
    """The whole rule, or the sides of its ORs; and capitals that are read as a common word."""
    root = chart.rule.node
    sides = list(_sides(chart))
    if sides or not _is_common(root, chart):
        return sides or list(_capitals(chart))
    message = f"{_named(root, chart)}: this matches nearly everything. Add a rarer word that must be there."
    return [chart.finding("stop words", "warning", message, cure=_exact_case(root, chart))]


def _is_common(node: Node, chart: Chart) -> bool:
    """Whether very common words are enough to make it true."""
    known = chart.common.get(id(node))
    if known is None:
        known = chart.common[id(node)] = _asked(node, chart)
    return known


def _asked(node: Node, chart: Chart) -> bool:
    if isinstance(node, Run):
        return len(node.words) == 1 and node.lang != WRITTEN and _is_common_word(node, chart)
    if isinstance(node, Not) or not node.children:
        return False
    if isinstance(node, Or | SomeOf):
        needed = node.number if isinstance(node, SomeOf) else 1
        return sum(_is_common(part, chart) for part in node.parts) >= needed
    wanted = [part for part in node.children if not isinstance(part, Not)]
    return bool(wanted) and all(_is_common(part, chart) for part in wanted) and type(node).__name__ in _NEED_ALL


_NEED_ALL = frozenset({"And", "Named", "Near", "Preferred"})


def _is_common_word(run: Run, chart: Chart) -> bool:
    word = fold(run.shown[0]) if run.shown else run.words[0]
    listed = word in _COMMON.get(language(chart.rule.lang), ())
    return listed or (chart.archive is not None and _share(word, chart.archive) > SHARE)


def _share(word: str, vocabulary: Vocabulary) -> float:
    return vocabulary.count(word) / vocabulary.size


def _named(node: Node, chart: Chart) -> str:
    """The common words, and how common they are."""
    runs = [leaf for leaf in leaves(node) if isinstance(leaf, Run) and _is_common(leaf, chart)]
    names = ", ".join(dict.fromkeys(f"“{run.plain}”" for run in runs[:3]))
    single = len({run.words for run in runs}) == 1
    if single and chart.archive is not None and runs[0].shown:
        share = _share(fold(runs[0].shown[0]), chart.archive)
        if share > SHARE:
            return f"{names} is in {share:.0%} of the documents"
    return f"{names} {'is' if single else 'are'} in nearly every text"


def _sides(chart: Chart) -> Iterator[Finding]:
    """The outermost sides of ORs that are common beside others that are not, where the OR must be true."""
    for count, (path, part) in enumerate(_common_sides(chart, chart.rule.node, ())):
        if not chart.affords(len(chart.rule.text), count):
            return
        message = f"{_named(part, chart)}, so that this side of OR matches nearly everything."
        cure = without(chart.rule.node, frozenset({path}))
        yield chart.finding("always true", "warning", message, path, cure=cure)


def _common_sides(chart: Chart, node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    parts = node.parts if isinstance(node, And | Or) else ()
    are_common = [isinstance(node, Or) and _is_common(part, chart) for part in parts]
    for i, part in enumerate(parts):
        if are_common[i] and not all(are_common):
            yield (*path, i), part
        elif not isinstance(part, Not):
            yield from _common_sides(chart, part, (*path, i))


def _capitals(chart: Chart) -> Iterator[Finding]:
    """WHO, IT, US: rules fold capitals, so that these are the words who, it, us."""
    if not any(_is_acronym(leaf, chart) for leaf in leaves(chart.rule.node)):
        return
    count = 0
    for token in chart.tokens:
        if token.node is not None and _is_acronym(token.node, chart):
            if not chart.affords(1, count):
                return
            count += 1
            message = f"“{token.text}” is also the word “{token.text.lower()}”, which nearly every text has."
            cure = chart.with_text(token.start, token.end, f"{{{token.text}}}")
            yield Finding("capitals", "hint", message, *chart.token_place(token), cure)


def _is_acronym(node: Node, chart: Chart) -> bool:
    if not isinstance(node, Run) or node.lang or len(node.shown) != 1:
        return False
    word = node.shown[0]
    return word.isupper() and 1 < len(word) <= _LONGEST_CAPITALS and _is_common(node, chart)


def _exact_case(root: Node, chart: Chart) -> str:
    """A rule that is one acronym, in exact case."""
    text = chart.typed.plain.strip()
    return chart.with_text(0, len(chart.typed.plain), f"{{{text}}}") if _is_acronym(root, chart) else ""
