"""What strangers send as a file of a message. Whatever it is, it is refused with a sentence about
it, or kept where it does no harm, and never an error of ours."""

import io
import random
import re

import av
import pytest
from django.test import Client
from PIL import Image

from chat.gateways.file_names import clean_name
from chat.models import Attachment
from tests.callers import data_of, refusal_of
from tests.chat import files
from tests.chat.files import PAGE, PHP, SCRIPT
from tests.chat.test_attachments_fetched import assert_harmless

WORDS = "[Content_Types].xml"
MACROS = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
PLAYLIST = b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"
RIFF_OF_NOTHING = b"RIFF\xff\xff\xff\xffWAVEfmt "
ID3_BOMB = b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f"

# By what is said of it. Those that take a while to make are made by their test.
REFUSED = {
    "empty": {
        "nothing": b"",
    },
    "markup": {
        "a page": PAGE,
        "a page behind blanks": b"\r\n\t  " + PAGE,
        "a page behind a mark": b"\xef\xbb\xbf" + PAGE,
        "a page in the middle of a text": b"Dear all,\n" + PAGE,
        "a page in capitals": b"Look:\n<SCRIPT SRC=//x.example></SCRIPT>",
        "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
        "an SVG as XML": b'<?xml version="1.0"?><svg>' + SCRIPT + b"</svg>",
        "XML with entities": b'<!DOCTYPE a [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><a>&c;</a>',
        "PHP": PHP,
        "PHP behind a text": b"Price list\n" + PHP,
        "a sheet of styles": b'<?xml-stylesheet href="x.xsl"?><a/>',
        "a feed": b"<rss><channel/></rss>",
    },
    "Programs and scripts": {
        "a script": b"#!/bin/sh\nrm -rf /\n",
        "a script behind a mark": b"\xef\xbb\xbf#!/bin/sh\nrm -rf /\n",
        "a batch": b"@echo off\r\ndel /q *.*\r\n",
        "a program of Windows": b"MZ\x90\x00" + bytes(100),
        "a program of Linux": b"\x7fELF\x02\x01\x01" + bytes(100),
        "a program of Java": b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(100),
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "RTF": b"{\\rtf1\\ansi{\\object\\objemb}}",
        "a link": b"[InternetShortcut]\r\nURL=file:///c:/windows/system32/calc.exe\r\n",
        "a registry": b"Windows Registry Editor Version 5.00\r\n",
        "a mail with pages in it": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n",
        "a playlist": PLAYLIST,
        "another playlist": CONCAT,
        "a third playlist": b"[playlist]\nFile1=/etc/passwd\n",
    },
    "Archives": {
        "a ZIP": files.packed({"a.txt": b"a"}),
        "a program in a ZIP": files.packed({"a.exe": b"MZ"}),
        "an app of Android": files.packed({"AndroidManifest.xml": b"\x03\0", "classes.dex": b"d"}),
        "a JAR": files.packed({"META-INF/MANIFEST.MF": b"Main-Class: A", "A.class": b"\xca\xfe"}),
        "two documents in one": files.packed(
            {WORDS: files.MAIN["docx"][1].encode() + files.MAIN["xlsx"][1].encode()}
        ),
        "a ZIP that says it is a document": files.packed({"word/document.xml": b"a"}),
        "both kinds of document": files.odf(
            more={WORDS: files.MAIN["docx"][1].encode(), "word/document.xml": b"a"}
        ),
        "an empty ZIP": b"PK\x05\x06" + bytes(18),
        "an OpenDocument of another kind": files.packed(
            {"mimetype": b"application/vnd.oasis.opendocument.database", "content.xml": b""}
        ),
        "RAR": b"Rar!\x1a\x07\x01\x00" + bytes(60),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(60),
        "gzip": b"\x1f\x8b\x08" + bytes(60),
    },
    "damaged, protected": {
        "a docx that bursts": lambda: files.office(more={"word/a.bin": bytes(90_000_000)}),
        "a docx of gigabytes": lambda: files.office(
            more={f"word/{n}": bytes(11_000_000) for n in "0123456789"}
        ),
        "a docx that lies": lambda: files.lying_docx(),
        "a docx whose entries are one": lambda: files.overlapping_docx(),
        "a docx of thousands": lambda: files.office(
            more={f"word/{n}.xml": b"" for n in range(4000)}
        ),
        "a docx that leads up": files.office(more={"../../etc/cron.d/x": b"a"}),
        "a docx that leads up in Windows": files.office(more={"..\\..\\boot.ini": b"a"}),
        "a docx that leads to the root": files.office(more={"/etc/passwd": b"a"}),
        "a docx that leads to a disk": files.office(more={"C:/boot.ini": b"a"}),
        "a docx with a password": files.locked_docx(),
        "a docx behind a page": files.office()[:4] + PAGE + files.office(),
        "half a docx": files.office(more={"word/a.xml": random.Random(1).randbytes(9000)})[:4000],
        "a docx with rubbish": b"PK\x03\x04" + bytes(200),
        "names that are one": files.office(more={"WORD/document.xml": b"a"}),
    },
    "holds programs": {
        "macros": files.office(more={"word/vbaProject.bin": b"a"}, types=MACROS),
        "macros by another name": files.office(more={"word/a.bin": b"a"}, types=MACROS),
        "macros by a hidden name": files.office(types=MACROS.replace("vba", "&#118;ba")),
        "a docm that says docx": files.office(
            kind="application/vnd.ms-word.document.macroEnabled.main+xml"
        ),
        "macros of Excel 4": files.office("xlsx", more={"xl/macrosheets/sheet1.xml": b"a"}),
        "ActiveX": files.office("pptx", more={"ppt/activeX/activeX1.bin": b"a"}),
        "a program in a docx": files.office(more={"word/media/setup.exe": b"MZ"}),
        "a docx that is a JAR": files.office(more={"META-INF/MANIFEST.MF": b"Main-Class: A"}),
        "macros of OpenDocument": files.odf(more={"Basic/Standard/Module1.xml": b"a"}),
        "scripts of OpenDocument": files.odf("ods", {"Scripts/python/a.py": b"a"}),
    },
    "old versions": {
        "an old doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    },
    "This PDF": {
        "half a PDF": files.pdf()[:30],
        "a PDF that is a page": b"%PDF-1.7\n" + PAGE + files.pdf(),
    },
    "Files of this kind": {
        "a PDF behind a page": b"\x00" + PAGE + files.pdf(),
        "rubbish": random.Random(2).randbytes(5000),
        "zeros": bytes(5000),
        "a text with NUL": b"hello\x00world",
        "a text that turns": "invoice\u202efdp.exe".encode(),
        "a text with commands for a terminal": b"\x1b]0;title\x07\x1b[2J",
        "a database": b"SQLite format 3\x00" + bytes(100),
        "Flash": b"CWS\x0a" + random.Random(3).randbytes(100),
        "a font": b"\x00\x01\x00\x00\x00\x0f\x00\x80" + bytes(60),
        "FLAC": b"fLaC\x00\x00\x00\x22" + bytes(60),
        "a stream of AAC": b"\xff\xf1\x50\x80" + bytes(60),
        "UTF-16": "hello".encode("utf-16"),
    },
    "JPEG, PNG or WebP": {
        "a GIF that is a script": b"GIF89a/*" + SCRIPT + b"*/=1;",
        "a GIF": files.picture("GIF"),
        "a BMP": files.picture("BMP"),
        "a TIFF": files.picture("TIFF"),
        "an icon": b"\x00\x00\x01\x00\x01\x00" + bytes(60),
        "an AVIF": b"\x00\x00\x00\x20ftypavif" + bytes(40),
        "a HEIC": b"\x00\x00\x00\x20ftypheic" + bytes(40),
        "a page that begins like a JPEG": b"\xff\xd8\xff" + PAGE,
        "a page that begins like a PNG": b"\x89PNG\r\n\x1a\n" + PAGE,
    },
    "24 million pixels": {
        "a PNG of 4 billion pixels": files.png_of(65_000, 65_000),
        "a wide bomb": files.png_of(2_000_000, 20),
        "a high bomb": files.png_of(20, 2_000_000),
    },
    "This picture is damaged": {
        "half a JPEG": files.picture(size=(900, 900))[:2000],
        "a PNG without pixels": files.png_of(20, 20),
    },
    "This recording is damaged": {
        "half an Ogg": b"OggS" + bytes(60),
        "half a WebM": b"\x1a\x45\xdf\xa3" + bytes(60),
        "half an MP4": b"\x00\x00\x00\x20ftypM4A " + bytes(60),
        "a WAV of nothing": RIFF_OF_NOTHING,
        "a script behind ID3": ID3_BOMB + SCRIPT,
        "a page that begins like an MP3": b"\xff\xfb\x90\x00" + PAGE,
        "a playlist in an MP4": files.box(b"ftyp", b"M4A \0\0\0\0") + PLAYLIST,
        "a playlist in an Ogg": b"OggS" + PLAYLIST,
    },
    "not a recording of a voice": {
        "a film": lambda: files.film(),
        "a film without a sound": lambda: files.film(with_sound=False),
        "a WAV of 64 channels": lambda: files.wav(0.5, channels=64),
        "a WAV of a sample a second": files.wav(100, rate=1),
        "a WAV of gigahertz": files.wav(0.00001, rate=2_000_000_000),
    },
    "nothing to hear": {
        "a WAV of nothing but a head": files.wav(0),
        "a tenth of a second": lambda: files.sound("webm", 0.1),
        "a WAV that claims hours": files.wav(0.05, says=2**32 - 1),
    },
    "may last": {
        "three minutes": lambda: files.wav(180),
        "three minutes in an Ogg": lambda: files.sound("ogg", 180),
    },
}
ALL_REFUSED = [
    pytest.param(sentence, raw, id=name)
    for sentence, some in REFUSED.items()
    for name, raw in some.items()
]


def moving() -> bytes:
    output = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), (n * 20, 0, 0)) for n in range(8)]
    frames[0].save(output, "WEBP", save_all=True, append_images=frames[1:])
    return output.getvalue()


