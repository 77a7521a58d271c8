-- The latest sessions of the training, {fraction} of them, by their last event.
CREATE OR REPLACE TABLE train_full AS
SELECT train_full.* FROM train_full SEMI JOIN
  (SELECT session_key
   FROM (SELECT session_key, max(time) AS session_end, count(*) OVER () AS session_count FROM train_full GROUP BY session_key)
   QUALIFY row_number() OVER (ORDER BY session_end DESC, session_key DESC) <= ceil(session_count * {fraction})) AS latest USING (session_key);
