-- What must be the same before and after pg_upgrade.
SELECT string_agg(said, E'\n' ORDER BY said COLLATE "C")
FROM (
	SELECT concat_ws(' ', 'kept', n, line, day, passes, claimline_hash_extended(line, 1), claimday_hash_extended(day, 1), ruleset_hash(rules), md5(rules::text)) AS said FROM kept
	UNION ALL SELECT concat_ws(' ', 'policy', p) FROM claim_policy p
	UNION ALL SELECT concat_ws(' ', 'edition', e) FROM ncci_editions e
	UNION ALL SELECT concat_ws(' ', 'ruleset', p.name, e.edition, ruleset_hash(ruleset(p.name, e.edition))) FROM claim_policy p, (VALUES ('q1'), (NULL)) e (edition)
	UNION ALL SELECT concat_ws(' ', 'source', s) FROM (SELECT name, owner, relation, view, preset, mapped, unmapped, charge, watermark, state FROM claim_sources) s
	UNION ALL SELECT concat_ws(' ', 'guard', g) FROM claim_guards g
	UNION ALL SELECT concat_ws(' ', 'trigger', tgname, tgenabled) FROM pg_trigger WHERE tgrelid = 'visit'::regclass
	UNION ALL SELECT concat_ws(' ', 'noted', f) FROM claim_guard_finding f
	UNION ALL SELECT concat_ws(' ', 'aside', q) FROM claim_quarantine q
	UNION ALL SELECT concat_ws(' ', 'found', h) FROM claim_finding_history h
	UNION ALL SELECT concat_ws(' ', 'scan', to_jsonb(r)) FROM claim_scan_progress r
	UNION ALL SELECT concat_ws(' ', 'log', patient, provider, dos, whole) FROM claimline_internal.claim_change
	UNION ALL SELECT concat_ws(' ', 'line', l) FROM visits_lines l
	UNION ALL SELECT concat_ws(' ', 'counted', c) FROM claim_report_counted c
	UNION ALL SELECT concat_ws(' ', 'risk', r) FROM claim_report_risk r
) x
