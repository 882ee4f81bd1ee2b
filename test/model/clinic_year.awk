# awk -v claims=N -v dir=DIRECTORY -f test/model/clinic_year.awk data/denials.csv
#
# A clinic's year: N claims of 2024 as 837 files, a month each, and what three payers answered as 835 files, in DIRECTORY/in. What must come of
# it is counted here, of what was planted: DIRECTORY/rows, a line for each that was predicted or denied; rules, by rule; and totals.
# Lines are of seven kinds, each of which one rule denies, or none. A payer denies what is predicted, or not, by a code of the rule or by another;
# denies what is not predicted; leaves unanswered; takes back and says something else; denies claims without their services.

BEGIN {
	FS = ","
	srand(20240101)
	in_dir = dir "/in"
	n_kinds = split("ptp mue-day mod-missing mod-conflict billed-for-denial specialty-not-covered", kinds, " ")
	split("CO-236 CO-151 CO-4 CO-4 CO-50 PR-96", kind_code, " ")
	# of ten thousand: denied by the rule's code, by another, paid; the rest is not answered
	split("8200 9000 6000 4500 9300 7000", own, " ")
	split("300 200 900 500 200 1000", other, " ")
	split("1200 500 2500 4400 100 1500", pays, " ")
	# what is denied though nothing is wrong: codes of rules, and some that no rule says
	n_noise = split("CO-97 CO-16 CO-50 CO-119 CO-29 CO-27 CO-197 OA-18 PR-96 CO-226 CO-B7 CO-4 CO-236 CO-151", noise, " ")
	days_in = "31 29 31 30 31 30 31 31 30"
	split(days_in, month_days, " ")
}

FNR == 1 { next }
{
	code = $3
	sub(/^[A-Z]+-/, "", code)
	if (!((code, $1) in says)) { says[code, $1] = 1; rules_of[code] = rules_of[code] " " $1 }
}

function draw(n) { return int(rand() * n) }
function money(cents) { return sprintf("%d.%02d", cents / 100, cents % 100) }
function signed(cents) { return cents < 0 ? "-" money(-cents) : money(cents) }
# a day of the year and of the next as text
function day_text(d,	m, y) {
	y = 2024
	for (m = 1; ; m++) {
		if (m > 12) { m = 1; y++ }
		len = m == 2 ? (y == 2024 ? 29 : 28) : (m == 4 || m == 6 || m == 9 || m == 11) ? 30 : 31
		if (d <= len) return sprintf("%04d%02d%02d", y, m, d)
		d -= len
	}
}

# what is decided of a line: denied with a code, paid or nothing
function decide(l,	r, k) {
	k = kind[l]
	r = draw(10000)
	if (k > 0) {
		if (r < own[k]) { state[l] = "denied"; carc[l] = kind_code[k] }
		else if (r < own[k] + other[k]) { state[l] = "denied"; carc[l] = "CO-29" }
		else state[l] = r < own[k] + other[k] + pays[k] ? "paid" : "none"
	} else {
		if (r < 500) { state[l] = "denied"; carc[l] = noise[1 + draw(n_noise)] }
		else state[l] = r < 900 ? "none" : "paid"
	}
}

# a service payment: what was said of line l, if that is state s; sign is -1 for what is taken back
function service(l, s, code, sign,	text, paid, cut, share, group) {
	paid = 0
	text = ""
	if (s == "denied") {
		group = code
		sub(/-.*/, "", group)
		sub(/^[A-Z]+-/, "", code)
		# a part of the units, now and then
		if (code == "151" && charge[l] % 3 == 0) { paid = int(charge[l] / 2); text = "CAS*" group "*" code "*" signed(sign * (charge[l] - paid)) "~" }
		else text = "CAS*" group "*" code "*" signed(sign * charge[l]) "~LQ*HE*N130~"
	} else {
		cut = int(charge[l] / 5)
		share = int(charge[l] / 10)
		# what the patient owes, or another payer paid, is no denial, be it all of it
		if (charge[l] % 7 == 0) text = "CAS*PR*1*" signed(sign * charge[l]) "~"
		else if (charge[l] % 11 == 0) text = "CAS*OA*23*" signed(sign * charge[l]) "~"
		else {
			paid = charge[l] - cut - share - 5
			text = "CAS*CO*45*" signed(sign * cut) "**253*" signed(sign * 5) "~CAS*PR*2*" signed(sign * share) "~"
		}
	}
	said_paid += sign * paid
	said_charge += sign * charge[l]
	return "SVC*HC:" paid_code[l] "*" signed(sign * charge[l]) "*" signed(sign * paid) "**" sign * units[l] (paid_code[l] == billed[l] || claim_no % 2 ? "" : "*HC:" billed[l]) "~" \
		(dated ? "DTM*472*" date "~" : "") text (numbered ? "REF*6R*" control[l] "~" : "")
}

