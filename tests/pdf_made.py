"""PDF files made by hand, for tests: lines of text in one font, with what the file says of itself."""

from collections.abc import Mapping, Sequence

Line = tuple[int, str]  # size of the letters, words


def pdf(pages: Sequence[Sequence[Line]], info: Mapping[str, str] | None = None) -> bytes:
    """A PDF of these pages. Only letters of Latin-1."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * number} 0 R >>"
        )
        content = _content(lines)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    said = " ".join(f"/{name} ({_escaped(value)})" for name, value in (info or {}).items())
    objects.append(f"<< {said} >>")
    return _file(objects)


def _content(lines: Sequence[Line]) -> str:
    parts, at = ["BT"], 800
    for size, words in lines:
        parts.append(f"/F1 {size} Tf 1 0 0 1 50 {at} Tm ({_escaped(words)}) Tj")
        at -= size * 3 // 2
    return "\n".join([*parts, "ET"])


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[str]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n"
    return out + head.encode() + tail.encode() + f"startxref\n{len(out)}\n%%EOF\n".encode()
