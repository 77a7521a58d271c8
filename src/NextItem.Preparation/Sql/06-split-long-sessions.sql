-- Sessions of more than {max_session_length} events are cut into pieces of as many: 'session.1', 'session.2', ...
CREATE OR REPLACE TABLE events AS
SELECT session_key || '.' || CAST((place - 1) // {max_session_length} + 1 AS BIGINT) AS session_key, item_key, time
FROM (SELECT *, row_number() OVER (PARTITION BY session_key ORDER BY time, item_key) AS place FROM events);
