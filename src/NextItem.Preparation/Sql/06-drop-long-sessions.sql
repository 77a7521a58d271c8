-- Sessions of more than {max_session_length} events: mostly programs, not visitors.
CREATE OR REPLACE TABLE events AS
SELECT events.* FROM events SEMI JOIN
  (SELECT session_key FROM events GROUP BY session_key HAVING count(*) <= {max_session_length}) AS kept USING (session_key);
