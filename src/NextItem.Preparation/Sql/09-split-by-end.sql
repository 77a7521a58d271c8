-- Whole sessions: the test has those whose last event is at {cut_text} or later.
CREATE OR REPLACE TABLE ends AS SELECT session_key, max(time) AS session_end FROM {events} GROUP BY session_key;
CREATE OR REPLACE TABLE {test} AS
SELECT {events}.session_key, item_key, time FROM {events} SEMI JOIN (SELECT * FROM ends WHERE session_end >= {cut}) AS late USING (session_key);
CREATE OR REPLACE TABLE {train} AS
SELECT {events}.session_key, item_key, time FROM {events} SEMI JOIN (SELECT * FROM ends WHERE session_end < {cut}) AS early USING (session_key);
DROP TABLE ends;
