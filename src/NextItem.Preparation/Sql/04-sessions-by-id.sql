-- The session id of the log is the session.
ALTER TABLE events RENAME owner_key TO session_key;
