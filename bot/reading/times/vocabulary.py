"""The words of lengths and times in English, German, Ukrainian, French and Spanish, each with its token.

A line is a token and the words for it. All are compared folded (small letters, no accents). Only what people type in
a chat: a word that means something else far more often ("so", "mi" and "do" for German weekdays) counts after a word
like `until` only.
"""

import re

from bot.reading.text.datewords import folded

UNTIL = frozenset(folded("until untill til till 'til bis до jusque jusqu'a jusqu'au jusqu'aux jusqu'en hasta").split())
FOR = frozenset(folded("for für fuer pour pendant durant durante por на протягом during").split())
CLOCK_UNTIL = UNTIL - {"until", "untill", "til", "till", "'til"}  # "jusqu'à 14h" is a time, "until 2h" a length

# Several words that are one token.
_PHRASES = """
GOOD | for good | for ever | for always | bis auf weiteres | für immer | fuer immer | pour toujours | para siempre
GOOD | until i unmute it | until further notice | until unmuted
DAYAFTER | day after tomorrow | apres-demain | après demain | pasado mañana
TOMORROW MORNING | mañana por la mañana | morgen früh | morgen frueh
TODAY EVENING | heute abend | ce soir | esta noche | cette nuit
ENDDAY | end of day | end of today | end of the day
ENDDAY | for the day
ENDWEEK | for the week
ENDMONTH | for the month
A WEEK | for the next week
A DAY | for the next day
A MONTH | for the next month
END | rest of | remainder of | rest des | rest der | reste de | resto de | fin de | fin du | final de | final del
WEEKEND | week end | fin de semana
"""
_TABLE = """
MIN min mins minute minutes minuten minuto minutos хв хвилина хвилину хвилини хвилин m
HOUR h hr hrs hour hours std stunde stunden heure heures hora horas година годину години годин год
DAY d day days tag tage tagen tages jour jours dia dias день дня дні днів доба добу
WEEK w wk wks week weeks woche wochen semaine semaines semana semanas тиждень тижня тижні тижнів
MONTH month months monat monate monaten monats mois mes meses місяць місяця місяці місяців
YEAR y year years jahr jahre jahres an ans annee año años рік року роки років
WEEKEND weekend wochenende wochenendes week-end вихідні вихідних finde
TODAY today heute сьогодні hoy aujourd'hui
TOMORROW tomorrow tmrw tomorow tommorow tommorrow morgen завтра demain mañana
DAYAFTER overmorrow übermorgen uebermorgen післязавтра
YESTERDAY yesterday gestern вчора учора hier ayer
TONIGHT tonight
NOON noon midday mittag mittags полудня опівдні обіду midi mediodia mediodía
MIDNIGHT midnight mitternacht півночі опівночі minuit medianoche
MORNING morning ранку matin früh frueh morgens
AFTERNOON afternoon nachmittag nachmittags aprem après-midi
EVENING evening abend abends вечора soir tarde
NIGHT night nacht nachts ночі nuit noche
NEXT next nächste nächsten nächster nächstes kommende kommenden наступний наступного наступної наступному наступну
NEXT prochain prochaine proximo próxima
THIS this diese dieser dieses diesen цей цього цієї цю ce cet cette este esta
LAST last past letzte letzten letzter letztes минулий минулого минулої минулу
LAST dernier derniere derniers dernieres ultimo ultima ultimos ultimas pasada pasado
END end ende endes кінця кінець fin final
ENDDAY eod
ENDWEEK eow
ENDMONTH eom
GOOD forever always indefinitely permanently назавжди siempre toujours immer
HALF half halbe halben demi demie media medio пів
HALFHOUR demi-heure півгодини halbstunde
QUARTER quarter viertel quart cuarto чверть
QUARTERHOUR viertelstunde
MORE anderthalb eineinhalb півтора півтори
AND and & und і та й et y plus
COUPLE couple paar pair пару pare
FEW few several einige quelques algunas algunos кілька декілька
OCLOCK o'clock oclock uhr
AM am a.m a.m.
PM pm p.m p.m.
A a an à
1 one ein eine einen einem einer un une una uno один одна одну
2 two zwei deux dos два дві
3 three drei trois tres три
4 four vier quatre cuatro чотири
5 five fünf fuenf cinq cinco п'ять
6 six sechs seis шість
7 seven sieben sept siete сім
8 eight acht huit ocho вісім
9 nine neun neuf nueve дев'ять
10 ten zehn dix diez десять
12 twelve zwölf zwoelf douze doce дванадцять
24 twenty-four
30 thirty dreißig dreissig trente treinta тридцять
W0 monday mon montag понеділок понеділка понеділку lundi lun lunes
W1 tuesday tue tues dienstag вівторок вівторка mardi martes
W2 wednesday wed mittwoch середа середи середу mercredi miércoles
W3 thursday thu thur thurs donnerstag четвер четверга jeudi jueves
W4 friday fri freitag п'ятниця п'ятниці п'ятницю vendredi viernes
W5 saturday sat samstag sonnabend субота суботи суботу samedi sábado
W6 sunday sun sonntag неділя неділі неділю dimanche domingo
M1 january jan januar jänner січень січня janvier enero
M2 february feb februar лютий лютого février fevrier febrero
M3 march mar märz maerz березень березня mars marzo
M4 april apr квітень квітня avril abril
M5 may mai травень травня mayo
M6 june jun juni червень червня juin junio
M7 july jul juli липень липня juillet julio
M8 august aug серпень серпня août agosto
M9 september sep sept вересень вересня septembre septiembre
M10 october oct oktober okt жовтень жовтня octobre octubre
M11 november nov листопад листопада novembre noviembre
M12 december dec dezember dez грудень грудня décembre diciembre
"""
# Counted after a word like `until` only: as the end of a rule they are mostly something else.
_SHORT = """
W0 mo пн
W1 di вт mar
W2 mi ср mer mie
W3 do чт jeu jue
W4 fr пт ven vie
W5 sa сб sam sab
W6 so нд dim dom
"""
_IGNORED = """
the of at on der die das dem den des im um am von zum zur zu le la les l' du de au el los las del al о об у в
"""


def _rows(table: str) -> dict[str, str]:
    rows = (line.split() for line in table.strip().splitlines())
    return {folded(word): token for token, *words in rows for word in words}


TOKENS = _rows(_TABLE)
SHORT = _rows(_SHORT)
IGNORED = frozenset(folded(_IGNORED).split())
_PHRASE_ROWS = [[part.strip() for part in line.split("|")] for line in _PHRASES.strip().splitlines()]
_TOKEN_OF_PHRASE = {folded(phrase): token for token, *phrases in _PHRASE_ROWS for phrase in phrases}
_PHRASE = re.compile(
    r"(?<!\S)(?:" + "|".join(map(re.escape, sorted(_TOKEN_OF_PHRASE, key=len, reverse=True))) + r")(?!\S)"
)


def with_phrases(text: str) -> str:
    """Folded text with each phrase of several words as its tokens (in capitals, which folded text has not)."""
    return _PHRASE.sub(lambda match: _TOKEN_OF_PHRASE[match[0]], text)
