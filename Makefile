# claimline: make && make install && make installcheck, as with any PGXS extension

EXTENSION = claimline
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" claimline.control)

MODULE_big = claimline
# the core, which knows no server, in the order of the flow
CORE = \
	base/format base/arena base/word base/json \
	line/field_text line/stored_time line/stored_date line/stored_field line/field_json line/line line/line_hint line/line_text line/line_order \
	x12/x12 x12/x12_date x12/x12_envelope x12/x12_service x12/x12_line x12/x12_claim x12/x12_pay x12/x12_payment \
	day/day day/day_net day/day_text \
	ruleset/rule ruleset/policy ruleset/pairs ruleset/rationales ruleset/pair_overlay \
	ruleset/ruleset ruleset/pair_filter ruleset/spec_field ruleset/ruleset_spec ruleset/biller_spec ruleset/code_spec ruleset/policy_spec \
	ruleset/ruleset_load ruleset/ruleset_check ruleset/spec_coverage ruleset/coverage ruleset/ruleset_encode ruleset/ruleset_version_2 ruleset/ruleset_adopt \
	ruleset/policy_text ruleset/biller_text ruleset/ruleset_read ruleset/ruleset_text ruleset/ruleset_diff ruleset/ruleset_dates \
	ncci/ncci_rows ncci/ncci_addon ncci/ncci_file ncci/edition_history \
	edits/change edits/facts edits/pair_memo edits/finding_fact edits/note edits/finding edits/suggest edits/units \
	edits/units_supported edits/unit_pool edits/edit_units edits/edit_span_units edits/edit_split edits/edit_overlap edits/edit_mue edits/edit_ptp edits/edit_cmt edits/distinct edits/specialty edits/edit_modifier edits/assistant edits/edit_assistant \
	edits/edit_duplicate edits/edit_payer edits/edit_liability edits/edit_data edits/edit_addon edits/date_units edits/edits edits/judge edits/fact_memo edits/line_memo edits/day_change edits/smallest edits/explain \
	course/course course/course_rules
CORE_SRCS = $(CORE:%=src/core/%.c)
CORE_OBJS = $(CORE:%=src/core/%.o) src/core/ruleset/starter.o
# the server's side
PG = module server compat extension line_values line_type line_plan line_fields day_type day_netted ruleset_type ruleset_keep ruleset_share ruleset_tables ruleset_compile \
	ncci_type ncci_read policy_type policy_log units_type finding_facts finding_row edits_site edits_rows edits_explain course_rows edits_found edits_verdict edits_window edits_columns edits_plan \
	plan/day_keys plan/day_rows plan/day_groups plan/claim_days_parallel plan/claim_days plan/claim_days_path \
	file/file_parts file/file_text file/file_lines file/file_payments file/file_segments \
	store/source_expression store/source_field store/source_json store/source_column store/source_first store/source_map store/source_left_out store/source_sql store/source_mark \
	store/source_plan store/source_reading store/source_quick store/source_line store/source_fault store/source_key store/source_adjust store/source store/source_drop \
	store/store_sql store/run_as store/store_lock store/guard_cache store/guard_days store/guard_key store/guard_written \
	store/guard_findings store/guard_hint store/guard_attest store/note_scan store/guard_action store/guard_quarantine store/guard_merge store/row_reader store/day_index store/day_tables store/day_scan \
	store/guard_direct store/guard store/trigger_list store/scan_charges store/scan_key store/scan_days store/scan_bucket store/scan_outside store/said_once
OBJS = $(CORE_OBJS) $(PG:%=src/pg/%.o)
HEADERS = src/core/line/claimline.h

