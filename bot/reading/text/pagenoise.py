"""What changes on a page without being news: clocks, "5 minutes ago", "12 comments", rates, weather, advertising."""

import re

_END = r"\w{0,12}"  # bounded, or a line of nothing but "marmarmar..." takes the square of its length
_UNITS = (
    r"(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|months?|yrs?|years?|sek|sekunden?"
    r"|minuten?|std|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|secondes?|heures?|jours?|semaines?|mois|ans?|segundos?"
    r"|minutos?|horas?|días?|dias?|semanas?|mes(?:es)?|mês|años?|anos?|second[oi]|minut[oi]|or[ae]|giorn[oi]"
    r"|settiman[ae]|mes[ei]|ann[oi]|д(?:ень|ня|ней)|saniye|dakika|dk|saat|sa|gün|hafta|ay|yıl|detik|menit|jam|hari"
    r"|minggu|bulan|tahun|minut[ya]?|godzin[ya]?|godz|dni|dzień|tygodni[ea]?|sekund[ya]?"
    rf"|(?:сек|мин|час|недел|месяц|хв|годин|дні|тиж){_END})"
)
_CJK_UNITS = (
    r"(?:秒钟?|秒鐘|分钟|分鐘|分|小时|小時|時間|天|日|周|週|週間|个月|個月|か月|ヶ月|月|年|초|분|시간|일|주|개월|년)"
)
_AMOUNT = r"(?:\d{1,6}|an?|one|eine[rmn]?|une?|una?|uma?|bir)"
_AGO = re.compile(
    rf"\b{_AMOUNT} ?(?:{_UNITS})\.? (?:ago|назад|тому|atrás|fa|önce|lalu|temu|yang lalu)\b"
    rf"|\b(?:vor|il y a|hace|há|około) (?:etwa |environ |cerca de )?{_AMOUNT} (?:{_UNITS})\b"
    rf"|\d{{1,6}} ?{_CJK_UNITS}(?:之?前| ?전)"
    r"|(?:منذ|قبل) (?:\d{1,6} )?(?:ثواني|ثانية|دقائق|دقيقة|ساعات|ساعة|أيام|يوما?ً?|أسابيع|أسبوع|أشهر|شهر)"
    r"|\d{1,6} (?:सेकंड|मिनट|घंटे|घंटा|दिन|सप्ताह|महीने) पहले"
    r"|\b(?:just now|moments ago|gerade eben|à l['’]instant|ahora mismo|agora mesmo|только что)\b|刚刚|たった今|방금",
    re.I,
)
_SPAN = re.compile(
    rf"(?!.*\dm?\W*$|.* m\W*$)\W{{0,3}}\d{{1,6}} ?(?:{_UNITS}|{_CJK_UNITS})\.?\W{{0,3}}", re.I
)  # "2 hrs", nothing else; "9 m" is a depth
_COUNTDOWN = re.compile(
    rf"^(?:(?:next|page|auto) ?(?:update|refresh(?:es)?|reload(?:s)?)\b.{{0,20}}?|noch|nur noch|only|il reste|encore"
    rf"|quedan?|faltam?|mancano|осталось|залишилось|还剩|残り|あと)\W{{0,3}}\d{{1,6}} ?(?:{_UNITS}|{_CJK_UNITS})"
    rf"(?: left| to go)?\W{{0,3}}$|^\W*\d{{1,6}} (?:{_UNITS}) (?:left|to go|remaining)\W*$",
    re.I,
)
_THINGS = (
    r"(?:comments?|repl(?:y|ies)|views?|reads?|readers?|likes?|shares?|visitors?|visits?|users? online|online|votes?"
    r"|followers?|subscribers?|upvotes|points?|downloads?|reactions?|ratings?|reviews?|retweets?|kommentare?|aufrufe?"
    r"|besucher|leser(?: online)?|bewertung(?:en)?|abonnenten|commentaires?|vues?|partages|lectures|avis|abonnés"
    r"|comentarios?|vistas?|lecturas|reseñas?|valoraciones|seguidores|comentários?|visualizaç(?:ão|ões)|curtidas?"
    r"|avaliações|compartilhamentos|commenti|visualizzazion[ei]|condivisioni|recensioni|mi piace|yorum|görüntülenme"
    r"|beğeni|okunma|komentar|dilihat|suka|tayangan|komentarzy?|wyświetle(?:ń|nia)|odsłon"
    rf"|(?:комментари|просмотр|отзыв|оценок|подписчик|коментар|перегляд|відгук){_END}"
    r"|تعليقات|تعليق|مشاهدة|مشاهدات|إعجاب|टिप्पणियाँ|टिप्पणी|बार देखा गया|लाइक)"
)
_CJK_THINGS = (
    r"(?:评论|評論|留言|回复|回覆|阅读量?|閱讀|浏览量?|瀏覽|观看|觀看|点赞|點讚|转发|收藏|播放"
    r"|コメント|いいね|閲覧|再生|댓글|조회수?|좋아요|공유)"
)
_DEEDS = (
    r"(?:shared|viewed|read|liked|downloaded|watched|geteilt|gelesen|aufgerufen|angesehen|partagée?|lue?|vue?"
    r"|compartid[oa]|leíd[oa]|vist[oa]|compartilhad[oa]|lid[oa]|condivis[oa]|lett[oa]|прочитано|просмотрено)"
)
_TIMES = r"(?:times?|mal|fois|veces|vez|vezes|volte|volta|раза?|kez|kali|razy)"
_PEOPLE = (
    r"(?:people|persons?|users?|guests?|members?|others|leser|besucher|personen|menschen|personnes?|personas?|pessoas?"
    r"|persone|человека?|людей|осіб|kişi|orang|osób)"
)
_DOING = (
    r"(?:reading|watching|viewing|looking|browsing|online|here now|right now"
    r"|lesen|sehen|lisent|regardent|leyendo|viendo"
    r"|lendo|vendo|leggendo|guardando|читают|читает|смотрят|читають|okuyor|membaca|czyta)"
)
_COUNT = r"\d[\d.,' ]{0,15}[kKmM]?"
_COUNTER = re.compile(
    rf"{_COUNT} ?(?:{_THINGS})(?!\w)|(?<!\w)(?:{_THINGS}) ?[:(] ?{_COUNT}\)?"
    rf"|{_COUNT} ?[条件個个次人개]?の?{_CJK_THINGS}|{_CJK_THINGS}[数數]?[ :：(（]{{0,2}}{_COUNT}"
    rf"|{_COUNT} ?{_PEOPLE}\b.{{0,20}}?\b{_DOING}(?: (?:this|now|das|gerade|it))*"
    rf"|\b{_DEEDS} {_COUNT} ?{_TIMES}\b|\b{_COUNT} ?{_TIMES} {_DEEDS}\b"
    rf"|[👍👎❤♥🔥💬👁👀😂😮😢😡★☆⭐🔁]\ufe0f? ?{_COUNT}|{_COUNT} ?[👍👎❤♥🔥💬👁👀😂★☆⭐🔁]\ufe0f?",
    re.I,
)
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|f[ée]v|avr|juin|juil|ao[ûu]t|d[ée]c|ene"
    r"|abr|ago|dic|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|квіт|трав|черв|лип|серп|вер|жовт"
    rf"|лист|груд){_END}"
)
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S{0,20})?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}[:h]\d\d(?::\d\d)?"
    r"|\d{4}[年/.]\d{1,2}[月/.]\d{1,2}日?|\d{1,2}月\d{1,2}日"
    r"|\d{4}년 ?\d{1,2}월 ?\d{1,2}일|\d{1,2}[时時点點시]\d{1,2}[分분]"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)? (?:de )?(?:{_MONTHS})\.?(?:,?(?: de)? \d{{4}})?"
    rf"|(?:{_MONTHS})\.? \d{{1,2}}(?:,? \d{{4}})?"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:am|pm|utc|gmt|cet"
    r"|cest|uhr|est|edt)\b|[上下]午|午[前後]|오[전후]",
    re.I,
)
_STAMP = re.compile(
    r"^\W*(?:(?:(?:last |page |site )*(?:updated?|modified|changed?|generated"
    r"|refreshed|checked|refresh|check)|today|now"
    r"|current time|as of|©|copyright|stand|(?:letzte |zuletzt )?(?:aktualisier(?:t|ung)|änderung|geändert)|zuletzt"
    r"|(?:dernière )?mise à jour|mis à jour|actualizado|(?:última )?(?:actualización|atualizaç[ãa]o)|atualizado"
    r"|(?:ultimo )?aggiornamento|aggiornato|(?:последнее )?обновлени[ея]"
    r"|обновлено|(?:останнє )?оновлення|оновлено|сейчас"
    r"|зараз|(?:ostatnia )?aktualizacja|zaktualizowano|(?:son )?güncellen?me"
    r"|(?:terakhir )?diperbarui|pembaruan terakhir"
    r"|(?:آخر )?تحديث|अंतिम अपडेट|अपडेट)\b|最[后後]更新|更新[时時日]?[间間時]?|最終更新|(?:최종"
    r"|마지막) ?(?:업데이트|수정))",
    re.I,
)
_CLOCK = re.compile(
    r"(?:\b(?:it(?: i|['’])s now|the time is(?: now)?|(?:current|local|server)(?: local)? time(?: is)?|time now|uhrzeit"
    r"|ortszeit|es ist(?: jetzt)?|il est|heure(?: locale| actuelle)?"
    r"|hora (?:local|actual|atual)|son las|são|ora (?:locale"
    r"|attuale)|sono le|(?:текущее |московское |местное )время|сейчас|зараз|поточний час|czas lokalny|yerel saat|waktu"
    r"(?: setempat)?)|(?:现在|当前|當前|北京|本地)时?時?间?間?|現在時刻|الوقت الآن|الساعة الآن"
    r"|वर्तमान समय|현재 ?시[각간])"
    r"(?: ore)?[\s:：是は]{0,3}\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?: ?(?:[ap]\.?m\b\.?|uhr|utc|gmt|h)\b)?",
    re.I,
)
_MADE = (
    r"(?:generated|rendered|loaded|served|executed|processed|took|erzeugt"
    r"|generiert|geladen|généré\w?|chargée?|generad[oa]"
    r"|cargad[oa]|gerad[oa]|generat[oa]|сгенерирован\w?|загружен\w?)"
)
_TOOK = re.compile(
    rf"\b{_MADE}\b.{{0,15}}?\d[\d.,]{{0,9}} ?(?:{_UNITS})\b|\d[\d.,]{{0,9}} ?(?:{_UNITS}) {_MADE}\b", re.I
)
_TOKEN = re.compile(
    r"\b(?:request|session|trace|ray|csrf|incident|reference|event|visitor)[ -]?(?:id|no|token)\b\W{0,3}[\w-]{6,64}"
    r"|(?:©|\(c\)|\bcopyright) ?(?:\d{4} ?[-–—] ?)?\d{4}",
    re.I,
)
_ADVERT = re.compile(
    r"^\W*(?:advertisement|advert|ad|sponsored|promoted|paid post|anzeige|werbung|publicité|sponsorisé|publicidad"
    r"|patrocinado|pubblicità|реклама|reklama|reklam|iklan|广告|廣告|広告|إعلان|विज्ञापन|광고)\s*(?:[:·|—–-]|$)",
    re.I,
)
_MONEY = re.compile(
    r"(?:[€$£¥₹₽₴₩₺]|(?:EUR|USD|GBP|CHF|CAD|AUD|R\$|US\$)) ?\d[\d.,' ]{0,15}"
    r"|\d[\d.,' ]{0,15} ?(?:[€$£¥₹₽₴₩₺元円원]|(?:EUR|USD|GBP|CHF|zł|Kč|руб|грн)\b)"
)
_RATE = re.compile(  # "EUR/USD 1.0843 +0.2 %", "Gold $2,410.10"
    r"^(?:[A-Z]{3} ?/ ?[A-Z]{3}|[^\d+−%▲▼↑↓]{2,25}?(?: (?:30|40|50|100|225|500|600))?)[ :]{1,3}[€$£¥]?\d[\d.,' ]{0,15}"
    r"(?: ?(?:[€$£¥]|[A-Z]{3}|Punkte|pts))?[ (]{1,3}(?:[▲▼△▽↑↓+−-] ?\d[\d.,]{0,9} ?%?[ ()]{0,3}){1,3}$"
    r"|^(?:gold|silver|silber|oil|brent|wti|dax|m-?dax|dow(?: jones)?|nasdaq|s&p 500|nikkei|ftse(?: 100)?|bitcoin|btc"
    r"|ethereum|eth|[A-Z]{3} ?/ ?[A-Z]{3})[ :(]{1,3}[€$£¥]?\d[\d.,']{0,15}(?: ?(?:[€$£¥]|USD|EUR))?$",
    re.I,
)
_WEATHER_WORDS = (
    r"(?:weather|cloudy|clouds?|sunny|sun|clear|rain(?:y)?|showers?|snow(?:y)?|fog(?:gy)?|overcast|partly|mostly|light"
    r"|heavy|wind(?:y)?|gusts?|humidity|pressure|feels like|wetter|bewölkt|wolkig|sonnig|regen|schnee|nebel|heiter|böen"
    r"|luftfeuchtigkeit|luftdruck|météo|nuageux|ensoleillé|pluie|neige|vent|humidité|tiempo|clima|nublado|soleado"
    r"|despejado|lluvia|viento|humedad|tempo|ensolarado|chuva|vento|umidade|meteo|nuvoloso|soleggiato|sereno|pioggia"
    r"|umidità|погода|облачно|ясно|дождь|снег|ветер|влажность|хмарно|дощ|вітер"
    r"|вологість|pogoda|deszcz|wiatr|hava|cuaca)"
    r"|天气|天氣|多云|晴|阴|雨|湿度|天気|曇り?|날씨|맑음|흐림|الطقس|الرطوبة|मौसम"
)
_WEATHER = re.compile(rf"(?<!\w)(?:{_WEATHER_WORDS})(?!\w)|(?:天气|天氣|多云|湿度|天気|날씨)", re.I)
_DEGREES = re.compile(r"[-−]?\d{1,3}(?:[.,]\d)? ?(?:°|º|℃|℉|grad\b|degrees\b)", re.I)
_MEASURED = re.compile(
    r"[-−]?\d[\d.,]{0,6} ?(?:°|º|℃|℉|grad\b|degrees\b|%|km/h|mph|m/s|hpa|mbar|mm\b)? ?(?:[CF]\b)?", re.I
)
_SHORT = 80  # characters of a line that can be a rate, a price or the weather
_LONGEST = 2_000  # characters of a line by which it is told from others
_LETTERS = re.compile(r"[^\W\d_]{2}")
_GLUE = re.compile(r"[\d\s.,:;|/()·•–—-]+")


