# each code counted alone in units of an hour; denials stay outside the edition
s/^"(scope|mue|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
/^"policy"/ {
	s/("unit_rule(_earlier)?"):"cms"/\1:"ama"/g
	s/("unit_(minutes|threshold)"):[0-9]+/\1:60/g
	s/("mue"):"yes"/\1:"no"/
	s/("cmt_massage"):"by-region"/\1:"separate"/
	s/("distinct_modifier"):"X"/\1:"59"/
	s/("outside_coverage"):"review"/\1:"apply"/
	s/("therapy_modifier_positions"):2/\1:1/
	s/("modifier_positions"):4/\1:5/
}