SQL_PIECES = $(sort $(wildcard sql/install/*.sql)) sql/build/tables.sql
# every version before has an update
UPDATED = 0.1.0
DATA_built = sql/claimline--$(EXTVERSION).sql $(UPDATED:%=sql/claimline--%--$(EXTVERSION).sql)
DOCS = $(wildcard doc/*.md)
SCRIPTS_built = claimline-load claimline-ncci

# what is expected is of a database in UTF8; without a locale every server can make one
REGRESS = $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --encoding=UTF8 --no-locale --load-extension=claimline
ISOLATION = $(sort $(patsubst test/isolation/specs/%.spec,%,$(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --encoding=UTF8 --no-locale --load-extension=claimline

# the tools that turn data/*.csv into C and SQL run on the building machine, once and for a moment: to optimize them takes longer
HOSTCC ?= $(CC)
DATA_CSV = $(wildcard data/*.csv)
RULE_LIST = src/core/ruleset/rule_list.h
FACT_LIST = src/core/edits/fact_list.h
REASON_LIST = src/core/edits/reason_list.h
ALL_HEADERS = $(sort $(wildcard src/core/*/*.h src/pg/*.h src/pg/file/*.h src/pg/plan/*.h src/pg/store/*.h src/tools/*.h) $(RULE_LIST) $(FACT_LIST) $(REASON_LIST))

EXTRA_CLEAN = $(DATA_built) sql/build $(RULE_LIST) $(FACT_LIST) $(REASON_LIST) src/core/ruleset/starter.c mkstarter mktables units_model.tsv results output_iso

PG_CPPFLAGS = -Isrc/core -Isrc
PG_CFLAGS = -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers \
	-Wno-declaration-after-statement -DCLAIMLINE_EXTVERSION='"$(EXTVERSION)"'
ifdef WERROR
PG_CFLAGS += -Werror
endif
ifdef ASSERTS
PG_CFLAGS += -DUSE_ASSERT_CHECKING
endif

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# the documentation has a folder of its own; PGXS installs it by name, but looks for it by path to uninstall it
docmoduledir = $(EXTENSION)
uninstall: uninstall-docs
uninstall-docs:
	rm -f $(addprefix '$(DESTDIR)$(docdir)/$(docmoduledir)'/, $(notdir $(DOCS)))
.PHONY: uninstall-docs

sql/claimline--$(EXTVERSION).sql: $(SQL_PIECES)
	cat $^ > $@

# what can be done once more of the install script, between what an older version needs before and behind it
sql/claimline--%--$(EXTVERSION).sql: sql/update/%-before.sql sql/update/again.awk sql/claimline--$(EXTVERSION).sql sql/update/%-after.sql
	LC_ALL=C awk -f sql/update/again.awk sql/update/$*-before.sql sql/claimline--$(EXTVERSION).sql sql/update/$*-after.sql > $@.tmp && mv $@.tmp $@

# the enum of the rules: mkstarter needs it, so it cannot write it
$(RULE_LIST): data/rules.csv src/tools/rule_list.awk
	LC_ALL=C awk -f src/tools/rule_list.awk data/rules.csv > $@.tmp && mv $@.tmp $@

# and of the facts of findings, of which it is the same
$(FACT_LIST): data/facts.csv src/tools/fact_list.awk
	LC_ALL=C awk -f src/tools/fact_list.awk data/facts.csv > $@.tmp && mv $@.tmp $@

# and of why a rule says nothing
$(REASON_LIST): data/reasons.csv src/tools/reason_list.awk
	LC_ALL=C awk -f src/tools/reason_list.awk data/reasons.csv > $@.tmp && mv $@.tmp $@

mkstarter: $(CORE_SRCS) src/tools/mkstarter.c src/tools/csv.c $(ALL_HEADERS)
	$(HOSTCC) -std=gnu11 -Wall -Wextra -Isrc/core -o $@ $(filter %.c,$^)

mktables: src/tools/mktables.c src/tools/csv.c $(ALL_HEADERS)
	$(HOSTCC) -std=gnu11 -Wall -Wextra -o $@ $(filter %.c,$^)

src/core/ruleset/starter.c: mkstarter $(DATA_CSV)
	./mkstarter data > $@.tmp && mv $@.tmp $@

sql/build/tables.sql: mktables $(DATA_CSV) sql/columns.csv
	@mkdir -p $(@D)
	./mktables data sql > $@.tmp && mv $@.tmp $@

# servers up to 15 load a module with its symbols global: the core keeps its names to itself
$(CORE_OBJS) src/pg/server.o: override CFLAGS += -fvisibility=hidden

# a program is all files of its folder, behind the first those that programs share
$(SCRIPTS_built): $(wildcard src/bin/*/*.sh)
	cat $(filter src/bin/$@/1%,$^) $(sort $(filter src/bin/common/%,$^)) $(sort $(filter-out src/bin/$@/1%,$(filter src/bin/$@/%,$^))) > $@.tmp && chmod 755 $@.tmp && mv $@.tmp $@

# every object may depend on every header: the headers are few and small
$(OBJS) $(OBJS:.o=.bc): $(ALL_HEADERS)

all: $(DATA_built) $(SCRIPTS_built)

# what PGXN takes: the last commit
DIST ?= $(EXTENSION)-$(EXTVERSION).zip
dist:
	git archive --format=zip --prefix=$(EXTENSION)-$(EXTVERSION)/ --output='$(DIST)' HEAD
.PHONY: dist
