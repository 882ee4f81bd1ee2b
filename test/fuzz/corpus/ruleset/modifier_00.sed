# the modifier whose value stands for none
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/^"modifiers":.*/"modifiers":[["00",null,"discipline",null,null,"00",null]],/
s/^"modifier_conflicts":.*/"modifier_conflicts":[["00","59",null,"info"]],/
s/^"specialties":.*/"specialties":[["35","00"]],/
