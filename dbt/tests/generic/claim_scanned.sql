{#- The last scan finished, and within so many hours: a row says what is wrong. -#}
{% test claim_scanned(model, source, policy=none, hours=26) %}
	-- depends on {{ model }}
	WITH run AS (
		SELECT p.scan, p.status, p.started_at, p.finished_at FROM {{ claimline.claimline_name('claim_scan_progress') }} p
		WHERE p.source = {{ claimline.claimline_text(source) }} AND p.policy = {{ claimline.claimline_policy(policy) }}
	)
	SELECT 'never scanned, or not yours to read' AS problem, NULL::bigint AS scan, NULL::timestamptz AS started_at WHERE NOT EXISTS (SELECT FROM run)
	UNION ALL
	SELECT 'the last scan did not finish', r.scan, r.started_at FROM run r WHERE r.scan = (SELECT max(scan) FROM run) AND r.status = 'interrupted'
	UNION ALL
	SELECT 'no scan finished within {{ hours | int }} hours', max(r.scan), max(r.started_at) FROM run r
	HAVING count(*) > 0 AND coalesce(max(r.finished_at) < now() - make_interval(hours => {{ hours | int }}), true)
{% endtest %}
