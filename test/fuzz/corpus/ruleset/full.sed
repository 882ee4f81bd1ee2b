# every table and every key of a policy
/^"policy"/ {
	s/("unit_rule_from"):null/\1:"2016-03-02"/
	s/("unit_rule_earlier"):"cms"/\1:"ama"/
	s/("cmt_bundled_from"):null/\1:"2005-08-01"/
	s/("specialty_required"):"no"/\1:"yes"/
	s/("denial_modifier"):null/\1:"GY"/
	s/("denial_modifier_wanted"):"no"/\1:"yes"/
	s/("supervision_modifier"):null/\1:"U7"/
	s/("dx_required"):"no"/\1:"yes"/
	s/("referral_from"):null/\1:"2020-01-01"/
	s/("units_scrutiny"):null/\1:1/
	s/("visits_scrutiny"):null/\1:2/
	s/("visits_limit"):null/\1:20/
	s/\},$/,\
"daily_limits":{"97124":3,"97140":0},"cmt_bundled":["97140","99213"],"massage_codes":["97124"],\
"specialties_not_covered":{"35":["98940","98941","98942"],"225700000X":[]},"specialty_codes":{"65":["97124","97140"],"225700000X":["97124"]},\
"supervision_required_of":["225700000X"],"supervision_asked_of":["35","111N00000X"],"dx_not_necessary":["F41","Z733"],\
"kx_threshold":{"2023":2230,"2024":2330},"severity":{"units-fraction":"info","visits-limit":"review"}},/
}
