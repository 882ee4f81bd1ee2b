\i test/tap/lib.sql
SELECT no_plan();
SELECT claim_files_create('public');
SELECT claim_source_add('clinic', 'claim_file_line', 'x12') \g /dev/null
CALL claim_scan('clinic');
SELECT is_empty($$SELECT * FROM claim_reconcile('clinic')$$);
SELECT is_empty($$SELECT * FROM claim_reconcile_rules('clinic')$$);
SELECT * FROM finish();