# Made anew: whatever came with it is gone.
MADE_ANEW = {
    "a page in a comment": files.picture(comment=SCRIPT),
    "a page behind a JPEG": files.picture() + PAGE,
    "PHP behind a JPEG": files.picture() + PHP,
    "a ZIP behind a JPEG": files.picture() + files.packed({"script.js": SCRIPT}),
    "a page behind a PNG": files.picture("PNG") + PAGE,
    "a ZIP behind a PNG": files.picture("PNG") + files.packed({"script.js": SCRIPT}),
    "a JAR behind a WebP": files.picture("WEBP") + files.packed({"META-INF/MANIFEST.MF": PHP}),
    "a photo with its place": files.photo(),
    "a PNG that bursts": lambda: files.bursting_png(),
    "one that moves": moving(),
    "one pixel": files.picture("PNG", (1, 1)),
    "very wide": files.picture("PNG", (9000, 1)),
    "a page behind an MP3": files.sound("mp3") + PAGE,
    "a page behind an Ogg": files.sound("ogg") + PAGE,
    "a ZIP behind a WAV": files.wav() + files.packed({"script.js": SCRIPT}),
    "a page in what an MP4 says of itself": files.sound("ipod", title=SCRIPT.decode()),
    # Its own sound is heard, and nobody looks where the file would like.
    "an MP4 whose sound is a file": lambda: files.mp4_elsewhere(b"file:///etc/passwd"),
    "an MP4 whose sound is elsewhere": lambda: files.mp4_elsewhere(b"http://127.0.0.1:1/a.mp4"),
    "an MP4 whose sound is a file of QuickTime": lambda: files.mp4_elsewhere(
        b"/etc/passwd", quicktime=True
    ),
    "PHP in what an MP3 says of itself": files.sound("mp3", title=PHP.decode()),
}
# Kept as they were sent, for saving only.
SAVED_ONLY = {
    "a PDF with a script": files.pdf(b"2 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"),
    "a PDF with a page far inside": files.pdf(b"%" + b"a" * 2000 + PAGE),
    "a PDF with a ZIP behind it": files.pdf() + files.packed({"a": b"a"}) + b"%%EOF",
    "a table that computes": b"=cmd|'/C calc'!A0,1\n",
    "a text that a browser might run": b"javascript:alert(document.cookie)",
    "a program's text": b"import os\nos.system('rm -rf /')\n",
    "a docx with a picture of pages in it": files.office(more={"word/media/a.svg": SCRIPT}),
    "a docx with words before its end": files.office() + b"",
}
ACTIVE = re.compile(rb"script|<\?php|<html|PK\x03\x04|Secret|GPS", re.IGNORECASE)


