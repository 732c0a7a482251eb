"""Why an address cannot be watched, in the user's words, each with its cure."""

from collections.abc import Sequence

from bot.errors import PermanentError, TransientError, UserError, is_busy

_IS_NO_PAGE = "is not a web page"  # what it is, who read it as a feed has said
_ALONE = "Add it by itself, then I ask."


def unreadable_list(error: UserError | TransientError | PermanentError) -> UserError:
    """A pasted list that could not be parsed, or not within the limits."""
    if isinstance(error, UserError):
        return error
    return busy(error) if is_busy(error) else UserError(str(error), cure="Paste a shorter part.")


def busy(error: TransientError | PermanentError) -> UserError:
    """This machine had no time to read it."""
    return UserError(str(error), cure="Try again in a minute.")


def ambiguous_in_a_list() -> UserError:
    """A bare `@name` among other addresses."""
    return UserError("That name can be in several places.", cure=_ALONE)


def list_in_a_list() -> UserError:
    """An address in a list that leads to a further list, which could have no end."""
    return UserError("That is a list of feeds itself.", cure=_ALONE)


def too_slow(address: str, seconds: float) -> UserError:
    """Nothing there answered in time."""
    return UserError(
        f"Looking for a feed at {address[:200]} took longer than {seconds:g} seconds: it is too slow.",
        cure="Paste the address of the feed itself, or try again later.",
    )


def fault_of_ours(error: Exception) -> UserError:
    """A bug stood in the way."""
    return UserError(
        f"Looking at it did not work because of an internal error ({type(error).__name__}).",
        cure="The operator's log has the details.",
    )


def not_reached(error: TransientError | PermanentError) -> UserError:
    """The host, or our way there, refused."""
    return UserError(str(error), cure=error.cure or "Check the address, or try again later.")


def of_no_kind(address: str) -> UserError:
    """No source takes such an address."""
    return UserError(
        f"I cannot watch “{address[:300]}”: it is no web address, and no name that I know.",
        cure="Paste a web address, like https://news.example.",
    )


def first_and_last(failures: Sequence[tuple[str, UserError]]) -> UserError:
    """Of several (kind, failure): the first, and the last where it has something to add."""
    (_, first), (kind, last) = failures[0], failures[-1]
    if (
        str(last) in str(first) or _IS_NO_PAGE in str(last) or "cannot be looked up" in str(first)
    ):  # without a host there is no page either
        return first
    return UserError(f"{first} As a {kind}: {last}", cure=first.cure)
