-- The examples of doc/rules.md, run as they stand there, and what its headings and lists say of the catalogue.
-- From doc/policies.md: the values of the policies medicare and cpt, the forms of the lists. From that page and doc/ruleset.md:
-- the queries with a result.
--
-- What the pages hold for this test:
--   ## Family NAME, ### RULE        headings, in the order of claim_rules()
--   - Severity: ...                 and "- Denial codes: ..." and "- Source: ...", under the heading of the rule
--   ```fires OPTIONS               lines of a day up to the closing fence; then "→ line N, SEVERITY[, with line M]" for each finding of the rule
--                                 of family course, " = AMOUNT" behind a line is what is allowed for it
--   ```passes OPTIONS              lines of a day in which the rule is silent
--   ```sql                         a query of one value; run when its last line is "-- VALUE", and compared with that
-- OPTIONS, separated by blanks: ruleset=POLICY, policy.KEY=VALUE (of a list, as JSON without blanks), mue.CODE=UNITS/MAI. NULL is an invalid line.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA doc_rules;
SELECT set_config('search_path', 'doc_rules, ' || current_setting('search_path'), true) \g /dev/null

-- The pages, line by line. No character of a page is the delimiter or the quote.

CREATE TABLE page_line (page text DEFAULT 'rules', n int GENERATED ALWAYS AS IDENTITY, line text);
\copy page_line (line) from 'doc/rules.md' with (format csv, delimiter E'\x01', quote E'\x02', encoding 'UTF8')
ALTER TABLE page_line ALTER page SET DEFAULT 'ruleset';
\copy page_line (line) from 'doc/ruleset.md' with (format csv, delimiter E'\x01', quote E'\x02', encoding 'UTF8')
ALTER TABLE page_line ALTER page SET DEFAULT 'policies';
\copy page_line (line) from 'doc/policies.md' with (format csv, delimiter E'\x01', quote E'\x02', encoding 'UTF8')
CREATE TABLE readme_line (line text);
\copy readme_line from program 'cat README.md doc/tour.md doc/reference.md' with (format csv, delimiter E'\x01', quote E'\x02', encoding 'UTF8')
UPDATE page_line SET line = coalesce(line, '');

-- Everything between two fences, with the heading above it and, for fires, what is said below it

CREATE FUNCTION fences() RETURNS TABLE (page text, rule text, at int, kind text, options text[], body text[], expected text[])
LANGUAGE plpgsql AS $$
DECLARE
	l page_line;
	inside boolean := false;
BEGIN
	FOR l IN SELECT * FROM page_line ORDER BY n LOOP
		IF inside AND l.line = '```' THEN
			inside := false;
		ELSIF inside THEN
			body := body || l.line;
		ELSIF l.line LIKE '→%' THEN
			expected := expected || regexp_replace(l.line, '^→ ', '');
		ELSIF l.line LIKE '```%' OR l.line LIKE '#%' THEN
			IF at IS NOT NULL THEN
				RETURN NEXT;
				at := NULL;
			END IF;
			IF l.line LIKE '#%' THEN
				rule := CASE WHEN l.page = 'rules' THEN substring(l.line FROM '^### (.*)') END;
			ELSE
				inside := true;
				page := l.page;
				at := l.n;
				options := regexp_split_to_array(substring(l.line FROM 4), '\s+');
				kind := options[1];
				options := options[2:];
				body := '{}';
				expected := '{}';
			END IF;
		END IF;
	END LOOP;
	IF at IS NOT NULL THEN
		RETURN NEXT;
	END IF;
END $$;

CREATE TABLE fence AS
SELECT f.*, row_number() OVER (PARTITION BY rule, kind ORDER BY at) AS number FROM fences() f;

CREATE TABLE documented AS
SELECT row_number() OVER (ORDER BY n) AS number, h.n, substring(h.line FROM '^### (.*)') AS rule,
	(SELECT substring(f.line FROM '^## Family (.*)') FROM page_line f
	 WHERE f.page = 'rules' AND f.line LIKE '## %' AND f.n < h.n ORDER BY f.n DESC LIMIT 1) AS family
FROM page_line h WHERE h.page = 'rules' AND h.line LIKE '### %';

-- The list below the heading of a rule: "- NAME: ..."
CREATE FUNCTION item(rule text, name text) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(substring(l.line FROM length('- ' || $2 || ': ') + 1), ' | ')
	FROM documented d JOIN page_line l ON l.page = 'rules' AND l.n > d.n
		AND l.n < coalesce((SELECT min(e.n) FROM documented e WHERE e.n > d.n), 1000000000)
	WHERE d.rule = $1 AND starts_with(l.line, '- ' || $2 || ': ')
