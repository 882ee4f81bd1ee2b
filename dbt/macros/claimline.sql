{#- The name of an object of the extension, with its schema. -#}
{% macro claimline_name(name) -%}
	"{{ var('claimline_schema', 'claims') | replace('"', '""') }}".{{ name }}
{%- endmacro %}

{#- A text as SQL. -#}
{% macro claimline_text(value) -%}
	{%- if value is none -%} NULL {%- else -%} '{{ value | string | replace("'", "''") }}' {%- endif -%}
{%- endmacro %}

{#- The policy that was named, or the project's. -#}
{% macro claimline_policy(policy) -%}
	{{ claimline_text(policy if policy is not none else var('claimline_policy', 'medicare')) }}
{%- endmacro %}

{#- The expressions of a medical_claim of Tuva, as arguments of claimline_line.  It has neither minutes nor regions, and its diagnoses are of
    the claim. -#}
{% macro claimline_tuva() -%}
	{{ return({
		'code': 'hcpcs_code',
		'modifiers': 'ARRAY[hcpcs_modifier_1, hcpcs_modifier_2, hcpcs_modifier_3, hcpcs_modifier_4, hcpcs_modifier_5]',
		'units': 'service_unit_quantity',
		'dos': 'coalesce(claim_line_start_date, claim_start_date)',
		'thru': 'claim_line_end_date',
		'dx': 'ARRAY[diagnosis_code_1, diagnosis_code_2, diagnosis_code_3, diagnosis_code_4, diagnosis_code_5, diagnosis_code_6, '
			~ 'diagnosis_code_7, diagnosis_code_8, diagnosis_code_9, diagnosis_code_10, diagnosis_code_11, diagnosis_code_12]',
		'dx_of': "'claim'",
	}) }}
{%- endmacro %}

{#- A line out of expressions: code, modifiers, units, minutes, dos, start_time, dx, regions and so on, by name; null where it is none. -#}
{% macro claimline_line(fields) -%}
	{{ claimline_call('try_claimline', fields) }}
{%- endmacro %}

{#- Why it is none; null where it is one. -#}
{% macro claimline_line_error(fields) -%}
	{{ claimline_call('claimline_error', fields) }}
{%- endmacro %}

{% macro claimline_call(function, fields) -%}
	{{ claimline_name(function) }}({% for name, expression in fields.items() %}{{ name }} => {{ expression }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- A post-hook of the model that a source is over: {"sql": "{{ claimline.claimline_scan('claims') }}", "transaction": false}. -#}
{% macro claimline_scan(source, policy=none) -%}
	CALL {{ claimline_name('claim_scan') }}({{ claimline_text(source) }}, {{ claimline_policy(policy) }})
{%- endmacro %}

{#- A post-hook of a model that is rebuilt, before the scan: the source is put over the new table. -#}
{% macro claimline_rebind(source, relation) -%}
	SELECT {{ claimline_name('claim_source_rebind') }}({{ claimline_text(source) }}, {{ claimline_text(relation) }})
{%- endmacro %}
