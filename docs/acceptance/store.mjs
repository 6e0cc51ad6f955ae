// What a server keeps, and what it asks: shared by the examples for Express and Fastify.
import { readFileSync } from "node:fs";
import sqlite from "node-sqlite3-wasm";

export class Acceptances {
  constructor(center, file = ":memory:") {
    this.center = center;
    this.database = new sqlite.Database(file);
    this.database.exec(readFileSync(new URL("schema.sql", import.meta.url), "utf8"));
  }

  // The version to ask for now. Keep the answer for some minutes in a real product.
  async current(document) {
    const answer = await fetch(new URL("api/v1/acceptance.json", this.center));
    if (!answer.ok) throw new Error(`the privacy center answered with ${answer.status}`);
    const { documents } = await answer.json();
    const { versions } = documents.find((known) => known.document === document);
    const begun = versions.filter((version) => Date.parse(version.starts_at) <= Date.now());
    return begun.at(-1) ?? versions[0];
  }

  // True if the account must be asked. If the center cannot be read, nobody is locked out.
  async mustAccept(account, document) {
    try {
      const { accepts } = await this.current(document);
      const select = "SELECT version FROM acceptances WHERE account = ? AND document = ?";
      const rows = this.database.all(select, [account, document]);
      return !rows.some(({ version }) => accepts.includes(version));
    } catch {
      return false;
    }
  }

  // Keeps a receipt that a browser sent, with the server's own time. Returns an error for one that does not fit.
  async accept(account, receipt) {
    const version = await this.current(receipt.document);
    const text = version.texts[receipt.language];
    if (receipt.version !== version.version || receipt.sha256 !== text?.sha256) return "not the text that is asked for";
    const { document, version: name, sha256, language } = receipt;
    const kept = [account, document, name, sha256, language, new Date().toISOString()];
    this.database.run("INSERT OR IGNORE INTO acceptances VALUES (?, ?, ?, ?, ?, ?)", kept);
    return null;
  }
}