$$;

-- The ruleset that an example names
CREATE FUNCTION rules_of(options text[]) RETURNS claim_ruleset
LANGUAGE plpgsql AS $$
DECLARE
	o text;
	part text[];
	rules claim_ruleset := starter_ruleset();
	j jsonb;
BEGIN
	FOREACH o IN ARRAY options LOOP
		j := rules::text::jsonb;
		IF o ~ '^ruleset=' THEN
			rules := ruleset(substring(o FROM '^ruleset=(.*)'));
		ELSIF o ~ '^policy\.' THEN
			part := regexp_match(o, '^policy\.(\w+)=(.*)$');
			rules := jsonb_set(j, ARRAY['policy', part[1]], CASE WHEN part[2] ~ '^[[{]' THEN part[2]::jsonb ELSE to_jsonb(part[2]) END, part[2] ~ '^[[{]')::text::claim_ruleset;
		ELSIF o ~ '^mue\.' THEN
			part := regexp_match(o, '^mue\.(\w{5})=(\d+)/([123])$');
			rules := jsonb_set(j, '{mue}', (j->'mue') ||
				jsonb_build_array(jsonb_build_array(part[1], part[2]::int, part[3]::int, NULL, NULL)))::text::claim_ruleset;
		ELSE
			RAISE EXCEPTION 'unknown option of an example: %', o;
		END IF;
	END LOOP;
	RETURN rules;
END $$;

-- What a rule says of a day: a text for each finding, by line number; the other line only where it is expected or there is no such expectation
CREATE FUNCTION said(f fence) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(CASE WHEN said.short = ANY ($1.expected) THEN said.short
			ELSE said.short || coalesce(', with line ' || said.with_line_no, '') END, '; ' ORDER BY said.line_no, said.with_line_no)
	FROM (SELECT e.line_no, e.with_line_no, format('line %s, %s', e.line_no, e.severity) AS short
		  FROM (SELECT ARRAY(SELECT nullif(split_part(b, ' = ', 1), 'NULL')::claimline FROM unnest($1.body) WITH ORDINALITY u(b, n) ORDER BY n) AS lines,
					ARRAY(SELECT nullif(split_part(b, ' = ', 2), '')::numeric FROM unnest($1.body) WITH ORDINALITY u(b, n) ORDER BY n) AS allowed,
					rules_of($1.options) AS rules) d,
			LATERAL (SELECT * FROM claim_edits(d.lines, d.rules) WHERE $1.rule NOT LIKE 'course-%'
				UNION ALL SELECT * FROM claim_course(d.lines, d.rules, d.allowed) WHERE $1.rule LIKE 'course-%') e
		  WHERE e.rule = $1.rule) said
$$;

