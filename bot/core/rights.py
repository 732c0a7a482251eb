"""Who may change what in a chat."""

from bot.model import Destination, Preferences, User


def may_change(asker: User, *, admin: bool, chosen: Preferences, here: Destination, author: User | None = None) -> bool:
    """Whether `asker` may change what the chat `here` shares, or a thing in it that `author` made.

    Its admins may, whoever brought the bot there, everybody where an admin opened it to all, and each person for what
    they made themselves. A direct chat belongs to its person.
    """
    if admin or chosen.open_to_members or here.user_id == asker.user_id:
        return True
    return asker.key in {person.key for person in (chosen.owner, author) if person is not None}
