# one rule and cause, twice at a time
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/^"denials":.*/"denials":[["ptp",null,"CO-1",null,null,null,null,null],["ptp",null,"CO-2",null,null,null,null,null]],/
