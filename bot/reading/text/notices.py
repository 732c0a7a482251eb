"""What sites say instead of their page: down for maintenance, an error, a login wall, "please wait".

Only sentences about the site itself count: a museum, a road or a power line that is closed for maintenance is news.
"""

import re

_SITE = r"(?:web ?site|site|web ?page|page|portal|server|system|platform|app|application)"
_DOWN = (
    rf"\b{_SITE}(?: is| will be)?(?: currently| temporarily| now)?"
    r" (?:down|offline|unavailable|not available|under(?:going)?(?: scheduled)? maintenance|in maintenance mode)\b",
    rf"\b{_SITE} maintenance\b",
    rf"\bmaintenance (?:mode|(?:on|of) (?:our|this|the) {_SITE})\b",
    r"\b(?:we|we['’]ll|we will)(?: be)?(?: right)? back (?:soon|shortly|online|in a)\b",
    r"^(?:sorry,? )?(?:(?:we are|we['’]re|currently|temporarily) )?(?:down|offline) for (?:scheduled )?maintenance\b",
    r"\b(?:seite|webseite|website|homepage|portal)\b.{0,40}\b(?:wartung\w{0,12}|nicht (?:erreichbar|verfügbar))",
    r"\bwartungsmodus\b|\bwir sind (?:bald|gleich|in kürze) (?:wieder|zurück)\b",
    r"\bsite\b.{0,40}\b(?:en (?:cours de )?maintenance|indisponible)\b|\bmode maintenance\b",
    r"\bnous (?:serons|sommes) (?:bientôt )?de retour\b",
    r"\b(?:sitio|web|página)\b.{0,40}\b(?:en mantenimiento|no (?:está )?disponible)\b",
    r"\bvolveremos (?:pronto|enseguida)\b",
    r"\b(?:site|página|portal)\b.{0,40}\b(?:em manutenção|indisponível)\b|\bvoltaremos (?:em breve|logo)\b",
    r"\b(?:sito|pagina|portale)\b.{0,40}\b(?:in manutenzione|non (?:è )?disponibile)\b|\btorneremo (?:presto|online)\b",
    r"\b(?:сайт|страница|портал|сервер)\b.{0,40}\b(?:техническ\w{1,4} (?:работ|обслуж)|недоступ)",
    r"\bна (?:сайте|портале|сервере)\b.{0,40}\bтехническ\w{1,4} работ",
    r"\b(?:сайт|сторінка|портал|сервер)\b.{0,40}\b(?:технічн\w{1,4} (?:робот|обслуг)|недоступ)",
    r"\bна (?:сайті|порталі|сервері)\b.{0,40}\bтехнічн\w{1,4} робот",
    r"\b(?:strona|serwis|witryna)\b.{0,40}\b(?:przerwa techniczna|prace techniczne|niedostępn\w)",
    r"\b(?:sitemiz|site|sayfa)\b.{0,40}\b(?:bakımda|bakım çalışması)\b",
    r"\bsitus\b.{0,40}\b(?:dalam (?:pemeliharaan|perbaikan)|tidak tersedia)\b",
    r"(?:网站|網站|系统|系統|页面|頁面|服务器|伺服器).{0,20}(?:维护|維護|无法访问|無法訪問|升级中)",
    r"(?:サイト|ページ|サーバー|システム|サービス).{0,20}メンテナンス|メンテナンス中(?:です|のため)",
    r"(?:الموقع|الصفحة|الخادم).{0,40}(?:صيانة|الصيانة|غير متاح)|(?:وضع|تحت) الصيانة",
    r"(?:वेबसाइट|साइट|पृष्ठ|सर्वर).{0,40}(?:रखरखाव|अनुपलब्ध|उपलब्ध नहीं)",
    r"(?:사이트|페이지|서버|시스템|서비스).{0,20}점검",
)
_CHECKS = (  # a whole line, whatever stood there before: no notice board says them
    r"(?:error )?(?:40[0-9]|429|50[0-4]|52[0-9])\W{0,3}(?:error|forbidden|unauthorized|page not found|not found|gone"
    r"|too many requests|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)",
    r"(?:page not found|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)",
    r"(?:the requested url was not found on this server|error establishing a database connection)",
    r"just a moment|one moment,? please|please wait(?: (?:while|a moment|a few seconds)\b.*)?",
    r"you are being redirected.*|(?:checking|verifying) (?:your browser|if the site connection is secure).*",
    r"(?:checking|verifying) (?:that )?you are (?:a )?human.*",
    r"(?:please )?(?:enable|turn on) (?:javascript|cookies)\b.*|(?:this (?:site|page|app) requires|you need to enable)"
    r" javascript\b.*",
    r"(?:you must|you need to|please) (?:log|sign) ?in\b.*|(?:log|sign) ?in to (?:continue|your account|view\b.*)",
    r"(?:bitte warten|einen moment,? bitte|seite nicht gefunden|bitte (?:melden sie sich an|einloggen|anmelden))\b.*",
    r"(?:veuillez patienter|page (?:non trouvée|introuvable)|(?:veuillez vous connecter|connectez-vous))\b.*",
    r"(?:por favor,? espere|espere,? por favor|página no encontrada|(?:inicie|inicia) sesión)\b.*",
    r"(?:aguarde|por favor,? aguarde|página não encontrada|faça (?:o )?login)\b.*",
    r"(?:attendere(?: prego)?|pagina non trovata|effettua (?:il login|l['’]accesso))\b.*",
    r"(?:пожалуйста,? )?подождите\b.*|страница не найдена|(?:войдите|авторизуйтесь),? (?:чтобы|для)\b.*",
    r"(?:будь ласка,? )?зачекайте\b.*|сторінку не знайдено|увійдіть,? щоб\b.*",
    r"(?:proszę czekać|nie znaleziono strony|zaloguj się,? aby)\b.*|lütfen bekleyin|sayfa bulunamadı",
    r"(?:mohon tunggu|harap tunggu|halaman tidak ditemukan)\b.*",
    r"请稍[候等].*|請稍[候等].*|(?:页面|頁面)(?:不存在|未找到)|请(?:先)?登录.*|請(?:先)?登入.*",
    r"(?:しばらく|少々)お待ちください|ページが見つかりません(?:でした)?|ログインしてください",
    r"(?:يرجى|الرجاء) الانتظار.*|الصفحة غير موجودة|(?:يرجى|الرجاء) تسجيل الدخول.*",
    r"कृपया प्रतीक्षा करें.*|पृष्ठ नहीं मिला|कृपया लॉग ?इन करें.*",
    r"잠시만 기다려 ?(?:주세요|주십시오)|페이지를 찾을 수 없습니다|로그인(?:이 필요합니다| ?해 ?주세요)",
)
_DOWN_SAID = re.compile("|".join(_DOWN), re.I)
_CHECK_SAID = re.compile("|".join(f"(?:{line})" for line in _CHECKS), re.I)
_EDGES = " \t.…!:*–—-。！"
_LONGEST = 300  # characters of a line that is looked at


def says_down(line: str) -> bool:
    """Whether a line says that the site is down for a while."""
    return _DOWN_SAID.search(line[:_LONGEST]) is not None


def is_check(line: str) -> bool:
    """Whether a line is what a server, a login wall or a check for robots says in place of the page."""
    return _CHECK_SAID.fullmatch(line[:_LONGEST].strip(_EDGES)) is not None
