
-- Tables without a key: a publication FOR ALL TABLES would refuse to update and delete their rows.

ALTER TABLE ncci_ptp_import REPLICA IDENTITY FULL;
ALTER TABLE ncci_mue_import REPLICA IDENTITY FULL;
ALTER TABLE ncci_addon_import REPLICA IDENTITY FULL;
ALTER TABLE claim_preset REPLICA IDENTITY FULL;
ALTER TABLE claim_word REPLICA IDENTITY FULL;
ALTER TABLE claimline_internal.claim_guard_note REPLICA IDENTITY FULL;
ALTER TABLE claimline_internal.claim_change REPLICA IDENTITY FULL;
