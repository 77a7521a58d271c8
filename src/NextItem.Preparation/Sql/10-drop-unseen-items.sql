-- Test events of items that training does not have.
CREATE OR REPLACE TABLE {test} AS
SELECT {test}.* FROM {test} SEMI JOIN {train} USING (item_key);
