"""QR codes as pictures inside the page: no request to anybody."""

import segno
from django import template

register = template.Library()


@register.filter
def qr(text: str) -> str:
    """A data address of an SVG with `text` as a QR code, black on white whatever the page's colours are."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=2, dark="#000", light="#fff"))


def wifi(network: str, password: str) -> str:
    """What phones read to join a Wi-Fi network; the signs that the format needs for itself are escaped."""
    escaped = [
        "".join(f"\\{sign}" if sign in '\\;,":' else sign for sign in text) for text in (network, password)
    ]
    if not password:
        return f"WIFI:T:nopass;S:{escaped[0]};;"
    return f"WIFI:T:WPA;S:{escaped[0]};P:{escaped[1]};;"


register.filter("wifi", wifi)
