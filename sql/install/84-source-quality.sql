
-- what is in the relation of a source: rows that are lines, those that are none, and why

CREATE FUNCTION claimline_internal.claim_source_quality_sql(source text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known claimline_internal.claim_source := claimline_internal.claim_source_known(source);
BEGIN
	-- raises an error if it is gone
	PERFORM @extschema@.claim_source_select(source);
	-- each row is read once: OFFSET keeps it from being read again where its fault is named, and its type
	-- lets workers read too.  One key, so that the planner expects fewer groups
	RETURN format($sql$
		SELECT g.key[1] AS kind, g.key[2] AS field, g.key[3] AS what, g."rows", g.charge, g.example FROM (
			SELECT CASE WHEN r.left_out IS NOT NULL THEN ARRAY['left out', NULL, r.left_out]
					WHEN r.fault IS NULL THEN ARRAY['line', NULL, NULL] ELSE r.fault[1:3] END AS key,
				count(*) AS "rows", sum(r.charge) AS charge,
				min((CASE WHEN r.left_out IS NULL AND r.fault IS NULL THEN NULL ELSE concat(
					coalesce('claim ' || left(r.claim_id, 60), 'patient ' || left(r.patient, 60), 'no claim'),
					' line ' || r.line_no,
					': ' || coalesce(r.fault[4], 'code "' || left(r.code, 40) || '"')) END)
					COLLATE "C") AS example
			FROM (SELECT q.patient::text AS patient, q.claim_id, q.line_no, q.code::text AS code, q.charge,
					q.left_out, q.fault
				FROM (%s) q OFFSET '0'::bigint) r
			GROUP BY 1) g$sql$,
		claimline_internal.claim_source_sql(known.relation, known.mapping, NULL, NULL, true));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_quality_sql(text) IS
	'part of claim_source_quality: the SELECT that reads the relation of a source once and counts its rows; '
	'what rows are that are left out is said by the mapping (left_out)';

CREATE FUNCTION claimline_internal.claim_source_netted_sql(source text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known claimline_internal.claim_source := claimline_internal.claim_source_known(source);
BEGIN
	-- OFFSET: a day is netted once.  Of rows that are one to it, as many as it nets are taken, as they come
	RETURN format($sql$
		SELECT w.what, coalesce(r.fault[1:3], ARRAY['line', NULL, NULL]) AS key, r.charge,
			concat(coalesce('claim ' || left(r.claim_id, 60), 'no claim'), ' line ' || r.line_no) AS example
		FROM (SELECT g.day, g."rows", claimline_internal.claim_day_netted(g.day) AS net
				FROM (SELECT @extschema@.claimday(l.claim_id, l.line_no, l.line) AS day,
						array_agg(ROW(l.claim_id, l.line_no, l.line, l.fault, l.charge)) AS "rows"
					FROM (%s) l WHERE l.left_out IS NULL AND l.line IS NOT NULL
					GROUP BY l.patient, l.provider, l.dos OFFSET '0'::bigint) g OFFSET '0'::bigint) d,
			LATERAL (VALUES ('row of a claim loaded again', (d.net).loaded_twice),
				('reversal', (d.net).reversed),
				('reversal of no line of its day', (d.net).unmatched)) w (what, places),
			LATERAL (SELECT n.claim_id, n.line_no, n.line, count(*) AS "rows"
				FROM @extschema@.day_lines(d.day) WITH ORDINALITY n(claim_id, line_no, line, place)
				WHERE n.place = ANY (w.places) GROUP BY n.claim_id, n.line_no, n.line) n,
			LATERAL (SELECT u.* FROM unnest(d."rows") u(claim_id text, line_no int,
					line @extschema@.claimline, fault text[], charge numeric)
				WHERE (u.claim_id, u.line_no) IS NOT DISTINCT FROM (n.claim_id, n.line_no)
					AND u.line OPERATOR(@extschema@.=) n.line LIMIT n."rows") r
		WHERE w.places IS NOT NULL$sql$,
		claimline_internal.claim_source_sql(known.relation, known.mapping, NULL, NULL, true));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_netted_sql(text) IS
	'part of claim_source_quality: the SELECT of the lines of a source that their day does not count: '
	'why, as what they are counted by claim_source_quality_sql, their charge and an example';

CREATE FUNCTION claim_source_quality(source text, OUT kind text, OUT field text, OUT what text,
		OUT "rows" bigint, OUT charge numeric, OUT example text) RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_sort = off
	AS $$
BEGIN
	-- few groups, whatever the planner thinks: nothing is worth a sort but the answer.
	-- what only a day tells is taken off the lines
	RETURN QUERY EXECUTE format($sql$
		WITH c AS MATERIALIZED (%s), n AS MATERIALIZED (%s)
		SELECT q.* FROM (
			SELECT c.kind, c.field, c.what, c."rows" - coalesce(m."rows", 0) AS "rows",
				c.charge - coalesce(m.charge, 0) AS charge, c.example
			FROM c LEFT JOIN (SELECT n.key, count(*) AS "rows", sum(n.charge) AS charge
					FROM n GROUP BY n.key) m ON m.key = ARRAY[c.kind, c.field, c.what]
			WHERE m.key IS NULL OR c."rows" > m."rows"
			UNION ALL SELECT 'netted', NULL, n.what, count(*), sum(n.charge),
				min(n.example COLLATE "C") FROM n GROUP BY n.what) q
		ORDER BY array_position('{line,line-partial,line-invalid,netted,left out}', q.kind), q."rows" DESC,
			q.field, q.what$sql$,
		claimline_internal.claim_source_quality_sql(source),
		claimline_internal.claim_source_netted_sql(source));
END $$;
COMMENT ON FUNCTION claim_source_quality(text) IS
	'what is in the relation of a source: how many rows are lines, lines without a field that '
	'could not be read (line-partial), no lines (line-invalid), lines that their day does not count, as '
	'they are there once more or are reversals (netted), or left out by the mapping (left out), '
	'by the fields and the reason without the value, with what was charged and an example; each row of the '
	'relation, or line of a wide row, is counted once; with the rights of its user; '
	'raises an error for a source that does not exist or whose relation is gone';
