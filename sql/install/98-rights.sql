
-- rights on claimline_internal.  Sources, guards, scans and editions run with the rights of their user, so
-- that he may execute what they call; nobody is to call the rest: triggers but for those that users'
-- tables get, parts of aggregates, of the planner.

REVOKE EXECUTE ON FUNCTION
	claimline_internal.claim_policy_superseded(),
	claimline_internal.claim_policy_guard(), claimline_internal.claim_policy_chain(),
	claimline_internal.ncci_frozen(), claimline_internal.claim_shipped_frozen(),
	claimline_internal.claim_rules_changed(), claimline_internal.claim_source_gone(),
	claimline_internal.claim_scan_state_gone(), claimline_internal.claim_scan_finding_gone(),
	claimline_internal.claim_finding_deleted(),
	claimline_internal.claim_attestation_kept(),
	claimline_internal.claim_period_changed(), claimline_internal.claim_period_truncated(),
	claimline_internal.ncci_read_ptp_step(internal, text, text, text, text, text, text, text),
	claimline_internal.ncci_read_mue_step(internal, text, text, text, text, text),
	claimline_internal.ncci_read_addon_step(internal, text),
	claimline_internal.ncci_read_end(internal),
	claimline_internal.claim_charges_step(internal, text, int, claimline, numeric),
	claimline_internal.claim_charges_end(internal),
	claimline_internal.claim_scan_pack_step(internal, uuid, bigint, int, int, int, smallint, smallint,
		numeric[]),
	claimline_internal.claim_scan_pack_end(internal),
	claimline_internal.claim_edits_support(internal), claimline_internal.claim_passes_support(internal),
	claimline_internal.claim_read_key_support(internal), claimline_internal.claimline_support(internal),
	claimline_internal.claim_is_marked_support(internal),
	claimline_internal.ncci_rows_in(cstring), claimline_internal.ncci_rows_out(claimline_internal.ncci_rows),
	claimline_internal.ncci_rows_recv(internal),
	claimline_internal.ncci_rows_send(claimline_internal.ncci_rows)
	FROM PUBLIC;
