-- i, i, j becomes i, j: of immediate repeats of an item the first event stays. Events of a session are ordered by time and item.
CREATE OR REPLACE TABLE events AS
SELECT session_key, item_key, time
FROM (SELECT *, lag(item_key) OVER (PARTITION BY session_key ORDER BY time, item_key) AS item_before FROM events)
WHERE item_before IS DISTINCT FROM item_key;
