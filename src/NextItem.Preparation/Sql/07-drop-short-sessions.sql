-- Sessions of fewer than {min_session_length} events teach and test nothing.
CREATE OR REPLACE TABLE {events} AS
SELECT {events}.* FROM {events} SEMI JOIN
  (SELECT session_key FROM {events} GROUP BY session_key HAVING count(*) >= {min_session_length}) AS kept USING (session_key);
