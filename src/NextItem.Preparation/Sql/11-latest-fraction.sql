-- The latest sessions of the training, {fraction} of them, by their last event.
DELETE FROM train_full WHERE session_key IN
  (SELECT session_key
   FROM (SELECT session_key, max(time) AS session_end, count(*) OVER () AS session_count FROM train_full GROUP BY session_key)
   QUALIFY row_number() OVER (ORDER BY session_end DESC, session_key DESC) > ceil(session_count * {fraction}));
