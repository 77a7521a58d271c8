-- Keeps the events of some types. Before sessions are built, or after: then the others still hold sessions together.
CREATE OR REPLACE TABLE events AS
SELECT * EXCLUDE (event_type) FROM events WHERE event_type IN ({event_types});