# a claim that is answered: lines in states st[], codes co[]; kept for the remittance of that day
function answer(day, status, sign, st, co,	l, body, any, key) {
	said_paid = said_charge = 0
	body = ""
	for (l = 1; l <= n_lines; l++)
		if (st[l] != "none") { body = body service(l, st[l], co[l], sign); any = 1 }
	if (!any) return
	key = day " " payer
	if (!(key in told)) order[++n_told] = key
	text = "CLP*" claim "*" status "*" signed(said_charge) "*" signed(said_paid) "**MB*ICN" claim "~" (dated ? "" : "DTM*232*" date "~") body
	# in one remittance what is taken back may stand behind what takes its place
	told[key] = sign < 0 && claim_no % 2 ? told[key] text : text told[key]
	told_paid[key] += said_paid
}

function whole(day,	key, l, sum) {
	for (l = 1; l <= n_lines; l++) sum += charge[l]
	key = day " " payer
	if (!(key in told)) order[++n_told] = key
	told[key] = told[key] "CLP*" claim "*4*" money(sum) "*0**MB*ICN" claim "~CAS*CO*29*" money(sum) "~"
	told_paid[key] += 0
}

function count(l,	k, n, i, list, number, outcome, month) {
	k = kind[l]
	if (k == 0 && state[l] != "denied") { if (state[l] == "paid") answered++; return }
	outcome = k == 0 ? "denied and not predicted" : state[l] == "none" ? "undecided" : "predicted and " state[l]
	if (state[l] != "none") answered++
	month = substr(date, 1, 4) "-" substr(date, 5, 2) "-01"
	print claim "\t" l "\t" outcome "\t" payer "\t" month "\t" (k ? kinds[k] : "") "\t" (state[l] == "denied" ? carc[l] : "") "\t" money(charge[l]) > (dir "/rows")
	number = carc[l]
	sub(/^[A-Z]+-/, "", number)
	if (k > 0) {
		lines_of[kinds[k]]++
		if (state[l] == "denied") { denied_of[kinds[k]]++; if ((number, kinds[k]) in says) agreed_of[kinds[k]]++ }
		else if (state[l] == "paid") paid_of[kinds[k]]++
		else undecided_of[kinds[k]]++
		seen[kinds[k]] = 1
	} else {
		n = split(rules_of[number], list, " ")
		for (i = 1; i <= n; i++) { missed_of[list[i]]++; seen[list[i]] = 1 }
	}
}

function line(k, code, mods, n,	l) {
	l = ++n_lines
	kind[l] = k
	billed[l] = code mods
	units[l] = n
	charge[l] = 3000 + draw(9000)
	control[l] = claim "." l
	carc[l] = ""
	# without numbers a payer may change modifiers: the code and the date are left
	paid_code[l] = !numbered && draw(4) == 0 ? code : billed[l]
}

