"""The pictures of the README, taken of the demo county in a real browser: `.venv/bin/python -m tests.pictures`."""

import os
import re
import subprocess
import tempfile
from html import escape
from pathlib import Path

from tests.browser import PHONE, browser
from tests.cli.roles import role

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PORT = 8765
HEIGHT = 1150  # of a phone's page, so that what is to be done is seen
BUBBLE = """<style>
body { margin: 0; padding: 16px; background: #ededed; font: 15px/1.55 "Noto Sans CJK SC", sans-serif; }
b { font-weight: 400; font-size: 13px; color: #777; }
p { margin: 6px 0 0; padding: 12px 14px; background: #fff; border-radius: 6px; white-space: pre-wrap; }
</style><b>消息推送</b><p>%s</p>"""


def printed(child: "subprocess.Popen[str]") -> list[str]:
    """What the demo prints until it serves."""
    lines = []
    for line in child.stdout or ():
        lines.append(line.rstrip("\n"))
        if "Ctrl-C" in line:
            return lines
    raise SystemExit("the demo ended")


def digest(lines: list[str]) -> str:
    """The bureau's digest, out of its frame."""
    begins = next(number for number, line in enumerate(lines) if "师生健康日报" in line)
    ends = next(number for number, line in enumerate(lines) if number > begins and line.startswith("└"))
    return "\n".join(line.removeprefix("│ ").removeprefix("│") for line in lines[begins:ends])


def main() -> None:
    """Write teacher.png and digest.png."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JIELONG_DATA_DIR"] = folder
        with role("demo", "--port", str(PORT)) as child:
            take(printed(child))


def take(lines: list[str]) -> None:
    """Look at what the demo shows."""
    link = next(found[0] for line in lines if (found := re.search(r"http\S+/enter\S+", line)))
    with browser() as page:
        page.set_viewport_size({"width": PHONE["width"], "height": HEIGHT})
        page.goto(link)
        page.get_by_role("button").first.click()
        page.screenshot(path=FOLDER / "teacher.png")
        page.goto("about:blank")
        page.set_viewport_size({"width": PHONE["width"], "height": 100})  # as high as the text
        page.set_content(BUBBLE % escape(digest(lines)))
        page.screenshot(path=FOLDER / "digest.png", full_page=True)


if __name__ == "__main__":
    main()
