-- Times are whole microseconds since 1970 (UTC) until the files are written: sums and differences of them are exact.
SET TimeZone = 'UTC';
-- A number of the unit that has so many microseconds; NULL where the text is no finite number, or 146,000 years away: so far, differences
-- of times would not fit.
CREATE OR REPLACE MACRO number_time(text, microseconds) AS
  CASE WHEN abs(TRY_CAST(text AS DOUBLE) * microseconds) < 4.6e18 THEN CAST(round(TRY_CAST(text AS DOUBLE) * microseconds) AS BIGINT) END;
-- A key, a time or a type of a text file; NULL where it is empty or runs over several lines: mostly a quote mark that is never closed, or
-- stray, made one field of many rows.
CREATE OR REPLACE MACRO one_line(text) AS
  CASE WHEN text <> '' AND NOT contains(text, chr(10)) AND NOT contains(text, chr(13)) THEN text END;
-- An ISO 8601 date; without an offset it is UTC; NULL where the text is none.
CREATE OR REPLACE MACRO date_time(text) AS
  CASE WHEN isfinite(TRY_CAST(text AS TIMESTAMPTZ)) THEN epoch_us(TRY_CAST(text AS TIMESTAMPTZ)) END;
