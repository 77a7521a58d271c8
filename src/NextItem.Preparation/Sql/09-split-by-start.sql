-- The test has the sessions whose first event is at {cut_text} or later. Sessions that began before and went on: {crossing_text}.
CREATE OR REPLACE TABLE bounds AS SELECT session_key, min(time) AS session_start, max(time) AS session_end FROM {events} GROUP BY session_key;
CREATE OR REPLACE TABLE {test} AS
SELECT {events}.session_key, item_key, time FROM {events} SEMI JOIN (SELECT * FROM bounds WHERE session_start >= {cut}) AS late USING (session_key);
CREATE OR REPLACE TABLE {train} AS
SELECT {events}.session_key, item_key, time FROM {events} SEMI JOIN (SELECT * FROM bounds WHERE session_start < {cut}{crossing_sessions}) AS early USING (session_key){crossing_events};
DROP TABLE bounds;
