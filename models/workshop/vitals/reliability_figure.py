"""The reliability curve as SVG: predicted against observed share, ten bins of equal count a label."""

from __future__ import annotations

SIDE, EDGE = 320, 48
INK = ("#1b6ca8", "#b3541e")


def reliability_svg(curves: dict[str, list[dict[str, float]]]) -> str:
    def x(value: float) -> float:
        return EDGE + value * SIDE

    def y(value: float) -> float:
        return EDGE + (1 - value) * SIDE

    size = SIDE + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size + 30}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Predicted probability against observed share on the test stays</title>",
        f'<rect width="{size}" height="{size + 30}" fill="#fff"/>',
        f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(1)}M{x(0)} {y(0)}L{x(1)} {y(1)}" fill="none" stroke="#888"/>',
        f'<text x="{x(0.5)}" y="{y(0) + 36}" text-anchor="middle">predicted</text>',
        f'<text x="14" y="{y(0.5)}" text-anchor="middle" transform="rotate(-90 14 {y(0.5)})">observed</text>',
    ]
    parts += [f'<text x="{x(v)}" y="{y(0) + 18}" text-anchor="middle">{v}</text><text x="{x(0) - 6}" y="{y(v) + 4}" text-anchor="end">{v}</text>' for v in (0, 0.5, 1)]
    for at, (label, points) in enumerate(curves.items()):
        line = " ".join(f"{x(p['predicted']):.1f},{y(p['observed']):.1f}" for p in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{INK[at]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(p["predicted"]):.1f}" cy="{y(p["observed"]):.1f}" r="3" fill="{INK[at]}"/>' for p in points]
        parts.append(f'<text x="{x(0) + 8}" y="{size + 8 + 16 * at}" fill="{INK[at]}">{label}</text>')
    return "\n".join([*parts, "</svg>", ""])
