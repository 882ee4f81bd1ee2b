# an item twice on a list
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
/^"policy"/s/\},$/,"cmt_bundled":["97124","97124"]},/
