"""What kind of document a file is, by its content. It is kept as it was sent and only ever handed
out to be saved; whatever a browser or a computer would run is refused."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking_site.common.errors import Invalid

from .archives import START as ZIP_START
from .archives import Archive, BadArchive

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
TYPES = {
    "pdf": "application/pdf",
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "pptx": OFFICE + "presentationml.presentation",
    "odt": OPEN + "text",
    "ods": OPEN + "spreadsheet",
    "odp": OPEN + "presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}

PDF_START, PDF_END, PDF_TAIL = b"%PDF-", b"%%EOF", 2_048
HEAD = 1_024
# So early in a PDF it is meant for a browser.
PAGE = re.compile(rb"<(?:!doctype|html|body|script|svg|iframe)\b", re.IGNORECASE)
# Of the part that a document begins with, which may be called anything.
MAIN_TYPES = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
CONTENTS, MOST_CONTENTS = "[Content_Types].xml", 1_048_576
MIMETYPE = "mimetype"
# Programs: of Office, of OpenDocument, of Java, of Windows.
MACROS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|^basic/|^scripts/|^meta-inf/manifest\.mf$"
    r"|\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|msi|jar|class|dex|sh)$",
    re.IGNORECASE,
)
MACRO_TYPES = re.compile(rb"macro|vbaproject|activex|&#|\0", re.IGNORECASE)

# Bytes that no text begins with, and what to say of them.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!")
PACKED = (
    ZIP_START,
    b"PK\x05\x06",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
)
# Texts that programs read as something else than text.
COMMANDS = (
    b"%!ps",
    b"{\\rtf",
    b"#ext",
    b"ffconcat",
    b"[playlist]",
    b"[internetshortcut]",
    b"mime-version:",
    b"@echo",
    b"windows registry",
)

ODD = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MARKUP = re.compile(
    r"\A\s*<[a-z!?/%]|<\s*(?:!doctype|!entity|/?(?:html|head|body|script|svg|iframe|object|embed|meta|base"
    r"|link|style|form|img|math)\b|\?xml|\?php|\?=|%)",
    re.IGNORECASE,
)
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Document:
    ending: str

    @property
    def content_type(self) -> str:
        return TYPES[self.ending]


def document_from(raw: bytes, *, name: str, field: str) -> Document:
    """``name`` tells only a table from other text. Raises Invalid for ``field``."""
    if raw.startswith(PDF_START):
        return _pdf(raw, field)
    if raw.startswith(ZIP_START):
        return _office(raw, field)
    _require_no_other(raw, field)
    return _text(raw, name, field)


def _bad(field: str, message: str) -> Invalid:
    return Invalid(errors={field: [message]})


def _pdf(raw: bytes, field: str) -> Document:
    if PDF_END not in raw[-PDF_TAIL:]:
        raise _bad(field, _("This PDF is damaged."))
    if PAGE.search(raw[:HEAD]):
        raise _bad(field, _("This PDF is a web page, too. It was not kept."))
    return Document("pdf")


def _office(raw: bytes, field: str) -> Document:
    try:
        archive = Archive(raw)
        contents = archive.read(CONTENTS, most=MOST_CONTENTS)
        mimetype = archive.read(MIMETYPE, most=MOST_CONTENTS)
    except BadArchive as error:
        message = _("This document is damaged, protected by a password, or holds too much.")
        raise _bad(field, message) from error
    found = [ending for kind, ending in MAIN_TYPES.items() if kind in contents]
    found += [one for one in ("odt", "ods", "odp") if TYPES[one].encode() == mimetype]
    has_macros = any(map(MACROS.search, archive.names)) or MACRO_TYPES.search(contents)
    if has_macros and (found or contents):
        message = _("This document holds programs. Please save it without macros, or as a PDF.")
        raise _bad(field, message)
    if len(found) != 1:
        raise _bad(field, _("Archives cannot be sent. Please send the files one by one."))
    return Document(found[0])


def _require_no_other(raw: bytes, field: str) -> None:
    if raw.startswith(OLD_OFFICE):
        message = _(
            "Documents of old versions of Office, and those with a password, cannot be sent."
            " Please save it as .docx, .xlsx or .pptx without a password, or as a PDF."
        )
        raise _bad(field, message)
    if raw.startswith(PROGRAMS):
        raise _bad(field, _("Programs and scripts cannot be sent."))
    if raw.startswith(PACKED):
        raise _bad(field, _("Archives cannot be sent. Please send the files one by one."))
    if raw.startswith((b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0")):
        raise _bad(field, _("Please save this picture as JPEG, PNG or WebP."))


def _text(raw: bytes, name: str, field: str) -> Document:
    text = _decoded(raw)
    if text is None:
        message = _(
            "Files of this kind cannot be sent. Pictures (JPEG, PNG, WebP), recordings, PDF,"
            " documents of Office and plain text can."
        )
        raise _bad(field, message)
    begin = raw[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if MARKUP.search(text):
        raise _bad(field, _("Web pages, SVG and other markup cannot be sent."))
    if begin.startswith((b"#!", *COMMANDS)):
        raise _bad(field, _("Programs and scripts cannot be sent."))
    return Document("csv" if name.lower().endswith(".csv") else "txt")


def _decoded(raw: bytes) -> str | None:
    """As text without control characters, in one of the ways it is written here."""
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if ODD.search(text) else text
    return None
