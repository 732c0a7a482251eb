"""The words of dates: months, weekdays, halves of the day and small words, in the languages that feeds are written in.

All are kept folded (see `folded`), as they are compared. Only whole words and customary abbreviations: a prefix would
take the November of one language for the March of another.
"""

import re
import unicodedata

# Month after month: English, Spanish, French, German, Russian, Ukrainian, Portuguese, Italian, Polish, Turkish, Arabic
# (Egypt, the Levant, the Maghreb), Dutch, Nordic languages, Czech, Romanian, Hungarian, Greek, Indonesian, Hindi.
_MONTHS = """
january jan enero ene janvier janv januar jänner jän январь января янв січень січня січ
janeiro gennaio gen styczeń stycznia sty ocak oca يناير كانون_الثاني جانفي januari leden
ledna ianuarie ian január ιανουάριος ιανουαρίου ιαν जनवरी tammikuuta
|
february feb febrero février févr fév februar feber февраль февраля фев февр лютий
лютого лют fevereiro fev febbraio luty lutego şubat şub فبراير شباط فيفري februari únor
února februarie február febr φεβρουάριος φεβρουαρίου φεβ फरवरी helmikuuta pebruari
|
march mar marzo mars märz mär mrz март марта мар березень березня бер março marzec marca
mart مارس آذار اذار maart mrt marts březen března martie március márc μάρτιος μαρτίου
μαρ μάρ मार्च maaliskuuta maret
|
april apr abril abr avril avr апрель апреля апр квітень квітня кві квіт aprile kwiecień
kwietnia kwi nisan nis أبريل ابريل نيسان أفريل إبريل duben dubna aprilie április ápr
απρίλιος απριλίου απρ अप्रैल huhtikuuta
|
may mayo mai май мая травень травня тра трав maio maggio mag maj maja mayıs مايو أيار
ماي mei květen května május máj μάιος μαΐου μαϊ μάι मई toukokuuta
|
june jun junio juin juni июнь июня июн червень червня чер черв junho giugno giu czerwiec
czerwca cze haziran haz يونيو حزيران جوان يونيه červen června iunie iun június jún
ιούνιος ιουνίου ιουν ιούν जून kesäkuuta
|
july jul julio juillet juil juli июль июля июл липень липня лип julho luglio lug lipiec
lipca lip temmuz tem يوليو تموز جويلية يوليه červenec července iulie iul július júl
ιούλιος ιουλίου ιουλ ιούλ जुलाई heinäkuuta
|
august aug agosto ago août aoû август августа авг серпень серпня сер серп sierpień
sierpnia sie ağustos ağu أغسطس آب أوت augustus augusti srpen srpna augusztus αύγουστος
αυγούστου αυγ अगस्त elokuuta agustus agu
|
september sep sept septiembre septembre сентябрь сентября сен сент вересень вересня вер
setembro set settembre wrzesień września wrz eylül eyl سبتمبر أيلول شتنبر září zář
septembrie szeptember szept σεπτέμβριος σεπτεμβρίου σεπ σεπτ सितंबर सितम्बर syyskuuta
setiembre
|
october oct octubre octobre oktober okt октябрь октября окт жовтень жовтня жов жовт
outubro out ottobre ott październik października paź ekim eki أكتوبر تشرين_الأول říjen
října říj octombrie október οκτώβριος οκτωβρίου οκτ अक्टूबर अक्तूबर lokakuuta
|
november nov noviembre novembre ноябрь ноября ноя нояб листопад листопада лис лист
novembro nov listopad listopada lis kasım kas نوفمبر تشرين_الثاني نونبر listopadu
noiembrie noi νοέμβριος νοεμβρίου νοε νοεμ नवंबर नवम्बर marraskuuta
|
december dec diciembre dic décembre déc dezember dez декабрь декабря дек грудень грудня
гру груд dezembro dicembre grudzień grudnia gru aralık ara ديسمبر كانون_الأول دجنبر
prosinec prosince decembrie δεκέμβριος δεκεμβρίου δεκ दिसंबर दिसम्बर joulukuuta desember
des
"""
# From Monday on.
_WEEKDAYS = """
monday mon lunes lun lundi montag mo понедельник пн понеділок segunda segunda-feira seg
lunedì poniedziałek pon pn pazartesi pzt الاثنين الإثنين maandag ma måndag mån mandag
man pondělí po luni hétfő δευτέρα δευ senin सोमवार 星期一 周一 週一 月曜日 月曜 월요일 월
|
tuesday tue tues martes mar mardi dienstag di вторник вт вівторок terça terça-feira ter
martedì wtorek wt salı sal الثلاثاء dinsdag tisdag tis tirsdag tir úterý út marți kedd
τρίτη τρι selasa मंगलवार 星期二 周二 週二 火曜日 火曜 화요일 화
|
wednesday wed miércoles mié mercredi mer mittwoch mi среда ср середа quarta quarta-feira
qua mercoledì środa śr çarşamba çar الأربعاء الاربعاء woensdag wo onsdag ons středa st
miercuri szerda τετάρτη τετ rabu बुधवार 星期三 周三 週三 水曜日 水曜 수요일 수
|
thursday thu thur thurs jueves jue jeudi jeu donnerstag do четверг чт четвер quinta
quinta-feira qui giovedì gio czwartek czw perşembe per الخميس donderdag torsdag tors tor
čtvrtek čt joi csütörtök πέμπτη πεμ kamis गुरुवार 星期四 周四 週四 木曜日 木曜 목요일 목
|
friday fri viernes vie vendredi ven freitag fr пятница пт п'ятниця sexta sexta-feira sex
venerdì piątek pt cuma cum الجمعة vrijdag vr fredag fre pátek pá vineri péntek παρασκευή
παρ jumat शुक्रवार 星期五 周五 週五 金曜日 金曜 금요일 금
|
saturday sat sábado sáb samedi sam samstag sonnabend sa суббота сб субота sabato sab
sobota sob cumartesi cmt السبت zaterdag za lördag lör lørdag lør sâmbătă szombat σάββατο
σαβ sabtu शनिवार 星期六 周六 週六 土曜日 土曜 토요일 토
|
sunday sun domingo dom dimanche dim sonntag so воскресенье вс неділя нд domenica
niedziela nie ndz pazar paz الأحد الاحد zondag zo söndag sön søndag søn neděle ne
duminică vasárnap κυριακή κυρ minggu रविवार 星期日 星期天 周日 週日 周天 日曜日 日曜 일요일 일
"""
_MORNING, _EVENING = "am a.m. a.m ص صباحا π.μ. πμ", "pm p.m. p.m م مساء μ.μ. μμ"  # behind the time
_FORENOON, _AFTERNOON = "上午 早上 凌晨 午前 오전", "下午 晚上 午後 오후"  # before it
_SMALL = """
at um uhr klo kl as del de da di do of the den der le on г года год р року рік года. г. р. ore alle
om в о hs hrs to las los em el date posted published
"""

