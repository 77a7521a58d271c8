-- Whole sessions: the test has those whose last event is at {cut_text} or later.
CREATE OR REPLACE TABLE {test} AS SELECT * FROM {events} WHERE session_end >= {cut};
CREATE OR REPLACE TABLE {train} AS SELECT * FROM {events} WHERE session_end < {cut};
