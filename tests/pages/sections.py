"""What a page says, part by part, as somebody reads it."""

from html.parser import HTMLParser

SIGNS = {"mark": "*", "v": "_", "w": "~"}  # *raised a flag*, _read_, ~unsure~
LINES = frozenset({"p", "li", "h1", "h2", "footer", "small", "a", "button", "summary", "br"})
SILENT = frozenset({"script", "style", "svg", "title"})


def parts(page: str) -> dict[str, list[str]]:
    """The lines of each section with an id, those of the head as "", in order."""
    reader = _Reader()
    reader.feed(page)
    return {part: lines for part, text in reader.parts.items() if (lines := _lines(text))}


def _lines(text: str) -> list[str]:
    return [line for one in text.split("\n") if (line := " ".join(one.split()))]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []  # tag, its sign
        self._part = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"header", "section"}:
            self._part = given.get("id") or ("" if tag == "header" else "-")
        if tag in LINES:
            self._say("\n")
        if tag in {"br", "input", "meta", "link", "use", "path", "circle", "rect"}:
            return
        sign = SIGNS.get(tag) or SIGNS.get(given.get("class") or "", "")
        self._say(sign)
        self._open.append((tag, sign))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, sign = self._open.pop()
            self._say(sign)
            if name == tag:
                break
        if tag in LINES:
            self._say("\n")
        if tag in {"section", "header"}:
            self._part = "-"

    def handle_data(self, data: str) -> None:
        if not any(tag in SILENT for tag, _ in self._open):
            self._say(data)

    def _say(self, text: str) -> None:
        self.parts[self._part] = self.parts.get(self._part, "") + text