CREATE FUNCTION value_of(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	value text;
BEGIN
	EXECUTE format('SELECT format(''%%s'', (%s))', regexp_replace(query, ';\s*$', '')) INTO STRICT value;
	RETURN value;
END $$;

CREATE VIEW query AS
SELECT page, at, array_to_string(body[1:cardinality(body) - 1], E'\n') AS query, substring(body[cardinality(body)] FROM '^-- (.*)') AS result
FROM fence WHERE kind = 'sql' AND body[cardinality(body)] LIKE '-- %';

-- | `key` | values | `medicare` | `cpt` | ... below "## Settings"; then | `key` | `form` | ... of the lists
CREATE VIEW setting_line AS
SELECT n, string_to_array(line, '|') AS c FROM page_line
WHERE page = 'policies' AND line LIKE '| `%' AND n > (SELECT n FROM page_line WHERE page = 'policies' AND line = '## Settings')
	AND n < (SELECT min(l.n) FROM page_line l, page_line h WHERE l.page = 'policies' AND h.page = 'policies' AND h.line = '## Settings' AND l.line LIKE '## %' AND l.n > h.n);

CREATE VIEW documented_setting AS
SELECT trim(both ' `' FROM c[2]) AS key, trim(both ' `' FROM c[4]) AS medicare, trim(both ' `' FROM c[5]) AS cpt
FROM setting_line WHERE c[3] NOT LIKE ' `%';

CREATE VIEW documented_list AS
SELECT trim(both ' `' FROM c[2]) AS key, trim(both ' `' FROM c[3]) AS form
FROM setting_line WHERE c[3] LIKE ' `%';

CREATE FUNCTION settings(policy text) RETURNS TABLE (key text, value text)
LANGUAGE sql AS $$
	SELECT key, policy->>key FROM (SELECT (ruleset($1)::text::jsonb)->'policy' AS policy) p, jsonb_object_keys(policy) key
	WHERE key <> 'name' AND jsonb_typeof(policy->key) NOT IN ('array', 'object')
$$;

SELECT plan((7 + (SELECT count(*) FROM documented_list) + 5 * (SELECT count(*) FROM claim_rules()) + (SELECT count(*) FROM fence WHERE kind IN ('fires', 'passes'))
	+ (SELECT count(*) FROM query))::int);

-- The pages are well formed

SELECT is((SELECT string_agg(format('%s: %s', at, kind), '; ') FROM fence
		   WHERE kind NOT IN ('fires', 'passes', 'sql', 'json', 'text', '') OR (kind IN ('fires', 'passes') AND (rule IS NULL OR cardinality(body) = 0))), NULL,
	'each fence is of a known kind, and an example belongs to a rule');
SELECT is((SELECT string_agg(format('%s: %s', at, e), '; ') FROM fence, unnest(expected) e
		   WHERE kind <> 'fires' OR e !~ '^line \d+, (info|unknown|review|deny)(, with line \d+)?$'), NULL,
	'what an example says is of the form, and only fires says something');

-- The rules are those of the catalogue

SELECT is((SELECT string_agg(line, '; ') FROM (SELECT line FROM page_line UNION ALL SELECT line FROM readme_line) l
		   WHERE line ~ '\m\d+ rules\M' AND substring(line FROM '\m(\d+) rules\M')::bigint <> (SELECT count(*) FROM claim_rules())), NULL,
	'where a page says how many rules there are, they are as many');
SELECT is((SELECT array_agg(family || ' ' || rule ORDER BY number) FROM documented), ARRAY(SELECT family || ' ' || rule FROM claim_rules()),
	'the rules are documented in the order of the catalogue, by family, each once, and no other');
SELECT is(item(rule, 'Severity'), severity::text, rule || ': severity') FROM claim_rules();
SELECT is(regexp_replace(item(rule, 'Denial codes'), ' \(.*\)$', ''), coalesce(nullif(concat_ws(', ', carc, rarc), ''), 'none'), rule || ': denial codes')
FROM claim_rules();
SELECT is(item(rule, 'Source'), citation, rule || ': source') FROM claim_rules();

-- The examples

SELECT ok(EXISTS (SELECT FROM fence f WHERE f.rule = r.rule AND f.kind = 'fires' AND cardinality(f.expected) > 0), r.rule || ': has an example that fires')
FROM claim_rules() r;
SELECT ok(EXISTS (SELECT FROM fence f WHERE f.rule = r.rule AND f.kind = 'passes'), r.rule || ': has an example that passes')
FROM claim_rules() r;

SELECT is(said(f), (SELECT coalesce(string_agg(e, '; ' ORDER BY n), 'nothing') FROM unnest(f.expected) WITH ORDINALITY u(e, n)),
	format('%s: fires, example %s', rule, number))
FROM fence f WHERE kind = 'fires' ORDER BY at;
SELECT is(said(f), NULL, format('%s: passes, example %s', rule, number))
FROM fence f WHERE kind = 'passes' ORDER BY at;

SELECT is(value_of(query), result, format('%s.md: the query of line %s', page, at - (SELECT min(n) - 1 FROM page_line l WHERE l.page = q.page)))
FROM query q ORDER BY at;

-- The settings of the two policies of no other, and the lists

SELECT results_eq('SELECT key, medicare FROM documented_setting ORDER BY key COLLATE "C"',
	'SELECT key, coalesce(value, ''null'') FROM settings(''medicare'') ORDER BY key COLLATE "C"', 'policies.md: the settings of the policy medicare');
SELECT results_eq('SELECT key, cpt FROM documented_setting ORDER BY key COLLATE "C"',
	'SELECT key, coalesce(value, ''null'') FROM settings(''cpt'') ORDER BY key COLLATE "C"', 'policies.md: the settings of the policy cpt');
SELECT is(claim_policy_check(jsonb_build_object('extends', 'cpt', key, form::jsonb)), 'cpt', 'policies.md: the form of ' || key) FROM documented_list ORDER BY key;
SELECT is((SELECT string_agg(DISTINCT key, ' ') FROM claim_policies_shipped(), jsonb_object_keys(settings) key
		   WHERE key <> 'extends' AND key NOT IN (SELECT key FROM documented_setting) AND key NOT IN (SELECT key FROM documented_list)), NULL,
	'policies.md: no shipped policy has a key that is not documented');

SELECT * FROM finish();

ROLLBACK;
