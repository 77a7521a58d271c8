-- Sessions of more than {max_session_length} events: mostly programs, not visitors.
DELETE FROM events
WHERE session_key IN (SELECT session_key FROM events GROUP BY session_key HAVING count(*) > {max_session_length});
