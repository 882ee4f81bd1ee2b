-- Queries run with the plan node ClaimDays and without, and lines to run them over.  The node costs about as much as what it stands
-- for: here it is to be taken wherever it can.

SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL enable_hashagg = off;
SET LOCAL enable_sort = off;

--
-- how two plans are compared
--

CREATE FUNCTION rows_of(query text, name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format('CREATE TABLE %I AS %s', name, query);
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END $$;

-- how two results differ; null where they do not
CREATE FUNCTION differs(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	n bigint[];
	missing bigint;
	extra bigint;
BEGIN
	SET LOCAL claimline.enable_claim_days = on;
	n := ARRAY[rows_of(query, 'got')];
	SET LOCAL claimline.enable_claim_days = off;
	n := n || rows_of(query, 'wanted');
	SET LOCAL enable_sort = on;
	SET LOCAL enable_hashagg = on;
	EXECUTE 'SELECT count(*) FROM (SELECT * FROM wanted EXCEPT ALL SELECT * FROM got) x' INTO missing;
	EXECUTE 'SELECT count(*) FROM (SELECT * FROM got EXCEPT ALL SELECT * FROM wanted) x' INTO extra;
	SET LOCAL enable_sort = off;
	SET LOCAL enable_hashagg = off;
	SET LOCAL claimline.enable_claim_days = on;
	DROP TABLE got, wanted;
	RETURN CASE WHEN n[1] <> n[2] OR missing + extra > 0 THEN format('%s rows for %s, %s are missing, %s too many', n[1], n[2], missing, extra)
		WHEN n[1] = 0 THEN 'no rows' END;
END $$;

-- the node's name in the plan, or none
CREATE FUNCTION node_of(query text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(substring(plan_of(query) FROM '(?:Parallel )?Custom Scan \(ClaimDays\)'), 'none') $$;

CREATE FUNCTION same(query text, what text, node text = 'Custom Scan (ClaimDays)') RETURNS SETOF text LANGUAGE sql AS $$
	SELECT is(node_of(query) || coalesce(', ' || differs(query), ''), node, what) $$;
CREATE FUNCTION same_without(query text, what text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT same(query, what, 'none') $$;

--
-- the lines: 300 days and one that is large, from all over the table
--

CREATE TABLE lines AS
SELECT id, CASE WHEN draw(id, 1, 50) = 0 THEN NULL WHEN draw(id, 2, 10) = 0 THEN 7 ELSE draw(id, 3, 300) END AS k,
	CASE WHEN draw(id, 4, 10) > 0 THEN 'C' || draw(id, 5, 5) END AS claim_id,
	CASE WHEN draw(id, 6, 10) > 0 THEN draw(id, 7, 9) END AS line_no,
	CASE WHEN draw(id, 8, 12) > 0 THEN format('%s%s x%s %smin %s', ('{97110,97140,97124,98941,99213,G0283}'::text[])[1 + draw(id, 9, 6)],
		('{-GP,-59-GP,-GY,""}'::text[])[1 + draw(id, 10, 4)], draw(id, 11, 4), draw(id, 12, 60), date '2023-01-01' + draw(id, 13, 3))::claimline END AS line,
	CASE WHEN draw(id, 14, 2) = 0 THEN 'for reason ' || draw(id, 15, 3) END AS why
FROM generate_series(1::bigint, 3000) id;
ANALYZE lines;
