-- Items with fewer than {min_item_support} events.
CREATE OR REPLACE TABLE events AS
SELECT events.* FROM events SEMI JOIN
  (SELECT item_key FROM events GROUP BY item_key HAVING count(*) >= {min_item_support}) AS kept USING (item_key);
