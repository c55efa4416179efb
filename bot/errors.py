"""What can go wrong, named by what the caller can do about it. Knows no HTTP: `app.py` maps these to answers.

No error carries what was said: names, texts, temperatures and secrets stay out of its message.
"""


class JielongError(Exception):
    """The root of all errors that the product raises on purpose."""


class NotAuthentic(JielongError):
    """Refuse, and tell nothing: the request does not prove that it comes from its platform.

    Signature, cipher, padding and receiver all end here, with one and the same message: what differs could be used to
    find the key (padding oracle).
    """

    def __init__(self) -> None:
        super().__init__("not authentic")


class Malformed(JielongError):
    """Refuse for good: the request cannot be read, and repeating it will not help."""


class TooLarge(JielongError):
    """Refuse for good: the body is larger than a channel takes."""


class ForeignChat(JielongError):
    """Refuse and keep an audit row: rightly signed, but the chat belongs to another gateway."""


class TryAgain(JielongError):
    """Let the sender repeat it: the message could not be kept durably now."""


class Refused(JielongError):
    """A mistake of ours: the store does not take this message, and repeating it will not help. The log says where."""


class Explained(JielongError):
    """Somebody at the keyboard can mend it: str() is one Chinese sentence that says what is wrong and what to do."""


class Misconfigured(Explained):
    """Do not start: a setting is missing, weak or malformed. The sentence names the variable, never its value."""


class NotPossible(Explained):
    """The command cannot be done as asked: a file, a name or a day that it rests on is wrong or not there."""