function make(	k, l, m, d, taxonomy, day, was, was_code, i) {
	claim = "C" sprintf("%06d", claim_no)
	payer = substr("PAYAPAYBPAYC", 1 + 4 * draw(3), 4)
	d = 1 + draw(274)
	date = day_text(d)
	m = substr(date, 5, 2)
	numbered = draw(10) < 7
	dated = draw(10) < 8
	n_lines = 0
	k = draw(100) < 40 ? 1 + draw(n_kinds) : 0
	taxonomy = k == 6 ? "111N00000X" : "225100000X"
	if (k == 1) { line(0, "98940", ":AT", 1); line(1, "97124", ":GP", 1) }
	else if (k == 2) line(2, "97124", ":GP", 5)
	else if (k == 3) { line(3, "97110", "", 1); line(0, "97112", ":GP", 1) }
	else if (k == 4) line(4, "97110", ":GP:GO", 1)
	else if (k == 5) { line(0, "97112", ":GP", 1); line(5, "97110", ":GP:GZ", 1) }
	else if (k == 6) line(6, "97124", ":GP", 1)
	else { line(0, "97110", ":GP", 1); if (draw(2)) line(0, "97112", ":GP", 1); if (draw(3) == 0) line(0, "97530", ":GP", 1) }

	claims_text[m] = claims_text[m] "HL*" ++hl[m] + 1 "*1*22*0~SBR*P*18*******MB~NM1*IL*1*L*F****MI*M" claim "~DMG*D8*19700101*F~NM1*PR*2*PAYER*****PI*" payer \
		"~CLM*" claim "*100***11:B:1*Y*A*Y*Y~HI*ABK:M542~NM1*82*1*D*O****XX*1999000001~PRV*PE*PXC*" taxonomy "~"
	for (l = 1; l <= n_lines; l++) {
		claims_text[m] = claims_text[m] "LX*" l "~SV1*HC:" billed[l] "*" money(charge[l]) "*UN*" units[l] "***1~DTP*472*D8*" date "~" (draw(10) < 9 || numbered ? "REF*6R*" control[l] "~" : "")
		decide(l)
	}
	day = d + 12 + draw(20)
	i = draw(100)
	if (i < 2) {
		for (l = 1; l <= n_lines; l++) { state[l] = "denied"; carc[l] = "CO-29" }
		whole(day_text(day))
	} else if (i < 9) {
		# first something else, which is taken back
		for (l = 1; l <= n_lines; l++) { was[l] = state[l] == "denied" ? "paid" : "denied"; was_code[l] = "CO-236" }
		answer(day_text(day), 1, 1, was, was_code)
		answer(day_text(day + 30), 22, -1, was, was_code)
		answer(day_text(day + 30), 1, 1, state, carc)
	} else answer(day_text(day), 1, 1, state, carc)
	for (l = 1; l <= n_lines; l++) { total++; count(l) }
}

function put(file, control, group, body,	n) {
	printf "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240801*1200*^*00501*%09d*0*P*:~\nGS*%s*A*B*20240801*1200*%d*X*005010~\n%sGE*%d*%d~\nIEA*1*%09d~\n", \
		control, group, control, body, sets, control, control > file
	close(file)
}
function set(number, name, body) { return "ST*" name "*" number "~" body "SE*" gsub(/~/, "~\n", body) + 2 "*" number "~\n" }

END {
	for (claim_no = 1; claim_no <= claims; claim_no++) make()
	for (m in claims_text) {
		sets = 1
		put(in_dir "/claims" m ".837", m + 0, "HC", set("0001", 837, "BHT*0019*00*1*20240801*1200*CH~HL*1**20*1~NM1*85*2*CLINIC*****XX*1999999984~" claims_text[m]))
	}
	# a file a month of payment, the last first by its name: what counts is when it was paid
	for (i = 1; i <= n_told; i++) {
		split(order[i], part, " ")
		m = substr(part[1], 1, 6)
		paid_text[m] = paid_text[m] set(sprintf("%04d", ++n_sets[m]), 835, "BPR*I*" signed(told_paid[order[i]]) "*C*ACH*CCP*01*1*DA*1*1*1*01*1*DA*1*" part[1] "~TRN*1*T" i "*1~N1*PR*PAYER*XV*" part[2] "~N1*PE*CLINIC*XX*1999999984~LX*1~" told[order[i]])
	}
	for (m in paid_text) { sets = n_sets[m]; put(in_dir "/paid" 300000 - m ".835", m, "HP", paid_text[m]) }
	for (r in seen) print r "\t" lines_of[r] + 0 "\t" denied_of[r] + 0 "\t" paid_of[r] + 0 "\t" undecided_of[r] + 0 "\t" agreed_of[r] + 0 "\t" missed_of[r] + 0 > (dir "/rules")
	print total "\t" answered > (dir "/totals")
}
