\echo Use "ALTER EXTENSION claimline UPDATE" to load this file. \quit

-- from 0.1.0: what goes before the install script
--
-- Of the install script, again.awk takes what can be done once more: functions, procedures, aggregates and
-- views are replaced, comments are given again.  What it makes once, and rights, which users may have
-- changed, is taken for these, which are new or made anew:
-- anew claimline_internal claimline_internal.claim_placed claimline_internal.claim_guard
-- anew claimline_internal.claim_guard_note claimline_internal.claim_change
-- anew claimline_internal.claim_scan_state claimline_internal.claim_scan_finding
-- anew claim_word claimline_internal.claim_open_line claim_guard_finding claim_finding_history
-- anew claimline_internal.claim_scan_counted claimline_internal.claim_counted
-- anew claimline_internal.claim_undecided_stored claim_report_counted
-- anew claimline_internal.claim_scan_judged_day claimline_internal.claim_scan_day
-- anew claimline_internal.claim_scan_pending claimline_internal.claim_found_day
-- anew claimline_internal.claim_found
-- anew claimline_internal.claim_words claimline_internal.claim_scan_words
-- anew claimline_internal.claim_scan_stored claimline_internal.claim_scan_said
-- anew claim_finding_versions claimline_internal.claim_scan_grouped
-- anew claimline_internal.claim_scan_bucket claimline_internal.claim_line_worst
-- anew claimline_internal.claim_line_risk claim_report_lines claimline_internal.claim_judged
-- anew claimline_internal.claim_risk claim_report_risk claimline_internal.claim_report_cell
-- anew claim_report_risk_rules claim_report_risk_families claim_report_risk_providers
-- anew claim_report_risk_months claim_report_trend claimline_internal.claim_source_reader
-- anew claim_explanation claim_file_line claim_file_payment
-- anew claim_fhir_word claim_payment_word claim_denial
-- anew claimline_internal.claim_paid_line claimline_internal.claim_paid_answer
-- anew claimline_internal.claim_paid_pair claimline_internal.claim_paid_said
-- anew claimline_internal.claim_paid_kind
-- anew ncci_addon_import
-- anew claimline_internal.claim_attestation claimline_internal.claim_attestation_stands
-- anew claimline_internal.claim_attested claim_attestations
-- anew claim_period claimline_internal.claim_scan_course claimline_internal.claim_course_day
-- anew claimline_internal.claim_course_period
-- anew claimline_internal.claim_policy_version claim_policy_history claimline_internal.claim_tried

CREATE SCHEMA claimline_internal;
CREATE SCHEMA claimline_0_1_0;
GRANT USAGE ON SCHEMA claimline_0_1_0 TO @extowner@;

-- This script has the rights of a superuser, who must not come to run what less trusted roles made.  The
-- tables belong to the extension's owner: what reads or writes their rows is run as that role, by the end
-- of the script; see 0.1.0-after.sql.  What is run before names every function and operator with its
-- schema, or has pg_catalog alone in its path.

CREATE FUNCTION claimline_0_1_0.run_as(role regrole, command text) RETURNS void
	AS 'MODULE_PATHNAME', 'claim_run_as' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
REVOKE EXECUTE ON FUNCTION claimline_0_1_0.run_as(regrole, text) FROM PUBLIC;

-- A column of a type that a user made would have its functions run wherever a constant is compared with it.

CREATE FUNCTION claimline_0_1_0.check_tables() RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name text;
	changed text;
BEGIN
	FOREACH name IN ARRAY ARRAY['ncci_ptp_import', 'ncci_mue_import', 'ncci_edition', 'ncci_retired',
			'claim_policy', 'claim_rvu', 'claim_conversion_factor', 'claim_multiple_procedure',
			'claim_fee_modifier', 'claim_preset', 'claim_source', 'claim_change', 'claim_guard_finding',
			'claim_quarantine', 'claim_scan_state', 'claim_scan_ruleset',
			'claim_scan_day', 'claim_scan_pending', 'claim_scan_run', 'claim_scan_finding'] LOOP
		EXECUTE format('LOCK TABLE ONLY @extschema@.%I IN ACCESS EXCLUSIVE MODE', name);
		SELECT format('"%s" is no table.', name) INTO changed FROM pg_class c
			WHERE c.oid = ('@extschema@.' || name)::regclass AND c.relkind <> 'r'
			UNION ALL
			SELECT format('Column "%s" of "%s" is of type %s.',
				a.attname, name, format_type(a.atttypid, NULL))
			FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
			WHERE a.attrelid = ('@extschema@.' || name)::regclass
				AND NOT a.attisdropped AND t.typnamespace <> 'pg_catalog'::regnamespace
				AND t.typowner <> (SELECT r.typowner FROM pg_type r
					WHERE r.oid = '@extschema@.claimline'::regtype)
			LIMIT 1;
		IF changed IS NOT NULL THEN
			RAISE EXCEPTION 'tables of extension claimline are not as release 0.1.0 made them'
				USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = changed;
		END IF;
	END LOOP;
