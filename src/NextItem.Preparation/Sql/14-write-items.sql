COPY (SELECT item_key AS ItemId, support AS Support{feature_names} FROM items ORDER BY support DESC, item_key)
TO {file} ({file_options});
