-- Reads the raw log, one row an event: whose it is (a session id or a user id), the item, the time. What cannot be read is NULL.
CREATE OR REPLACE TABLE events AS
{sources};
