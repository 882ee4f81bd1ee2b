# escapes, brackets and quotes in texts
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/"name":"p"/"name":"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\"\\\\\\\/"/
s/"name":"e"/"name":"日本語 ]] ],"/
s/^"codes":.*/"codes":[["97124","\\ttimed\\n",null,null,null]],/
