"""Data files as they were parsed last time, kept where Python keeps its compiled modules: TOML takes fifty times as
long to read as JSON, and a single run reads four files of it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

_LIKE_JSON = (str, int, float, bool, type(None))


def read(path: Path) -> dict[str, Any]:
    """What a TOML file says. Raises `OSError`, and `tomllib.TOMLDecodeError`.

    What is kept counts only for just these bytes: a new version may be unpacked over an old one with its times.
    Where nothing can be kept, nothing is.
    """
    content = path.read_bytes()
    said = blake2b(content, digest_size=16).hexdigest()
    kept = Path(cache_from_source(str(path))).with_name(f"{path.name}.json")
    with suppress(OSError, TypeError, ValueError):
        stamp, data = json.loads(kept.read_bytes())
        if stamp == said:
            return dict(data)
    import tomllib  # seldom needed then

    data = tomllib.loads(content.decode())
    if _is_like_json(data) and not sys.dont_write_bytecode:
        _keep(kept, json.dumps([said, data], ensure_ascii=False).encode())
    return data


def _is_like_json(data: object) -> bool:
    """Whether JSON gives back the very same: it knows no dates."""
    if isinstance(data, dict):
        return all(map(_is_like_json, data.values()))
    if isinstance(data, list):
        return all(map(_is_like_json, data))
    return isinstance(data, _LIKE_JSON)


def _keep(path: Path, content: bytes) -> None:
    """Put a file into its place whole, or not at all: others may be reading it."""
    from tempfile import NamedTemporaryFile

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        try:
            os.chmod(file.name, 0o644)  # who may read the program may read this
            os.replace(file.name, path)
        except OSError:
            os.unlink(file.name)
