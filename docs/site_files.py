"""What mkdocs does besides: pages of the repository that are not in docs/ are pages of the site too.

In the repository, links lead from file to file, so that they work where the files are read; here they are turned into
links between the pages of the site.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parent.parent
OUTSIDE = ("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "benchmarks/README.md", "examples/*/**/*.*")
_LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)(?P<target>[^)#\s]+)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are not in docs/."""
    for pattern in OUTSIDE:
        for path in sorted(ROOT.glob(pattern)):
            uri = path.relative_to(ROOT).as_posix()
            if path.is_file() and "__pycache__" not in path.parts and files.get_file_from_path(uri) is None:
                files.append(File.generated(config, uri, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Turn links between files of the repository into links between pages of the site."""
    here = page.file.src_uri
    in_docs = Path(page.file.abs_src_path).is_relative_to(Path(config["docs_dir"]))
    folder = posixpath.dirname(f"docs/{here}" if in_docs else here)

    def replaced(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, link["target"]))
        target = "docs/index.md" if target == "README.md" else target
        return posixpath.relpath(target.removeprefix("docs/"), posixpath.dirname(here) or ".")

    return _LINK.sub(replaced, markdown)
