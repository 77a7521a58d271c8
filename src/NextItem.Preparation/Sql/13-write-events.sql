-- In the order of step 09.
COPY (SELECT session_key AS SessionId, item_key AS ItemId, time / 1000000 AS Time FROM {events})
TO {file} ({file_options});
