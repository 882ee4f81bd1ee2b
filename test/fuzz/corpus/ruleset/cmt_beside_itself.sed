# a code that is massage and both kinds of manipulation
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/^"codes":.*/"codes":[["97124","cmt cmt-extraspinal with-cmt",null,null,null]],/
s/("cmt_massage"):"by-region"/\1:"bundled"/
s/("cmt_extraspinal_modifier"):"no"/\1:"yes"/
