"""Writes what the bundled model classes say to the files from which it is read at the start; see `addons.summaries`.

python -m mockserver.report.classes
"""

from __future__ import annotations

from mockserver import addons
from mockserver.addons import summaries
from mockserver.saving import save


def main() -> None:
    """Write the file of each add-on."""
    summaries.folder().mkdir(exist_ok=True)
    for name in addons.names():
        save(summaries.folder() / f"{name}.json", summaries.written(name))


if __name__ == "__main__":
    main()
