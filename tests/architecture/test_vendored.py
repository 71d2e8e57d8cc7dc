"""What others have made and lies here is what they have published."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
# Of leaflet-1.9.4.tgz: dist/leaflet.js ends with a line more, which names a source map.
SUMS = {
    "leaflet/leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    "leaflet/leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet/LICENSE": "53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb",
}
CUT = {"leaflet/leaflet.js": b"//# sourceMappingURL=leaflet.js.map"}


@pytest.mark.parametrize("name", SUMS)
def test_it_is_as_published(name: str):
    content = (VENDOR / name).read_bytes() + CUT.get(name, b"")

    assert hashlib.sha256(content).hexdigest() == SUMS[name]


def test_every_library_brings_its_licence():
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]

    assert folders
    assert [path.name for path in folders if not (path / "LICENSE").exists()] == []
