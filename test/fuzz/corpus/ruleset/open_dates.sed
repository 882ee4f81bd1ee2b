# every date open, in the policy and the edition
s/^"(scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[[null,null]],/
s/"scope":"listed"/"scope":"all"/
s/"[0-9]{4}-[0-9]{2}-[0-9]{2}"/null/g
