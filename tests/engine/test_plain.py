"""The engine is plain Python: nothing but the standard library and itself."""

from __future__ import annotations

import ast
import string
import sys
from pathlib import Path

from assessments.engine import document, phrases

ENGINE = Path(document.__file__).parent


def test_the_engine_imports_only_itself_and_the_standard_library() -> None:
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.startswith("assessments.engine.") or name.split(".")[0] in sys.stdlib_module_names, (
                    path,
                    name,
                )


def test_engine_sentences_have_equal_placeholders_in_both_languages() -> None:
    for key, said in phrases.PHRASES.items():
        places = [{name for _, name, _, _ in string.Formatter().parse(sentence) if name} for sentence in said]
        assert places[0] == places[1], key
        assert all(sentence.strip() for sentence in said), key
