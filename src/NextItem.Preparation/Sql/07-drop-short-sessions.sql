-- Sessions of fewer than {min_session_length} events teach and test nothing.
DELETE FROM {events}
WHERE session_key IN (SELECT session_key FROM {events} GROUP BY session_key HAVING count(*) < {min_session_length});