def made_now(raw) -> bytes:
    return raw() if callable(raw) else raw


@pytest.mark.parametrize(("sentence", "raw"), ALL_REFUSED)
def test_it_is_refused_with_a_sentence_about_it(lin, lin_and_wei, sentence, raw):
    answer = files.send(lin, lin_and_wei, made_now(raw), "photo.jpg", declared="image/jpeg")

    errors = refusal_of(answer, 400, "invalid")
    assert set(errors) == {"file"}
    assert sentence in errors["file"][0]
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("raw", MADE_ANEW.values(), ids=MADE_ANEW)
def test_it_is_made_anew_and_nothing_else_is_left(lin, lin_and_wei, raw):
    answer = files.send(lin, lin_and_wei, made_now(raw), "a.html", declared="text/html")
    if answer.status_code == 400:
        # Some decoders stumble over what is behind: refused is harmless, too.
        assert set(refusal_of(answer, 400, "invalid")) == {"file"}
        return

    shown = handed_out(lin, data_of(answer, 201))

    for one in shown:
        assert one.headers["Content-Type"] in ("image/jpeg", "audio/mpeg")
        assert not ACTIVE.search(one.content)
    content = shown[0].content
    if shown[0].headers["Content-Type"] == "image/jpeg":
        with Image.open(io.BytesIO(content)) as made:
            assert (made.format, max(made.size) <= 1600) == ("JPEG", True)
            assert not made.getexif()
    else:
        with av.open(io.BytesIO(content)) as heard:
            assert [stream.type for stream in heard.streams] == ["audio"]
            assert heard.metadata == {}


