"""Draw the pictures that Home Assistant shows from brand/*.svg: .venv/bin/python -m scripts.draw."""

from pathlib import Path

from resvg_py import svg_to_bytes

ROOT = Path(__file__).parents[1]
DRAWINGS = ROOT / "brand"
PICTURES = ROOT / "custom_components/stellantis_connect/brand"

HEIGHT = 256
ON_DARK = ".ink { fill: #fff }"
"""The icon needs no dark variant: it has a ground of its own."""


def draw(drawing: str, picture: str, style: str = "") -> None:
    """Draw a picture in the plain and in the doubled resolution."""
    for suffix, height in (("", HEIGHT), ("@2x", 2 * HEIGHT)):
        png = svg_to_bytes(
            svg_path=str(DRAWINGS / f"{drawing}.svg"),
            resources_dir=str(DRAWINGS),
            height=height,
            style_sheet=style,
            skip_system_fonts=True,
        )
        (PICTURES / f"{picture}{suffix}.png").write_bytes(bytes(png))


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    draw("icon", "icon")
    draw("logo", "logo")
    draw("logo", "dark_logo", ON_DARK)
