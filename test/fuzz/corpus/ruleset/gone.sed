# rows that only an overlay may have: a pair and a limit that are gone
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/^"ptp":.*/"ptp":[["97164","97124",null,null,null,null]],/
s/^"mue":.*/"mue":[["97124",null,null,null,null]],/
