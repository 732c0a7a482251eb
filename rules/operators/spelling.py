"""Umlauts and Chinese characters written either way.

`umlauts:X` takes every umlaut of X written as two letters too, and two letters as the umlaut: `umlauts:Müller` hits
"Mueller", `umlauts:(Koeln OR Düsseldorf)` hits "Köln" and "Duesseldorf". Without it ü is u, as accents are left out
everywhere, and "ue" is something else. `hanzi:X` takes Chinese words in traditional and in simplified characters, as
OpenCC writes them: `hanzi:台湾` hits "台灣" and "臺灣". X is a term of any kind but a regex, or a group.
"""

from rules.grammar import Call, Operand, Prefix
from rules.hanzi import hanzi_either_way
from rules.nodes import Node
from rules.operators._either import spelled
from rules.umlauts import umlauts_either_way

EXAMPLES = (
    ("umlauts:Müller", "Frau Mueller kommt.", True),
    ("umlauts:Mueller", "Frau Müller kommt.", True),
    ("Müller", "Frau Mueller kommt.", False),
    ("umlauts:(Koeln NEAR/3 Düsseldorf)", "Von Köln nach Duesseldorf.", True),
    ("umlauts:{ÖBB}", "Die OEBB streikt.", True),
    ("umlauts:neue", "Das ist neu.", False),
    ("umlauts:Israel", "In Israel.", True),
    ("hanzi:台湾", "他在臺灣學習。", True),
    ("hanzi:烏克蘭", "乌克兰战争", True),
    ("烏克蘭", "乌克兰战争", False),
)


def _umlauts(operand: Operand, call: Call) -> Node:
    return spelled(operand, call, umlauts_either_way)


def _hanzi(operand: Operand, call: Call) -> Node:
    return spelled(operand, call, hanzi_either_way)


PREFIX = (Prefix(name="umlauts:", make=_umlauts), Prefix(name="hanzi:", make=_hanzi))
