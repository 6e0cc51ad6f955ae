"""What a server keeps, and what it asks: shared by the examples for Flask and Django."""

import json
import sqlite3
from datetime import datetime, timezone
from pathlib import Path
from urllib.request import urlopen


class Acceptances:
    def __init__(self, center, file=":memory:"):
        self.center = center
        self.database = sqlite3.connect(file, check_same_thread=False)
        self.database.executescript((Path(__file__).parent / "schema.sql").read_text())

    def current(self, document):
        """The version to ask for now. Keep the answer for some minutes in a real product."""
        with urlopen(self.center + "api/v1/acceptance.json", timeout=10) as answer:
            documents = json.load(answer)["documents"]
        versions = next(known["versions"] for known in documents if known["document"] == document)
        now = datetime.now(timezone.utc)
        begun = [version for version in versions if datetime.fromisoformat(version["starts_at"]) <= now]
        return begun[-1] if begun else versions[0]

    def must_accept(self, account, document):
        """True if the account must be asked. If the center cannot be read, nobody is locked out."""
        try:
            accepts = self.current(document)["accepts"]
        except (OSError, ValueError, KeyError, StopIteration):
            return False
        rows = self.database.execute(
            "SELECT version FROM acceptances WHERE account = ? AND document = ?", (account, document)
        )
        return not any(version in accepts for (version,) in rows)

    def accept(self, account, receipt):
        """Keeps a receipt that a browser sent, with the server's own time. Returns an error for one that does not fit."""
        version = self.current(receipt["document"])
        text = version["texts"].get(receipt["language"], {})
        if receipt["version"] != version["version"] or receipt["sha256"] != text.get("sha256"):
            return "not the text that is asked for"
        now = datetime.now(timezone.utc).isoformat()
        kept = [account] + [receipt[member] for member in ("document", "version", "sha256", "language")] + [now]
        with self.database:
            self.database.execute("INSERT OR IGNORE INTO acceptances VALUES (?, ?, ?, ?, ?, ?)", kept)
        return None
