"""Words of amounts in English, German, French, Spanish, Ukrainian and Russian: numbers, what they count, units."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.stories.evidence.language.names import number_key
from bot.core.stories.words import fold

_NUMBERS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn zwanzig",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf vingt",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte",
    "uk": "два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять чотирнадцять "
    "п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять двадцять",
    "ru": "два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать",
}
_BENT = {  # forms of the same numbers that nouns of persons take
    2: "двоє двох двое двух", 3: "троє трьох трое трех", 4: "четверо чотирьох четырех", 5: "п'ятеро п'яти пятеро пяти",
    6: "шестеро шести", 7: "семеро сімох семи", 8: "восьмеро восьми",
}  # fmt: skip
_TENS = {
    "en": "thirty forty fifty sixty seventy eighty ninety",
    "de": "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "trente quarante cinquante soixante",
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "uk": "тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто",
    "ru": "тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
}
_POWERS = {
    100: "hundred hundert",
    1_000: "thousand tausend mille mil k тис тыс",
    1_000_000: "million millions mio millionen m mn mln millón millones млн",
    1_000_000_000: "billion billions bn milliarde milliarden mrd milliard milliards млрд",
    1_000_000_000_000: "trillion trillions tn billionen трлн",
}
_POWER_STEMS = {"тисяч": 1_000, "тысяч": 1_000, "мільйон": 10**6, "миллион": 10**6, "мільярд": 10**9, "миллиард": 10**9}
_ALWAYS = ("uk", "ru")  # no word of them is a word of the others


def _tables() -> dict[str, dict[str, float]]:
    tables = {}
    for lang, line in _NUMBERS.items():
        table = {fold(word): float(value) for value, word in enumerate(line.split(), 2)}
        table |= {fold(word): value * 10.0 for value, word in enumerate(_TENS[lang].split(), 3)}
        tables[lang] = table
    bent = {fold(word): float(value) for value, line in _BENT.items() for word in line.split()}
    cyrillic = bent | {word: value for lang in _ALWAYS for word, value in tables[lang].items()}
    return {lang: table | cyrillic for lang, table in tables.items()}


_BY_LANG = _tables()
_POWER = {fold(word): float(value) for value, line in _POWERS.items() for word in line.split()}
_FOLDED_POWER_STEMS = {fold(stem): float(value) for stem, value in _POWER_STEMS.items()}


def number(raw: str, folded: str, lang: str) -> float | None:
    """What a word says as a number: 23, 1,200, 6.3, fifteen. None for words, scores, times and parts of dates."""
    if not raw[0].isdigit():
        return _BY_LANG.get(lang, _BY_LANG["en"]).get(folded)
    try:
        return float(number_key(raw)) if len(raw) <= 20 else None
    except ValueError:
        return None


def power(folded: str) -> float:
    """What it multiplies a number before it by; 0 for other words."""
    value = _POWER.get(folded, 0.0)
    return value or next((by for stem, by in _FOLDED_POWER_STEMS.items() if folded.startswith(stem)), 0.0)


class _Kind(Protocol):
    def __call__(self, folded: str, /) -> bool: ...


def _among(words: str, stems: str = "") -> _Kind:
    exact, starts = frozenset(map(fold, words.split())), tuple(map(fold, stems.split()))
    return lambda folded: folded in exact or (bool(starts) and folded.startswith(starts))


# What happened to people: counted the same in any words and languages.
HAPPENED: dict[str, _Kind] = {
    "dead": _among(
        "dead killed kills kill killing death deaths died die dies fatalities fatality tote toten toter todesopfer "
        "todesopfern starben sterben stirbt mort morts morte mortes tué tués tuée tuées décès muertos muertas muerto "
        "murieron mueren fallecidos fallecen fallecieron",
        "getötet gestorben загинул загибл вбит погиб убит жертв",
    ),
    "injured": _among(
        "injured wounded injuries hurt", "verletz verwundet blessé herido поранен постраждал ранен пострада"
    ),
    "missing": _among("missing disparus desaparecidos", "vermisst зникл пропавш"),
    "arrested": _among("arrested detained", "festgenommen interpellé arrêté detenid затриман задержан"),
    "evacuated": _among("evacuated", "evakuiert évacué evacuad евакуйован эвакуирован"),
}


def happened(folded: str) -> str:
    """Which of these a word says, empty for none."""
    return next((what for what, says in HAPPENED.items() if says(folded)), "")


is_time = _among(
    "am pm gmt utc cet est uhr h an ans hour hours minute minutes min mins second seconds day days week weeks month "
    "months year years hr hrs decade decades century centuries tag tage tagen woche wochen monat monate monaten jahr "
    "jahre jahren stunde stunden minuten sekunden heure heures jour jours semaine semaines mois année années seconde "
    "secondes hora horas minuto minutos día días semana semanas mes meses año años segundo segundos siglo день дні "
    "днів дня дней дни рік року років роки год года лет году час часа часов ч",
    "годин хвилин тиждень тижн місяц минут недел месяц секунд",
)
is_month = _among(  # and weekdays, of the languages that vocabulary.py and words.py know none of
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre enero febrero marzo abril "
    "mayo junio julio agosto septiembre octubre noviembre diciembre lundi mardi mercredi jeudi vendredi samedi "
    "dimanche lunes martes miércoles jueves viernes sábado domingo"
)
is_counter = _among(  # of the page
    "view views read reads comment comments share shares like likes follower followers subscriber subscribers photo "
    "photos image images video videos reply replies vote votes point points kommentar kommentare aufrufe leser bilder "
    "foto fotos vues commentaire commentaires partages lecturas visitas comentarios",
    "перегляд просмотр комментари коментар",
)
is_away = _among(  # how far, where and how often: every outlet has other ones, and none is news
    "mile miles km kilometer kilometers kilometre kilometres kilometern meter metern meters metre metres yard yards "
    "foot feet inch inches mètre mètres kilomètre kilomètres metro metros kilómetro kilómetros км м block blocks "
    "times mal fois veces раз рази раза разів",
    "кілометр километр метр",
)
is_person = _among(
    "people person persons men women children menschen personen leute personnes personne gens personas gente",
    "людей люди осіб особ человек людин",
)
is_money = _among(
    "dollar dollars euro euros pound pounds pfund franken yen yuan rupees pesos usd eur gbp chf грн",
    "гривен гривн долар доллар рубл євро евро",
)
is_share = _among("percent prozent процентов процента процент", "відсотк процент")
is_magnitude = _among("magnitude magnitud starke", "магнітуд магнитуд")
is_numbered = _among(  # a number after it is its name
    "no nr number page chapter article section part season episode round phase top route flight gate group day "
    "artikel seite kapitel teil folge runde platz page article chapitre saison articulo pagina ronda стаття статья "
    "aged age alter age віком возрасте under over-"
)
is_joint = _among(  # what comes after it is said of something else
    "and or und oder et ou y e і й та и або или but while the der die das den dem la le les el los las"
)
MONEY_SIGNS = frozenset("$€£₴₽¥₹")


def per_cent(words: Sequence[str]) -> int:
    """How many of these words, as they follow a number, say per cent."""
    if words and is_share(words[0]):
        return 1
    return 2 if tuple(words[:2]) in {("per", "cent"), ("pour", "cent"), ("por", "ciento"), ("por", "cien")} else 0
