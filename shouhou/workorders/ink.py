"""A signature's strokes drawn as a picture. Pure; the same strokes give the same bytes."""

from io import BytesIO

from PIL import Image, ImageDraw

from shouhou.workorders.rules import Strokes

_WIDTH, _HEIGHT, _MARGIN, _SCALE = 600, 200, 12, 2
_INK = 0x1D


def draw_signature(strokes: Strokes) -> bytes:
    """A 600 × 200 pixel PNG, dark ink on white, the strokes fitted into it with their proportions kept."""
    points = [(x, y) for stroke in strokes for x, y, _ms in stroke]
    left, top = min(x for x, _y in points), min(y for _x, y in points)
    width = max(x for x, _y in points) - left or 1
    height = max(y for _x, y in points) - top or 1
    fit = min((_WIDTH - 2 * _MARGIN) / width, (_HEIGHT - 2 * _MARGIN) / height)
    shift_x, shift_y = (_WIDTH - width * fit) / 2, (_HEIGHT - height * fit) / 2
    # Drawn at twice the size and reduced: Pillow's lines have no soft edge of their own.
    image = Image.new("L", (_WIDTH * _SCALE, _HEIGHT * _SCALE), 0xFF)
    pen = ImageDraw.Draw(image)
    for stroke in filter(None, strokes):
        line = [(((x - left) * fit + shift_x) * _SCALE, ((y - top) * fit + shift_y) * _SCALE) for x, y, _ms in stroke]
        if len(line) == 1:
            (x, y) = line[0]
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=_INK)
        else:
            pen.line(line, fill=_INK, width=3 * _SCALE, joint="curve")
    file = BytesIO()
    image.reduce(_SCALE).save(file, "PNG")
    return file.getvalue()
