# no table has rows but that of the rules
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
