-- Test events of items that training does not have.
DELETE FROM {test} WHERE item_key NOT IN (SELECT DISTINCT item_key FROM {train});
