-- The test has the sessions whose first event is at {cut_text} or later. Sessions that began before and went on: {crossing_text}.
CREATE OR REPLACE TABLE {test} AS SELECT * FROM {events} WHERE session_start >= {cut};
CREATE OR REPLACE TABLE {train} AS SELECT * FROM {events} WHERE session_start < {cut}{crossing};
