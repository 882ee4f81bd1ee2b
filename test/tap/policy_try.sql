-- What a draft of a policy would change. The oracle is the draft as a policy that is published, in a transaction that is undone, and a plain
-- query over the lines of the source by the two rulesets; and the scan that judges by it.

\i test/tap/lib.sql

SELECT no_plan();
CREATE ROLE try_owner;
CREATE ROLE try_editor;
CREATE SCHEMA theirs AUTHORIZATION try_owner;
SET ROLE try_owner;
CREATE TABLE theirs.visit (claim text, no int, person text, npi text, dos date, code text, mods text, units int, minutes int, billed numeric, specialty text);
SELECT claim_source_add('visit', 'theirs.visit', schema => 'theirs', charge => 'billed', columns => '{"patient": "person", "provider": "npi", "dos": "dos",
	"claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes", "specialty": "specialty"}') \g /dev/null
INSERT INTO theirs.visit
SELECT CASE WHEN i % 7 <> 0 THEN 'C' || i END, nullif(n, 4), 'P' || i % 37, 'N' || i % 3, '2024-08-01'::date + i % 9, (ARRAY['97110', '97124', '97140', '98940', '97112'])[1 + lib.draw(i * 10 + n, 1, 5)],
	(ARRAY['GP', 'GP', 'GP', '59', NULL])[1 + lib.draw(i * 10 + n, 2, 5)], lib.draw(i * 10 + n, 3, 6), nullif(15 * lib.draw(i * 10 + n, 4, 5), 30), nullif(10 + i, 50), (ARRAY['35', '65', NULL])[1 + i % 3]
FROM generate_series(1, 250) i, generate_series(1, 4) n;
RESET ROLE;

-- by a policy that is there: what one finds and the other does not, with every word of it
CREATE FUNCTION plain(a text, b text, OUT change text, OUT rule text, OUT severity claim_severity, OUT was_severity claim_severity, OUT findings bigint, OUT lines bigint, OUT charge numeric)
	RETURNS SETOF record LANGUAGE sql AS $$
	WITH day AS MATERIALIZED (SELECT patient, provider, dos, claimday(claim_id, line_no, line, line_error) AS day FROM theirs.visit_lines GROUP BY 1, 2, 3
	), judged AS MATERIALIZED (
		SELECT side, d.patient, d.provider, d.dos, e.* FROM day d, (VALUES ('before', a), ('after', b)) s(side, policy), claim_edits(d.day, ruleset(s.policy)) e
	), pair AS (
		SELECT b.rule AS b_rule, a.rule AS a_rule, coalesce(a.rule, b.rule) AS rule, a.severity AS now, b.severity AS before, a.message AS a_message, b.message AS b_message, a.suggestion AS a_change, b.suggestion AS b_change,
			a.condition AS a_condition, b.condition AS b_condition, coalesce(a.patient, b.patient) AS patient, coalesce(a.provider, b.provider) AS provider, coalesce(a.dos, b.dos) AS dos,
			coalesce(a.claim_id, b.claim_id) AS claim_id, coalesce(a.line_no, b.line_no) AS line_no
		FROM (SELECT * FROM judged WHERE side = 'before' AND claim_id IS NOT NULL AND line_no IS NOT NULL) b FULL JOIN (SELECT * FROM judged WHERE side = 'after' AND claim_id IS NOT NULL AND line_no IS NOT NULL) a
			ON a.patient = b.patient AND a.provider = b.provider AND a.dos = b.dos AND a.claim_id = b.claim_id AND a.line_no = b.line_no AND a.rule = b.rule
				AND concat(a.with_claim_id, '/', a.with_line_no) = concat(b.with_claim_id, '/', b.with_line_no)
	)
	SELECT CASE WHEN p.b_rule IS NULL THEN 'gained' WHEN p.a_rule IS NULL THEN 'lost' ELSE 'changed' END AS change, p.rule, p.now, p.before, count(*), count(DISTINCT (p.claim_id, p.line_no, p.patient, p.dos)),
		(SELECT sum(v.charge) FROM theirs.visit_lines v WHERE (v.claim_id, v.line_no, v.patient, v.dos) = ANY (array_agg((p.claim_id, p.line_no, p.patient, p.dos))))
	FROM pair p WHERE p.a_rule IS NULL OR p.b_rule IS NULL OR (p.now, p.a_message, p.a_change::text, p.a_condition) IS DISTINCT FROM (p.before, p.b_message, p.b_change::text, p.b_condition)
	GROUP BY 1, 2, 3, 4
$$;
