-- The catalogue: every item of train_full and test, with its events in train_full, most frequent first.
CREATE OR REPLACE TABLE items AS
SELECT item_key, coalesce(support, 0) AS support{feature_columns}
FROM (SELECT DISTINCT item_key FROM (SELECT item_key FROM train_full UNION ALL SELECT item_key FROM test))
LEFT JOIN (SELECT item_key, count(*) AS support FROM train_full GROUP BY item_key) USING (item_key){feature_joins}
ORDER BY support DESC, item_key;
