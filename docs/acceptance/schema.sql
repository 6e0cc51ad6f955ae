CREATE TABLE acceptances (
  account  TEXT NOT NULL,
  document TEXT NOT NULL,
  version  TEXT NOT NULL,
  sha256   TEXT NOT NULL CHECK (length(sha256) = 64),
  language TEXT NOT NULL,
  accepted TEXT NOT NULL,
  PRIMARY KEY (account, document, version)
);
