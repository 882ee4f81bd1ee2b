
-- what reports divide by: the days, lines and charges that were judged, by provider and month

CREATE TABLE claimline_internal.claim_scan_bucket (
	source text NOT NULL,
	policy text NOT NULL,
	id int NOT NULL,
	key bigint NOT NULL,
	provider text,
	month date,
	PRIMARY KEY (source, policy, id)
);
CREATE INDEX claim_scan_bucket_key ON claimline_internal.claim_scan_bucket (source, policy, key);
COMMENT ON TABLE claimline_internal.claim_scan_bucket IS
	'providers and months of service that there are provider-days of, which share a row; '
	'key: a hash of the two';
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
	RETURN pg_catalog.date_trunc('month', dos::pg_catalog.timestamp)::pg_catalog.date;
COMMENT ON FUNCTION claimline_internal.claim_scan_month(date) IS
	'the first day of the month of a date of service';

CREATE FUNCTION claimline_internal.claim_scan_bucket_key(provider text, dos date) RETURNS bigint
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN pg_catalog.hash_record_extended(
		ROW(provider, claimline_internal.claim_scan_month(dos)), 0);
COMMENT ON FUNCTION claimline_internal.claim_scan_bucket_key(text, date) IS
	'part of claim_scan: a hash of provider and month';

CREATE FUNCTION claimline_internal.claim_scan_buckets(run claimline_internal.claim_scan_run,
		OUT key bigint, OUT provider text, OUT month date, OUT id int) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH wanted AS MATERIALIZED (
		SELECT DISTINCT claimline_internal.claim_scan_bucket_key(w.provider, w.dos) AS key, w.provider,
			claimline_internal.claim_scan_month(w.dos) AS month
		FROM pg_temp.claim_scan_work w WHERE w.batch = run.batch AND w.day IS NOT NULL
	), there AS MATERIALIZED (
		SELECT b.key, b.provider, b.month, b.id FROM claimline_internal.claim_scan_bucket b
		WHERE b.source = run.source AND b.policy = run.policy
			AND b.key = ANY (ARRAY(SELECT w.key FROM wanted w))
	), new AS (
		INSERT INTO claimline_internal.claim_scan_bucket AS b (source, policy, id, key, provider, month)
		SELECT run.source, run.policy, (SELECT coalesce(max(m.id), 0)
				FROM claimline_internal.claim_scan_bucket m
				WHERE m.source = run.source AND m.policy = run.policy) + row_number() OVER (),
			w.key, w.provider, w.month
		FROM wanted w LEFT JOIN there t ON t.key = w.key AND t.provider IS NOT DISTINCT FROM w.provider
			AND t.month IS NOT DISTINCT FROM w.month
		WHERE t.id IS NULL
		RETURNING b.key, b.provider, b.month, b.id
	)
	TABLE there UNION ALL TABLE new;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_buckets(claimline_internal.claim_scan_run) IS
	'part of claim_scan: the buckets of the days of a batch, made where there is none; '
	'a provider and month has one (key: claim_scan_bucket_key)';
