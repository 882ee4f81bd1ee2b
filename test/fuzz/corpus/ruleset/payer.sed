# what the family payer reads
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/^"modifiers":.*/"modifiers":[["GA",null,"liability abn",null,null,null,null],["GY",null,"liability excluded",null,null,null,null],["U7",null,null,null,null,null,null]],/
s/^"denials":.*/"denials":[["specialty-not-covered","GY","PR-96",null,null,"N425",null,null],["dx-not-necessary","GA","PR-50",null,null,null,null,null]],/
/^"policy"/ {
	s/("(specialty|dx)_required"):"no"/\1:"yes"/g
	s/("denial_modifier"):null/\1:"GY"/
	s/("supervision_modifier"):null/\1:"U7"/
	s/("referral_from"):null/\1:"2020-01-01"/
	s/("units_scrutiny"):null/\1:1/
	s/("visits_scrutiny"):null/\1:2/
	s/("visits_limit"):null/\1:20/
	s/\},$/,"massage_codes":["97124"],"specialties_not_covered":{"35":["98941"]},"specialty_codes":{"65":["97124"]},"supervision_required_of":["225700000X"],"supervision_asked_of":["35"],"dx_not_necessary":["M54"]},/
}
