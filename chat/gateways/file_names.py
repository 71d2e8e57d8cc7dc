"""What a file is called where it is shown and saved: as its sender called it, without what names
must not hold, and with the ending of what it is."""

import re
import unicodedata

from chat.rules import LONGEST_FILE_NAME

# Separators and wildcards, of any system.
FORBIDDEN = re.compile(r'[<>:"|?*]')
# Names of devices, with any ending.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\Z", re.IGNORECASE)
ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}\Z")
# Of what computers run, in front of another ending.
RUN = re.compile(
    r"\.(?:exe|com|scr|bat|cmd|ps1|vbs?|jse?|ws[fh]|hta|lnk|msi|jar|apk|sh|py|pl|php\d?|phtml|phar"
    r"|aspx?|jsp|html?|xhtml|svg|xml|htaccess)\Z",
    re.IGNORECASE,
)


def clean_name(name: str, *, ending: str) -> str:
    """At most LONGEST_FILE_NAME characters, with ``ending`` behind its last dot."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Control and format characters turn or hide what stands around them.
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    stem = " ".join(FORBIDDEN.sub("_", seen).split()).strip(". ")
    stem = ENDING.sub("", stem).rstrip(". ")
    while RUN.search(stem):
        stem = RUN.sub("", stem).rstrip(". ")
    if not stem or DEVICES.match(stem.split(".")[0].strip()):
        stem = f"file {stem}".strip()
    return f"{stem[: LONGEST_FILE_NAME - len(ending) - 1].rstrip('. ')}.{ending}"
