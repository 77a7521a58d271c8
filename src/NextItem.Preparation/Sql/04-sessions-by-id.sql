-- The session id of the log is the session.
CREATE OR REPLACE TABLE events AS
SELECT owner_key AS session_key, * EXCLUDE (owner_key) FROM events;
