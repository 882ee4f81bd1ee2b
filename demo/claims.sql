-- demo/claims.sql
--
-- Makes the demo data, the same rows on each run:
--   medical_claim  claim lines with the names and types of the Tuva model
--   visit_note     what claims do not carry: minutes, start time, body regions
--   planted        the answer: what a careful biller finds on which line
--
-- People, providers and claims are invented. Every NPI fails its check digit.
--
-- A scenario is one provider-day, a claim line a row:
--   [#b] [@2] CODE-MODIFIERS [xUNITS] [MINmin] [HH:MM] [region=] [dx=] [~] [| label, label]
-- #b puts the line on a second claim, @2 on a second provider. ~ draws the minutes and
-- computes the units. A dash without a modifier is an empty slot. A label is a rule, with
-- its severity after a colon when it is not the usual one; ok marks a decoy: a line that
-- looks wrong and is right. dx= holds for the whole claim, dx=- means no diagnosis.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;

DROP TABLE IF EXISTS medical_claim, visit_note, planted CASCADE;

CREATE TABLE medical_claim (
	claim_id text NOT NULL,
	claim_line_number int NOT NULL,
	person_id text,
	payer text,
	claim_type text,
	claim_start_date date,
	claim_line_start_date date,
	place_of_service_code text,
	service_unit_quantity numeric(18,3),
	hcpcs_code text,
	hcpcs_modifier_1 text,
	hcpcs_modifier_2 text,
	hcpcs_modifier_3 text,
	hcpcs_modifier_4 text,
	hcpcs_modifier_5 text,
	rendering_npi text,
	diagnosis_code_1 text,
	diagnosis_code_2 text,
	diagnosis_code_3 text,
	diagnosis_code_4 text,
	charge_amount numeric(18,2),
	data_source text,
	PRIMARY KEY (claim_id, claim_line_number)
);
COMMENT ON TABLE medical_claim IS 'demo claim lines, shaped like the Tuva medical_claim';

CREATE TABLE visit_note (
	claim_id text NOT NULL,
	claim_line_number int NOT NULL,
	minutes int,
	start_time time,
	regions text[],
	PRIMARY KEY (claim_id, claim_line_number)
);
COMMENT ON TABLE visit_note IS 'what the visit note documents about a claim line';

CREATE TABLE planted (
	claim_id text NOT NULL,
	claim_line_number int NOT NULL,
	rule text,
	note text NOT NULL,
	severity text,
	CHECK ((rule IS NULL) = (severity IS NULL)),
	UNIQUE NULLS NOT DISTINCT (claim_id, claim_line_number, rule)
);
COMMENT ON TABLE planted IS 'expected findings; rule is null on a decoy';

-- The n-th part of chance: a number from 0 to n-1 that depends on the seed alone.
CREATE OR REPLACE FUNCTION pg_temp.draw(seed text, n int) RETURNS int
LANGUAGE sql IMMUTABLE STRICT
AS $$ SELECT (('x' || substr(md5('claimline ' || seed), 1, 7))::bit(28)::int % n) $$;

-- ---------------------------------------------------------------- scenarios

-- dos: a date, 'none', or null for a visit of an episode inside 2021-01..2024-09
CREATE TEMP TABLE scenario (
	id int GENERATED ALWAYS AS IDENTITY,
	copies int NOT NULL,
	practice text NOT NULL,
	dos text,
	note text,
	lines text NOT NULL
) ON COMMIT DROP;

-- Clean days: no note, no deny.
INSERT INTO scenario (copies, practice, lines) VALUES
(34, 'pt', '97110-GP ~
            97140-GP ~
            97530-GP ~'),
(30, 'pt', '97110-GP ~
            97112-GP ~
            97140-GP ~
            97530-GP ~'),
(26, 'pt', '97110-GP ~
            97124-GP ~
            97112-GP ~
            G0283-GP'),
(26, 'pt', '97140-GP ~
            97110-GP ~
            G0283-GP'),
(22, 'pt', '97110-GP-KX ~
            97116-GP-KX ~
            97530-GP-KX ~'),
(22, 'pt', '97110-GP-CQ ~
            97112-GP-CQ ~
            97116-GP-CQ ~'),
(22, 'pt', '97161-GP
            97110-GP ~
            97535-GP ~'),
(18, 'pt', '97162-GP
            97112-GP ~
            97530-GP ~'),
(18, 'pt', '97110-GP ~
            97124-GP ~
            97112-GP ~
            97535-GP ~'),
(18, 'pt', '97112-GP ~
            97110-GP ~
            97035-GP x1 15min'),
(18, 'pt', '97018-GP
            97110-GP ~
            97112-GP ~'),
(16, 'pt', '97113-GP ~
            97116-GP ~'),
(14, 'pt', '97164-GP
            97110-GP ~
            97112-GP ~'),
(14, 'pt', '97012-GP
            97110-GP ~
            97112-GP ~
            97530-GP ~'),
(12, 'pt', '97750-GP x2 30min
            97110-GP ~
            97112-GP ~'),
(12, 'ot', '97165-GO
            97110-GO ~
            97535-GO ~'),
(16, 'ot', '97112-GO ~
            97110-GO ~
            97535-GO-KX ~'),
(10, 'ot', '97760-GO x2 30min
            97535-GO ~
            97533-GO-CO ~'),
(26, 'dc', '98940-AT region=cervical
            97110-GP ~
            97530-GP ~'),
(26, 'dc', '98941-AT region=cervical,thoracic,lumbar
            G0283-GP
            97110-GP ~'),
(18, 'dc', '98941-AT region=thoracic,lumbar,pelvic
            97012-GP
            97035-GP x1 10min'),
(16, 'dc', '98942-AT region=cervical,thoracic,lumbar,sacral,pelvic
            97110-GP ~
            97116-GP ~
            97530-GP ~'),
(14, 'dc', '98940-AT region=lumbar,sacral
            97032-GP x1 15min
            97110-GP ~'),
(14, 'dc', '98940-AT region=lumbar,pelvic
            97124-XS-GP ~ region=cervical | ptp-bypassed
            97110-GP ~'),
(14, 'dc', '98941-AT region=cervical,thoracic,lumbar
            97140-GP-XS ~ region=upper_extremity | ptp-bypassed
            97530-GP ~'),
(10, 'dc', '99213-25 | ptp-bypassed
            98940-AT region=cervical,thoracic
            97110-GP ~'),
(12, 'of', '99213'),
(10, 'of', '99214'),
(8,  'of', '99203'),
(6,  'of', '99204'),
(5,  'of', '99212'),
(9,  'of', '97810
            97811 x2'),
(5,  'of', '20561');

-- Units
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(4, 'pt', null, 'two units need 23 minutes', '97124-GP x2 22min | units-minutes'),
(3, 'pt', null, 'under 8 minutes there is nothing to bill', '97124-GP x1 7min | units-minutes
	G0283-GP'),
(3, 'pt', null, 'four units need 53 minutes', '97110-GP x4 52min | units-minutes'),
(3, 'pt', null, '47 minutes are 3 units; the extra one belongs to the 24 minutes', '97112-GP x2 24min
	97110-GP x2 23min | units-minutes'),
(3, 'pt', null, '20 and 20 minutes are 3 units; of equal claims the smaller code is served', '97110-GP x2 20min
	97140-GP x2 20min | units-minutes'),
(3, 'pt', null, '10 and 10 minutes are 1 unit; of equal claims the smaller code is served', '97110-GP x1 10min
	97124-GP x1 10min | units-minutes'),
(3, 'pt', null, '33 and 7 minutes are 2 and 1: the third unit belongs to the 7 minutes', '97110-GP x3 33min | units-minutes
	97140-GP x0 7min | units-underbilled'),
(3, 'pt', null, '49 minutes are 3 units; the 8 minutes get none', '97110-GP x1 18min
	97140-GP x1 13min
	97116-GP x1 10min
	97035-GP x1 8min | units-minutes'),
(2, 'pt', null, '34 minutes are 2 units; of equal claims the smaller code is served', '97110-GP x1 8min
	97112-GP x1 8min | units-minutes
	97140-GP x1 18min'),
(3, 'pt', null, 'minutes of an untimed code support no unit', 'G0283-GP x1 20min
	97110-GP x2 20min | units-minutes'),
(2, 'pt', null, 'minutes of an evaluation support no unit', '97161-GP x1 40min
	97530-GP x2 15min | units-minutes'),
(2, 'ot', null, 'minutes are pooled per discipline: 20 minutes of GP are 1 unit', '97110-GP x2 20min | units-minutes
	97535-GO x1 20min'),
(4, 'pt', null, '38 minutes support 3 units', '97140-GP x1 38min | units-underbilled'),
(3, 'pt', null, '30 minutes support 2 units', '97110-GP x2 30min
	97124-GP x1 30min | units-underbilled'),
(2, 'dc', null, '53 minutes support 4 units', '98940-AT region=cervical
	97110-GP x3 53min | units-underbilled'),
(4, 'pt', null, 'no minutes documented', '97110-GP x2 30min
	97140-GP x1 | units-unknown'),
(4, 'pt', null, 'no minutes documented', '97124-GP x1 | units-unknown
	97018-GP'),
(2, 'dc', null, 'no minutes documented', '98941-AT region=cervical,thoracic,lumbar
	97110-GP x2 | units-unknown'),
(3, 'pt', null, 'units of a timed code are whole', '97124-GP x1.5 25min | units-fraction'),
(3, 'pt', null, 'units of a timed code are whole', '97110-GP x0.5 15min | units-fraction
	97530-GP x2 30min'),
(2, 'pt', null, 'units of a timed code are whole', '97140-GP x2.250 40min | units-fraction'),
(2, 'dc', null, 'a manipulation is done or not', '98941-AT x0.5 region=thoracic,lumbar,sacral | units-fraction'),
(4, 'pt', null, 'one timed code on two lines of a day', '97124-GP x2 30min | units-split-lines
	#b 97124-GP x1 15min | units-split-lines'),
(3, 'pt', null, 'one timed code on two lines of a day; 76 does not change it', '97124-GP x1 15min | units-split-lines
	97124-GP-76 x2 30min | units-split-lines
	97530-GP ~'),
(2, 'dc', null, 'one timed code on two lines of a day', '98940-AT region=cervical
	97110-GP x1 15min | units-split-lines
	97110-GP-KX x1 15min | units-split-lines'),
(4, 'pt', null, 'two timed services from 09:15 to 09:30', '97110-GP x2 30min 09:00 | time-overlap
	97140-GP x1 15min 09:15 | time-overlap'),
(3, 'pt', null, 'two timed services from 10:10 to 10:15', '97112-GP x1 15min 10:10 | time-overlap
	97124-GP x1 15min 10:00 | time-overlap'),
(2, 'pt', null, 'two timed services at 13:30', '97530-GP x2 30min 13:30 | time-overlap
	#b 97116-GP x1 15min 13:30 | time-overlap');

-- Units: decoys
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(3, 'pt', null, '23 minutes are 2 units', '97124-GP x2 23min | ok
	G0283-GP'),
(2, 'pt', null, '8 minutes are 1 unit', '97110-GP x1 8min | ok'),
(2, 'pt', null, '20 and 20 minutes: the third unit may go to either', '97110-GP x2 20min | ok
	97140-GP x1 20min'),
(2, 'pt', null, '20 and 20 minutes: the third unit may go to either', '97110-GP x1 20min
	97140-GP x2 20min | ok'),
(2, 'pt', null, '33 and 7 minutes are 2 and 1', '97110-GP x2 33min
	97140-GP x1 7min | ok'),
(2, 'pt', null, '35 and 7 minutes are 2 and 1', '97112-GP x2 35min
	97124-GP x1 7min | ok'),
(3, 'pt', null, '5 and 18 minutes are 1 and 1', '97124-GP x1 5min | ok
	97110-GP x1 18min'),
(2, 'pt', null, '3 units: 8 minutes of ultrasound stay unbilled', '97110-GP x1 18min
	97140-GP x1 13min
	97116-GP x1 10min
	97035-GP x0 8min | ok'),
(2, 'pt', null, '7, 7 and 7 minutes are 1 unit of any one code', '97112-GP x0 7min
	97110-GP x0 7min
	97140-GP x1 7min | ok'),
(2, 'pt', null, '34 minutes are 2 units: the second may go to either 8 minutes', '97110-GP x0 8min
	97112-GP x1 8min | ok
	97140-GP x1 18min'),
(2, 'pt', null, '40 and 15 minutes are 3 and 1', '97530-GP x3 40min | ok
	97112-GP x1 15min'),
(2, 'pt', null, '5 minutes documented, nothing billed', '97124-GP x0 5min | ok
	97018-GP'),
(2, 'ot', null, '10 minutes each, but of two disciplines', '97110-GP x1 10min | ok
	97535-GO x1 10min | ok'),
(2, 'pt', null, 'minutes of a group session are not counted in units', '97150-GP x1 45min | ok'),
(2, 'pt', null, 'the assistant''s share goes on its own line', '97110-GP x1 15min
	97110-GP-CQ x1 15min | ok'),
(2, 'ot', null, 'one code, two disciplines, two lines', '97530-GP x1 15min
	97530-GO x1 15min | ok'),
(2, 'pt', '2021-02-08', 'two lines of a timed code were not rejected before 2021-04-19', '97110-GP x1 15min
	97110-GP-76 x1 15min | ok'),
(3, 'pt', null, 'one service ends when the next begins', '97110-GP x2 30min 09:00
	97140-GP x1 15min 09:30 | ok'),
(2, 'pt', null, 'a supervised modality may run at the same time', '97110-GP x2 30min 14:00
	G0283-GP x1 15min 14:00 | ok'),
(2, 'dc', null, 'a manipulation is not a timed service', '98940-AT 11:00 region=cervical,thoracic | ok
	97110-GP x1 15min 11:00 | ok'),
(2, 'of', null, 'miles are not counted services; the starter edition does not know the code', 'A0425 x12.300 | ok, edition-coverage:unknown');

-- Medically unlikely edits
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(4, 'pt', null, '75 minutes are 5 units; a day takes 4', '97124-GP x5 75min | mue-day'),
(4, 'pt', null, '3 and 2 units of one day are 5; a day takes 4', '97124-GP x3 45min | mue-day, units-split-lines
	#b 97124-GP x2 30min | mue-day, units-split-lines'),
(2, 'pt', null, 'a day takes 2 units', '97035-GP x3 45min | mue-day
	97110-GP x2 30min'),
(2, 'pt', null, 'a day takes 6 units', '97140-GP x7 105min | mue-day'),
(2, 'pt', null, 'a day takes 4 units', '97112-GP x5 75min | mue-day
	97530-GP x1 15min'),
(2, 'pt', null, 'an untimed modality is billed once', 'G0283-GP x2 | mue-day
	97110-GP x2 30min'),
(2, 'pt', null, 'a group session is billed once', '97150-GP x2 | mue-day'),
(2, 'pt', null, 'one evaluation a day', '97161-GP x2 | mue-day'),
(3, 'dc', null, 'one manipulation of a kind a day', '98941-AT x2 region=cervical,thoracic,lumbar | mue-day'),
(3, 'dc', null, 'extraspinal manipulation is not covered', '98940-AT region=cervical
	98943 region=upper_extremity | mue-day'),
(3, 'dc', null, 'hot or cold packs are not paid', '98940-AT region=lumbar
	97010 | mue-day'),
(2, 'pt', null, 'not valid for Medicare, G0283 is', '97110-GP x2 30min
	97014 | mue-day'),
(3, 'pt', null, 'two providers have a limit each: 3 and 2 units', '97124-GP x3 45min | ok
	@2 97124-GP x2 30min | ok'),
(3, 'pt', null, '4 units are the limit, not above it', '97124-GP x4 60min | ok'),
(2, 'pt', null, '53 minutes are 4 units, the limit', '97124-GP x4 53min | ok'),
(2, 'pt', null, '6 units are the limit, not above it', '97110-GP x6 90min | ok'),
(2, 'pt', null, '2 units are the limit, not above it', '97035-GP x2 30min | ok
	97110-GP x2 30min'),
(2, 'dc', null, 'recorded, not billed', '98941-AT region=cervical,thoracic,lumbar
	97010 x0 | ok'),
(2, 'of', null, 'two visits a day are the limit, and these began at different times', '99213 x1 09:00
	#b 99213 x1 15:30 dx=R51.9 | ok');

-- NCCI pairs
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(5, 'pt', null, '97140/97124 is never bypassed', '97140-GP x1 15min
	97124-GP x1 15min | ptp'),
(4, 'pt', null, '97140/97124 is never bypassed, 59 on column one', '97140-GP-59 x1 15min
	97124-GP x1 15min | ptp'),
(4, 'pt', null, '97140/97124 is never bypassed, 59 on column two', '97140-GP x1 15min
	97124-59-GP x1 15min | ptp
	97110-GP x1 15min'),
(3, 'pt', null, '97140/97124 is never bypassed, different regions', '97140-GP x1 15min region=cervical
	97124-XS-GP x1 15min region=lumbar | ptp'),
(3, 'pt', null, '97140/97124 on two claims of a day', '97140-GP x2 30min
	#b 97124-GP x1 15min | ptp'),
(5, 'dc', null, 'massage with CMT and no modifier, regions differ', '98940-AT region=cervical
	97124-GP x1 15min region=lumbar | ptp'),
(3, 'dc', null, 'massage with CMT and no modifier, one region', '98940-AT region=cervical
	97124-GP x1 15min region=cervical | ptp'),
(4, 'dc', null, 'manual therapy with CMT and no modifier', '98941-AT region=cervical,thoracic,lumbar
	97140-GP x1 15min region=upper_extremity | ptp'),
(3, 'dc', null, 're-education with CMT and no modifier', '98942-AT region=cervical,thoracic,lumbar,sacral,pelvic
	97112-GP x1 15min region=lower_extremity | ptp'),
(3, 'dc', null, 'massage and CMT on two claims of a day', '98941-AT region=cervical,thoracic,pelvic
	#b 97124-GP x1 15min region=lumbar | ptp'),
(3, 'dc', null, '59 on a third line bypasses nothing', '98940-AT region=cervical
	97124-GP x1 15min region=lumbar | ptp
	97110-59-GP x1 15min | mod-unneeded'),
(2, 'dc', null, '76 bypasses nothing', '98940-AT region=thoracic
	97124-76-GP x1 15min region=lumbar | ptp'),
(2, 'dc', null, '22 bypasses nothing', '98940-AT region=thoracic
	97124-GP-22 x1 15min region=lumbar | ptp'),
(3, 'dc', null, '97140/97124 stays where XS opens both pairs with CMT', '98940-AT region=cervical
	97140-GP-XS x1 15min region=lumbar | ptp-bypassed
	97124-GP-XS x1 15min region=upper_extremity | ptp-bypassed, ptp'),
(3, 'pt', null, 'group session and massage', '97150-GP
	97124-GP x1 15min | ptp'),
(2, 'pt', null, 'group session and exercise', '97150-GP
	97110-GP x2 30min | ptp'),
(3, 'pt', null, 're-evaluation and massage', '97164-GP | ptp
	97124-GP x1 15min'),
(2, 'ot', null, 're-evaluation and massage', '97168-GO | ptp
	97124-GO x2 30min
	97535-GO x1 15min'),
(2, 'pt', null, 'traction and manual therapy', '97012-GP
	97140-GP x1 15min | ptp'),
(2, 'pt', null, 'manual therapy and paraffin bath', '97140-GP x1 15min
	97018-GP | ptp'),
(2, 'pt', null, 'manual therapy and performance test', '97140-GP x1 15min
	97750-GP x1 15min | ptp'),
(2, 'pt', null, 'orthotic training and massage', '97760-GP x1 15min
	97124-GP x1 15min | ptp'),
(2, 'pt', null, 'two electrical stimulations', 'G0283-GP
	97032-GP x1 15min | ptp'),
(2, 'pt', null, 'aquatic and land exercise', '97113-GP x1 15min
	97110-GP x1 15min | ptp'),
(1, 'pt', null, 'a port flush goes with nothing', '97110-GP x1 15min
	96523 | ptp'),
(2, 'dc', null, 'an evaluation is part of CMT', '98940-AT region=lumbar
	97161-GP | ptp'),
(2, 'dc', null, 'one spinal CMT a day', '98941-AT region=cervical,thoracic,lumbar
	98940-AT region=cervical | ptp'),
(5, 'dc', null, 'E/M with CMT without 25', '99213 | ptp
	98940-AT region=cervical'),
(3, 'dc', null, 'E/M with CMT without 25, two claims', '98941-AT region=thoracic,lumbar,sacral
	97110-GP x1 15min
	#b 99203 | ptp'),
(2, 'ot', '2021-12-17', '97530/97535 is in force through 2021-12-31', '97530-GO x1 15min
	97535-GO x1 15min | ptp'),
(1, 'ot', '2021-12-31', '97530/97535: the deletion date itself is still in force', '97530-GO x2 30min
	97535-GO x1 15min | ptp'),
(2, 'of', null, 'two office visits', '99214
	99213 | ptp'),
(2, 'of', null, 'E/M with acupuncture without 25', '97810
	99213 | ptp');

-- NCCI pairs: bypassed, and decoys
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(4, 'dc', null, 'massage by another region than CMT, XS', '98941-AT region=cervical,thoracic,lumbar
	97124-XS-GP x1 15min region=upper_extremity | ptp-bypassed, ok'),
(3, 'dc', null, 're-education in another region than CMT, XS', '98940-AT region=cervical
	97112-GP-XS x1 15min region=lumbar | ptp-bypassed, ok'),
(3, 'dc', null, '59 in slot 4 counts; XS would say more', '98940-AT region=cervical
	97124-GP---59 x1 15min region=lumbar | ptp-bypassed, mod-prefer, ok'),
(3, 'dc', null, '59 counts; XS would say more', '98941-AT region=thoracic,lumbar,pelvic
	97140-59-GP x1 15min region=cervical | ptp-bypassed, mod-prefer'),
(3, 'dc', null, 'the modifier may be on the column one line', '98940-AT-XS region=lumbar
	97124-GP x1 15min region=cervical | ptp-bypassed, ok'),
(2, 'dc', null, 'head is no spinal region', '98940-AT region=cervical
	97124-XS-GP x1 15min region=head | ptp-bypassed, ok'),
(2, 'dc', null, 'lumbar is neither sacral nor pelvic', '98940-AT region=sacral,pelvic
	97124-XS-GP x2 30min region=lumbar | ptp-bypassed, ok'),
(2, 'dc', null, 'regions differ by the diagnoses of two claims', '98940-AT dx=M99.01
	#b 97124-XS-GP x1 15min dx=M99.03 | ptp-bypassed, ok'),
(2, 'dc', null, 'RT bypasses on column two', '98940-AT region=cervical
	97124-GP-RT x1 15min region=upper_extremity | ptp-bypassed'),
(3, 'dc', null, '25 on the E/M', '99213-25 | ptp-bypassed, ok
	98941-AT region=cervical,thoracic,lumbar'),
(2, 'of', null, '25 on the E/M', '99213-25
	20560 | ptp-bypassed, ok'),
(2, 'pt', null, 're-evaluation after a change of status, XU', '97164-GP-XU | ptp-bypassed, ok
	97124-GP x1 15min'),
(2, 'pt', null, 'group session and massage at different times, XE', '97150-GP 09:00
	97124-GP-XE x1 15min 10:30 | ptp-bypassed, ok'),
(4, 'pt', null, 'exercise and massage are no pair', '97110-GP x1 15min
	97124-GP x1 15min | ok'),
(3, 'pt', '2023-03-06', '97140/97530 ended on 2019-12-31', '97140-GP x1 15min
	97530-GP x1 15min | ok'),
(2, 'pt', null, 'the rows of evaluation and manual therapy were never in force', '97161-GP
	97140-GP x1 15min | ok'),
(2, 'pt', null, 'the row of paraffin bath and massage was never in force', '97018-GP
	97124-GP x1 15min | ok'),
(2, 'pt', null, 'the row of re-evaluation and manual therapy was never in force', '97164-GP | ok
	97140-GP x1 15min'),
(2, 'ot', '2022-01-01', '97530/97535 ended on 2021-12-31', '97530-GO x2 30min
	97535-GO x1 15min | ok'),
(2, 'pt', null, '97530/97116 ended in 2019', '97530-GP x1 15min
	97116-GP x1 15min | ok'),
(3, 'dc', null, 'extraspinal manipulation and massage are no pair; 98943 itself is not covered', '98943 region=lower_extremity | mue-day
	97124-GP x1 15min region=lower_extremity | ok'),
(2, 'dc', null, 'CMT and exercise are no pair', '98940-AT region=lumbar
	97530-GP x1 15min region=lumbar | ok'),
(2, 'of', null, 'osteopathic manipulation and massage are no pair', '98925
	97124-GP x1 15min | ok'),
(3, 'dc', null, 'CMT and massage of two providers', '98941-AT region=cervical,thoracic,lumbar
	@2 97124-GP x1 15min region=lumbar | ok');

-- CMT regions and levels
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(5, 'dc', null, 'massage of a region that was manipulated, despite XS', '98941-AT region=cervical,thoracic,lumbar
	97124-XS-GP x1 15min region=lumbar | cmt-region, ptp-bypassed'),
(3, 'dc', null, 'manual therapy of a region that was manipulated, despite 59', '98940-AT region=cervical
	97140-59-GP x1 15min region=cervical,upper_extremity | cmt-region, ptp-bypassed'),
(3, 'dc', null, 're-education of a region that was manipulated, despite XS', '98940-AT region=lumbar,pelvic
	97112-GP-XS x1 15min region=pelvic | cmt-region, ptp-bypassed'),
(2, 'dc', null, 'another time of the day, the same region', '98940-AT 09:00 region=thoracic
	97124-GP-XE x1 15min 16:00 region=thoracic | cmt-region, ptp-bypassed'),
(3, 'dc', null, 'one region by the diagnoses of the claim', '98940-AT dx=M99.01,M99.02
	97140-59-GP x1 15min | cmt-region, ptp-bypassed'),
(2, 'dc', null, 'one region by the diagnoses of two claims', '98940-AT dx=M99.03
	#b 97124-XS-GP x1 15min dx=M99.03 | cmt-region, ptp-bypassed'),
(4, 'dc', null, 'region of the massage not known', '98940-AT region=cervical dx=M79.18
	97124-XS-GP x1 15min | cmt-region-unknown, ptp-bypassed'),
(3, 'dc', null, 'regions of the CMT not known', '98941-AT dx=R52 | cmt-level:unknown
	97140-XS-GP x1 15min region=lumbar | cmt-region-unknown, ptp-bypassed'),
(2, 'dc', null, 'no region and no diagnosis', '98940-AT dx=- | cmt-level:unknown
	97112-XS-GP x1 15min | cmt-region-unknown, ptp-bypassed'),
(4, 'dc', null, 'two regions are 98940', '98941-AT region=cervical,thoracic | cmt-level'),
(3, 'dc', null, 'four regions are 98941', '98942-AT region=cervical,thoracic,lumbar,sacral | cmt-level
	97110-GP x1 15min'),
(2, 'dc', null, 'head is no spinal region', '98941-AT region=cervical,thoracic,head | cmt-level'),
(3, 'dc', null, 'three regions support 98941', '98940-AT region=cervical,thoracic,lumbar | cmt-level:info'),
(2, 'dc', null, 'one region by the diagnoses', '98941-AT dx=M99.03 | cmt-level:review'),
(2, 'dc', null, 'three regions by the diagnoses support 98941', '98940-AT dx=M99.01,M99.02,M99.03 | cmt-level:info'),
(3, 'dc', null, 'no region known', '98940-AT dx=M79.18 | cmt-level:unknown
	97110-GP x1 15min'),
(1, 'dc', null, 'no extraspinal region', '98943 region=cervical | cmt-level, mue-day'),
(2, 'dc', null, 'five regions', '98942-AT region=cervical,thoracic,lumbar,sacral,pelvic | ok'),
(2, 'dc', null, 'one spinal region; the arm does not count', '98940-AT region=cervical,upper_extremity | ok'),
(2, 'dc', null, 'lumbar, sacral and pelvic are three regions', '98941-AT region=lumbar,sacral,pelvic | ok'),
(2, 'dc', null, 'three regions by the diagnoses', '98941-AT dx=M99.01,M99.02,M99.05 | ok');

-- Modifiers
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(3, 'pt', null, 'ZZ is no modifier', '97110-GP-ZZ x2 30min | mod-unknown'),
(3, 'pt', null, 'GP the wrong way round', '97124-PG x1 15min | mod-unknown, mod-missing
	97530-GP x1 15min'),
(2, 'dc', null, 'Z1 is no modifier', '98940-AT-Z1 region=cervical | mod-unknown'),
(3, 'pt', null, 'GP twice', '97110-GP-GP x1 15min | mod-repeated
	97140-GP x1 15min'),
(2, 'pt', null, 'KX twice', '97530-GP-KX-KX x2 30min | mod-repeated'),
(3, 'dc', null, '59 and XS on one line', '98940-AT region=cervical
	97124-GP-59-XS x1 15min region=lumbar | mod-conflict, ptp-bypassed'),
(2, 'dc', null, 'XE and XS on one line', '98940-AT region=cervical
	97140-GP-XS-XE x1 15min region=lumbar | mod-conflict, ptp-bypassed'),
(3, 'dc', null, 'active care and an expected denial', '98941-AT-GA region=cervical,thoracic,lumbar | mod-conflict'),
(2, 'dc', null, 'active care and statutory exclusion', '98940-AT-GY region=lumbar | mod-conflict'),
(2, 'pt', null, 'two disciplines', '97110-GP-GO x1 15min | mod-conflict'),
(2, 'dc', null, 'with and without a notice', '98940-GA-GZ region=lumbar | mod-conflict, mod-missing'),
(2, 'pt', null, 'mandatory notice and statutory exclusion', '97124-GP-GA-GY x1 15min | mod-conflict:review, billed-for-denial'),
(1, 'pt', null, 'assistants of two disciplines', '97530-GP-CQ-CO x1 15min | mod-conflict, mod-requires'),
(3, 'pt', null, 'CQ needs GP', '97110-GO-CQ x1 15min | mod-requires'),
(2, 'ot', null, 'CO needs GO', '97535-GP-CO x1 15min | mod-requires'),
(2, 'pt', null, 'CQ needs GP', '97112-CQ x1 15min | mod-requires, mod-missing
	97110-GP x1 15min'),
(3, 'dc', null, 'AT is for spinal CMT', '97124-GP-AT x1 15min | mod-not-allowed'),
(2, 'dc', null, 'AT is for spinal CMT', '98943-AT region=upper_extremity | mod-not-allowed, mue-day'),
(3, 'dc', null, '25 is for E/M', '98940-AT region=cervical
	97140-25-GP x1 15min region=lumbar | mod-not-allowed, ptp'),
(2, 'dc', null, '25 belongs on the E/M', '98940-AT-25 region=cervical | mod-not-allowed
	99213 | ptp'),
(3, 'dc', null, '59 is not for E/M', '99213-59 | mod-not-allowed, ptp-bypassed
	98941-AT region=cervical,thoracic,lumbar'),
(3, 'pt', null, '51 is not for therapy codes', '97140-GP-51 x1 15min | mod-not-allowed
	97110-GP x1 15min'),
(2, 'pt', null, '52 is not for short time', '97124-GP-52 x1 10min | mod-not-allowed'),
(2, 'of', null, '22 is not for E/M', '99214-22 | mod-not-allowed'),
(3, 'pt', null, 'GP in the third position', '97110-KX-CR-GP x1 15min | mod-position'),
(2, 'dc', null, 'GP in the third position', '98940-AT region=cervical
	97124-XS-KX-GP x1 15min region=lumbar | mod-position, ptp-bypassed'),
(2, 'pt', null, 'a fifth modifier is not read', '97110-GP-CQ-KX-CR-Q6 x2 30min | mod-position'),
(4, 'pt', null, 'no discipline', '97110 x2 30min | mod-missing
	97140-GP x1 15min'),
(2, 'pt', null, 'no discipline', '97161 | mod-missing
	G0283 | mod-missing'),
(4, 'dc', null, 'CMT without AT', '98941 region=cervical,thoracic,lumbar | mod-missing'),
(2, 'dc', null, 'CMT without AT, notice given', '98940-GA region=lumbar | mod-missing'),
(1, 'dc', null, 'CMT without AT, no notice', '98940-GZ region=lumbar | mod-missing'),
(1, 'dc', null, 'CMT without AT, said to be excluded', '98942-GY region=cervical,thoracic,lumbar,sacral,pelvic | mod-missing'),
(2, 'dc', null, 'TA for AT: a toe', '98940-TA region=cervical | mod-missing, mod-unneeded'),
(3, 'pt', null, '59 on a line alone', '97124-59-GP x1 15min | mod-unneeded'),
(4, 'pt', '2022-03-07', '97140/97530 ended in 2019, 59 is habit', '97140-59-GP x1 15min | mod-unneeded
	97530-GP x1 15min'),
(2, 'pt', null, 'exercise and activities are no pair', '97110-GP x1 15min
	97530-GP-XU x1 15min | mod-unneeded'),
(2, 'pt', null, 'massage takes no side', '97124-GP-LT x1 15min | mod-unneeded'),
(2, 'pt', null, '59 on a repeat of the same code', '97124-GP x1 15min | units-split-lines
	97124-59-GP x1 15min | units-split-lines, mod-repeat-service:review'),
(2, 'of', null, '59 on a repeat of the same code', '97810
	97811
	97811-59 | mod-repeat-service:review'),
(2, 'pt', null, 'cognitive function codes are not always therapy', '97129 x1 15min | ok
	97130 x1 15min | ok'),
(2, 'pt', null, 'dry needling is not always therapy', '20560 | ok
	97110-GP x1 15min'),
(2, 'dc', null, 'excluded service, billed for the denial of record', '97124-GY-GP x1 15min | billed-for-denial'),
(2, 'pt', null, 'KX, CQ and CR after GP are in order', '97110-GP-CQ-KX-CR x2 30min | ok'),
(2, 'pt', null, 'GP in the second position', '97530-KX-GP x1 15min | ok');

-- Duplicates, coverage, lines that are no lines
INSERT INTO scenario (copies, practice, dos, note, lines) VALUES
(4, 'of', null, 'the same visit on two claims', '99213
	#b 99213 | duplicate'),
(4, 'pt', null, 'the whole claim again', '97110-GP x2 30min | units-split-lines
	97530-GP x1 15min | units-split-lines
	#b 97110-GP x2 30min | units-split-lines, duplicate
	#b 97530-GP x1 15min | units-split-lines, duplicate'),
(2, 'dc', null, 'the same manipulation twice', '98940-AT region=cervical | mue-day
	#b 98940-AT region=cervical | mue-day, duplicate'),
(2, 'pt', null, 'the same modality twice on a claim', 'G0283-GP | mue-day
	G0283-GP | mue-day, duplicate
	97110-GP x2 30min'),
(2, 'pt', null, 'the same modifiers in another order', '97124-GP-KX x1 15min | units-split-lines
	97124-KX-GP x1 15min | units-split-lines, duplicate'),
(2, 'of', null, 'the same visit but for the diagnosis', '99212 dx=I10
	#b 99212 dx=M54.2 | duplicate:review'),
(2, 'of', null, 'a repeated service says so', '97810
	97811
	97811-76 | ok'),
(2, 'of', null, 'visits of two providers', '99213 dx=M54.2
	@2 99213 dx=M54.2 | ok'),
(2, 'pt', '2020-06-08', 'before the starter edition', '97110-GP x2 30min | edition-coverage
	97140-GP x1 15min | edition-coverage'),
(2, 'dc', '2024-11-05', 'after the starter edition', '98941-AT region=cervical,thoracic,lumbar | edition-coverage
	G0283-GP | edition-coverage'),
(2, 'pt', '2025-01-14', 'after the starter edition: nobody knows yet, a person must look', '97140-GP x1 15min | edition-coverage
	97124-GP x1 15min | edition-coverage, ptp:review'),
(1, 'pt', '2020-08-10', 'before the starter edition', '97124-GP x2 22min | edition-coverage, units-minutes'),
(1, 'dc', '2025-02-11', 'after the starter edition', '98940 region=lumbar | edition-coverage, mod-missing'),
(3, 'pt', 'none', 'no date of service', '97110-GP x2 30min | edition-coverage:unknown'),
(2, 'dc', 'none', 'no date of service', '98940-AT region=cervical | edition-coverage:unknown
	97110-GP x1 15min | edition-coverage:unknown'),
(1, 'of', 'none', 'no date of service', '99213 | edition-coverage:unknown'),
(3, 'of', null, 'the starter edition does not know the second code', '99213 | edition-coverage:unknown
	72100 | edition-coverage:unknown'),
(3, 'of', null, 'the starter edition does not know the code', '36415 | edition-coverage:unknown'),
(2, 'dc', null, 'the starter edition does not know the code; with CMT every pair is known', '98941-AT region=cervical,thoracic,lumbar | ok
	S8948 | edition-coverage:unknown'),
(2, 'pt', null, 'a code of 4 characters', '9711-GP x1 15min | line-invalid
	97140-GP x1 15min'),
(1, 'pt', null, 'a code of 6 characters', '971124-GP x1 15min | line-invalid'),
(1, 'of', null, 'no code', '? | line-invalid'),
(2, 'pt', null, 'a modifier of 3 characters', '97110-GPX x1 15min | line-invalid'),
(1, 'dc', null, 'a modifier with a letter lost', '98940-A region=lumbar | line-invalid
	G0283-GP'),
(2, 'of', null, 'a reversal: negative units', '99213
	#b 99213 x-1 | line-invalid'),
(2, 'pt', null, 'no units', '97530-GP x? 30min | line-invalid'),
(1, 'pt', null, 'minutes of more than a day', '97124-GP x2 1500min | line-invalid'),
(2, 'dc', null, 'neck is no region name', '98940-AT region=neck | line-invalid
	97110-GP x1 15min'),
(1, 'of', null, 'a diagnosis of ICD-9', '99212 dx=724.2 | line-invalid');

-- ---------------------------------------------------------- days, people, dates

CREATE TEMP TABLE day ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY s.id, copy) AS day,
	   s.id AS scenario, copy, s.practice, s.note,
	   CASE WHEN s.dos ~ '^\d' THEN s.dos::date + 7 * (copy - 1) END AS fixed,
	   s.dos IS NOT DISTINCT FROM 'none' AS undated,
	   s.lines, null::text AS person, null::date AS dos
FROM scenario s, generate_series(1, s.copies) copy;

-- Six visits an episode, Mondays, Wednesdays and Fridays; a day with a date of its own is
-- an episode of its own.
WITH visit AS (
	SELECT day, practice, (row_number() OVER (PARTITION BY practice ORDER BY md5(day::text)) - 1)::int AS n
	FROM day WHERE fixed IS NULL AND NOT undated
), episode AS (
	SELECT day, practice || n / 6 AS episode, n % 6 AS visit FROM visit
	UNION ALL
	SELECT day, practice || ' alone ' || day, 0 FROM day WHERE fixed IS NOT NULL OR undated
), numbered AS (
	SELECT *, dense_rank() OVER (ORDER BY md5(episode)) AS person FROM episode
)
UPDATE day SET
	person = 'P' || lpad(n.person::text, 4, '0'),
	dos = CASE WHEN undated THEN null WHEN fixed IS NOT NULL THEN fixed
		  ELSE date '2021-01-04' + 7 * pg_temp.draw('start ' || n.person, 191)
			   + 7 * (n.visit / 3) + 2 * (n.visit % 3) END
FROM numbered n WHERE n.day = day.day;

-- Read the lines of the scenarios.
CREATE TEMP TABLE line ON COMMIT DROP AS
SELECT d.day, seq::int, d.person, d.practice, d.dos, d.note,
	   CASE WHEN text ~ '^#b ' THEN 'b' ELSE 'a' END AS claim,
	   CASE WHEN text ~ '@2 ' THEN 1 ELSE 0 END AS other,
	   replace(head[1], '?', '') AS code,
	   head[2:] AS modifiers,
	   CASE WHEN text !~ ' x\?' THEN coalesce((regexp_match(text, ' x(-?[0-9.]+)'))[1], '1')::numeric(18,3) END AS units,
	   (regexp_match(text, ' (\d+)min'))[1]::int AS minutes,
	   (regexp_match(text, ' (\d\d:\d\d)'))[1]::time AS start_time,
	   string_to_array((regexp_match(text, ' region=([^ ]+)'))[1], ',') AS regions,
	   (regexp_match(text, ' dx=([^ ]+)'))[1] AS dx,
	   text ~ ' ~' AS drawn,
	   labels
FROM day d,
	 string_to_table(d.lines, E'\n') WITH ORDINALITY AS raw (raw, seq),
	 LATERAL (SELECT btrim(split_part(raw, '|', 1), E' \t') || ' ' AS text,
					 string_to_array(replace(btrim(split_part(raw, '|', 2)), ' ', ''), ',') AS labels) AS part,
	 LATERAL (SELECT string_to_array(split_part(regexp_replace(text, '^(#b )?(@2 )?', ''), ' ', 1), '-') AS head) AS word;

-- Draw minutes, then give the units that the total of the day supports: the whole quarters
-- of each code, the rest by largest remainder. A code may end with none.
UPDATE line SET minutes = 9 + pg_temp.draw('minutes ' || day || ' ' || seq, 30) WHERE drawn;

WITH share AS (
	SELECT day, seq, minutes / 15 AS quarters,
		   (sum(minutes) OVER day + 7) / 15 - sum(minutes / 15) OVER day AS extra,
		   row_number() OVER (PARTITION BY day ORDER BY minutes % 15 DESC, code) AS rank
	FROM line WHERE drawn
	WINDOW day AS (PARTITION BY day)
)
UPDATE line SET units = s.quarters + (s.rank <= s.extra)::int
FROM share s WHERE (s.day, s.seq) = (line.day, line.seq);

-- One clean day in four has start times, one service after the other.
WITH clock AS (
	SELECT day, seq, make_time(7 + pg_temp.draw('hour ' || day, 8), 15 * pg_temp.draw('quarter ' || day, 4), 0)
		   + make_interval(mins => (sum(coalesce(minutes, 10)) OVER (PARTITION BY day ORDER BY seq)
									- coalesce(minutes, 10))::int) AS start_time
	FROM line WHERE note IS NULL AND pg_temp.draw('clock ' || day, 4) = 0
)
UPDATE line SET start_time = c.start_time
FROM clock c WHERE (c.day, c.seq) = (line.day, line.seq);

-- ------------------------------------------------------------ the claims tables

CREATE TEMP TABLE numbered ON COMMIT DROP AS
SELECT l.*,
	   'C' || lpad((100000 + dense_rank() OVER (ORDER BY dos, md5(day::text), claim, other))::text, 7, '0') AS claim_id,
	   (row_number() OVER (PARTITION BY day, claim, other ORDER BY seq))::int AS line_no,
	   first_value(dx) OVER (PARTITION BY day, claim, other ORDER BY dx IS NULL, seq) AS claim_dx
FROM line l;

INSERT INTO medical_claim
SELECT claim_id, line_no, person, 'medicare',
	   'professional',
	   -- a claim may begin before its line; a line may leave its date to the claim
	   dos - CASE WHEN mess < 8 THEN 2 ELSE 0 END,
	   CASE WHEN mess NOT BETWEEN 90 AND 95 THEN dos END,
	   CASE practice WHEN 'of' THEN '11' ELSE CASE pg_temp.draw('pos ' || person, 3) WHEN 0 THEN '49' ELSE '11' END END,
	   units,
	   CASE WHEN line_mess < 15 THEN lower(code) ELSE code END,
	   slot[1], slot[2], slot[3], slot[4], slot[5],
	   npi,
	   dx_slot[1], dx_slot[2], dx_slot[3], dx_slot[4],
	   round(units * (24 + pg_temp.draw('fee ' || code, 70)), 2),
	   'demo_' || practice
FROM numbered n,
	 LATERAL (SELECT pg_temp.draw('claim ' || claim_id, 100) AS mess,
					 pg_temp.draw('line ' || claim_id || line_no, 100) AS line_mess) AS chance,
	 LATERAL (SELECT CASE practice
						  WHEN 'pt' THEN (ARRAY['1999000101', '1999000202', '1999000303', '1999000404'])[1 + (pg_temp.draw('npi ' || person, 4) + other) % 4]
						  WHEN 'ot' THEN (ARRAY['1999000505', '1999000606'])[1 + (pg_temp.draw('npi ' || person, 2) + other) % 2]
						  WHEN 'dc' THEN (ARRAY['1999000707', '1999000808', '1999000909'])[1 + (pg_temp.draw('npi ' || person, 3) + other) % 3]
						  ELSE (ARRAY['1999001010', '1999001111'])[1 + (pg_temp.draw('npi ' || person, 2) + other) % 2] END AS npi,
					 string_to_array(coalesce(nullif(claim_dx, '-'), CASE WHEN claim_dx IS NULL THEN
						  CASE WHEN practice = 'dc'
							   THEN (ARRAY['M99.01,M54.2', 'M99.03,M54.16', 'M99.02,M54.6,M99.01', 'M99.04,M99.05', 'M99.01,M99.02,M99.03'])[1 + pg_temp.draw('dx ' || person, 5)]
							   WHEN practice = 'of'
							   THEN (ARRAY['I10', 'E11.9,I10', 'J06.9', 'M25.561', 'R51.9'])[1 + pg_temp.draw('dx ' || person, 5)]
							   ELSE (ARRAY['M54.16,M62.830', 'M25.511', 'M17.11,R26.89', 'S13.4XXD,M54.2', 'Z47.1,Z96.651,R26.89,M62.81', 'M54.6', 'G81.91,R27.8'])[1 + pg_temp.draw('dx ' || person, 7)] END END), ',') AS dx_written) AS who,
	 LATERAL (SELECT array_agg(CASE WHEN code IS NULL THEN CASE pg_temp.draw('no dx ' || claim_id || i, 2) WHEN 0 THEN '' END
									WHEN mess BETWEEN 10 AND 50 THEN replace(code, '.', '')
									WHEN mess BETWEEN 51 AND 55 THEN lower(code)
									ELSE code END ORDER BY i) AS dx_slot
			  FROM (SELECT i, dx_written[i] AS code FROM generate_series(1, 4) i) AS d) AS diagnoses,
	 -- a quarter of the lines leave a slot empty before a modifier
	 LATERAL (SELECT array_agg(CASE WHEN code = '' OR code IS NULL THEN (ARRAY[null, '', '  '])[1 + pg_temp.draw('slot ' || claim_id || line_no || i, 3)]
									WHEN line_mess BETWEEN 10 AND 25 THEN lower(code)
									ELSE code END ORDER BY i) AS slot
			  FROM (SELECT i, spread[i] AS code
					FROM generate_series(1, 5) i,
						 LATERAL (SELECT CASE WHEN cardinality(modifiers) > 3 OR cardinality(modifiers) = 0 THEN modifiers
											  WHEN line_mess % 10 = 3 THEN ARRAY[''] || modifiers
											  WHEN line_mess % 10 = 5 THEN modifiers[:1] || ARRAY[''] || modifiers[2:]
											  WHEN line_mess % 20 = 7 THEN ARRAY['', ''] || modifiers
											  ELSE modifiers END AS spread) AS s) AS m) AS modifier_slots
ORDER BY claim_id, line_no;

INSERT INTO visit_note
SELECT claim_id, line_no, minutes, start_time, regions
FROM numbered
WHERE minutes IS NOT NULL OR start_time IS NOT NULL OR regions IS NOT NULL
ORDER BY claim_id, line_no;

-- Two lines of a timed code are rejected from 2021-04-19 only.
INSERT INTO planted
SELECT claim_id, line_no, nullif(rule, 'ok'), coalesce(note, 'clean day'),
	   CASE WHEN rule <> 'ok' THEN
		   coalesce(nullif(split_part(label, ':', 2), ''),
					CASE WHEN rule IN ('units-underbilled', 'ptp-bypassed', 'mod-unneeded', 'mod-prefer') THEN 'info'
						 WHEN rule IN ('units-unknown', 'cmt-region-unknown', 'line-invalid') THEN 'unknown'
						 WHEN rule IN ('edition-coverage', 'mod-repeat-service') THEN 'review'
						 ELSE 'deny' END) END
FROM numbered, unnest(labels) AS label, split_part(label, ':', 1) AS rule
WHERE NOT (rule = 'units-split-lines' AND dos < '2021-04-19')
ORDER BY claim_id, line_no, rule;

-- What the data promises.
DO $$
BEGIN
	ASSERT (SELECT count(*) >= 2000 FROM medical_claim), 'too few lines';
	ASSERT (SELECT count(DISTINCT (person, dos)) = count(DISTINCT day) FROM numbered WHERE dos IS NOT NULL),
		'two days of one person fell on one date';
	ASSERT (SELECT bool_and(cardinality(modifiers) <= 5) FROM numbered), 'more than five modifiers';
	ASSERT (SELECT bool_and(rendering_npi LIKE '1999%') FROM medical_claim), 'an NPI that could be real';
END
$$;

COMMIT;

ANALYZE medical_claim;
ANALYZE visit_note;
ANALYZE planted;
RESET client_min_messages;
