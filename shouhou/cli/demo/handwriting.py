"""Something that looks like a signature: a few strokes of a pen that does not jump. Pure."""

from math import cos, pi, sin
from random import Random


def sign_name(rng: Random) -> list[list[list[int]]]:
    """Three to five strokes of points [x, y, milliseconds] in a field of 600 × 200."""
    strokes, left, clock = [], 60.0, 0
    for _ in range(rng.randint(3, 5)):
        x, y = left, 100 + rng.uniform(-40, 40)
        heading, curl, stroke = rng.uniform(-1.2, 1.2), rng.uniform(-0.35, 0.35), []
        for _step in range(rng.randint(9, 16)):
            stroke.append([round(x), round(y), clock])
            heading = max(-pi, min(pi, heading + curl))
            x, y = min(585.0, max(5.0, x + 9 * cos(heading))), min(190.0, max(10.0, y + 9 * sin(heading)))
            clock += 16
        strokes.append(stroke)
        left += rng.uniform(60, 105)
        clock += 140
    return strokes
