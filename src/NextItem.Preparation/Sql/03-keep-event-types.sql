-- Keeps the events of some types. Before sessions are built, or after: then the others still hold sessions together.
DELETE FROM events WHERE event_type IS NULL OR event_type NOT IN ({event_types});
