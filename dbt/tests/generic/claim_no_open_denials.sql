{#- The last scan left no more open denials than above; a source that was never scanned by the policy fails, too.  Rows are the lines.
    model is what the source is over: dbt tests it after it was made, and after its post-hooks. -#}
{% test claim_no_open_denials(model, source, policy=none, above=0) %}
	-- depends on {{ model }}
	WITH denied AS (
		SELECT l.claim_id, l.line_no, l.rule, l.message, l.charge, l.first_seen FROM {{ claimline.claimline_name('claim_report_lines') }} l
		WHERE l.source = {{ claimline.claimline_text(source) }} AND l.policy = {{ claimline.claimline_policy(policy) }} AND l.severity = 'deny'
	)
	SELECT d.* FROM denied d WHERE (SELECT count(*) FROM denied) > {{ above | int }}
	UNION ALL
	SELECT NULL, NULL, NULL, 'never scanned, or not yours to read', NULL, NULL
	WHERE NOT EXISTS (SELECT FROM {{ claimline.claimline_name('claim_scan_progress') }} p
		WHERE p.source = {{ claimline.claimline_text(source) }} AND p.policy = {{ claimline.claimline_policy(policy) }} AND p.status = 'finished')
{% endtest %}
