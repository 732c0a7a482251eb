"""`language`: in which language this chat's rules are written."""

from dataclasses import replace

from bot import say
from bot.commands._common import chosen_here, language_of, need_right
from bot.core.alerts.channels import chooser
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk
from bot.reading import verbs
from rules.stems import language, languages

USAGE = "language [<language>]"
SUMMARY = "the language in which this chat's rules are written: the forms of a word that ~word finds"
EXAMPLES = ("language", "language German", "language uk")
_NAMES = {
    "ar": "Arabic", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fi": "Finnish", "fr": "French", "ga": "Irish", "hi": "Hindi",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian", "lt": "Lithuanian", "no": "Norwegian",
    "ne": "Nepali", "nl": "Dutch", "nn": "Nynorsk", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sr": "Serbian", "sv": "Swedish", "ta": "Tamil", "tr": "Turkish", "uk": "Ukrainian",
    "yi": "Yiddish", "nb": "Bokmål",
}  # fmt: skip
_OWN = {  # what people call their language themselves, and what others call it
    "deutsch": "de", "français": "fr", "francais": "fr", "español": "es", "espanol": "es", "українська": "uk",
    "русский": "ru", "polski": "pl", "italiano": "it", "português": "pt", "nederlands": "nl", "svenska": "sv",
    "suomi": "fi", "türkçe": "tr", "norsk": "no", "dansk": "da", "čeština": "cs", "العربية": "ar",
}  # fmt: skip


def run(desk: Desk, argument: str) -> Message:
    """Show or choose it; rules that are there stay as they were written. Raises UserError."""
    words = argument.strip()
    if not words:
        return _shown(desk)
    code = _code(words)
    if not desk.command.destination.user_id:
        need_right(desk, "change the language of its rules")
    whose = chooser(desk.command.destination)
    desk.store.save_preferences(whose, replace(desk.store.preferences(whose), language=code))
    return say.message(
        say.text(
            say.bold(f"Rules from now on are in {_NAMES[code]}"), ": ", say.mono("~word"), " finds its forms there."
        ),
        say.meta("Rules that are there stay as they were. I go on answering in English."),
    )


def _shown(desk: Desk) -> Message:
    chosen = chosen_here(desk).language
    known = ", ".join(sorted(name for code, name in _NAMES.items() if code in languages()))
    return say.message(
        say.text(
            say.bold(f"Language of the rules: {_NAMES[language_of(desk)]}"), "" if chosen else ", as none was chosen"
        ),
        say.meta(f"There are: {known}."),
        say.meta("Choose one: ", say.mono("language <name>")),
    )


def _code(words: str) -> str:
    """The code of the language that is meant. Raises UserError."""
    wanted = words.casefold()
    there = {code: name for code, name in _NAMES.items() if code in languages()}
    by_name = {name.casefold(): code for code, name in there.items()} | _OWN
    code = by_name.get(wanted) or language(wanted)
    if code in there:
        return code
    near = verbs.mistyped(words, list(there.values()))
    raise UserError(
        f"I know no language “{words[:40]}” for rules.",
        cure=f"Did you mean: language {near}?" if near else "See those that there are: language",
    )
