-- Items with fewer than {min_item_support} events.
DELETE FROM events
WHERE item_key IN (SELECT item_key FROM events GROUP BY item_key HAVING count(*) < {min_item_support});
