# claimline: make && make install && make installcheck, as with any PGXS extension

EXTENSION = claimline
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" claimline.control)

MODULE_big = claimline
# in the order of the flow
CORE_OBJS = src/arena.o src/field_text.o src/line_text.o src/line_order.o src/day.o src/day_text.o \
	src/pairs.o src/ruleset.o src/spec_field.o src/ruleset_spec.o src/policy_spec.o \
	src/ruleset_load.o src/ruleset_check.o src/ruleset_encode.o src/json.o \
	src/policy_text.o src/ruleset_text.o src/ruleset_diff.o src/ncci_rows.o src/ncci_file.o \
	src/edition_history.o src/units.o \
	src/edits.o src/edit_units.o src/edit_mue.o src/edit_ptp.o src/edit_cmt.o \
	src/edit_modifier.o src/edit_duplicate.o src/edit_payer.o src/edit_data.o src/suggest.o
OBJS = $(CORE_OBJS) src/starter.o src/module.o src/server.o src/line_type.o src/day_type.o \
	src/ruleset_type.o src/ruleset_keep.o src/ruleset_build.o src/policy.o src/ncci_type.o src/units_type.o src/finding.o src/plan.o src/source.o src/guard_keep.o src/guard_answer.o src/guard.o
HEADERS = src/claimline.h

SQL_PIECES = $(sort $(wildcard sql/install/*.sql)) sql/build/fee-data.sql
FEE_CSV = $(addprefix data/,fees.csv conversion_factors.csv multiple_procedure.csv fee_modifiers.csv presets.csv)
DATA_built = sql/claimline--$(EXTVERSION).sql
DATA = $(wildcard sql/update/claimline--*--*.sql)
DOCS = $(wildcard doc/*.md)

REGRESS = $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=claimline
ISOLATION = $(sort $(patsubst test/isolation/specs/%.spec,%,$(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=claimline

# the tool that turns data/*.csv into src/starter.c runs on the building machine
HOSTCC ?= $(CC)
MKSTARTER_SRCS = src/mkstarter.c src/arena.c src/field_text.c src/line_text.c src/pairs.c src/ruleset.c \
	src/spec_field.c src/ruleset_spec.c src/policy_spec.c src/ruleset_load.c src/ruleset_check.c \
	src/ruleset_encode.c src/json.c src/policy_text.c
DATA_CSV = $(wildcard data/*.csv)

EXTRA_CLEAN = $(DATA_built) sql/build src/starter.c mkstarter core_replay units_model.tsv results output_iso

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

sql/claimline--$(EXTVERSION).sql: $(SQL_PIECES)
	cat $^ > $@

# the tables of figures: an extension script cannot copy from files
sql/build/fee-data.sql: sql/install/71-fee-data.awk $(FEE_CSV)
	@mkdir -p $(@D)
	awk -f sql/install/71-fee-data.awk $(FEE_CSV) > $@.tmp && mv $@.tmp $@

mkstarter: $(MKSTARTER_SRCS) $(wildcard src/*.h)
	$(HOSTCC) -std=gnu11 -O2 -Wall -Wextra -o $@ $(MKSTARTER_SRCS)

src/starter.c: mkstarter $(DATA_CSV)
	./mkstarter data > $@.tmp && mv $@.tmp $@

# servers up to 15 load a module with its symbols global: the core keeps its names to itself
$(CORE_OBJS) src/starter.o src/server.o: override CFLAGS += -fvisibility=hidden

# every object may depend on every header: the headers are few and small
$(OBJS): $(wildcard src/*.h)

all: sql/claimline--$(EXTVERSION).sql

