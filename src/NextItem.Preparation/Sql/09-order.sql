-- The order of the files: sessions by their first event, then by id; their events by time, then by item. Sorted once: what is split
-- from it keeps the order, and so the same events always give the same bytes.
CREATE OR REPLACE TABLE {events} AS
SELECT {events}.session_key, item_key, time, bounds.session_start, bounds.session_end
FROM {events} JOIN (SELECT session_key, min(time) AS session_start, max(time) AS session_end FROM {events} GROUP BY session_key) AS bounds USING (session_key)
ORDER BY bounds.session_start, {events}.session_key, time, item_key;
