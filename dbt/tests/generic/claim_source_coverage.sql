{#- How much of the source can be judged: the share of its rows that are lines, of those that are not left out on purpose, is at least
    lines; and the share of provider-days that were decided is at least decided (0 asks for no scan).  A row says what is short. -#}
{% test claim_source_coverage(model, source, policy=none, lines=0.95, decided=0) %}
	-- depends on {{ model }}
	WITH quality AS (
		SELECT coalesce(sum(q.rows) FILTER (WHERE q.kind <> 'line-invalid'), 0)::numeric AS good, coalesce(sum(q.rows), 0)::numeric AS all_rows
		FROM {{ claimline.claimline_name('claim_source_quality') }}({{ claimline.claimline_text(source) }}) q WHERE q.kind <> 'left out'
	){% if decided > 0 %}, undecided AS (
		SELECT 1 - u.share AS share FROM {{ claimline.claimline_name('claim_report_undecided') }} u
		WHERE u.source = {{ claimline.claimline_text(source) }} AND u.policy = {{ claimline.claimline_policy(policy) }} AND u.why = 'any rule'
	){% endif %}
	SELECT 'rows that are lines' AS what, round(q.good / nullif(q.all_rows, 0), 4) AS share, {{ lines }}::numeric AS at_least FROM quality q
	WHERE coalesce(q.good / nullif(q.all_rows, 0), 0) < {{ lines }}
	{%- if decided > 0 %}
	UNION ALL
	SELECT 'provider-days that are decided', (SELECT u.share FROM undecided u), {{ decided }}::numeric
	WHERE coalesce((SELECT u.share FROM undecided u), 0) < {{ decided }}
	{%- endif %}
{% endtest %}
