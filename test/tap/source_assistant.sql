-- Minutes of an assistant in sources.
--
-- The oracle is the rule of doc/sources.md in SQL: what is a whole number from 0 to 1440, and no more than the minutes of the line.

BEGIN;
\i test/tap/lib.sql
SELECT plan(8);
CREATE SCHEMA assisted;
SELECT set_config('search_path', 'assisted, ' || current_setting('search_path'), true) \g /dev/null

CREATE TABLE claims_table AS
SELECT n, '97110'::text AS code, CASE draw(n, 1, 5) WHEN 0 THEN NULL ELSE draw(n, 2, 61) END AS minutes,
	CASE draw(n, 3, 6) WHEN 0 THEN NULL WHEN 1 THEN -1 WHEN 2 THEN 1441 ELSE draw(n, 4, 61) END AS assistant,
	(ARRAY['%s', '%s.0', ' %s ', 'about %s', '', 'NULL'])[1 + draw(n, 5, 6)] AS form
FROM generate_series(1, 2000) n;
ALTER TABLE claims_table ADD assistant_text text;
UPDATE claims_table SET assistant_text = format(form, assistant) WHERE assistant IS NOT NULL;
CREATE FUNCTION wanted(minutes int, assistant int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT concat_ws(' ', '97110 x1', minutes || 'min',
		CASE WHEN assistant BETWEEN 0 AND coalesce(minutes, 1440) THEN format('assistant=%smin', assistant) WHEN assistant IS NOT NULL THEN 'unread=assistant' END)
$$;

SELECT claim_source_add('numbers', 'claims_table', columns => '{"claim_id": "n", "code": "code", "minutes": "minutes", "assistant": "assistant"}') \g /dev/null
SELECT is_empty($$SELECT line, wanted(minutes, assistant) FROM numbers_lines JOIN claims_table ON n::text = claim_id WHERE line::text IS DISTINCT FROM wanted(minutes, assistant)$$, 'numbers');
SELECT is_empty($$SELECT line, line_error FROM numbers_lines WHERE (line_unread(line) = '{assistant}') IS DISTINCT FROM coalesce(line_error ~ '^Minutes of an assistant are -?\d+, must (be 0 to 1440|not be more than those of the line, \d+)\.$', false)$$,
	'line_error says what could not be read');
SELECT is_empty($$SELECT line FROM numbers_lines JOIN claims_table ON n::text = claim_id WHERE line_assistant(line) IS DISTINCT FROM CASE WHEN assistant BETWEEN 0 AND coalesce(minutes, 1440) THEN assistant END$$, 'line_assistant');
SELECT ok(count(*) FILTER (WHERE line_assistant(line) IS NOT NULL) > 500 AND count(*) FILTER (WHERE line_unread(line) = '{assistant}') > 300, 'some are read and some are not') FROM numbers_lines;
SELECT set_eq($$SELECT field, what FROM claim_source_quality('numbers') WHERE kind = 'line-partial'$$,
	$$VALUES ('assistant', 'Minutes of an assistant are ..., must be 0 to 1440.'), ('assistant', 'Minutes of an assistant are ..., must not be more than those of the line, ....')$$, 'reasons are counted without their values');

SELECT claim_source_add('texts', 'claims_table', columns => '{"claim_id": "n", "code": "code", "minutes": "minutes", "assistant": {"column": "assistant_text", "missing": ["-1"]}}') \g /dev/null
SELECT is_empty($$SELECT line, assistant_text FROM texts_lines JOIN claims_table ON n::text = claim_id
	WHERE line::text IS DISTINCT FROM CASE WHEN form ~ 'about' THEN concat_ws(' ', '97110 x1', minutes || 'min', 'unread=assistant')
		ELSE wanted(minutes, CASE WHEN form ~ '%' AND trim(assistant_text) <> '-1' THEN assistant END) END AND NOT (form ~ 'about' AND assistant IS NULL)$$, 'texts');

SELECT claim_source_add('constant', 'claims_table', columns => '{"claim_id": "n", "code": "code", "minutes": "minutes", "assistant": {"value": 0}}') \g /dev/null
SELECT is_empty('SELECT line FROM constant_lines WHERE line_assistant(line) IS DISTINCT FROM 0', 'a constant: the therapist gave all');
SELECT claim_source_add('several', 'claims_table', columns => '{"claim_id": "n", "code": "code", "assistant": ["assistant", "minutes"]}') \g /dev/null
SELECT is_empty($$SELECT line FROM several_lines JOIN claims_table ON n::text = claim_id WHERE line::text IS DISTINCT FROM wanted(NULL, coalesce(assistant, minutes))$$, 'the first that is filled');

SELECT * FROM finish();
ROLLBACK;
