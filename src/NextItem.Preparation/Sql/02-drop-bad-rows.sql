-- Rows without an owner, a time or an item. Events of types that are not kept need no item.
DELETE FROM events WHERE {bad};
