"""What Telegram's own screens say of the bot: its menu and its descriptions, in each language.

The menu lists the verbs in this order. Verbs that are not here follow in the English menu, in the words of their own
modules; in another language only what is here is listed (`help` has them all). "" stands for English, and for all
languages that have no words of their own.
"""

from collections.abc import Mapping

LANGUAGES = ("", "uk", "de", "fr", "es")
FOR_ADMINS = frozenset({"settings", "publish", "import", "doctor"})  # not in the menu of a group's other members
MOST_DESCRIPTION = 512  # characters
MOST_SHORT = 120

DESCRIPTION: Mapping[str, str] = {
    "": "Tell me what to read and which words matter. I send each story once, in the source's own words, as soon as it "
    "is published.\n\nPress Start, then add a source and a rule:\n/source add <address>\n/watch troops AND Ukraine",
    "uk": "Скажіть мені, що читати і які слова важливі. Я надсилаю кожну новину один раз, словами джерела, щойно вона "
    "з'явиться.\n\nНатисніть «Почати», потім додайте джерело й правило:\n"
    "/source add <адреса>\n/watch війська AND Україна",
    "de": "Sag mir, was ich lesen soll und welche Wörter zählen. Ich schicke jede Geschichte einmal, in den Worten der "
    "Quelle, sobald sie erscheint.\n\nDrück auf Start, dann füg eine Quelle und eine Regel hinzu:\n"
    "/source add <Adresse>\n/watch Truppen AND Ukraine",
    "fr": "Dites-moi quoi lire et quels mots comptent. J'envoie chaque sujet une seule fois, dans les mots de la "
    "source, dès sa parution.\n\nAppuyez sur Démarrer, puis ajoutez une source et une règle :\n"
    "/source add <adresse>\n/watch troupes AND Ukraine",
    "es": "Dime qué leer y qué palabras importan. Envío cada noticia una sola vez, con las palabras de la fuente, en "
    "cuanto se publica.\n\nPulsa Iniciar y añade una fuente y una regla:\n"
    "/source add <dirección>\n/watch tropas AND Ucrania",
}
SHORT: Mapping[str, str] = {
    "": "Reads your sources and sends each story that matches your words, once.",
    "uk": "Читає ваші джерела й надсилає кожну новину, що відповідає вашим словам, один раз.",
    "de": "Liest deine Quellen und schickt jede Geschichte, die zu deinen Wörtern passt, einmal.",
    "fr": "Lit vos sources et envoie chaque sujet qui correspond à vos mots, une seule fois.",
    "es": "Lee tus fuentes y envía cada noticia que coincide con tus palabras, una sola vez.",
}
FORMER: frozenset[str] = frozenset()  # earlier texts of ours: they may be replaced as the present ones may