END $$;
SELECT claimline_0_1_0.check_tables();

-- what stays as it is, and is not for users to call, read or write

ALTER TYPE ncci_rows SET SCHEMA claimline_internal;
ALTER TABLE ncci_edition SET SCHEMA claimline_internal;
ALTER TABLE ncci_retired SET SCHEMA claimline_internal;
ALTER TABLE claim_source SET SCHEMA claimline_internal;
ALTER TABLE claim_scan_ruleset SET SCHEMA claimline_internal;
ALTER TABLE claim_scan_run SET SCHEMA claimline_internal;
ALTER TABLE claimline_internal.claim_scan_run ADD counted jsonb NOT NULL DEFAULT '{}';
ALTER TABLE claimline_internal.claim_scan_run ADD changed bigint NOT NULL DEFAULT 0;
ALTER INDEX claimline_internal.claim_scan_run_source_policy_id_idx RENAME TO claim_scan_run_source;
ALTER TABLE claim_policy ADD published_by name, ADD published_at timestamptz;
ALTER TABLE ncci_ptp_import REPLICA IDENTITY FULL;
ALTER TABLE ncci_mue_import REPLICA IDENTITY FULL;
ALTER TABLE claimline_internal.ncci_edition ADD addon_count bigint NOT NULL DEFAULT 0, ADD addon_over text,
	ADD addon_hash text, ADD addon claimline_internal.ncci_rows;
ALTER TABLE claim_preset REPLICA IDENTITY FULL;

-- what tables of users hold has none
ALTER TYPE claim_finding ADD ATTRIBUTE facts pg_catalog.jsonb CASCADE;

ALTER FUNCTION claim_fee_shipped() RENAME TO claim_shipped_frozen;
DO LANGUAGE plpgsql $$
DECLARE
	moved regprocedure;
BEGIN
	FOREACH moved IN ARRAY ARRAY[
		'ncci_rows_in(cstring)', 'ncci_rows_out(claimline_internal.ncci_rows)', 'ncci_rows_recv(internal)',
		'ncci_rows_send(claimline_internal.ncci_rows)', 'ncci_rows_list(claimline_internal.ncci_rows)',
		'ncci_rows_counts(claimline_internal.ncci_rows)', 'ncci_rows_hash(claimline_internal.ncci_rows)',
		'ncci_read_ptp_step(internal, text, text, text, text, text, text, text)',
		'ncci_read_ptp(text, text, text, text, text, text, text)',
		'ncci_read_mue_step(internal, text, text, text, text, text)',
		'ncci_read_mue(text, text, text, text, text)', 'ncci_read_end(internal)',
		'ncci_delta(claimline_internal.ncci_rows, claimline_internal.ncci_rows)',
		'ncci_overlay(claimline_internal.ncci_rows, claimline_internal.ncci_rows)',
		'ncci_vanished(claimline_internal.ncci_rows, claimline_internal.ncci_rows, date)',
		'ncci_lost_limits(claimline_internal.ncci_rows, claimline_internal.ncci_rows)',
		'ncci_refuse_loss(text, bigint, bigint, int, text, boolean)', 'ncci_starter(text, text)',
		'ncci_before(text, daterange, text)', 'ncci_part(text, text, claimline_internal.ncci_rows)',
		'ncci_whole(text, text, text)', 'ncci_frozen()',
		'claim_policy_guard()', 'claim_policy_chain()', 'claim_edits_support(internal)',
		'claim_passes_support(internal)', 'claim_shipped_frozen()', 'claim_read_text(text)',
		'claim_read_text(text, text[])', 'claim_read_number(text)', 'claim_read_integer(text)',
		'claim_read_integer(numeric)', 'claim_date_format_check(text)', 'claim_expression(text, text[])',
		'claim_expression_columns(text)', 'claim_view_volatile(regclass)', 'claim_guard()', 'claim_track()',
		'claim_rules_changed()', 'claim_source_gone()', 'claim_scan_state_gone()',
		'claimline(text, text[], numeric, int, date, time, text[], text[], text, boolean, int)',
		'try_claimline(text, text[], numeric, int, date, time, text[], text[], text, boolean, int)',
		'claimline_error(text, text[], numeric, int, date, time, text[], text[], text, boolean, int)'
		]::regprocedure[] LOOP
		EXECUTE pg_catalog.format('ALTER ROUTINE %s SET SCHEMA claimline_internal', moved);
	END LOOP;
