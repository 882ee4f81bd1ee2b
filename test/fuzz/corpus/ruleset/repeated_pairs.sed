# rows of a pair that were never in force may be the same but for their rationale
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/^"ptp":.*/"ptp":[["97164","97124",null,null,9,"b"],["97164","97124",null,null,9,"a"]],/
