-- What must be the same before and after an update.
SELECT string_agg(said, E'\n' ORDER BY said COLLATE "C")
FROM (
	SELECT concat_ws(' ', 'kept', line, day, judged, ruleset_hash(rules), claimline_hash_extended(line, 1), claimday_hash_extended(day, 1)) AS said FROM kept
	-- figures that a shipped policy did not have; columns that there were not
	UNION ALL SELECT replace(concat_ws(' ', 'policy', jsonb_set(to_jsonb(p), '{settings}', p.settings
			- '{review_threshold,course_limits,assistant_percent,assistant_alone_minutes,assistant_shared_minutes,assistant_payment}'::text[])
		- '{published_by,published_at}'::text[]), '"2020": 2080, ', '') FROM claim_policy p
	UNION ALL SELECT concat_ws(' ', 'edition', service_type, edition, covers, published_at, published_by, ptp_rows, mue_rows, based_on, retired_at, retired_why) FROM ncci_editions
	-- what is compiled by another version has another hash, and finds the same
	UNION ALL SELECT concat_ws(' ', 'judged', p.name, e.edition, l.line, to_jsonb(f) - 'facts') FROM claim_policy p, (VALUES ('q1'), ('starter')) e (edition), part_1 c
		JOIN parts_lines l ON l.claim_id = c.claim, claim_edits(l.line, ruleset(p.name, e.edition)) f
	UNION ALL SELECT concat_ws(' ', 'figure', f) FROM claim_conversion_factor f
	-- what shipped presets say is more now
	UNION ALL SELECT concat_ws(' ', 'preset', p) FROM claim_preset p WHERE NOT p.shipped
	UNION ALL SELECT DISTINCT concat_ws(' ', 'preset', p.preset) FROM claim_preset p WHERE p.shipped
	UNION ALL SELECT concat_ws(' ', 'source', s) FROM (SELECT name, owner, relation, view, preset, mapped, unmapped, charge, watermark, state FROM claim_sources) s
	UNION ALL SELECT concat_ws(' ', 'visits', l) FROM visits_lines l
	UNION ALL SELECT concat_ws(' ', 'carrier', l) FROM carrier_lines l
	UNION ALL SELECT concat_ws(' ', 'own', l) FROM own_lines l
	UNION ALL SELECT concat_ws(' ', 'parts', l) FROM parts_lines l
	UNION ALL SELECT concat_ws(' ', 'guard', g) FROM claim_guards g
	UNION ALL SELECT concat_ws(' ', 'noted', to_jsonb(f) - 'facts') FROM claim_guard_finding f
	UNION ALL SELECT concat_ws(' ', 'aside', q) FROM claim_quarantine q
	UNION ALL SELECT concat_ws(' ', 'open', to_jsonb(f) - '{facts,attestation}'::text[]) FROM claim_findings f
	UNION ALL SELECT concat_ws(' ', 'at', f.id, f.first_seen, f.closed_at, f.charge, f.line, f.ruleset_hash, f.edition) FROM claim_sources s, unnest('{medicare,plan}'::text[]) p, generate_series(1, 4) night,
		LATERAL (SELECT max(r.started_at) AS at FROM claim_scan_progress r WHERE r.scan = night) t, claim_findings_at(s.name, p, t.at) f
	UNION ALL SELECT concat_ws(' ', 'scan', to_jsonb(r) - 'changed') FROM claim_scan_progress r
	UNION ALL SELECT concat_ws(' ', 'change', replace(change, 'new', 'opened'), to_jsonb(c) - '{change,was_severity,was_message,was_suggestion}'::text[]) FROM claim_changes c
	UNION ALL SELECT concat_ws(' ', 'charge', c) FROM claim_report_charge c
	UNION ALL SELECT concat_ws(' ', 'undecided', ROW(u.source, u.policy, u.why, u.days, u.all_days, u.share)) FROM claim_report_undecided u
	UNION ALL SELECT concat_ws(' ', 'worst', w) FROM worst w
) x
