-- The reference data as tables: for tests that work out by themselves what the edits must say

CREATE TEMP TABLE ptp_csv (service_type text, column_1 text, column_2 text, valid_from date, valid_to date, indicator int,
	rationale text, source text);
CREATE TEMP TABLE mue_csv (service_type text, code text, units numeric, mai int, valid_from date, valid_to date, source text);
CREATE TEMP TABLE modifier_csv (modifier text, valid_from date, kinds text, only_on text, not_on text, requires text,
	requires_from date, source text);
CREATE TEMP TABLE code_csv (code text, classes text, spinal_min int, spinal_max int, extraspinal_min int, source text);
CREATE TEMP TABLE scope_csv (service_type text, code text, pairs text, source text);
CREATE TEMP TABLE edition_csv (edition text, service_type text, valid_from date, valid_to date, scope text, source text);
CREATE TEMP TABLE coverage_csv (service_type text, part text, column_1 text, column_2 text, valid_from date, valid_to date, note text, source text);

\copy ptp_csv from 'data/ptp.csv' csv header
\copy mue_csv from 'data/mue.csv' csv header
\copy modifier_csv from 'data/modifiers.csv' csv header
\copy code_csv from 'data/codes.csv' csv header
\copy scope_csv from 'data/scope.csv' csv header
\copy edition_csv from 'data/editions.csv' csv header
\copy coverage_csv from 'data/coverage.csv' csv header