_OTHER_MARKS = str.maketrans("\u2212\u2013\u2014\u2010\u060c\u3001\uff0c\u2019", "----,,,'", "\u00ba\u200e\u200f")


def folded(text: str) -> str:
    """Small letters without accents, ASCII digits and marks: `Févr.` and `FEVR.` are one."""
    text = text.translate(_OTHER_MARKS)
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text.casefold())
        text = unicodedata.normalize("NFC", "".join(_plain(sign) for sign in parts if not unicodedata.combining(sign)))
    return " ".join(text.casefold().split())


def _plain(sign: str) -> str:
    """A digit of any script as an ASCII one."""
    value = unicodedata.decimal(sign, None) if not sign.isascii() else None
    return sign if value is None else str(value)


def _numbered(rows: str, first: int) -> dict[str, int]:
    return {folded(word): number for number, row in enumerate(rows.split("|"), first) for word in row.split()}


MONTHS = _numbered(_MONTHS, 1)
WEEKDAYS = _numbered(_WEEKDAYS, 0)  # as datetime.weekday() counts
MORNING = frozenset(folded(f"{_MORNING} {_FORENOON}").split())
EVENING = frozenset(folded(f"{_EVENING} {_AFTERNOON}").split())
BEFORE = frozenset(folded(f"{_FORENOON} {_AFTERNOON}").split())
SMALL_WORDS = frozenset(folded(_SMALL).split())
TWO_WORDS = re.compile(folded("كانون|تشرين").join(("(", r") (?=\S)")))  # months of two words
