-- Rows without an owner, a time or an item. Events of types that are not kept need no item.
CREATE OR REPLACE TABLE events AS
SELECT * FROM events WHERE NOT ({bad});
