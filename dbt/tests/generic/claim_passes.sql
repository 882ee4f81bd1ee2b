{#- Each row of the model is a line that passes by itself, whatever else is billed that day: rows that do not.
    fields: expressions by name, those of Tuva's medical_claim by default; lines: false lets rows through that are no line. -#}
{% test claim_passes(model, fields=none, policy=none, lines=true) %}
	{%- set fields = fields if fields is not none else claimline.claimline_tuva() %}
	SELECT t.* FROM (
		SELECT m.*, {{ claimline.claimline_line(fields) }} AS claimline_line,
			{{ claimline.claimline_line_error(fields) }} AS claimline_error
		FROM {{ model }} m
	) t
	WHERE NOT {{ claimline.claimline_name('claim_passes') }}(t.claimline_line, {{ claimline.claimline_name('ruleset') }}({{ claimline.claimline_policy(policy) }}))
	{%- if lines %} OR t.claimline_error IS NOT NULL {%- endif %}
{% endtest %}
