-- Sessions by their first event, then by id; their events by time, then by item: the same rows always give the same bytes.
CREATE OR REPLACE TABLE {events} AS
SELECT {events}.* FROM {events} JOIN (SELECT session_key, min(time) AS session_start FROM {events} GROUP BY session_key) USING (session_key)
ORDER BY session_start, session_key, time, item_key;
COPY (SELECT session_key AS SessionId, item_key AS ItemId, time / 1000000 AS Time FROM {events} ORDER BY rowid)
TO {file} ({file_options});
