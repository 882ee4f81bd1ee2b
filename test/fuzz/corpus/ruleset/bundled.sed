# what the policy bundles with manipulation; units of a minute
s/^"(scope|ptp|mue|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
/^"policy"/ {
	s/("unit_(minutes|threshold)"):[0-9]+/\1:1/g
	s/("cmt_massage"):"by-region"/\1:"bundled"/
	s/("cmt_bundled_from"):null/\1:"2005-08-01"/
	s/("cmt_extraspinal_modifier"):"no"/\1:"yes"/
	s/("therapy_modifier_positions"):2/\1:5/
	s/("modifier_positions"):4/\1:1/
	s/\},$/,"cmt_bundled":["97124","99213"]},/
}
