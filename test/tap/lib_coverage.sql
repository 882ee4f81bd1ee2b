-- The dates that the reference data is known for, of the pairs in line_pair and the codes in line_limit

-- What the reference data is known for: dates of a pair, of a code, of all codes, of the edition
CREATE TEMP TABLE known AS
SELECT service_type, part, least(column_1 COLLATE "C", column_2 COLLATE "C") AS a, greatest(column_1 COLLATE "C", column_2 COLLATE "C") AS b,
	range_agg(daterange(valid_from, valid_to, '[]')) AS dates
FROM coverage_csv GROUP BY 1, 2, 3, 4;

CREATE TEMP TABLE code_known AS
SELECT c.service_type, c.code, c.part, coalesce(k.dates, a.dates, datemultirange(daterange(e.valid_from, e.valid_to, '[]'))) AS dates
FROM (SELECT DISTINCT service_type, code, part FROM (SELECT service_type, code_1 AS code FROM line_pair UNION SELECT service_type, code_2 FROM line_pair
		UNION SELECT service_type, code FROM line_limit) x CROSS JOIN unnest('{ptp,mue}'::text[]) part) c
	JOIN edition_csv e USING (service_type)
	LEFT JOIN known k ON k.service_type = c.service_type AND k.part = c.part AND k.a = c.code AND k.b = c.code
	LEFT JOIN known a ON a.service_type = c.service_type AND a.part = c.part AND a.a IS NULL;

CREATE TEMP TABLE pair_known AS
SELECT p.*, coalesce(k.dates, a.dates * b.dates) AS dates
FROM (SELECT DISTINCT service_type, code_1, code_2 FROM line_pair) p
	JOIN code_known a ON a.service_type = p.service_type AND a.part = 'ptp' AND a.code = code_1
	JOIN code_known b ON b.service_type = p.service_type AND b.part = 'ptp' AND b.code = code_2
	LEFT JOIN known k ON k.service_type = p.service_type AND k.part = 'ptp' AND k.a = least(code_1 COLLATE "C", code_2 COLLATE "C")
		AND k.b = greatest(code_1 COLLATE "C", code_2 COLLATE "C") AND k.a <> k.b;
