"""Why a page is not shown. A handler raises one, and the door answers with the error page: a heading, one sentence.

The sentences say nothing about what is there or not: whoever may not see a group learns no more than whoever asks for
one that never was.
"""

from http import HTTPStatus

from bot.errors import JielongError


class NotShown(JielongError):
    """The root: answers with a status, a heading and one Chinese sentence that says what to do."""

    template = "error.html"  # is given heading and sentence
    status = HTTPStatus.BAD_REQUEST
    heading = "没看懂这个请求"
    sentence = "请回到上一页再试一次。"

    def __init__(self, sentence: str | None = None) -> None:
        """With a sentence of its own where the usual one would not help; it holds nobody's name."""
        super().__init__()
        if sentence is not None:
            self.sentence = sentence


class Unreadable(NotShown):
    """A form or an address that no page of ours makes."""


class NotSignedIn(NotShown):
    """Nobody is signed in: they are told how to get a link."""

    template = "sign_in.html"
    status = HTTPStatus.UNAUTHORIZED
    heading = "请先打开登录链接"
    sentence = "请用别人发给您的链接打开。"


class Forged(NotShown):
    """The request may come from somebody else's page: nothing was done."""

    status = HTTPStatus.FORBIDDEN
    heading = "没有提交上去"
    sentence = "请回到上一页，刷新以后再点一次。"


class NotFound(NotShown):
    """There is no such thing, or it is not this viewer's to see."""

    status = HTTPStatus.NOT_FOUND
    heading = "没有这一页"
    sentence = "地址不对，或者这一页不归您看。"


class Conflict(NotShown):
    """What was asked does not fit what is so now; the sentence says what changed."""

    status = HTTPStatus.CONFLICT
    heading = "情况已经变了"
    sentence = "请刷新以后再看一看。"


class LinkSpent(NotShown):
    """A sign-in link that is spent, too old, or never was: one answer for all three."""

    template = "link_spent.html"
    status = HTTPStatus.GONE
    heading = "这个链接过期了"
    sentence = "请给您发链接的人再发一个。"


class TooLong(NotShown):
    """A form larger than its page takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    heading = "内容太长了"
    sentence = "请分几次提交。"


class NotAForm(NotShown):
    """A body of another kind than forms have."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
