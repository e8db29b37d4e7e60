"""Photos of people: made small, turned upright, and without anything but the picture."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_SIDE = 480
MOST_PIXELS = 50_000_000
QUALITY = 85


class NotAPicture(ValueError):
    """The bytes are no picture that can be read, or one that is absurdly large."""


def small_photo(data: bytes) -> bytes:
    """A JPEG of at most 480 pixels a side without metadata, from JPEG, PNG, WebP or GIF. Raises NotAPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "GIF"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
    ) as error:
        raise NotAPicture from error
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    # A new picture: nothing of the old file's metadata can come along.
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright.getchannel("A"))
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