END $$;

-- what goes at the end of this script: rows are taken from the tables first

ALTER TABLE claim_guard_finding SET SCHEMA claimline_0_1_0;
ALTER TABLE claim_change SET SCHEMA claimline_0_1_0;
ALTER TABLE claim_scan_state SET SCHEMA claimline_0_1_0;
ALTER TABLE claim_scan_day SET SCHEMA claimline_0_1_0;
ALTER TABLE claim_scan_pending SET SCHEMA claimline_0_1_0;
ALTER TABLE claim_scan_finding SET SCHEMA claimline_0_1_0;
ALTER TYPE claim_placed SET SCHEMA claimline_0_1_0;
ALTER TABLE claim_quarantine DROP CONSTRAINT claim_quarantine_source_fkey;
DO LANGUAGE plpgsql $$
DECLARE
	gone regprocedure;
BEGIN
	FOREACH gone IN ARRAY ARRAY[
		'ncci_rows_changes(claimline_internal.ncci_rows, claimline_internal.ncci_rows, '
			'claimline_internal.ncci_rows, claimline_internal.ncci_rows)',
		'claim_read_boolean(text)', 'claim_read_time(text)', 'claim_read_time(time)',
		'claim_read_list(text, text[])', 'claim_read_codes(text[], text[])',
		'claim_read_diagnoses(text[], text[])', 'claim_read_procedure(text)',
		'claim_read_procedure_modifiers(text)',
		'claim_source_build(regclass, jsonb, text, text)', 'claim_source_column(oid, jsonb, jsonb)',
		'claim_source_find(regclass, text, text, boolean)', 'claim_source_indexed(text)',
		'claim_source_kind(oid)', 'claim_source_known(text)', 'claim_source_name(oid)',
		'claim_source_preset(regclass, text, text[])', 'claim_source_resolve(regclass, text, jsonb)',
		'claim_source_sibling(regclass, text, text[])', 'claim_source_state(text)',
		'claim_source_table(text)', 'claim_source_triggers(text, text, text, text[])',
		'claim_source_typed(regclass, jsonb)', 'claim_source_value(text, jsonb, text[])',
		'claim_trigger_arguments(bytea)',
		'claim_rules()', 'claim_edits_placed(claimday, claim_ruleset)',
		'claim_findings_at(text, text, timestamptz)', 'claim_scan_lock_number(text)', 'claim_scan_pid(text)',
		'claim_scan_unlock(text)', 'claim_scan_key(text, text, date)', 'claim_scan_key_text(text, regtype)',
		'claim_scan_parts(regclass)', 'claim_scan_method(text, text)', 'claim_scan_watermark(text)',
		'claim_scan_place(text, bigint)', 'claim_scan_outside()',
		'claim_scan_edition(text, text, claim_ruleset)',
		'claim_scan_open(text, text, text, text, claim_severity, int, text, boolean)',
		'claim_scan_dates(claim_ruleset, claim_ruleset)', 'claim_scan_look(bigint)', 'claim_scan_forget()',
		'claim_scan_gather(bigint)', 'claim_scan_step(bigint)', 'claim_scan_more(bigint)',
		'claim_scan_close(bigint)', 'claim_scan_do(text, bigint)']::regprocedure[] LOOP
		EXECUTE pg_catalog.format('ALTER ROUTINE %s SET SCHEMA claimline_0_1_0', gone);
	END LOOP;
END $$;