# verb: English ("" takes the verb's own words), Ukrainian, German, French, Spanish
MENU: Mapping[str, tuple[str, str, str, str, str]] = {
    "watch": (
        "", "сповіщати, коли текст відповідає правилу", "melden, wenn ein Text zur Regel passt",
        "alerter quand un texte correspond à la règle", "avisar cuando un texto cumple la regla",
    ),
    "rules": (
        "", "правила цього чату", "die Regeln dieses Chats",
        "les règles de ce chat", "las reglas de este chat",
    ),
    "test": (
        "", "що правило надіслало б; нічого не зберігає", "was eine Regel geschickt hätte; speichert nichts",
        "ce qu'une règle aurait envoyé ; n'enregistre rien", "qué habría enviado una regla; no guarda nada",
    ),
    "edit": (
        "", "змінити правило", "eine Regel ändern",
        "modifier une règle", "cambiar una regla",
    ),
    "pause": (
        "", "призупинити правило на деякий час", "eine Regel eine Weile anhalten",
        "suspendre une règle un moment", "pausar una regla por un rato",
    ),
    "resume": (
        "", "відновити призупинене правило", "eine angehaltene Regel fortsetzen",
        "reprendre une règle suspendue", "reanudar una regla pausada",
    ),
    "unwatch": (
        "", "видалити правило", "eine Regel entfernen",
        "supprimer une règle", "quitar una regla",
    ),
    "source": (
        "", "додати чи прибрати сайт, стрічку, профіль", "Website, Feed oder Profil hinzufügen, entfernen",
        "ajouter ou retirer un site, un flux, un profil", "añadir o quitar un sitio, un canal, un perfil",
    ),
    "sources": (
        "", "що читає цей чат і чи все працює", "was dieser Chat liest, und ob es geht",
        "ce que lit ce chat, et si tout va bien", "qué lee este chat y si funciona",
    ),
    "search": (
        "", "шукати в архіві того, що читає чат", "im Archiv suchen, was dieser Chat liest",
        "chercher dans ce que ce chat a lu", "buscar en lo que este chat ha leído",
    ),
    "missed": (
        "", "що сталося з кожним збігом", "was aus jedem Treffer wurde",
        "ce qu'est devenue chaque correspondance", "qué fue de cada coincidencia",
    ),
    "stats": (
        "", "скільки сповіщень прийшло, по днях", "wie viele Meldungen kamen, nach Tagen",
        "combien d'alertes, jour par jour", "cuántos avisos llegaron, por día",
    ),
    "why": (
        "", "чому прийшло сповіщення або чому ні", "warum eine Meldung kam, oder keine",
        "pourquoi une alerte est venue, ou non", "por qué llegó un aviso, o no",
    ),
    "mute": (
        "", "не турбувати темою, правилом чи сайтом", "Thema, Regel oder Website stummschalten",
        "taire un sujet, une règle ou un site", "silenciar un tema, una regla o un sitio",
    ),
    "mutes": (
        "", "що вимкнено і до якого часу", "was stumm ist, und bis wann",
        "ce qui est tu, et jusqu'à quand", "qué está silenciado y hasta cuándo",
    ),
    "unmute": (
        "", "знову чути", "wieder hören",
        "l'entendre à nouveau", "volver a oírlo",
    ),
    "snooze": (
        "", "на деякий час без сповіщень", "eine Weile keine Meldungen",
        "pas d'alertes pendant un moment", "sin avisos por un rato",
    ),
    "quiet": (
        "", "тихі години доби", "ruhige Stunden des Tages",
        "les heures calmes de la journée", "horas tranquilas del día",
    ),
    "digest": (
        "", "сповіщення разом, щодня, щотижня чи щогодини", "Meldungen gesammelt, täglich, wöchentlich, stündlich",
        "les alertes ensemble, par jour, semaine ou heure", "los avisos juntos, cada día, semana u hora",
    ),
    "follow": (
        "", "згадувати мене, коли є нове в темі", "bei einem Thema erwähnt werden",
        "être mentionné quand un sujet alerte", "que te mencionen en un tema",
    ),
    "subscribe": (
        "", "отримувати тут сповіщення каналу", "die Meldungen eines Kanals hier bekommen",
        "recevoir ici les alertes d'un canal", "recibir aquí los avisos de un canal",
    ),
    "channels": (
        "", "опубліковані канали", "veröffentlichte Kanäle",
        "les canaux publiés", "los canales publicados",
    ),
    "publish": (
        "", "дати іншим підписатися на цей чат", "andere diesen Chat abonnieren lassen",
        "laisser d'autres s'abonner à ce chat", "dejar que otros se suscriban a este chat",
    ),
    "timezone": (
        "", "часовий пояс", "die Zeitzone",
        "le fuseau horaire", "la zona horaria",
    ),
    "export": (
        "", "усе, що має цей чат, одним текстом", "alles, was dieser Chat hat, als Text",
        "tout ce que ce chat possède, en texte", "todo lo que tiene este chat, como texto",
    ),
    "settings": (
        "", "вигляд сповіщень і хто що може змінювати", "wie Meldungen aussehen, und wer was ändern darf",
        "l'aspect des alertes, et qui peut changer quoi", "cómo se ven los avisos y quién puede cambiar qué",
    ),
    "undo": (
        "", "скасувати останню зміну", "die letzte Änderung zurücknehmen",
        "annuler le dernier changement", "deshacer el último cambio",
    ),
    "help": (
        "", "що можна робити", "was du tun kannst",
        "ce que vous pouvez faire", "qué puedes hacer",
    ),
}  # fmt: skip
