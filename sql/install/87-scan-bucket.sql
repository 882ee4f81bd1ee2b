
-- what reports divide by: the days, lines and charges that were judged, by provider and month

CREATE TABLE claimline_internal.claim_scan_bucket (
	source text NOT NULL,
	policy text NOT NULL,
	id int NOT NULL,
	provider text,
	month date,
	PRIMARY KEY (source, policy, id)
);
COMMENT ON TABLE claimline_internal.claim_scan_bucket IS
	'providers and months of service that there are provider-days of, which share a row';
ALTER TABLE claimline_internal.claim_scan_bucket OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_bucket ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claimline_internal.claim_scan_bucket
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_bucket TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_bucket', '');

CREATE FUNCTION claimline_internal.claim_scan_month(dos date) RETURNS date
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	-- a timestamp has fewer years
	RETURN CASE WHEN pg_catalog.isfinite(dos) THEN dos OPERATOR(pg_catalog.-)
		(EXTRACT(day FROM dos)::pg_catalog.int4 OPERATOR(pg_catalog.-) 1) ELSE dos END;
COMMENT ON FUNCTION claimline_internal.claim_scan_month(date) IS
	'the first day of the month of a date of service';

CREATE FUNCTION claimline_internal.claim_scan_bucket(ids int[], providers text[], months date[],
		provider text, dos date) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE CALLED ON NULL INPUT PARALLEL RESTRICTED;
COMMENT ON FUNCTION claimline_internal.claim_scan_bucket(int[], text[], date[], text, date) IS
	'part of claim_scan: the number of the bucket of a provider and a date of service: of those that there '
	'are, or in a statement the next one, negative the first time; '
	'raises an error for a null array, or one of another length';

CREATE FUNCTION claimline_internal.claim_scan_bucket_sql(run claimline_internal.claim_scan_run,
		provider text, dos text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT format('claimline_internal.claim_scan_bucket(%s, %s, %s, %s, %s)',
		format(known, 'id'), format(known, 'provider'), format(known, 'month'), provider, dos)
	FROM (SELECT format('ARRAY(SELECT b.%%I FROM claimline_internal.claim_scan_bucket b '
		'WHERE b.source = %L AND b.policy = %L ORDER BY b.id)', run.source, run.policy)) k(known)
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_bucket_sql(claimline_internal.claim_scan_run, text, text) IS
	'part of claim_scan: a call of claim_scan_bucket with all that are known';

CREATE FUNCTION claimline_internal.claim_scan_spelt_sql(run claimline_internal.claim_scan_run, work text)
		RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN k.same = k.as_text THEN format('SELECT w.*, w.provider AS spelt FROM (%s) w', work)
		ELSE format($sql$
			SELECT w.*, coalesce(k.provider, min(w.provider) OVER (PARTITION BY w.same)) AS spelt
			FROM (SELECT w.*, CASE WHEN w.provider IS NOT NULL THEN %2$s END AS same FROM (%1$s) w) w
			LEFT JOIN (SELECT DISTINCT ON (b.same) b.same, b.provider
				FROM (SELECT b.id, b.provider, %3$s AS same FROM claimline_internal.claim_scan_bucket b
					WHERE b.source = %4$L AND b.policy = %5$L AND b.provider IS NOT NULL) b
				ORDER BY b.same, b.id) k ON k.same = w.same$sql$, work,
			format(k.same, format(k.of_text, 'w.provider')),
			format(k.same, format(k.of_text, 'b.provider')), run.source, run.policy) END
	FROM claimline_internal.claim_source s, claimline_internal.claim_scan_key_forms(s, 'provider') k
	WHERE s.name = run.source
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_spelt_sql(claimline_internal.claim_scan_run, text) IS
	'part of claim_scan: a SELECT of days (work) with one spelling of the provider, as reports go by it: '
	'where several are equal, the one that is stored, or the first';