@pytest.mark.parametrize("raw", SAVED_ONLY.values(), ids=SAVED_ONLY)
def test_it_is_kept_for_saving_only(lin, lin_and_wei, raw):
    answer = files.send(lin, lin_and_wei, raw, "a.html", declared="text/html")

    (shown,) = handed_out(lin, data_of(answer, 201))

    assert shown.content == raw
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert not re.search("html|script|xml;|svg", shown.headers["Content-Type"])


def handed_out(user, data):
    """What a browser gets; and what lies in the folder has a name that tells nothing."""
    kept = Attachment.objects.get(key=data["id"])
    for field in (kept.file, kept.small):
        assert re.fullmatch(r"(chat/[0-9a-f]{32}\.(jpg|mp3|pdf|docx|txt|csv))?", field.name or "")
    client = Client()
    client.force_login(user)
    answers = [client.get(data[one]) for one in ("url", "thumbnailUrl") if data[one]]
    for answer in answers:
        assert_harmless(answer)
    return answers


def test_the_corpus_is_as_large_as_was_promised():
    assert len(ALL_REFUSED) + len(MADE_ANEW) + len(SAVED_ONLY) + len(NAMES) >= 100


NAMES = {
    "../../../etc/passwd": "passwd.txt",
    "..\\..\\boot.ini": "boot.txt",
    "/etc/cron.d/x": "x.txt",
    "C:\\Windows\\win.ini": "win.txt",
    "notes.txt.exe": "notes.txt.txt",
    "a.php.txt": "a.txt",
    "a.php.php5.html.txt": "a.txt",
    "notes": "notes.txt",
    "notes 1.2.txt": "notes 1.2.txt",
    "<script>alert(1)</script>.txt": "script_.txt",
    ".htaccess": "htaccess.txt",
    ".txt": "txt.txt",
    "CON.txt": "file CON.txt",
    "lpt1": "file lpt1.txt",
    "\u202etxt.exe": "txt.txt",
    "invoice\u202efdp.exe": "invoicefdp.txt",
    "zero\u200bwidth\ufeff.txt": "zerowidth.txt",
    "x" * 300 + ".txt": "x" * 96 + ".txt",
    "约" * 300 + ".txt": "约" * 96 + ".txt",
    "合同 第2版.txt": "合同 第2版.txt",
    "  . . notes . .txt": "notes.txt",
    "😀.txt": "😀.txt",
}


@pytest.mark.parametrize(("name", "shown"), NAMES.items())
def test_its_name_is_shown_without_what_names_must_not_hold(lin, lin_and_wei, name, shown):
    data = data_of(files.send(lin, lin_and_wei, b"See you at nine.", name), 201)

    (answer,) = handed_out(lin, data)

    assert data["name"] == shown
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert not re.search(r"[\r\n\0\\/]", disposition)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nSet-Cookie: b=c.txt", "aSet-Cookie_ b=c.txt"),
        ('a";filename="b.html', "a_;filename=_b.txt"),
        ("half\ud800.txt", "half.txt"),
        ("..", "file.txt"),
        ("a.exe", "a.txt"),
        ("", "file.txt"),
    ],
)
def test_what_the_parser_of_forms_would_not_let_through_is_cleaned_too(name, shown):
    assert clean_name(name, ending="txt") == shown


@pytest.mark.parametrize("name", ["a.php\x00.txt", "a\x00b"])
def test_a_name_with_a_zero_in_it_does_no_harm(lin, lin_and_wei, name):
    answer = files.send(lin, lin_and_wei, b"See you at nine.", name)

    if answer.status_code == 201:
        assert "\x00" not in answer.json()["data"]["name"]
    else:
        refusal_of(answer, 400, "invalid")


@pytest.mark.parametrize("declared", ["text/html", "image/svg+xml", "image/jpeg", "", "x" * 300])
def test_what_the_sender_calls_its_type_counts_for_nothing(lin, lin_and_wei, declared):
    data = data_of(files.send(lin, lin_and_wei, files.pdf(), "a.html", declared=declared), 201)

    assert (data["kind"], data["contentType"]) == ("file", "application/pdf")
    assert data["name"] == "a.pdf"


def test_a_file_is_at_most_ten_megabytes(lin, lin_and_wei, settings):
    settings.UPLOAD_MAX_BYTES = 2 * 1_048_576
    errors = refusal_of(files.send(lin, lin_and_wei, b"a" * (2 * 1_048_576 + 1)), 400, "invalid")
    assert errors == {"file": ["The file is larger than 2 MB."]}

    data_of(files.send(lin, lin_and_wei, b"a" * 2 * 1_048_576), 201)
