"""Pyright's language server, asked as an editor asks it: over its standard input and output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SECONDS = 120
"""After this long a server that says nothing more is ended."""


class LanguageServer:
    """A server for one folder of programs, which import what is in `library`."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._folder = folder
        self._settings = {
            "python": {"pythonPath": sys.executable},
            "python.analysis": {"diagnosticMode": "openFilesOnly"},
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pyright.langserver", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(library)},  # it asks this Python where modules are
        )
        self._watch = threading.Timer(SECONDS, self._process.kill)
        self._watch.start()
        self._number = 0
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def hover(self, code: str) -> str:
        """What is shown of the name under the cursor, which stands in the code as `|`."""
        answer = self._ask("textDocument/hover", code)
        return answer["contents"]["value"] if answer else ""

    def completions(self, code: str) -> set[str]:
        """What is offered at the cursor."""
        answer = self._ask("textDocument/completion", code)
        return {item["label"] for item in answer["items"]} if answer else set()

    def close(self) -> None:
        self._watch.cancel()
        self._process.kill()
        self._process.communicate()

    def _begin(self) -> None:
        where = self._folder.as_uri()
        text = {"hover": {"contentFormat": ["plaintext"]}}
        self._request(
            "initialize",
            {
                "processId": None,
                "rootUri": where,
                "workspaceFolders": [{"uri": where, "name": "programs"}],
                "capabilities": {"textDocument": text, "workspace": {"configuration": True}},
            },
        )
        self._send(method="initialized", params={})

    def _ask(self, method: str, code: str) -> Any:
        before, _, after = code.partition("|")
        document = {"uri": (self._folder / f"program{self._number}.py").as_uri()}
        item = {**document, "languageId": "python", "version": 1, "text": before + after}
        self._send(method="textDocument/didOpen", params={"textDocument": item})
        *lines, last = before.split("\n")
        position = {"line": len(lines), "character": len(last)}
        answer = self._request(method, {"textDocument": document, "position": position})
        self._send(method="textDocument/didClose", params={"textDocument": document})
        return answer

    def _request(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send(id=self._number, method=method, params=params)
        while True:
            message = self._receive()
            if "method" not in message and message.get("id") == self._number:
                return message["result"]
            if "method" in message and "id" in message:  # it asks us
                asked = (
                    message["params"].get("items") if message["method"] == "workspace/configuration" else None
                )
                result = asked and [self._settings.get(one.get("section"), {}) for one in asked]
                self._send(id=message["id"], result=result)

    def _send(self, **message: Any) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the language server has ended")
        return json.loads(self._process.stdout.read(length))
