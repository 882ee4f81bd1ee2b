# an edition without an end
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/^"codes":.*/"codes":[["97124","timed therapy pmr with-cmt",null,null,null]],/
s/("to"):"[^"]*"/\1:null/
