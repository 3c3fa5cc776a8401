"""SVG elements as text, and the one style of all pictures.

No plotting library: these four pictures need lines, marks and words, the style must follow the reader's light or dark screen
inside one file (prefers-color-scheme), which rasterising libraries do not, and the same numbers must give the same bytes.
Colours differ in lightness as well as in hue, and no meaning rests on colour alone: signals are diamonds and named.
"""

from collections.abc import Iterable, Sequence
from html import escape

FONT = 13.0
"""Pixels."""
WIDE, CAPITAL = 0.56, 0.7
"""Width of a character and of a capital on average, in parts of the font's size."""

LIGHT = {
    "paper": "#ffffff", "ink": "#1b2430", "soft": "#55606e", "grid": "#e3e7ec", "data": "#1f5fa8", "signal": "#b3400d",
    "band": "#eef3f9", "level": "#3f4a57",
}  # fmt: skip
DARK = {
    "paper": "#12161c", "ink": "#e8ecf1", "soft": "#a3adb9", "grid": "#28303a", "data": "#78b4f5", "signal": "#ff9d5c",
    "band": "#1a222c", "level": "#c3cbd5",
}  # fmt: skip

RULES = (
    ".paper{{fill:{paper}}} .band{{fill:{band};stroke:none}} text{{fill:{ink}}} .soft{{fill:{soft}}} "
    ".grid{{stroke:{grid}}} .axis{{stroke:{soft}}} .line{{stroke:{data};fill:none}} .dot{{fill:{data};stroke:{paper}}} "
    ".hollow{{fill:{paper};stroke:{data}}} .alarm{{fill:{signal};stroke:{paper}}} "
    ".named{{fill:{signal}}} .halo{{fill:{paper};stroke:{paper}}} "
    ".level{{stroke:{level};fill:none}} .limit{{stroke:{level};stroke-dasharray:5 4;fill:none}} "
    ".shift{{stroke:{signal};fill:none}}"
)
FIXED = (
    f"text{{font:{FONT:g}px system-ui,'Segoe UI','DejaVu Sans',sans-serif}} .title{{font-size:17px;font-weight:600}} "
    ".line{stroke-width:1.6} .level,.shift{stroke-width:1.4} .limit{stroke-width:1.2} .dot,.alarm{stroke-width:1} "
    ".hollow{stroke-width:1.6} .halo{stroke-width:4px;stroke-linejoin:round}"
)
STYLE = f"{FIXED} {RULES.format(**LIGHT)} @media (prefers-color-scheme:dark){{{RULES.format(**DARK)}}}"


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def element(name: str, content: str = "", **attributes: object) -> str:
    """One element; underlines in names of attributes are hyphens, and `kind` is its class."""
    pairs = "".join(
        f' {"class" if key == "kind" else key.replace("_", "-")}="{_value(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else escape(str(value))


def words(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    """A line of text; its middle is at the height y."""
    return element("text", escape(text), x=x, y=y + 0.35 * FONT, text_anchor=anchor, **({"kind": kind} if kind else {}))


def named(x: float, y: float, text: str, anchor: str = "middle") -> str:
    """The name of a signal, readable across lines: its outline is cut out of them first."""
    return words(x, y, text, "halo", anchor) + words(x, y, text, "named", anchor)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, kind=kind)


def path(points: Iterable[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    return element("polyline", points=" ".join(f"{number(x)},{number(y)}" for x, y in points), kind=kind)


def dot(x: float, y: float, kind: str = "dot", radius: float = 3.6) -> str:
    """A round mark."""
    return element("circle", cx=x, cy=y, r=radius, kind=kind)


def diamond(x: float, y: float, size: float = 6.4) -> str:
    """The mark of a signal."""
    corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
    return element("polygon", points=" ".join(f"{number(a)},{number(b)}" for a, b in corners), kind="alarm")


def document(size: tuple[float, float], title: str, told: str, body: Sequence[str]) -> str:
    """A whole file. `told` says in words what the picture shows, for those who cannot see it."""
    width, height = size
    head = element("title", escape(title)) + element("desc", escape(told)) + element("style", STYLE)
    paper = element("rect", width=width, height=height, kind="paper")
    box = f"0 0 {number(width)} {number(height)}"
    inside = "\n".join([head, paper, *body])
    return (
        element("svg", f"\n{inside}\n", xmlns="http://www.w3.org/2000/svg", viewBox=box, width=width, height=height, role="img")
        + "\n"
    )


def width_of(text: str) -> float:
    """About how wide a text is, in pixels."""
    return sum(CAPITAL if letter.isupper() else WIDE for letter in text) * FONT