def meaning(line: str, *, whole: bool = False) -> str:
    """A line without what changes by itself: two lines that mean the same are the same; empty for mere noise.

    Dates and times are noise only where nothing else stands, or behind "updated": a deadline that moves is news. On a
    `whole` page prices and temperatures are noise, too; in a part that somebody chose they may be what is watched.
    """
    line = " ".join(line[:_LONGEST].split())
    if _ADVERT.match(line) or _COUNTDOWN.match(line) or _SPAN.fullmatch(line):
        return ""
    has_digit = any(map(str.isdigit, line))
    if has_digit and len(line) <= _SHORT:
        if _RATE.match(line) or _is_weather(line, whole):
            return ""
        line = _MONEY.sub(" ", line) if whole else line
    line = _COUNTER.sub(" ", _AGO.sub(" ", line))
    if has_digit:
        line = _TOKEN.sub(" ", _TOOK.sub(" ", _CLOCK.sub(" ", line)))
    bare = _DATE.sub(" ", line) if has_digit else line
    if bare != line and (_STAMP.match(line) or not _LETTERS.search(bare)):
        line = bare if _STAMP.match(line) else _GLUE.sub(" ", bare)
    return " ".join(line.split()).casefold() if _LETTERS.search(line) or any(map(str.isalnum, line)) else ""


def _is_weather(line: str, whole: bool) -> bool:
    """Whether a line gives a place's weather: a reading, words of weather, and at most two others."""
    says = _WEATHER.search(line) is not None
    if not (says and _MEASURED.search(line)) and not (whole and _DEGREES.search(line)):
        return False
    rest = _WEATHER.sub(" ", _MEASURED.sub(" ", line))
    return len(_LETTERS.findall(rest)) == 0 or len(re.findall(r"[^\W\d_]+", rest)) <= 2


def without_counters(title: str) -> str:
    """A headline as it is, but for "(12 comments)" and "5 minutes ago" around it."""
    bare = _COUNTER.sub("", _AGO.sub("", title))
    return " ".join(bare.replace("()", "").replace("[]", "").split()).strip(" ·|•–—-") or title
