-- A pause of more than {gap_text} begins a new session of the same owner: 'owner-1', 'owner-2', ...
-- Events at the same time are peers of the window, so their order does not matter.
CREATE OR REPLACE TABLE events AS
SELECT owner_key || '-' || CAST(sum(is_first) OVER (PARTITION BY owner_key ORDER BY time) AS BIGINT) AS session_key,
       * EXCLUDE (owner_key, is_first)
FROM (SELECT *, CASE WHEN time - lag(time) OVER (PARTITION BY owner_key ORDER BY time) <= {gap} THEN 0 ELSE 1 END AS is_first
      FROM events);
